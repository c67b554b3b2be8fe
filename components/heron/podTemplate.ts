import type { types } from "@pulumi/kubernetes";
import { targetsNamed } from "../foundation/environment";
import { type Fault, SettingsFaults } from "../foundation/faults";
import { type Target, targetPlacement, targetsWith } from "../foundation/placement";
import { priorityNamed } from "../foundation/priorityClasses";
import type { Control } from "./control";
import { heronYaml } from "./heronYaml";
import { metricsPort } from "./metricsSchema";
import type { TopologyPart } from "./topologySchema";

/** Key of the executors' template in the ConfigMap. */
export const executorTemplate = "executor.yaml";
/** Key of the managers' template in the ConfigMap. */
export const managerTemplate = "manager.yaml";

/** Tolerations that Heron's scheduler gives every pod itself; of two with one key it keeps its own. */
const ownTolerations = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/**
 * What of a target set can't hold for topologies' pods. Heron merges tolerations by their key alone, its own first
 * (StatefulSet.configureTolerations), so of two with one key the second is lost.
 */
export function topologyTargetFaults(targets: readonly Target[]): Omit<Fault, "path">[] {
    const accepted = targetsWith(targets, "accepted");
    return accepted
        .filter(
            ({ key }, index) =>
                ownTolerations.includes(key) || accepted.findIndex((other) => other.key === key) !== index,
        )
        .map(({ key, value }) => ({
            expected:
                "a target set with one accepted target a key, and none of those that Heron sets itself, since it keeps one toleration a key",
            found: `accepted ${key}=${value}`,
        }));
}

/** The targets of topologies' pods. */
export function topologyTargets({ component, foundation, settings }: Control): readonly Target[] {
    const targets = targetsNamed(foundation, settings.topologies.targets);
    const faults = topologyTargetFaults(targets);
    if (faults.length > 0) {
        throw new SettingsFaults(
            component,
            faults.map((fault) => ({ path: "topologies.targets", ...fault })),
        );
    }
    return targets;
}

/**
 * The template of one kind of topology pods. Heron sets image, command, CPU, memory, metadata and grace period in it.
 * The image needs root, so of `restricted` all but that and the root file system holds.
 */
function podTemplate(given: Control, part: TopologyPart): string {
    const { foundation, settings, objects } = given;
    const { topologies } = settings;
    const { nodeAffinity, tolerations } = targetPlacement(topologyTargets(given));
    const priorityClassName = priorityNamed(foundation, topologies.priority);
    const storage = { "ephemeral-storage": topologies.ephemeralStorage };
    const { capabilities } = topologies;
    const spec: types.input.core.v1.PodSpec = {
        serviceAccountName: objects.topology,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        ...(nodeAffinity && { affinity: { nodeAffinity } }),
        ...(tolerations && { tolerations }),
        ...(priorityClassName !== undefined && { priorityClassName }),
        ...(foundation.images.pullSecrets.length > 0 && {
            imagePullSecrets: foundation.images.pullSecretReferences,
        }),
        containers: [
            {
                name: part,
                resources: { requests: storage, limits: storage },
                ...(settings.metrics.prometheus && {
                    ports: [{ name: "metrics", containerPort: metricsPort, protocol: "TCP" }],
                }),
                securityContext: {
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ["ALL"], ...(capabilities.length > 0 && { add: capabilities }) },
                },
            },
        ],
    };
    return heronYaml({ apiVersion: "v1", kind: "PodTemplate", template: { spec } });
}

/** The templates by key of their ConfigMap. */
export function podTemplates(given: Control): Readonly<Record<string, string>> {
    return {
        [executorTemplate]: podTemplate(given, "executor"),
        [managerTemplate]: podTemplate(given, "manager"),
    };
}
