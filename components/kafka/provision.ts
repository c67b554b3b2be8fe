import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import { properties } from "../foundation/configFiles";
import type { Foundation } from "../foundation/environment";
import { type Identity, objectLabels, selectorLabels } from "../foundation/labels";
import type { Flow, Peer } from "../foundation/networkPolicy";
import type { Target } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import { seconds } from "../foundation/values";
import { Task } from "../sets/task";
import { type KafkaUsers, type ProvisionSettings, provisionScratch, type Topics } from "./declaredSchema";
import { kafkaUser } from "./places";
import { adminProperties, mostToolStarts, provisionPlaces, provisionScript } from "./provisionScript";
import { adminClientProperties } from "./users";

/** The identity of the Job that applies topics and users: apart from the brokers', whose budget must not count it. */
function provisionIdentity(instance: string): Identity {
    return { name: "kafka", instance, component: "provision" };
}

/** The Job's pod, for the network policy of the brokers. */
export function provisionPeer(instance: string): Peer {
    return { podLabels: selectorLabels(provisionIdentity(instance)) };
}

/** Seconds that a tool may take on a busy node; on two idle cores it takes two. */
const secondsEachTool = 15;

/** Where the administrator's certificate is mounted. */
const adminDirectory = "/admin";

/** How the tools connect; no secret. Short timeouts, for the script tries again. */
function adminText(secure: boolean, directory: string = adminDirectory): string {
    const timeouts = { "request.timeout.ms": 15_000, "default.api.timeout.ms": 30_000 };
    return `${properties(timeouts)}${adminClientProperties(secure, directory)}`;
}

export interface KafkaProvisionArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    /** The component that the cluster belongs to. */
    readonly instance: string;
    /** Comma-separated `host:port` list of brokers. */
    readonly bootstrapServers: string;
    /** The way to the brokers, for the network policy: to each of them, since any may lead a request. */
    readonly flow: Flow;
    readonly topics: Topics;
    readonly users: KafkaUsers;
    readonly replication: { readonly factor: number; readonly minInsyncReplicas: number };
    /**
     * How the administrator shows who it is.
     *
     * @default brokers ask nobody
     */
    readonly security?: {
        /** Volume source with the administrator's `keystore.pem` and `ca.crt`. */
        readonly adminCertificate: k8s.types.input.core.v1.SecretVolumeSource;
        /** Plain texts that change whenever those do. */
        readonly hashes: readonly string[];
    };
    readonly settings: ProvisionSettings;
    readonly targets: readonly Target[];
    readonly priorityClassName: string | undefined;
}

/** Applies the declared topics and users with the image's own tools: a Job, repeated when they change. */
export class KafkaProvision extends pulumi.ComponentResource {
    constructor(name: string, args: KafkaProvisionArgs, opts?: pulumi.ComponentResourceOptions) {
        super(
            "data-platform:kafka:Provision",
            name,
            { topics: Object.keys(args.topics), users: Object.keys(args.users) },
            opts,
        );
        const { foundation, namespace, security, settings } = args;
        const inside = { parent: this };
        const identity = provisionIdentity(args.instance);
        const waitSeconds = seconds(settings.wait);
        const files = {
            "provision.sh": provisionScript({
                ...args.replication,
                bootstrapServers: args.bootstrapServers,
                topics: args.topics,
                users: args.users,
                waitSeconds,
            }),
            [adminProperties]: adminText(security !== undefined),
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
                deadlineSeconds: waitSeconds + secondsEachTool * mostToolStarts(args) + 120,
                // What fails for good, such as fewer partitions, fails again; what failed in a roll does not.
                retries: 2,
                pod: {
                    containers: [
                        {
                            name: "provision",
                            image: foundation.images.reference("kafka"),
                            command: ["bash", `${provisionPlaces.files}/provision.sh`],
                            env: toolEnv(settings),
                            resources: settings.resources,
                            mounts: [
                                { volume: "provision", path: provisionPlaces.files, readOnly: true },
                                ...(security === undefined
                                    ? []
                                    : [{ volume: "admin", path: adminDirectory, readOnly: true }]),
                            ],
                        },
                    ],
                    user: kafkaUser,
                    volumes: [
                        { name: "provision", configMap: { name } },
                        ...(security === undefined ? [] : [{ name: "admin", secret: security.adminCertificate }]),
                    ],
                    scratch: [{ volume: "tmp", path: provisionPlaces.scratch, sizeLimit: provisionScratch }],
                    gracePeriodSeconds: 10,
                    configHashes: [...Object.values(files), ...(security?.hashes ?? [])],
                },
                targets: args.targets,
                priorityClassName: args.priorityClassName,
                egress: [args.flow],
            },
            { parent: this, dependsOn: [config] },
        );
        this.registerOutputs({});
    }
}

/** A JVM that starts fast and stays small; the scripts of the image would take the server's options. */
function toolEnv({ resources }: ProvisionSettings) {
    const heap = Math.floor(parseQuantity(resources.memory) / 2 ** 21);
    return [
        { name: "KAFKA_HEAP_OPTS", value: `-Xmx${heap}m` },
        { name: "KAFKA_JVM_PERFORMANCE_OPTS", value: "-XX:+UseSerialGC -XX:TieredStopAtLevel=1" },
        // Where kafka-run-class.sh would make a folder of the image's root.
        { name: "LOG_DIR", value: provisionPlaces.scratch },
    ];
}
