import type { Foundation } from "../foundation/environment";
import { targetsNamed } from "../foundation/environment";
import { type Identity, objectLabels, selectorLabels } from "../foundation/labels";
import { podPlacement } from "../foundation/placement";
import { containerSecurity, podSecurity } from "../foundation/pods";
import { priorityNamed } from "../foundation/priorityClasses";
import { seconds } from "../foundation/values";
import { node, nodePort, trainerStep } from "./names";
import type { RuntimeSettings } from "./schema";
import { nodeRequirements } from "./nodeResources";
import { startScript } from "./startScript";

/** Content of a ClusterTrainingRuntime. */
export function runtimeSpec(foundation: Foundation, identity: Identity, settings: RuntimeSettings) {
    const { images, environment } = foundation;
    const priorityClassName = priorityNamed(foundation, settings.priority);
    const pod = {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurity(settings.user),
        terminationGracePeriodSeconds: seconds(settings.gracePeriod),
        ...(images.pullSecrets.length > 0 && {
            imagePullSecrets: images.pullSecretReferences,
        }),
        ...(priorityClassName !== undefined && { priorityClassName }),
        ...podPlacement({
            targets: targetsNamed(foundation, settings.targets),
            // Nodes of one job want each other's network more than another's host: only what is asked for.
            spread: settings.spread ?? { hosts: "preferred" },
            tier: environment.tier,
            several: settings.spread !== undefined,
            selector: selectorLabels(identity),
        }),
        containers: [nodeContainer(foundation, settings)],
        volumes: [
            { name: "tmp", emptyDir: { sizeLimit: settings.scratch } },
            { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: settings.sharedMemory } },
        ],
    };
    return {
        // Without it a job's number of nodes is ignored: the trainer counts only what has an ML policy.
        mlPolicy: { numNodes: settings.nodes },
        template: {
            spec: {
                network: { enableDNSHostnames: true, publishNotReadyAddresses: true },
                // All nodes anew: those that are left wait for a lost one for ever.
                failurePolicy: { maxRestarts: settings.restarts },
                replicatedJobs: [
                    {
                        name: node,
                        template: {
                            metadata: { labels: trainerStep },
                            spec: {
                                // A failed pod fails the Job, and the JobSet starts all of them again.
                                backoffLimit: 0,
                                template: {
                                    metadata: { labels: objectLabels(environment, identity) },
                                    spec: pod,
                                },
                            },
                        },
                    },
                ],
            },
        },
    };
}

function nodeContainer(foundation: Foundation, settings: RuntimeSettings) {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    return {
        name: node,
        image: settings.image ?? foundation.images.reference("tensorflow"),
        imagePullPolicy: "IfNotPresent",
        command: ["python3", "-c", startScript],
        env: [
            { name: "HOME", value: "/tmp" },
            { name: "TMPDIR", value: "/tmp" },
            { name: "TRAINING_NODES", value: String(settings.nodes) },
            { name: "TRAINING_DOMAIN", value: foundation.network.dns.domain },
            field("TRAINING_JOB", "metadata.labels['jobset.sigs.k8s.io/jobset-name']"),
            field("TRAINING_NAMESPACE", "metadata.namespace"),
        ],
        ports: [{ name: "training", containerPort: nodePort, protocol: "TCP" }],
        resources: nodeRequirements(settings),
        volumeMounts: [
            { name: "tmp", mountPath: "/tmp" },
            { name: "shared-memory", mountPath: "/dev/shm" },
        ],
        securityContext: containerSecurity,
    };
}
