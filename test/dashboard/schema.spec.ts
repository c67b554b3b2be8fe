import * as assert from "node:assert/strict";
import { checked, SettingsFaults } from "../../components/foundation/faults";
import { demand, exposureSettings, proxyOf } from "../../components/dashboard/schema";
import { controllers, everyone, forward, httpRoute, ingress, inTheClear, loadBalancer, nobodyAsked } from "./exposures";

const faults = (given: unknown): readonly string[] => {
    try {
        checked(exposureSettings, "ui", given);
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsFaults);
        return error.message.split("\n  ").slice(1);
    }
};

const password = { kind: "proxy", login: { kind: "generated", username: "operator", rotation: 0 } };
const openTls = 'tls.kind: expected TLS, since a password is asked for, found "none"';
const idle = (found: string) =>
    `proxy: expected nothing, for no proxy is needed: authentication is none of proxy, forward and own, nor has a balancer TLS, found ${found}`;
const wide = (found: string, index = 0) =>
    `sourceRanges[${index}]: expected a network of at most /8 (IPv6: /7), or everyone: "${everyone}", found "${found}"`;
const plainUrl = "an http or https URL without user, fragment, quotes, spaces, $, ; or braces";

describe("the settings of an exposure", () => {
    it("are none, unless told otherwise", () => {
        assert.deepEqual(exposureSettings.parse(undefined), { kind: "none" });
    });

    for (const [kind, given] of [
        ["ingress", ingress()],
        ["httpRoute", httpRoute()],
        ["loadBalancer", loadBalancer()],
    ] as const) {
        it(`ask for a generated password, unless told otherwise: ${kind}`, () => {
            const parsed = exposureSettings.parse(given);
            assert.deepEqual("authentication" in parsed && parsed.authentication, password);
        });
    }

    it("may go in again as they came out", () => {
        for (const given of [
            ingress({ proxy: { replicas: 2 }, tls: { kind: "issuer", clusterIssuer: "letsencrypt" } }),
            ingress({
                annotations: { "example.com/auth-url": "x" },
                authentication: { kind: "annotations", annotatedBy: ["example.com/auth-url"] },
            }),
            httpRoute({ authentication: forward }),
            loadBalancer({ tls: { kind: "generated" }, host: "ui.example.com", authentication: nobodyAsked }),
            loadBalancer({ sourceRanges: ["0.0.0.0/0"], everyone, tls: inTheClear, authentication: nobodyAsked }),
        ]) {
            const once = exposureSettings.parse(given);
            assert.deepEqual(exposureSettings.parse(once), once);
        }
    });

    const unsaid = (path: string, words: string, found: string) =>
        `${path}: expected the words "${words}", found ${found}`;
    const refused: readonly (readonly [string, unknown, readonly string[]])[] = [
        [
            "a kind that there is not",
            { kind: "nodePort" },
            ['kind: expected none | ingress | httpRoute | loadBalancer, found "nodePort"'],
        ],
        [
            "an Ingress of which nobody says where the controller is",
            ingress({ from: [] }),
            ["from: expected at least 1 entries, found an empty list"],
        ],
        [
            "an HTTPRoute without a name",
            httpRoute({ hostnames: [] }),
            ["hostnames: expected at least 1 entries, found an empty list"],
        ],
        [
            "a balancer for nobody",
            loadBalancer({ sourceRanges: [] }),
            ["sourceRanges: expected at least 1 entries, found an empty list"],
        ],
        [
            "no word on TLS",
            { kind: "ingress", host: "ui.example.com", from: controllers },
            ["tls: expected a map of settings, found nothing"],
        ],
        [
            "no TLS without the words",
            { ...ingress({ authentication: nobodyAsked }), tls: { kind: "none" } },
            [unsaid("tls.confirm", inTheClear.confirm, "nothing")],
        ],
        [
            "no authentication without the words",
            { ...httpRoute(), authentication: { kind: "none", confirm: "yes" } },
            [unsaid("authentication.confirm", nobodyAsked.confirm, '"yes"')],
        ],
        [
            "everyone in other words",
            { ...loadBalancer({ sourceRanges: ["0.0.0.0/0"] }), everyone: true },
            [unsaid("everyone", everyone, "true")],
        ],
        ["a password without TLS on an Ingress", ingress({ tls: inTheClear }), [openTls]],
        ["a password without TLS on a Gateway", httpRoute({ tls: inTheClear }), [openTls]],
        ["a password without TLS on a balancer", loadBalancer({ tls: inTheClear }), [openTls]],
        ["the whole internet", loadBalancer({ sourceRanges: ["192.0.2.0/24", "0.0.0.0/0"] }), [wide("0.0.0.0/0", 1)]],
        ["the whole internet of IPv6", loadBalancer({ sourceRanges: ["::/0"] }), [wide("::/0")]],
        ["the whole internet by another name", loadBalancer({ sourceRanges: ["9.9.9.9/0"] }), [wide("9.9.9.9/0")]],
        [
            "the whole internet in two halves",
            loadBalancer({ sourceRanges: ["0.0.0.0/1", "128.0.0.0/1"] }),
            [wide("0.0.0.0/1"), wide("128.0.0.0/1", 1)],
        ],
        [
            "everyone, where the ranges hold few",
            loadBalancer({ everyone }),
            [`everyone: expected nothing, for no source range holds everyone, found "${everyone}"`],
        ],
        [
            "a generated certificate for no name",
            loadBalancer({ tls: { kind: "generated" } }),
            ["host: expected a name, which the generated certificate is for, found nothing"],
        ],
        [
            "annotations that ask and are not there",
            ingress({
                annotations: { "example.com/auth-url": "x" },
                authentication: {
                    kind: "annotations",
                    annotatedBy: ["example.com/auth-url", "example.com/auth-signin"],
                },
            }),
            [
                'authentication.annotatedBy[1]: expected a key that stands in annotations, found "example.com/auth-signin"',
            ],
        ],
        [
            "annotations that ask, on a Gateway",
            { ...httpRoute(), authentication: { kind: "annotations", annotatedBy: ["example.com/auth-url"] } },
            ['authentication.kind: expected proxy | forward | own | none, found "annotations"'],
        ],
        [
            "an issuer's annotation beside the issuer",
            ingress({
                tls: { kind: "issuer", clusterIssuer: "letsencrypt" },
                annotations: { "cert-manager.io/cluster-issuer": "other" },
            }),
            [
                'annotations["cert-manager.io/cluster-issuer"]: expected no annotation beside tls.clusterIssuer, which sets it, found "other"',
            ],
        ],
        [
            "a proxy's settings without a proxy",
            ingress({ authentication: nobodyAsked, proxy: {} }),
            [idle("an empty map")],
        ],
        [
            "a proxy's settings on a bare balancer",
            loadBalancer({ tls: inTheClear, authentication: nobodyAsked, proxy: { replicas: 2 } }),
            [idle("a map of replicas")],
        ],
        [
            "too many proxies",
            ingress({ proxy: { replicas: 11 } }),
            ["proxy.replicas: expected a whole number from 1 to 10, found 11"],
        ],
        [
            "an impatient proxy",
            ingress({ proxy: { timeout: "999ms" } }),
            ['proxy.timeout: expected a time of at least 1s, found "999ms"'],
        ],
        [
            "a proxy with less room than it may fill",
            ingress({ proxy: { resources: { ephemeralStorage: "31Mi" } } }),
            ['proxy.resources.ephemeralStorage: expected at least 32Mi, which scratch volumes may fill, found "31Mi"'],
        ],
        [
            "a path that is no path",
            ingress({ path: "ui" }),
            ['path: expected a path that begins with /, of letters, digits, ., _, ~, - and /, found "ui"'],
        ],
        ...[
            "http://auth/;return",
            "http://auth/$host",
            'http://auth/"',
            "http://auth/ x",
            "http://auth/{",
            "http://u:p@auth/",
            "ftp://auth/",
            "http://auth:99999/",
        ].map(
            (url) =>
                [
                    `an address that would be more than one in a configuration: ${url}`,
                    ingress({ authentication: { ...forward, url, peers: [{ namespace: "sso" }] } }),
                    [`authentication.url: expected ${plainUrl}, found ${JSON.stringify(url)}`],
                ] as const,
        ),
        [
            "a sign-in page that is more than an address",
            ingress({ authentication: { ...forward, signInUrl: "http://auth/;", peers: [{ namespace: "sso" }] } }),
            [`authentication.signInUrl: expected ${plainUrl}, found "http://auth/;"`],
        ],
    ];
    for (const [what, given, expected] of refused) {
        it(`refuse ${what}`, () => assert.deepEqual(faults(given), expected));
    }

    const accepted: readonly (readonly [string, unknown])[] = [
        ["the largest private networks", loadBalancer({ sourceRanges: ["10.0.0.0/8", "fc00::/7"] })],
        ["the whole internet, in so many words", loadBalancer({ sourceRanges: ["0.0.0.0/0", "::/0"], everyone })],
        ["an open UI without TLS, in so many words", ingress({ tls: inTheClear, authentication: nobodyAsked })],
        ["somebody else's login without TLS, in so many words", ingress({ tls: inTheClear, authentication: forward })],
        [
            "a balancer's proxy that only speaks TLS",
            loadBalancer({ authentication: nobodyAsked, proxy: { replicas: 2 } }),
        ],
        [
            "a sign-in page with a query",
            ingress({
                authentication: { ...forward, signInUrl: "https://auth.example.com/start?rd=https://ui.example.com/" },
            }),
        ],
    ];
    for (const [what, given] of accepted) {
        it(`accept ${what}`, () => assert.deepEqual(faults(given), []));
    }

    it("ask the quota for the proxy's pods, where there is a proxy", () => {
        const resources = { cpu: "50m", memory: "128Mi", ephemeralStorage: "128Mi" };
        for (const [given, expected] of [
            [{ kind: "none" }, []],
            [ingress({ authentication: nobodyAsked }), []],
            [loadBalancer({ tls: inTheClear, authentication: nobodyAsked }), []],
            [ingress(), [{ pods: 1, resources }]],
            [loadBalancer({ authentication: nobodyAsked }), [{ pods: 1, resources }]],
            [
                httpRoute({ authentication: forward, proxy: { replicas: 3, resources: { cpu: "1", memory: "1Gi" } } }),
                [{ pods: 3, resources: { cpu: "1", memory: "1Gi", ephemeralStorage: "128Mi" } }],
            ],
        ] as const) {
            assert.deepEqual(demand(exposureSettings.parse(given)), expected);
        }
        assert.equal(proxyOf(exposureSettings.parse(ingress()))?.timeout, "10m");
    });
});
