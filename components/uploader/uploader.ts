import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DashboardBackend } from "../dashboard/dashboard";
import { Access } from "../foundation/access";
import { type GeneratedPassword, generatedPassword } from "../foundation/credentials";
import { type Foundation, protection, serviceHost, targetsNamed } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { type Labels, objectLabels, selectorLabels } from "../foundation/labels";
import { type Flow, type Peer, tcp } from "../foundation/networkPolicy";
import type { Container, Pod } from "../foundation/pods";
import { priorityNamed } from "../foundation/priorityClasses";
import { seconds } from "../foundation/values";
import { volumeClaim } from "../foundation/volumeClaim";
import { uploaderAlerts } from "../monitoring/alerts/uploader";
import { registerMonitor } from "../monitoring/monitor";
import { WorkerSet } from "../sets/workerSet";
import { cleanupCommand, cleanupFile, cleanupScript } from "./cleanup";
import type { ServerConnection } from "./connection";
import * as conf from "./nginxConf";
import { cleanupResources, type UploaderServerSettings, uploaderServerSettings, type UploaderSettings } from "./schema";

export interface UploaderArgs {
    readonly foundation: Foundation;
    /** Namespace that the server lives in. */
    readonly namespace: string;
    /**
     * The server's settings, as in a stack file.
     *
     * @default the defaults of the schema
     */
    readonly settings?: UploaderSettings;
    /**
     * Who may connect, besides `settings.clients` and `settings.writers`: the systems that download from the server.
     *
     * @default nobody
     */
    readonly clients?: readonly Peer[];
    /**
     * Further labels of the pod, by which a system's own client finds it: Twister2's looks for `app: twister2-uploader`.
     *
     * @default none
     */
    readonly podLabels?: Labels;
    /**
     * Name of the Service.
     *
     * @default the component's name
     */
    readonly serviceName?: string;
}

/** User and group `nginx` of the image (Dockerfile, `UID` and `GID`). */
const user = 101;

/** The Service's port: Twister2's client and a URL without a port mean this one. */
const servicePort = 80;

/** Seconds for all nodes to learn that the pod takes no new connections. */
const drainSeconds = 5;
/** Seconds between the server's own end and the kill. */
const graceBeyondTransfers = 10;

/** The objects that the pod mounts; the login only where somebody may write over HTTP. */
interface Objects {
    readonly config: string;
    readonly claim: string;
    readonly login: { readonly secretName: string; readonly htpasswdKey: string } | undefined;
}

/**
 * A web server for packages: anonymous download, upload with a password or by `kubectl cp`, on a volume of its own. There
 * is one pod, since a package must be on every one that a client may ask.
 */
export class Uploader extends pulumi.ComponentResource implements ServerConnection {
    public readonly kind = "server";
    public readonly url: string;
    public readonly service: ServerConnection["service"];
    public readonly podLabels: Labels;
    public readonly directory = conf.packagesDirectory;
    public readonly login: ServerConnection["login"];
    public readonly flow: Flow;
    /** The server, as a dashboard exposes it. */
    public readonly ui: DashboardBackend;

    /** @throws SettingsFaults when the settings can't be used. */
    constructor(name: string, args: UploaderArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(uploaderServerSettings, name, args.settings ?? {});
        const { foundation, namespace } = args;
        super(
            "data-platform:uploader:Uploader",
            name,
            {
                storage: settings.storage,
                storageClass: settings.storageClass ?? null,
                image: foundation.images.reference("nginx"),
            },
            opts,
        );
        const identity = { name: "uploader", instance: name, component: "server" };
        const labels = objectLabels(foundation.environment, identity);
        this.service = { name: args.serviceName ?? name, namespace, port: servicePort };
        this.url = `http://${serviceHost(foundation, this.service.name, namespace)}`;
        this.podLabels = selectorLabels(identity);
        this.ui = {
            service: this.service.name,
            port: servicePort,
            portName: "http",
            podLabels: this.podLabels,
            containerPort: conf.httpPort,
        };
        this.flow = { peers: [{ namespace, podLabels: this.podLabels }], ports: tcp(conf.httpPort) };

        const metadata = (objectName: string) => ({ name: objectName, namespace, labels });
        const objects = { config: `${name}-config`, claim: `${name}-packages`, login: loginObject(name, settings) };
        this.login =
            settings.writing.kind === "generated"
                ? {
                      username: settings.writing.username,
                      secretName: `${name}-login`,
                      usernameKey: "username",
                      passwordKey: "password",
                  }
                : undefined;
        const nginxConf = conf.nginxConf(settings);
        const script = settings.keepFor === undefined ? [] : [cleanupScript];

        const inside = { parent: this };
        const before = [
            new k8s.core.v1.ConfigMap(
                `${name}-config`,
                {
                    metadata: metadata(objects.config),
                    data: { "nginx.conf": nginxConf, ...(script[0] !== undefined && { [cleanupFile]: script[0] }) },
                },
                inside,
            ),
            volumeClaim(
                `${name}-packages`,
                {
                    objectName: objects.claim,
                    namespace,
                    labels,
                    size: settings.storage,
                    storageClass: settings.storageClass,
                },
                { ...inside, ...protection(foundation) },
            ),
            ...generatedLogin(name, settings, metadata, inside),
        ];
        const access = new Access(`${name}-access`, { foundation, namespace, identity, objectName: name }, inside);
        const podsService = `${name}-pods`;
        // A StatefulSet, though there is one pod: it replaces a pod that failed (evicted, or its node shut down), while a
        // Deployment leaves the old one lying about (kubernetes issues 98012 and 122122). Twister2's client copies to
        // every pod with the label, whatever its phase, and gives a job up where one copy fails.
        new WorkerSet(
            `${name}-server`,
            {
                foundation,
                namespace,
                identity,
                objectName: name,
                replicas: 1,
                access,
                pod: serverPod(foundation, settings, objects, [nginxConf, ...script]),
                podLabels: args.podLabels ?? {},
                services: [
                    { objectName: this.service.name, ports: { http: servicePort } },
                    { objectName: podsService, headless: true, ports: { http: conf.httpPort } },
                ],
                serviceName: podsService,
                // A pod that never becomes ready would keep a corrected template from replacing it otherwise.
                podManagement: "Parallel",
                targets: targetsNamed(foundation, settings.targets),
                priorityClassName: priorityNamed(foundation, settings.priority),
                ingress: [
                    {
                        peers: [...settings.clients, ...settings.writers, ...(args.clients ?? [])],
                        ports: tcp(conf.httpPort),
                    },
                ],
                egress: [],
            },
            { parent: this, dependsOn: before },
        );
        registerMonitor(
            `${name}-monitor`,
            {
                foundation,
                namespace,
                identity: { ...identity, component: "monitor" },
                objectName: name,
                settings: settings.monitoring,
                // nginx exports no metrics: all is seen from outside.
                endpoints: [],
                alerts: uploaderAlerts({ namespace, objectName: name, claim: objects.claim }),
            },
            inside,
        );
        this.registerOutputs({ url: this.url });
    }
}

