import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import { certificateAuthority } from "../foundation/certificates";
import { generatedPassword } from "../foundation/credentials";
import { type Foundation, targetsNamed } from "../foundation/environment";
import { checked, SettingsFaults } from "../foundation/faults";
import { type Labels, objectLabels, selectorLabels } from "../foundation/labels";
import { priorityNamed } from "../foundation/priorityClasses";
import { ifGiven } from "../foundation/values";
import { MasterSet } from "../sets/masterSet";
import {
    type Backend,
    balancerAddress,
    balancerSpec,
    type DashboardEntry,
    dashboardEntry,
    dashboardIdentity,
    httpRouteSpec,
    ingressAnnotations,
    ingressSpec,
    objectNames,
    type OpenExposure,
    speechFaults,
} from "./exposure";
import { bcryptSalt, htpasswdLine } from "./htpasswd";
import { portName, type Proxy, proxyConfig, proxyFlows, proxyPod, proxyPort } from "./proxyPod";
import { type Exposure, type ExposureSettings, exposureSettings, proxyOf } from "./schema";

/** What is exposed, and how it speaks. */
export interface DashboardBackend extends Backend {
    /**
     * What it speaks. For `https` only the proxy can stand in front, since only that checks the certificate.
     *
     * @default http
     */
    readonly scheme?: "http" | "https";
    /**
     * PEM certificates of the authorities that sign its certificate, which must be for the Service's full name.
     *
     * @default none; needed for `https`
     */
    readonly caCertificate?: pulumi.Input<string>;
    /**
     * Counter of those authorities: the proxy reads them anew when it changes.
     *
     * @default 0
     */
    readonly rotation?: number;
    /**
     * Whether it asks for a login itself.
     *
     * @default false
     */
    readonly ownLogin?: boolean;
}

export interface DashboardArgs {
    readonly foundation: Foundation;
    /** Namespace of what is exposed, and of the objects that expose it. */
    readonly namespace: string;
    /**
     * How it is exposed, as in a stack file.
     *
     * @default not at all
     */
    readonly settings?: ExposureSettings;
    /** What the UI is, such as "Teraslice API". */
    readonly title: string;
    readonly backend: DashboardBackend;
}

/** The way from outside to one UI or API: none, an Ingress, an HTTPRoute or a load balancer, and who is let in. */
export class Dashboard extends pulumi.ComponentResource {
    /** How it is opened. */
    public readonly entry: DashboardEntry;
    /** Address of the load balancer, where there is one. */
    public readonly address: pulumi.Output<string> | undefined;
    /** PEM certificates that browsers must trust, where the balancer's certificate is generated. */
    public readonly trusted: pulumi.Output<string> | undefined;

    /** @throws SettingsFaults when the settings can't be used. */
    constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, title, backend } = args;
        const exposure = checked(exposureSettings, name, args.settings);
        const scheme = backend.scheme ?? "http";
        const proxySettings = proxyOf(exposure);
        const open = exposure.kind === "none" ? undefined : exposure;
        const faults = speechFaults(exposure, { scheme, ownLogin: backend.ownLogin ?? false });
        if (faults.length > 0) {
            throw new SettingsFaults(name, faults);
        }
        if (open !== undefined && scheme === "https" && backend.caCertificate === undefined) {
            throw new Error(`${name}: an https backend needs the certificate of its authority (caCertificate)`);
        }
        super("data-platform:dashboard:Dashboard", name, registered(exposure), opts);
        this.entry = dashboardEntry({
            name,
            namespace,
            title,
            exposure,
            backend: { service: backend.service, port: backend.port, scheme },
        });
        if (open !== undefined) {
            const inside: Inside = { name, args, opts: { parent: this } };
            const proxy = ifGiven(proxySettings, (settings) =>
                registerProxy(inside, {
                    name,
                    foundation,
                    namespace,
                    settings,
                    exposure: open,
                    backend: { ...backend, scheme, rotation: backend.rotation ?? 0 },
                }),
            );
            this.trusted = proxy?.trusted;
            this.address = registerRoute(inside, open, proxy?.backend ?? backend, proxy?.set);
        }
        this.registerOutputs({
            ...(this.entry.url !== undefined && { url: this.entry.url }),
            command: this.entry.command,
            ...(this.address && { address: this.address }),
        });
    }
}

/** What the parts of a dashboard are registered with. */
interface Inside {
    readonly name: string;
    readonly args: DashboardArgs;
    readonly opts: { readonly parent: pulumi.Resource };
}

/** What the component keeps in state: how open it is, for whoever compares two states. */
function registered(exposure: Exposure) {
    return exposure.kind === "none"
        ? { exposure: exposure.kind }
        : { exposure: exposure.kind, tls: exposure.tls.kind, authentication: exposure.authentication.kind };
}

function metadataOf({ name, args }: Inside) {
    const labels = objectLabels(args.foundation.environment, dashboardIdentity(name));
    return (objectName: string, annotations?: Labels) => ({
        name: objectName,
        namespace: args.namespace,
        labels,
        ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
    });
}

/** The proxy as what stands in front exposes it, and what its pods wait for. */
interface RegisteredProxy {
    readonly set: MasterSet;
    readonly backend: Backend;
    readonly trusted: pulumi.Output<string> | undefined;
}

