import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import type { Foundation } from "../foundation/environment";
import { type Identity, objectLabels } from "../foundation/labels";
import { type Peer, tcp } from "../foundation/networkPolicy";
import type { Container } from "../foundation/pods";
import type { Target } from "../foundation/placement";
import { Task } from "../sets/task";
import { type Lifecycle, lifecyclePolicies } from "./lifecycle";
import { httpPort, setupResources, user } from "./places";
import { policyFile, repositoryFile, setupPlaces, setupScript } from "./setupScript";

/** The identity of a cluster's setup Task. */
export function setupIdentity(instance: string): Identity {
    return { name: "opensearch", instance, component: "setup" };
}

export interface SetupArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    /** The component that the cluster belongs to. */
    readonly instance: string;
    /** Host of the nodes; they answer there whether they are ready or not. */
    readonly host: string;
    /** The nodes, for the network policy. */
    readonly nodes: readonly Peer[];
    readonly lifecycle: readonly Lifecycle[];
    /**
     * Documents of the snapshot repositories, by name.
     *
     * @default none
     */
    readonly repositories?: Readonly<Record<string, string>>;
    /**
     * How the security index is written.
     *
     * @default the cluster has no security
     */
    readonly security?: {
        /** Name of the Secret with the files of `securityadmin.sh`. */
        readonly secretName: string;
        /** Volume source with the administrator's certificate. */
        readonly adminCertificate: k8s.types.input.core.v1.SecretVolumeSource;
        /** Plain texts that change whenever the content of those Secrets does. */
        readonly hashes: readonly string[];
    };
    readonly deadlineSeconds: number;
    readonly targets: readonly Target[];
    readonly priorityClassName: string | undefined;
}

/** What a cluster needs besides its nodes: the security index, policies, repositories. One script, repeated on change. */
export class OpenSearchSetup extends pulumi.ComponentResource {
    constructor(name: string, args: SetupArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:opensearch:Setup", name, {}, opts);
        const { foundation, namespace, security } = args;
        const inside = { parent: this };
        const identity = setupIdentity(args.instance);
        const policies = lifecyclePolicies(args.lifecycle);
        const repositories = args.repositories ?? {};
        const files = {
            "setup.sh": setupScript({
                host: args.host,
                port: httpPort,
                secure: security !== undefined,
                lifecycle: policies,
                repositories: Object.keys(repositories),
            }),
            ...Object.fromEntries(policies.map((policy) => [policyFile(policy.name), policy.document])),
            ...Object.fromEntries(
                Object.entries(repositories).map(([repository, document]) => [repositoryFile(repository), document]),
            ),
        };
        const config = new k8s.core.v1.ConfigMap(
            `${name}-config`,
            { metadata: { name, namespace, labels: objectLabels(foundation.environment, identity) }, data: files },
            inside,
        );
        const access = new Access(`${name}-access`, { foundation, namespace, identity, objectName: name }, inside);
        new Task(
            `${name}-task`,
            {
                foundation,
                namespace,
                identity,
                objectName: name,
                access,
                deadlineSeconds: args.deadlineSeconds,
                pod: {
                    containers: [setupContainer(foundation, security !== undefined)],
                    user,
                    volumes: [
                        { name: "setup", configMap: { name } },
                        ...(security === undefined
                            ? []
                            : [
                                  { name: "security", secret: { secretName: security.secretName } },
                                  { name: "admin", secret: security.adminCertificate },
                              ]),
                    ],
                    scratch: [{ volume: "tmp", path: setupPlaces.scratch, sizeLimit: "64Mi" }],
                    gracePeriodSeconds: 10,
                    configHashes: [...Object.values(files), ...(security?.hashes ?? [])],
                },
                targets: args.targets,
                priorityClassName: args.priorityClassName,
                egress: [{ peers: args.nodes, ports: tcp(httpPort) }],
            },
            { parent: this, dependsOn: [config] },
        );
        this.registerOutputs({});
    }
}

function setupContainer(foundation: Foundation, secure: boolean): Container {
    return {
        name: "setup",
        image: foundation.images.reference("opensearch"),
        command: ["bash", `${setupPlaces.files}/setup.sh`],
        ...(secure && { env: [{ name: "JAVA_OPTS", value: "-Xmx192m" }] }),
        resources: setupResources,
        mounts: [
            { volume: "setup", path: setupPlaces.files, readOnly: true },
            ...(secure
                ? [
                      { volume: "security", path: setupPlaces.security, readOnly: true },
                      { volume: "admin", path: setupPlaces.admin, readOnly: true },
                  ]
                : []),
        ],
    };
}
