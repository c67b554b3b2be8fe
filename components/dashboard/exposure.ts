import type { types } from "@pulumi/kubernetes";
import { checked, type Fault } from "../foundation/faults";
import { type Identity, type Labels, selectorLabels } from "../foundation/labels";
import type { Peer } from "../foundation/networkPolicy";
import { type Exposure, type ExposureSettings, exposureSettings, isProxied, issuerAnnotation } from "./schema";

/** What is exposed: a Service of the namespace, and the pods behind it. */
export interface Backend {
    /** Name of the Service, one with an address of its own (not headless). */
    readonly service: string;
    /** Port of the Service. */
    readonly port: number;
    /** Name of that port. */
    readonly portName: string;
    /** Labels that select the pods. */
    readonly podLabels: Labels;
    /** Port of the pods. */
    readonly containerPort: number;
}

/** A form of exposure, checked. */
export type ExposureOf<Kind extends Exposure["kind"]> = Extract<Exposure, { readonly kind: Kind }>;
/** Any exposure beyond kubectl. */
export type OpenExposure = Exclude<Exposure, { readonly kind: "none" }>;

/** How what is exposed speaks. */
export interface Speech {
    readonly scheme: "http" | "https";
    /** Whether it asks for a login itself. */
    readonly ownLogin: boolean;
}

/** What is wrong with exposing something that speaks so. */
export function speechFaults(exposure: Exposure, { scheme, ownLogin }: Speech): Fault[] {
    if (exposure.kind === "none") {
        return [];
    }
    const { kind } = exposure.authentication;
    const fault = (expected: string): Fault[] => [
        { path: "authentication.kind", expected, found: JSON.stringify(kind) },
    ];
    if (ownLogin && kind === "proxy") {
        return fault("own or forward, since what is behind asks for a login itself, in the same header of a request");
    }
    if (!ownLogin && kind === "own") {
        return fault("any other, since what is behind asks nobody who reads for a login");
    }
    return scheme === "https" && !isProxied(exposure)
        ? fault("proxy, forward or own, since what is behind speaks TLS, which only the proxy checks")
        : [];
}

/** Whose the objects of a dashboard are. */
export function dashboardIdentity(name: string): Identity {
    return { name: "dashboard", instance: name, component: "proxy" };
}

/** Names of a dashboard's objects. */
export function objectNames(name: string) {
    return {
        /** The Ingress or the HTTPRoute. */
        route: name,
        /** Deployment, Service and network policy of the proxy. */
        proxy: `${name}-proxy`,
        config: `${name}-config`,
        login: `${name}-login`,
        tls: `${name}-tls`,
        backend: `${name}-backend`,
        balancer: `${name}-balancer`,
    } as const;
}

/** Who connects from outside of what the stack makes. */
export function publicPeers(given: OpenExposure): Peer[] {
    return given.kind === "loadBalancer" ? given.sourceRanges.map((cidr) => ({ cidr })) : given.from;
}

/**
 * Whom the network policy of what is exposed must let in: the proxy, or, without one, the controller's pods or the
 * balancer's source ranges. It is known before the dashboard is made, for the set that is exposed comes first.
 *
 * @throws SettingsFaults when the settings can't be used.
 */
export function exposurePeers(name: string, namespace: string, given: ExposureSettings): Peer[] {
    const exposure = checked(exposureSettings, name, given);
    if (exposure.kind === "none") {
        return [];
    }
    return isProxied(exposure)
        ? [{ namespace, podLabels: selectorLabels(dashboardIdentity(name)) }]
        : publicPeers(exposure);
}

/** How browsers connect. */
export function publicScheme(given: OpenExposure): "http" | "https" {
    return given.tls.kind === "none" ? "http" : "https";
}

/** Port of a balancer's address. */
export function balancerPort(given: ExposureOf<"loadBalancer">): number {
    return given.port ?? (given.tls.kind === "none" ? 80 : 443);
}

/** Spec of the Ingress. */
export function ingressSpec(
    name: string,
    given: ExposureOf<"ingress">,
    to: Backend,
): types.input.networking.v1.IngressSpec {
    const { host, path, tls } = given;
    const secretName = tls.kind === "secret" ? tls.secretName : objectNames(name).tls;
    const backend = { service: { name: to.service, port: { name: to.portName } } };
    return {
        ...(given.className !== undefined && { ingressClassName: given.className }),
        ...(tls.kind !== "none" && { tls: [{ hosts: [host], secretName }] }),
        rules: [{ host, http: { paths: [{ path, pathType: "Prefix", backend }] } }],
    };
}

/** Annotations of the Ingress. */
export function ingressAnnotations(given: ExposureOf<"ingress">): Labels {
    return {
        ...given.annotations,
        ...(given.tls.kind === "issuer" && { [issuerAnnotation]: given.tls.clusterIssuer }),
        // The engine would wait ten minutes for an address that many controllers never write (pulumi-kubernetes, Ingress),
        // and has nothing to learn from it: browsers use the host.
        "pulumi.com/skipAwait": "true",
    };
}

