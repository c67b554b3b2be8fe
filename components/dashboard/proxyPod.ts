import type { types } from "@pulumi/kubernetes";
import { serviceHost, type Foundation } from "../foundation/environment";
import { type Flow, tcp } from "../foundation/networkPolicy";
import type { Mount, Pod } from "../foundation/pods";
import { parseQuantity } from "../foundation/quantity";
import { portOf, seconds } from "../foundation/values";
import { type Backend, objectNames, type OpenExposure, publicPeers, publicScheme } from "./exposure";
import * as conf from "./proxyConf";
import { type ProxySettings, proxyScratch } from "./schema";

/** User and group `nginx` of the image (Dockerfile, `UID` and `GID`). */
const user = 101;

/** Name of the proxy's port. */
export const portName = "web";
const configDirectory = "/etc/proxy/config";

/** Seconds for all nodes to learn that the pod takes no new connections. */
const drainSeconds = 5;
const graceBeyondShutdown = 5;

/** A proxy in front of a backend, with all that decides how it looks. */
export interface Proxy {
    /** Name of the dashboard. */
    readonly name: string;
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly settings: ProxySettings;
    readonly exposure: OpenExposure;
    readonly backend: Backend & {
        readonly scheme: "http" | "https";
        /** Counter of the authorities that vouch for it. */
        readonly rotation: number;
    };
}

/** Whether the proxy itself speaks TLS: an Ingress controller or a Gateway does it in front. */
function speaksTls({ exposure }: Proxy): boolean {
    return exposure.kind === "loadBalancer" && exposure.tls.kind !== "none";
}

/** Where the proxy listens. */
export function proxyPort(proxy: Proxy): number {
    return speaksTls(proxy) ? conf.tlsPort : conf.plainPort;
}

/** The proxy's `nginx.conf`. */
export function proxyConfig(proxy: Proxy): string {
    const { name, foundation, namespace, settings, exposure, backend } = proxy;
    return conf.proxyConf({
        port: proxyPort(proxy),
        tls: speaksTls(proxy),
        publicScheme: publicScheme(exposure),
        behindAnother: exposure.kind !== "loadBalancer",
        authentication: authenticationOf(name, exposure),
        backend: {
            scheme: backend.scheme,
            host: serviceHost(foundation, backend.service, namespace),
            port: backend.port,
        },
        maxBodySize: parseQuantity(settings.maxBodySize),
        timeout: seconds(settings.timeout),
    });
}

function authenticationOf(name: string, { authentication }: OpenExposure): conf.ProxyAuthentication {
    switch (authentication.kind) {
        case "proxy":
            return { kind: "password", realm: name };
        case "forward":
            return { kind: "forward", url: authentication.url, signInUrl: authentication.signInUrl };
        default:
            return { kind: "none" };
    }
}

/** Who may connect to the proxy, and whom it connects to. */
export function proxyFlows(proxy: Proxy): { readonly ingress: readonly Flow[]; readonly egress: readonly Flow[] } {
    const { authentication } = proxy.exposure;
    return {
        ingress: [{ peers: publicPeers(proxy.exposure), ports: tcp(proxyPort(proxy)) }],
        egress: [
            { peers: [{ podLabels: proxy.backend.podLabels }], ports: tcp(proxy.backend.containerPort) },
            ...(authentication.kind === "forward"
                ? [{ peers: authentication.peers, ports: tcp(authentication.port ?? portOf(authentication.url)) }]
                : []),
        ],
    };
}

interface Folder {
    readonly mount: Mount;
    readonly volume: types.input.core.v1.Volume;
    /** What changes with its content, where that is not in the configuration. */
    readonly hashes: readonly string[];
}

/** What the proxy mounts besides its configuration. */
function folders(proxy: Proxy): Folder[] {
    const { exposure, backend, name } = proxy;
    const names = objectNames(name);
    const { authentication, tls } = exposure;
    const folder = (
        volume: string,
        path: string,
        source: Omit<types.input.core.v1.Volume, "name">,
        ...hashes: string[]
    ): Folder => ({ mount: { volume, path, readOnly: true }, volume: { name: volume, ...source }, hashes });
    const secret = (secretName: string, items: Readonly<Record<string, string>>) => ({
        secret: {
            secretName,
            // Readable by the group alone, which is fsGroup.
            defaultMode: 0o440,
            items: Object.entries(items).map(([key, path]) => ({ key, path })),
        },
    });
    const certificate = { "tls.crt": "tls.crt", "tls.key": "tls.key" };
    return [
        ...(authentication.kind !== "proxy"
            ? []
            : authentication.login.kind === "generated"
              ? [
                    folder(
                        "login",
                        conf.proxyDirectories.login,
                        secret(names.login, { htpasswd: "htpasswd" }),
                        `login ${authentication.login.rotation}`,
                    ),
                ]
              : [
                    folder(
                        "login",
                        conf.proxyDirectories.login,
                        secret(authentication.login.secretName, { [authentication.login.htpasswdKey]: "htpasswd" }),
                    ),
                ]),
        ...(!speaksTls(proxy)
            ? []
            : tls.kind === "generated"
              ? [
                    folder(
                        "tls",
                        conf.proxyDirectories.tls,
                        secret(names.tls, certificate),
                        `certificate ${tls.rotation}`,
                    ),
                ]
              : tls.kind === "secret"
                ? [folder("tls", conf.proxyDirectories.tls, secret(tls.secretName, certificate))]
                : []),
        ...(backend.scheme === "https"
            ? [
                  folder(
                      "backend",
                      conf.proxyDirectories.backend,
                      { configMap: { name: names.backend } },
                      `backend ${backend.rotation}`,
                  ),
              ]
            : []),
    ];
}

/** The proxy's pod. */
export function proxyPod(proxy: Proxy, config: string): Pod {
    const mounted = folders(proxy);
    const alive = {
        httpGet: { path: conf.healthPath, port: portName, scheme: speaksTls(proxy) ? "HTTPS" : "HTTP" },
        timeoutSeconds: 5,
    };
    return {
        containers: [
            {
                name: "proxy",
                image: proxy.foundation.images.reference("nginx"),
                // Without the image's entry point, which only rewrites configuration.
                command: ["nginx", "-e", "stderr", "-c", `${configDirectory}/nginx.conf`],
                ports: { [portName]: proxyPort(proxy) },
                resources: proxy.settings.resources,
                mounts: [
                    { volume: "config", path: configDirectory, readOnly: true },
                    ...mounted.map(({ mount }) => mount),
                ],
                // The backend is not asked: a page that says that it is away says more than a refused connection.
                readinessProbe: { ...alive, periodSeconds: 5, failureThreshold: 3 },
                livenessProbe: { ...alive, periodSeconds: 20, failureThreshold: 3 },
                preStop: ["sleep", String(drainSeconds)],
            },
        ],
        user,
        volumes: [
            { name: "config", configMap: { name: objectNames(proxy.name).config } },
            ...mounted.map(({ volume }) => volume),
        ],
        scratch: [{ volume: "tmp", path: conf.proxyDirectories.scratch, sizeLimit: proxyScratch }],
        gracePeriodSeconds: drainSeconds + conf.shutdownSeconds + graceBeyondShutdown,
        configHashes: [config, ...mounted.flatMap(({ hashes }) => hashes)],
    };
}
