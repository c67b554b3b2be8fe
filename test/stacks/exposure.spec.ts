import {
    balancerOf,
    type Broken,
    clusterStore,
    externalStore,
    inDevelopment,
    ingressOf,
    itFindsEach,
    itLeavesAlone,
    routeOf,
    terasliceWith,
    uploaderWith,
} from "./brokenTable";

const storage = "storageClass: standard";
const existingCertificates = (further = ""): string =>
    `security: { certificates: { kind: existing, secretName: nodes }, existing: { nodeNames: ["CN=a"], adminSecretName: admin, adminName: "CN=b"${further} } }`;
const own = "authentication: { kind: own }";

const exposures: readonly Broken[] = [
    [
        "a proxy's password before OpenSearch's own",
        [clusterStore(ingressOf("search.example.com"))],
        [
            'data-platform:opensearch.exposure.authentication.kind: expected own or forward, since what is behind asks for a login itself, in the same header of a request, found "proxy"',
        ],
    ],
    [
        "nobody asked where OpenSearch speaks TLS",
        [
            clusterStore(
                ingressOf(
                    "search.example.com",
                    "authentication: { kind: none, confirm: anyone who reaches it may use it }",
                ),
            ),
        ],
        [
            'data-platform:opensearch.exposure.authentication.kind: expected proxy, forward or own, since what is behind speaks TLS, which only the proxy checks, found "none"',
        ],
    ],
    [
        "a login of Teraslice's own, which it has not",
        [terasliceWith(ingressOf("ts.example.com", own))],
        [
            'data-platform:systems.teraslice.exposure.authentication.kind: expected any other, since what is behind asks nobody who reads for a login, found "own"',
        ],
    ],
    [
        "a login of the uploader's own, which is for writing only",
        [uploaderWith(`${storage}, ${routeOf("up.example.com", own)}`)],
        [
            'data-platform:uploader.exposure.authentication.kind: expected any other, since what is behind asks nobody who reads for a login, found "own"',
        ],
    ],
    [
        "a login of a single node's own, which it has not",
        [inDevelopment, [externalStore, `kind: single\n    ${ingressOf("search.example.com", own)}`]],
        [
            'data-platform:opensearch.exposure.authentication.kind: expected any other, since what is behind asks nobody who reads for a login, found "own"',
        ],
    ],
    [
        "one address of two Ingresses",
        [uploaderWith(`${storage}, ${ingressOf("a.example.com")}`), terasliceWith(ingressOf("a.example.com"))],
        [
            'data-platform:systems.teraslice.exposure.host: expected an address of its own, not the one of data-platform:uploader.exposure.host, found "a.example.com"',
        ],
    ],
    [
        "one address of an Ingress and of the second name of an HTTPRoute",
        [
            uploaderWith(`${storage}, ${ingressOf("a.example.com")}`),
            terasliceWith(routeOf("b.example.com, a.example.com")),
        ],
        [
            'data-platform:systems.teraslice.exposure.hostnames[1]: expected an address of its own, not the one of data-platform:uploader.exposure.host, found "a.example.com"',
        ],
    ],
    [
        "one address but for the slash at its end",
        [
            uploaderWith(`${storage}, ${ingressOf("a.example.com", "path: /x/")}`),
            terasliceWith(ingressOf("a.example.com", "path: /x")),
        ],
        [
            'data-platform:systems.teraslice.exposure.host: expected an address of its own, not the one of data-platform:uploader.exposure.host, found "a.example.com/x"',
        ],
    ],
    [
        "one address of two load balancers",
        [uploaderWith(`${storage}, ${balancerOf("a.example.com")}`), terasliceWith(balancerOf("a.example.com"))],
        [
            'data-platform:systems.teraslice.exposure.host: expected an address of its own, not the one of data-platform:uploader.exposure.host, found "a.example.com"',
        ],
    ],
    [
        "one name twice",
        [terasliceWith(routeOf("a.example.com, a.example.com"))],
        [
            'data-platform:systems.teraslice.exposure.hostnames[1]: expected an address of its own, not the one of data-platform:systems.teraslice.exposure.hostnames[0], found "a.example.com"',
        ],
    ],
    [
        "nodes' certificates of an authority that no proxy knows",
        [clusterStore(existingCertificates(), ingressOf("search.example.com", own))],
        [
            "data-platform:opensearch.security.existing.caCertificate: expected the authority's certificate, since the proxy of opensearch.exposure checks the nodes' own by it, found nothing",
        ],
    ],
];

describe("a stack file with a fault in what is exposed", () => {
    itFindsEach(exposures);

    itLeavesAlone([
        ["OpenSearch's own login behind a proxy", [clusterStore(ingressOf("search.example.com", own))]],
        [
            "addresses that differ in their paths",
            [
                uploaderWith(`${storage}, ${ingressOf("a.example.com", "path: /packages")}`),
                terasliceWith(ingressOf("a.example.com", "path: /")),
            ],
        ],
        [
            "addresses that differ in their hosts",
            [
                uploaderWith(`${storage}, ${routeOf("b.example.com, c.example.com")}`),
                terasliceWith(ingressOf("a.example.com")),
            ],
        ],
        ["nodes' certificates that exist where only pods connect", [clusterStore(existingCertificates())]],
        [
            "nodes' certificates that exist, with their authority's before a proxy",
            [
                clusterStore(
                    existingCertificates(
                        ', caCertificate: "-----BEGIN CERTIFICATE-----\\nAA==\\n-----END CERTIFICATE-----"',
                    ),
                    ingressOf("search.example.com", own),
                ),
            ],
        ],
    ]);
});