/** Spec of the HTTPRoute, `gateway.networking.k8s.io/v1`. */
export function httpRouteSpec(given: ExposureOf<"httpRoute">, to: Backend) {
    const { gateway } = given;
    return {
        parentRefs: [
            {
                group: "gateway.networking.k8s.io",
                kind: "Gateway",
                namespace: gateway.namespace,
                name: gateway.name,
                ...(gateway.sectionName !== undefined && { sectionName: gateway.sectionName }),
            },
        ],
        hostnames: given.hostnames,
        rules: [
            {
                matches: [{ path: { type: "PathPrefix", value: given.path } }],
                backendRefs: [{ group: "", kind: "Service", name: to.service, port: to.port, weight: 1 }],
            },
        ],
    };
}

/** Spec of the Service with an address of its own. */
export function balancerSpec(given: ExposureOf<"loadBalancer">, to: Backend): types.input.core.v1.ServiceSpec {
    return {
        type: "LoadBalancer",
        ...(given.className !== undefined && { loadBalancerClass: given.className }),
        loadBalancerSourceRanges: given.sourceRanges,
        // Cluster would hide the browser's address, by which source ranges and the network policy judge.
        externalTrafficPolicy: "Local",
        selector: to.podLabels,
        ports: [
            { name: publicScheme(given), port: balancerPort(given), targetPort: to.containerPort, protocol: "TCP" },
        ],
    };
}

/** What of a Service's status the address is in; none of it is there before the balancer is. */
interface BalancerStatus {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
}

/** Address of a balancer, or its name where it has one instead; empty in a stack that is only rendered. */
export function balancerAddress(status: BalancerStatus | undefined): string {
    const first = status?.loadBalancer?.ingress?.[0];
    return first?.ip ?? first?.hostname ?? "";
}

/** How one UI is opened. */
export interface DashboardEntry {
    /** What it is, such as "Teraslice API". */
    readonly title: string;
    readonly namespace: string;
    /** Where it is; absent without exposure, and for a balancer without a host, whose address only the cluster knows. */
    readonly url?: string;
    /** What opens it: the URL, or a command that leads to one. */
    readonly command: string;
    /** Command that shows the name and the password, where they are generated. */
    readonly login?: string;
}

/** How a dashboard is opened. */
export function dashboardEntry(args: {
    readonly name: string;
    readonly namespace: string;
    readonly title: string;
    readonly exposure: Exposure;
    readonly backend: Pick<Backend, "service" | "port"> & { readonly scheme: "http" | "https" };
}): DashboardEntry {
    const { name, namespace, title, exposure, backend } = args;
    const kubectl = `kubectl --namespace ${namespace}`;
    const entry = { title, namespace };
    if (exposure.kind === "none") {
        // Only root may listen on the lower ones.
        const local = backend.port < 1024 ? backend.port + 8000 : backend.port;
        return {
            ...entry,
            command: `${kubectl} port-forward service/${backend.service} ${local}:${backend.port} # then ${backend.scheme}://localhost:${local}/`,
        };
    }
    const { authentication } = exposure;
    const { login: secret, balancer } = objectNames(name);
    const login =
        authentication.kind === "proxy" && authentication.login.kind === "generated"
            ? {
                  login: `${kubectl} get secret ${secret} --output go-template='{{.data.username | base64decode}} {{.data.password | base64decode}}{{"\\n"}}'`,
              }
            : {};
    const url = publicUrl(exposure);
    if (url !== undefined) {
        return { ...entry, url, command: url, ...login };
    }
    const address = "{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}";
    const suffix = exposure.kind === "loadBalancer" ? portSuffix(exposure) : "";
    return {
        ...entry,
        command: `${kubectl} get service ${balancer} --output jsonpath='${address}' # then ${publicScheme(exposure)}://<address>${suffix}/`,
        ...login,
    };
}

function publicUrl(given: OpenExposure): string | undefined {
    const scheme = publicScheme(given);
    switch (given.kind) {
        case "ingress":
            return `${scheme}://${given.host}${given.path}`;
        case "httpRoute":
            return `${scheme}://${given.hostnames[0] ?? ""}${given.path}`;
        case "loadBalancer":
            return given.host === undefined ? undefined : `${scheme}://${given.host}${portSuffix(given)}/`;
    }
}

function portSuffix(given: ExposureOf<"loadBalancer">): string {
    const port = balancerPort(given);
    return port === (given.tls.kind === "none" ? 80 : 443) ? "" : `:${port}`;
}

/** One line of the stack's list of UIs. */
export type DashboardLine = Omit<DashboardEntry, "namespace">;

/** All UIs of a stack by title, each with what opens it: for the stack's output. */
export function dashboardList(entries: readonly DashboardEntry[]): DashboardLine[] {
    return entries
        .map(({ namespace: _inCommand, ...line }) => line)
        .sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : a.command < b.command ? -1 : 1));
}
