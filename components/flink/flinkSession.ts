import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DashboardBackend } from "../dashboard/dashboard";
import { Access } from "../foundation/access";
import type { Foundation } from "../foundation/environment";
import { checked } from "../foundation/faults";
import { GroupAccess } from "../foundation/groupAccess";
import { objectLabels } from "../foundation/labels";
import { networkPolicy } from "../foundation/networkPolicy";
import { MasterSet } from "../sets/masterSet";
import { WorkerSet } from "../sets/workerSet";
import type { ZooKeeperConnection } from "../zookeeper/connection";
import { jobManagerRules, submitterClusterRules, submitterRules, taskManagerRules } from "./access";
import { clientFiles } from "./client";
import { configText } from "./config";
import { logText } from "./log4j";
import { watch } from "./monitor";
import { sessionFlows } from "./network";
import { jobManagerPod, podTemplateText, sessionIdentity, startSeconds, taskManagerPod } from "./pods";
import { restServiceSpec } from "./rest";
import { type FlinkSessionSettings, flinkSessionSettings } from "./schema";
import {
    configMapName,
    files,
    type Part,
    partLabels,
    podTemplateMapName,
    ports,
    restService,
    type Session,
    session,
    taskManagerName,
    taskManagerSpread,
} from "./session";

export interface FlinkSessionArgs {
    readonly foundation: Foundation;
    /** Namespace of the session, which nothing else is in. */
    readonly namespace: string;
    /** What one entry of `data-platform:systems.flink` holds. */
    readonly settings: FlinkSessionSettings;
    /**
     * The stack's ensemble, for high availability by a shared one.
     *
     * @default none
     */
    readonly zookeeper?: ZooKeeperConnection | undefined;
}

/**
 * A Flink session cluster: JobManagers that take jobs, and TaskManagers, which in mode native the JobManager starts as
 * pods by itself. It is what the session client `kubernetes-session.sh` would create, and what that leaves out.
 */
export class FlinkSession extends pulumi.ComponentResource {
    /** URL of the REST API inside the cluster. */
    public readonly url: string;
    /** Namespace of the session. */
    public readonly namespaceName: string;
    /** Flink's name of the session. */
    public readonly clusterId: string;
    /** The UI and the REST API, as a dashboard exposes them. */
    public readonly ui: DashboardBackend;
    /** Files for users of Flink's client: relative path to text. */
    public readonly clientFiles: Readonly<Record<string, string>>;

    constructor(name: string, args: FlinkSessionArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace } = args;
        const settings = checked(flinkSessionSettings, name, args.settings);
        const given = session({ component: name, foundation, namespace, settings, zookeeper: args.zookeeper });
        super(
            "data-platform:flink:FlinkSession",
            name,
            {
                clusterId: given.id,
                namespace,
                image: given.image,
                mode: settings.mode.kind,
                jobManagers: settings.jobManager.replicas,
                highAvailability: settings.highAvailability.kind,
            },
            opts,
        );
        this.url = given.url;
        this.namespaceName = namespace;
        this.clusterId = given.id;
        this.ui = {
            service: restService(given.id),
            port: ports.rest,
            portName: "rest",
            podLabels: partLabels(given, "jobmanager"),
            containerPort: ports.rest,
        };
        this.clientFiles = clientFiles(given);

