import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import type { Demand } from "../foundation/demand";
import type { Foundation } from "../foundation/environment";
import { type Labels, objectLabels } from "../foundation/labels";
import { tcp } from "../foundation/networkPolicy";
import type { Mount } from "../foundation/pods";
import type { Target } from "../foundation/placement";
import type { Resources } from "../foundation/resources";
import type { TaskArgs } from "../sets/task";
import { agentKeyMount, agentKeyVolume, type AskedNode, jobIdentity, type JobPart } from "./nodeAgent";
import { agentPort, askAgentScript } from "./nodeAgentScript";
import { cassandraUser, nativePort } from "./places";

/** What all Jobs of a datacenter are told. */
export interface JobArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    /** The component that the datacenter belongs to. */
    readonly instance: string;
    /** The nodes, in the order in which they have their turn. */
    readonly nodes: readonly AskedNode[];
    /** Labels that select the nodes' pods. */
    readonly nodeLabels: Labels;
    readonly targets: readonly Target[];
    readonly priorityClassName: string | undefined;
}

/** What one Job is. */
export interface JobWork {
    readonly part: JobPart;
    readonly script: string;
    /** What the script reads, besides the nodes. No secret. */
    readonly task: Readonly<Record<string, unknown>>;
    readonly deadlineSeconds: number;
    readonly retries: number;
    /** Whether it speaks CQL too. */
    readonly cql?: boolean;
    readonly volumes?: readonly k8s.types.input.core.v1.Volume[];
    readonly mounts?: readonly Mount[];
    /** Plain texts that change whenever the content of its Secrets does. */
    readonly hashes?: readonly string[];
}

/** Python, and for CQL cqlsh, which is Python too. */
const jobResources: Resources = { cpu: "50m", cpuLimit: "500m", memory: "256Mi", ephemeralStorage: "64Mi" };

/** What one Job asks the quota for. */
export const jobDemand: Demand = { pods: 1, resources: jobResources };

/** Registers the files and the account of a Job; what comes back makes it a Task or a ScheduledTask. */
export function registerJobParts(
    name: string,
    args: JobArgs,
    work: JobWork,
    inside: pulumi.CustomResourceOptions,
): { readonly args: TaskArgs; readonly config: pulumi.Resource } {
    const { foundation, namespace, instance } = args;
    const objectName = `${instance}-${work.part}`;
    const identity = jobIdentity(instance, work.part);
    const nodes = args.nodes.map(({ name: pod, host }) => ({ name: pod, host, port: agentPort }));
    const files = {
        "agents.py": askAgentScript(),
        "main.py": work.script,
        "task.json": JSON.stringify({ ...work.task, nodes }, undefined, 2),
    };
    const labels = objectLabels(foundation.environment, identity);
    const config = new k8s.core.v1.ConfigMap(
        `${name}-config`,
        { metadata: { name: objectName, namespace, labels }, data: files },
        inside,
    );
    const access = new Access(`${name}-access`, { foundation, namespace, identity, objectName }, inside);
    return {
        config,
        args: {
            foundation,
            namespace,
            identity,
            objectName,
            access,
            deadlineSeconds: work.deadlineSeconds,
            retries: work.retries,
            targets: args.targets,
            priorityClassName: args.priorityClassName,
            egress: [
                { peers: [{ podLabels: args.nodeLabels }], ports: tcp(agentPort, ...(work.cql ? [nativePort] : [])) },
            ],
            pod: {
                user: cassandraUser,
                gracePeriodSeconds: 10,
                containers: [
                    {
                        name: work.part,
                        image: foundation.images.reference("cassandra"),
                        command: ["python3", "/job/main.py"],
                        // What Python says is in the log at once, also when the Job's time is over.
                        env: [{ name: "PYTHONUNBUFFERED", value: "1" }],
                        resources: jobResources,
                        mounts: [
                            { volume: "job", path: "/job", readOnly: true },
                            agentKeyMount,
                            ...(work.mounts ?? []),
                        ],
                    },
                ],
                volumes: [
                    { name: "job", configMap: { name: objectName } },
                    agentKeyVolume(instance),
                    ...(work.volumes ?? []),
                ],
                scratch: [{ volume: "tmp", path: "/tmp", sizeLimit: "16Mi" }],
                configHashes: [...Object.values(files), ...(work.hashes ?? [])],
            },
        },
    };
}