function registerProxy(inside: Inside, proxy: Proxy): RegisteredProxy {
    const { name, opts } = inside;
    const { foundation, namespace, settings, exposure } = proxy;
    const metadata = metadataOf(inside);
    const identity = dashboardIdentity(name);
    const names = objectNames(name);
    const port = proxyPort(proxy);
    const config = proxyConfig(proxy);
    const certificate = generatedCertificate(inside, exposure);
    const before: pulumi.Resource[] = [
        new k8s.core.v1.ConfigMap(
            `${name}-config`,
            { metadata: metadata(names.config), data: { "nginx.conf": config } },
            opts,
        ),
        ...generatedLogin(inside, exposure),
        ...(certificate === undefined ? [] : [certificate.secret]),
        ...backendAuthority(inside),
    ];
    const access = new Access(`${name}-access`, { foundation, namespace, identity, objectName: names.proxy }, opts);
    const set = new MasterSet(
        `${name}-proxy`,
        {
            foundation,
            namespace,
            identity,
            objectName: names.proxy,
            replicas: settings.replicas,
            strategy: "RollingUpdate",
            pod: proxyPod(proxy, config),
            access,
            // A balancer has a Service of its own.
            services:
                exposure.kind === "loadBalancer" ? [] : [{ objectName: names.proxy, ports: { [portName]: port } }],
            targets: targetsNamed(foundation, settings.targets),
            spread: settings.spread,
            priorityClassName: priorityNamed(foundation, settings.priority),
            ...proxyFlows(proxy),
        },
        { ...opts, dependsOn: [access, ...before] },
    );
    return {
        set,
        backend: {
            service: names.proxy,
            port,
            portName,
            podLabels: selectorLabels(identity),
            containerPort: port,
        },
        trusted: certificate?.trusted,
    };
}

/** The Secret with the generated login: for people the name and the password, for the proxy the hash. */
function generatedLogin(inside: Inside, { authentication }: OpenExposure): pulumi.Resource[] {
    if (authentication.kind !== "proxy" || authentication.login.kind !== "generated") {
        return [];
    }
    const { name, opts } = inside;
    const { username, rotation } = authentication.login;
    const { password, bcryptHash } = generatedPassword(`${name}-password`, { rotation }, opts);
    const htpasswd = pulumi
        .all([password, bcryptHash])
        .apply(([plain, hash]) => htpasswdLine(username, plain, bcryptSalt(hash)));
    return [
        new k8s.core.v1.Secret(
            `${name}-login`,
            { metadata: metadataOf(inside)(objectNames(name).login), stringData: { username, password, htpasswd } },
            opts,
        ),
    ];
}

function generatedCertificate(
    inside: Inside,
    exposure: OpenExposure,
): { readonly secret: k8s.core.v1.Secret; readonly trusted: pulumi.Output<string> } | undefined {
    if (exposure.kind !== "loadBalancer" || exposure.tls.kind !== "generated" || exposure.host === undefined) {
        return undefined;
    }
    const { name, opts } = inside;
    const authority = certificateAuthority(`${name}-tls`, exposure.tls, opts);
    const { certificate, key } = authority.sign(`${name}-tls`, {
        // Not the host: a common name ends at 64 characters.
        commonName: name,
        dnsNames: [exposure.host],
        uses: ["server"],
    });
    const secret = new k8s.core.v1.Secret(
        `${name}-tls`,
        {
            metadata: metadataOf(inside)(objectNames(name).tls),
            type: "kubernetes.io/tls",
            stringData: { "tls.crt": certificate, "tls.key": key, "ca.crt": authority.trusted },
        },
        opts,
    );
    return { secret, trusted: authority.trusted };
}

/** What the proxy trusts an https backend by. */
function backendAuthority(inside: Inside): pulumi.Resource[] {
    const { name, args, opts } = inside;
    const { scheme, caCertificate } = args.backend;
    return scheme !== "https" || caCertificate === undefined
        ? []
        : [
              new k8s.core.v1.ConfigMap(
                  `${name}-backend`,
                  { metadata: metadataOf(inside)(objectNames(name).backend), data: { "ca.crt": caCertificate } },
                  opts,
              ),
          ];
}

/** Registers what opens the way to a Service, and gives the address of a load balancer. */
function registerRoute(
    inside: Inside,
    exposure: OpenExposure,
    to: Backend,
    proxy: MasterSet | undefined,
): pulumi.Output<string> | undefined {
    const { name } = inside;
    const opts = { ...inside.opts, dependsOn: proxy ?? [] };
    const metadata = metadataOf(inside);
    const names = objectNames(name);
    switch (exposure.kind) {
        case "ingress":
            new k8s.networking.v1.Ingress(
                `${name}-ingress`,
                {
                    metadata: metadata(names.route, ingressAnnotations(exposure)),
                    spec: ingressSpec(name, exposure, to),
                },
                opts,
            );
            return undefined;
        case "httpRoute":
            new k8s.apiextensions.CustomResource(
                `${name}-route`,
                {
                    apiVersion: "gateway.networking.k8s.io/v1",
                    kind: "HTTPRoute",
                    metadata: metadata(names.route),
                    spec: httpRouteSpec(exposure, to),
                },
                opts,
            );
            return undefined;
        case "loadBalancer": {
            const balancer = new k8s.core.v1.Service(
                `${name}-balancer`,
                { metadata: metadata(names.balancer, exposure.annotations), spec: balancerSpec(exposure, to) },
                // The class can't be changed in place, and the name is fixed.
                { ...opts, replaceOnChanges: ["spec.loadBalancerClass"], deleteBeforeReplace: true },
            );
            return balancer.status.apply(balancerAddress);
        }
    }
}
