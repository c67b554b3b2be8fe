import { z } from "zod";
import { generatedCertificates } from "../foundation/certificates";
import { generatedLogin } from "../foundation/credentials";
import type { Demand } from "../foundation/demand";
import { peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { resourceSettings } from "../foundation/resources";
import {
    bytes,
    cidr,
    dnsLabel,
    dnsName,
    durationFrom,
    labelKey,
    port,
    settings,
    text,
    variants,
    whole,
    words,
} from "../foundation/values";

/** What whoever leaves a protection out has to say. */
const statement = <const Words extends string>(words_: Words) =>
    z.literal(words_, { error: `the words "${words_}"` }).describe(`The words "${words_}".`);

/** Scratch volume of the proxy; its own local storage must hold it, and the log until the kubelet rotates it. */
export const proxyScratch = "16Mi";
const leastProxyStorage = "32Mi";

const proxySettings = settings({
    replicas: whole(1, 10).default(1).describe("Number of its pods, each of which can do all the work. Default 1."),
    resources: resourceSettings({ cpu: "50m", memory: "128Mi", ephemeralStorage: "128Mi" }, leastProxyStorage).describe(
        "CPU, memory and local storage of each pod.",
    ),
    maxBodySize: bytes()
        .default("1Gi")
        .describe("Largest request, such as an asset or a jar that is uploaded. Default 1Gi."),
    timeout: durationFrom("1s")
        .default("10m")
        .describe("How long a request or a WebSocket may be silent before it is cut. Default 10m."),
    ...placementShape,
});

export type ProxySettings = z.output<typeof proxySettings>;

/** An address that ends up in the proxy's configuration: no character that means something there. */
const plainUrl = () => {
    const expected = "an http or https URL without user, fragment, quotes, spaces, $, ; or braces";
    return text(/^https?:\/\/[A-Za-z0-9.-]+(:[0-9]+)?(\/[A-Za-z0-9._~\/%?=&:@+,-]*)?$/, 2000, expected).refine(
        (value) => URL.canParse(value),
        { error: expected },
    );
};

// The generated form of a login is every component's; an existing one is a file of hashes here, not a password.
const loginOfProxy = variants("kind", [
    generatedLogin({ username: "operator" }),
    settings({
        kind: z.literal("existing").describe("A Secret that exists in the namespace before the pods do."),
        secretName: dnsName().describe("Name of the Secret."),
        htpasswdKey: words()
            .default("htpasswd")
            .describe("Its key with lines of name:hash, as htpasswd writes them. Default htpasswd."),
    }),
]).prefault({ kind: "generated" });

const withPassword = settings({
    kind: z.literal("proxy").describe("A proxy of the stack's own asks for a name and a password; the default."),
    login: loginOfProxy.describe("Who may come in."),
});

const withForward = settings({
    kind: z
        .literal("forward")
        .describe(
            "A proxy of the stack's own asks somebody else's server about each request, such as an oauth2-proxy.",
        ),
    url: plainUrl().describe("What is asked: 2xx lets a request pass, 401 and 403 refuse it."),
    signInUrl: plainUrl()
        .optional()
        .describe("Where a browser is sent that is not signed in, nothing added. Default: it gets the 401."),
    peers: z.array(peerSettings).min(1).describe("Where that server is, for the proxy's network policy."),
    port: port().optional().describe("Port of its pods, which a Service may hide. Default: the URL's."),
});

const withNothing = settings({
    kind: z.literal("none").describe("Nobody is asked who he is."),
    confirm: statement("anyone who reaches it may use it"),
});

const withOwn = settings({
    kind: z
        .literal("own")
        .describe(
            "What is behind asks for a login itself, such as OpenSearch with security; the proxy only checks it.",
        ),
});

const withAnnotations = settings({
    kind: z.literal("annotations").describe("The Ingress controller asks, as annotations tell it."),
    annotatedBy: z
        .array(labelKey())
        .min(1)
        .describe("Keys in annotations that make the controller ask, so that none is lost by accident."),
});

const authentication = variants("kind", [withPassword, withForward, withOwn, withNothing])
    .prefault({ kind: "proxy" })
    .describe("Who is let in. Default: a proxy with a generated password.");

const authenticationOfIngress = variants("kind", [withPassword, withForward, withOwn, withAnnotations, withNothing])
    .prefault({ kind: "proxy" })
    .describe("Who is let in. Default: a proxy with a generated password.");

const withoutTls = settings({
    kind: z.literal("none").describe("No TLS."),
    confirm: statement("passwords and data travel in the clear"),
});

const tlsFromSecret = settings({
    kind: z.literal("secret").describe("A certificate that exists."),
    secretName: dnsName().describe("Name of a Secret in the namespace with tls.crt and tls.key."),
});

const tlsFromIssuer = settings({
    kind: z.literal("issuer").describe("A certificate that cert-manager gets, into the Secret <name>-tls."),
    clusterIssuer: dnsName().describe("Name of cert-manager's ClusterIssuer."),
});

const tlsOfListener = settings({
    kind: z.literal("listener").describe("The Gateway's listener terminates TLS: a statement, for the URL."),
});

/** The annotation by which cert-manager knows whom to ask for an Ingress' certificate. */
export const issuerAnnotation = "cert-manager.io/cluster-issuer";

const path = () =>
    text(/^\/[A-Za-z0-9._~\/-]*$/, 255, "a path that begins with /, of letters, digits, ., _, ~, - and /")
        .default("/")
        .describe("Path below which the UI is, as it serves it itself: nothing rewrites it. Default /.");

const annotations = () =>
    z
        .record(labelKey(), z.string({ error: "text" }))
        .default({})
        .describe("Annotations of the object. Default none.");

const peers = (whose: string) =>
    z.array(peerSettings).min(1).describe(`Where ${whose} are: nobody else may connect to what is behind.`);

const proxy = () =>
    proxySettings.optional().describe("The proxy, where there is one. Default: the defaults of its settings.");

/** The parts of an exposure that say whether a proxy of the stack's own is needed. */
interface Protection {
    readonly kind: string;
    readonly tls: { readonly kind: string };
    readonly authentication: { readonly kind: string };
}

/**
 * Whether a proxy stands in front: to ask for a password or somebody else's server, to check the certificate of what asks
 * itself, or to speak TLS on a balancer.
 */
export function isProxied(given: Protection | { readonly kind: "none" }): boolean {
    return (
        "tls" in given &&
        (["proxy", "forward", "own"].includes(given.authentication.kind) ||
            (given.kind === "loadBalancer" && given.tls.kind !== "none"))
    );
}

/** What is wrong with settings that are each fine by themselves. */
interface CrossFault {
    readonly path: readonly PropertyKey[];
    readonly message: string;
}

/** Turns a function that finds faults into a check of a schema. */
const crossCheck =
    <Given>(faults: (given: Given) => readonly CrossFault[]) =>
    (given: Given, context: z.core.$RefinementCtx) => {
        for (const { path, message } of faults(given)) {
            context.addIssue({ code: "custom", path: [...path], message });
        }
    };

const fault = (found: boolean, path: readonly PropertyKey[], message: string): CrossFault[] =>
    found ? [{ path, message }] : [];

/** The faults that no exposure may have. */
function protectionFaults(given: Protection & { readonly proxy?: unknown }): CrossFault[] {
    return [
        ...fault(
            given.tls.kind === "none" && ["proxy", "own"].includes(given.authentication.kind),
            ["tls", "kind"],
            "TLS, since a password is asked for",
        ),
        ...fault(
            given.proxy !== undefined && !isProxied(given),
            ["proxy"],
            "nothing, for no proxy is needed: authentication is none of proxy, forward and own, nor has a balancer TLS",
        ),
    ];
}

const ingressSettings = settings({
    kind: z.literal("ingress").describe("An Ingress, for a controller that the cluster has."),
    className: dnsName().optional().describe("Name of the IngressClass. Default: the cluster's default class."),
    host: dnsName().describe("Name under which browsers reach it."),
    path: path(),
    annotations: annotations(),
    from: peers("the controller's pods"),
    tls: variants("kind", [tlsFromSecret, tlsFromIssuer, withoutTls]).describe("How the controller speaks TLS."),
    authentication: authenticationOfIngress,
    proxy: proxy(),
}).superRefine(
    crossCheck((given) => {
        const { authentication: asked, annotations: present } = given;
        const askedBy = asked.kind === "annotations" ? asked.annotatedBy : [];
        return [
            ...protectionFaults(given),
            ...fault(
                given.tls.kind === "issuer" && present[issuerAnnotation] !== undefined,
                ["annotations", issuerAnnotation],
                "no annotation beside tls.clusterIssuer, which sets it",
            ),
            ...askedBy.flatMap((key, index) =>
                fault(
                    present[key] === undefined,
                    ["authentication", "annotatedBy", index],
                    "a key that stands in annotations",
                ),
            ),
        ];
    }),
);

const httpRouteSettings = settings({
    kind: z.literal("httpRoute").describe("An HTTPRoute of the Gateway API, on a Gateway that the cluster has."),
    gateway: settings({
        namespace: dnsLabel().describe("Namespace of the Gateway."),
        name: dnsName().describe("Name of the Gateway, whose listener must allow routes of this namespace."),
        sectionName: dnsName().optional().describe("Name of one listener. Default: every listener that matches."),
    }).describe("The Gateway that the route attaches to."),
    hostnames: z.array(dnsName()).min(1).max(16).describe("Names under which browsers reach it; the first is its URL."),
    path: path(),
    from: peers("the pods of the Gateway's data plane"),
    tls: variants("kind", [tlsOfListener, withoutTls]).describe("Whether the listener speaks TLS."),
    authentication,
    proxy: proxy(),
}).superRefine(crossCheck(protectionFaults));

const everyoneMay = "the whole internet may connect";

/** Wider than the largest networks that are nobody's alone, 10.0.0.0/8 and fc00::/7: in effect everybody. */
function holdsEveryone(range: string): boolean {
    const [address, bits] = range.split("/");
    return Number(bits) < (address?.includes(":") === true ? 7 : 8);
}

const loadBalancerSettings = settings({
    kind: z.literal("loadBalancer").describe("A Service of type LoadBalancer with an address of its own."),
    sourceRanges: z.array(cidr()).min(1).describe("Networks that may connect."),
    everyone: statement(everyoneMay)
        .optional()
        .describe(`The words "${everyoneMay}", needed where a source range is wider than /8 (IPv6: /7).`),
    host: dnsName()
        .optional()
        .describe("Name that is made to point at the address; a generated certificate is for it. Default none."),
    port: port().optional().describe("Port of the address. Default 443 with TLS, 80 without."),
    className: labelKey().optional().describe("Load balancer class. Default: the cluster's own."),
    annotations: annotations(),
    tls: variants("kind", [generatedCertificates, tlsFromSecret, withoutTls]).describe("How the proxy speaks TLS."),
    authentication,
    proxy: proxy(),
}).superRefine(
    crossCheck((given) => {
        const open = given.sourceRanges.map(holdsEveryone);
        return [
            ...protectionFaults(given),
            ...fault(
                given.tls.kind === "generated" && given.host === undefined,
                ["host"],
                "a name, which the generated certificate is for",
            ),
            ...open.flatMap((wide, index) =>
                fault(
                    wide && given.everyone === undefined,
                    ["sourceRanges", index],
                    `a network of at most /8 (IPv6: /7), or everyone: "${everyoneMay}"`,
                ),
            ),
            ...fault(
                given.everyone !== undefined && !open.includes(true),
                ["everyone"],
                "nothing, for no source range holds everyone",
            ),
        ];
    }),
);

/** How a UI or an API is reached from outside the cluster. */
export const exposureSettings = variants("kind", [
    settings({ kind: z.literal("none").describe("Not at all, but by kubectl port-forward; the default.") }),
    ingressSettings,
    httpRouteSettings,
    loadBalancerSettings,
])
    // One definition in the JSON Schema, where each system has it.
    .meta({ id: "exposure" })
    .prefault({ kind: "none" });

/** How a UI or an API is reached from outside the cluster, as it is given. */
export type ExposureSettings = z.input<typeof exposureSettings>;
/** The same, checked, with its defaults. */
export type Exposure = z.output<typeof exposureSettings>;

/** Settings of the proxy, where there is one. */
export function proxyOf(given: Exposure): ProxySettings | undefined {
    return given.kind !== "none" && isProxied(given) ? (given.proxy ?? proxySettings.parse({})) : undefined;
}

/** What the proxy asks a namespace's quota for. */
export function demand(given: Exposure): Demand[] {
    const { replicas, resources } = proxyOf(given) ?? {};
    return replicas === undefined || resources === undefined ? [] : [{ pods: replicas, resources }];
}