function loginObject(name: string, { writing }: UploaderServerSettings): Objects["login"] {
    switch (writing.kind) {
        case "generated":
            return { secretName: `${name}-login`, htpasswdKey: conf.htpasswdFile };
        case "existing":
            return { secretName: writing.secretName, htpasswdKey: writing.htpasswdKey };
        case "none":
            return undefined;
    }
}

/** The Secret with the generated login: for clients the name and the password, for the server the hash. */
function generatedLogin(
    name: string,
    { writing }: UploaderServerSettings,
    metadata: (objectName: string) => k8s.types.input.meta.v1.ObjectMeta,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    if (writing.kind !== "generated") {
        return [];
    }
    const login = generatedPassword(`${name}-password`, { rotation: writing.rotation }, opts);
    return [
        new k8s.core.v1.Secret(
            `${name}-login`,
            { metadata: metadata(`${name}-login`), stringData: loginData(writing.username, login) },
            opts,
        ),
    ];
}

/** What the Secret with a generated login holds. */
export function loginData(username: string, login: GeneratedPassword): Record<string, pulumi.Input<string>> {
    const users = login.bcryptHash.apply((hash) => conf.htpasswdLine(username, hash));
    return { username, password: pulumi.secret(login.password), [conf.htpasswdFile]: pulumi.secret(users) };
}

function serverPod(
    foundation: Foundation,
    settings: UploaderServerSettings,
    objects: Objects,
    configHashes: readonly string[],
): Pod {
    const { login } = objects;
    const image = foundation.images.reference("nginx");
    return {
        // The only one that runs beside the cleanup: kubectl cp, and exec from a client that names no container, mean it.
        containers: [serverContainer(image, settings, login !== undefined)],
        ...(settings.keepFor !== undefined && { initContainers: [cleanupContainer(image, settings.keepFor)] }),
        user,
        volumes: [
            { name: "config", configMap: { name: objects.config } },
            { name: "packages", persistentVolumeClaim: { claimName: objects.claim } },
            ...(login === undefined
                ? []
                : [
                      {
                          name: "login",
                          secret: {
                              secretName: login.secretName,
                              // Not the password, which stands beside it.
                              items: [{ key: login.htpasswdKey, path: conf.htpasswdFile }],
                              defaultMode: 0o440,
                          },
                      },
                  ]),
        ],
        scratch: [{ volume: "tmp", path: conf.scratchDirectory, sizeLimit: conf.scratchSize }],
        gracePeriodSeconds: drainSeconds + seconds(settings.transferTimeout) + graceBeyondTransfers,
        // Not the login's rotation: nginx reads the users for every request, and a restart would fail downloads.
        configHashes,
    };
}

function serverContainer(image: string, settings: UploaderServerSettings, hasLogin: boolean): Container {
    const healthy = { httpGet: { path: "/healthz", port: "http" }, timeoutSeconds: 5 };
    return {
        name: "uploader",
        image,
        command: conf.serverCommand,
        ports: { http: conf.httpPort },
        resources: settings.resources,
        mounts: [
            { volume: "config", path: conf.configDirectory, readOnly: true },
            { volume: "packages", path: conf.packagesDirectory },
            // The folder, not the one file: only that follows a change of the Secret.
            ...(hasLogin ? [{ volume: "login", path: conf.loginDirectory, readOnly: true }] : []),
        ],
        readinessProbe: { ...healthy, periodSeconds: 5, failureThreshold: 3 },
        livenessProbe: { ...healthy, periodSeconds: 20, failureThreshold: 6 },
        preStop: ["sleep", String(drainSeconds)],
    };
}

/** Started before the server and stopped after it. */
function cleanupContainer(image: string, keepFor: string): Container {
    return {
        name: "cleanup",
        image,
        command: cleanupCommand(keepFor),
        resources: cleanupResources,
        mounts: [
            { volume: "config", path: conf.configDirectory, readOnly: true },
            { volume: "packages", path: conf.packagesDirectory },
        ],
        sidecar: true,
    };
}