        const inside = { parent: this };
        const accounts = {
            jobmanager: this.account(name, given, foundation, "jobmanager"),
            taskmanager: this.account(name, given, foundation, "taskmanager"),
        };
        this.submitters(name, given, foundation);
        this.rest(name, given, foundation);
        const config = configText(given);
        const template = podTemplateText(given, foundation, accounts.taskmanager);
        const before = this.configuration(name, given, foundation, config, template);
        const rotation = `credentials ${settings.credentialsRotation}`;
        // The log's levels are none of them: the processes read them again by themselves.
        const hashes = [config, ...(settings.mode.kind === "native" ? [template] : []), rotation];
        before.push(...this.workers(name, given, foundation, accounts.taskmanager, [config, rotation]));
        new MasterSet(
            `${name}-jobmanager`,
            {
                ...this.set(given, foundation, "jobmanager", accounts.jobmanager),
                objectName: given.id,
                replicas: settings.jobManager.replicas,
                // Without election a second JobManager would start workers and serve clients beside the first.
                strategy: settings.highAvailability.kind === "none" ? "Recreate" : "RollingUpdate",
                startSeconds,
                pod: jobManagerPod(given, hashes),
                // With election TaskManagers learn the leader's own address.
                services:
                    settings.highAvailability.kind === "none"
                        ? [
                              {
                                  objectName: given.id,
                                  ports: { "jobmanager-rpc": ports.rpc, blobserver: ports.blob },
                                  headless: true,
                              },
                          ]
                        : [],
                targets: given.jobManagerTargets,
                spread: settings.jobManager.spread,
                priorityClassName: given.jobManagerPriority,
            },
            // Removed first, while its account still may delete its workers, and the files of those are there.
            { ...inside, dependsOn: [accounts.jobmanager, accounts.taskmanager, ...before] },
        );
        watch(name, given, foundation, inside);
        this.registerOutputs({ url: this.url, namespace, clusterId: this.clusterId });
    }

    private account(name: string, given: Session, foundation: Foundation, part: Part): Access {
        return new Access(
            `${name}-${part}-access`,
            {
                foundation,
                namespace: given.namespace,
                identity: sessionIdentity(given, part),
                objectName: part === "jobmanager" ? given.id : taskManagerName(given.id),
                rules: part === "jobmanager" ? jobManagerRules(given) : taskManagerRules(given),
            },
            { parent: this },
        );
    }

    /** What the sets of both parts have in common. */
    private set(given: Session, foundation: Foundation, part: Part, access: Access) {
        return {
            foundation,
            namespace: given.namespace,
            identity: sessionIdentity(given, part),
            selector: partLabels(given, part),
            access,
            ...sessionFlows(given, foundation)[part],
        };
    }

    private submitters(name: string, given: Session, foundation: Foundation): void {
        for (const [index, { group, rights }] of given.settings.submitters.entries()) {
            new GroupAccess(
                `${name}-submitters-${index}`,
                {
                    foundation,
                    namespace: given.namespace,
                    identity: sessionIdentity(given, "session"),
                    objectName: `${given.id}-submitters-${index}`,
                    groups: [group],
                    rules: submitterRules(given, rights),
                    clusterRules: submitterClusterRules(given, rights),
                },
                { parent: this },
            );
        }
    }

    private rest(name: string, given: Session, foundation: Foundation): void {
        const { annotations } = given.settings.rest;
        new k8s.core.v1.Service(
            `${name}-rest`,
            {
                metadata: {
                    name: restService(given.id),
                    namespace: given.namespace,
                    labels: {
                        ...metadataOf(given, foundation)(given.id, "jobmanager").labels,
                        ...partLabels(given, "jobmanager"),
                    },
                    // The engine would wait for its pods, and for a balancer's address that many clusters never give.
                    annotations: { ...annotations, "pulumi.com/skipAwait": "true" },
                },
                spec: restServiceSpec(given),
            },
            { parent: this },
        );
    }

    /** The ConfigMaps, whose names Flink derives from the id, and the files for users. */
    private configuration(
        name: string,
        given: Session,
        foundation: Foundation,
        config: string,
        template: string,
    ): pulumi.Resource[] {
        const { id, settings } = given;
        const inside = { parent: this };
        const metadata = metadataOf(given, foundation);
        const map = (part: string, objectName: string, data: Record<string, string>) =>
            new k8s.core.v1.ConfigMap(`${name}-${part}`, { metadata: metadata(objectName, "session"), data }, inside);
        map("client", `${id}-client`, { ...this.clientFiles });
        return [
            map("config", configMapName(id), { [files.config]: config, [files.log]: logText(settings) }),
            ...(settings.mode.kind === "native"
                ? [map("pod-template", podTemplateMapName(id), { [files.podTemplate]: template })]
                : []),
        ];
    }

    /** The TaskManagers of mode standalone, or the policy for those that the JobManager will start. */
    private workers(
        name: string,
        given: Session,
        foundation: Foundation,
        access: Access,
        hashes: readonly string[],
    ): pulumi.Resource[] {
        const { settings } = given;
        const objectName = taskManagerName(given.id);
        const common = this.set(given, foundation, "taskmanager", access);
        const inside = { parent: this };
        if (settings.mode.kind === "native") {
            const { namespace, selector, ingress, egress } = common;
            const { labels } = metadataOf(given, foundation)(objectName, "taskmanager");
            return [
                networkPolicy(
                    `${name}-taskmanager-network`,
                    { objectName, namespace, labels, selector, ingress, egress, startedBy: "the JobManager" },
                    inside,
                ),
            ];
        }
        new WorkerSet(
            `${name}-taskmanager`,
            {
                ...common,
                objectName,
                serviceName: objectName,
                replicas: settings.mode.replicas,
                podManagement: "Parallel",
                services: [{ objectName, ports: { "taskmanager-rpc": ports.taskRpc }, headless: true }],
                pod: taskManagerPod(given, hashes),
                podLabels: settings.taskManager.labels,
                targets: given.taskManagerTargets,
                spread: taskManagerSpread(settings),
                priorityClassName: given.taskManagerPriority,
            },
            { ...inside, dependsOn: [access] },
        );
        return [];
    }
}

function metadataOf(given: Session, foundation: Foundation) {
    return (objectName: string, component: Part | "session") => ({
        name: objectName,
        namespace: given.namespace,
        labels: objectLabels(foundation.environment, sessionIdentity(given, component)),
    });
}
