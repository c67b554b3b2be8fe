import { seconds } from "../foundation/values";
import { node } from "./names";
import { nodeRequirements } from "./nodeResources";
import type { JobSettings, RuntimeSettings } from "./schema";

/** Who owns the part of a TrainJob that changes its runtime: a name with a domain, as the trainer's webhook wants it. */
const manager = "data-platform/stack";

/** Number of nodes of a job. */
export const nodesOf = (job: JobSettings, runtime: RuntimeSettings): number => job.nodes ?? runtime.nodes;

/** Content of a TrainJob. */
export function jobSpec(job: JobSettings, runtimeName: string, runtime: RuntimeSettings) {
    const nodes = nodesOf(job, runtime);
    const volumes = Object.entries(job.volumes);
    const own = job.resources;
    return {
        runtimeRef: { apiGroup: "trainer.kubeflow.org", kind: "ClusterTrainingRuntime", name: runtimeName },
        suspend: job.suspended,
        ...(job.deadline !== undefined && { activeDeadlineSeconds: seconds(job.deadline) }),
        trainer: {
            numNodes: nodes,
            // Not `command`, which would replace the runtime's start script.
            args: [...job.command],
            env: [
                // The script can't see how many pods its Job has.
                { name: "TRAINING_NODES", value: String(nodes) },
                ...Object.entries(job.env).map(([name, given]) =>
                    given.kind === "value"
                        ? { name, value: given.value }
                        : { name, valueFrom: { secretKeyRef: { name: given.secretName, key: given.key } } },
                ),
            ],
            ...((own?.cpu !== undefined || own?.memory !== undefined) && {
                resourcesPerNode: nodeRequirements(runtime, own),
            }),
        },
        ...(volumes.length > 0 && { runtimePatches: [volumePatch(volumes)] }),
    };
}

type Volumes = readonly (readonly [string, JobSettings["volumes"][string]])[];

function volumePatch(volumes: Volumes) {
    const spec = {
        volumes: volumes.map(([name, volume]) => ({ name, ...volumeSource(volume) })),
        containers: [
            {
                name: node,
                volumeMounts: volumes.map(([name, volume]) => ({
                    name,
                    mountPath: volume.path,
                    readOnly: volume.kind !== "claim" || volume.readOnly,
                })),
            },
        ],
    };
    return {
        manager,
        trainingRuntimeSpec: {
            template: { spec: { replicatedJobs: [{ name: node, template: { spec: { template: { spec } } } }] } },
        },
    };
}

function volumeSource(volume: JobSettings["volumes"][string]) {
    switch (volume.kind) {
        case "claim":
            return { persistentVolumeClaim: { claimName: volume.claimName, readOnly: volume.readOnly } };
        case "configMap":
            return { configMap: { name: volume.configMapName } };
        case "secret":
            return { secret: { secretName: volume.secretName, defaultMode: 0o440 } };
    }
}
