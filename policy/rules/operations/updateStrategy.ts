import { z } from "zod";
import { oneOf, settings, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { groupedBy, namespaceOf } from "../../views/stackPods";
import { type Fields, fieldsAt } from "../../views/raw";
import { defineStackRule, usualLevels } from "../../rule";
import { messagesAbout } from "../../stackMessages";
import type { StackObject, StackView } from "../../views/stackView";
import { systemEntry, type SystemTable, systemOf, tableKeys } from "../../views/systemTable";
import { collect, ifKnown } from "../../views/unknown";

/** How the pods of a set must start, where its system cares. */
const defaultManagement: SystemTable<"Parallel" | "OrderedReady"> = {
    "bookkeeper/bookie": "Parallel",
    // Two nodes that join the ring at once may take the same range (cassandra.consistent.rangemovement).
    "cassandra/node": "OrderedReady",
    // Where readiness needs a quorum, the first pod would wait for the second, which is never made.
    kafka: "Parallel",
    "opensearch/data": "Parallel",
    "opensearch/manager": "Parallel",
    "opensearch/node": "Parallel",
    // A pod that never becomes ready would keep a corrected template away (StatefulSets, "Forced rollback").
    "uploader/server": "Parallel",
    "zookeeper/member": "Parallel",
};

/** Masters of which two must never be active. */
const defaultSingle = ["teraslice/master"];

export const updateStrategy = defineStackRule({
    name: "operations-update-strategy",
    description:
        "A changed template reaches every pod, one pod at a time, and never makes two pods of what there may be only one of.",
    severity: "high",
    remediation:
        "Set the field that the message names. More than one pod at a time takes quorums and in-sync replicas away; a second pod can't mount a volume of one node.",
    levels: usualLevels,
    settings: settings({
        types: z
            .array(oneOf("RollingUpdate", "OnDelete"))
            .min(1)
            .default(["RollingUpdate"])
            .describe("How a changed template of a StatefulSet may reach its pods."),
        podManagement: z
            .record(words(), oneOf("Parallel", "OrderedReady"))
            .default({ ...defaultManagement })
            .describe(`How pods of a StatefulSet start, ${tableKeys}.`),
        single: z
            .array(words())
            .default(defaultSingle)
            .describe(
                "Deployments of which two pods must never be active, as <name>/<component> of the labels app.kubernetes.io/… of the pods.",
            ),
    }),
    checkStack: (stack, { types, podManagement, single }) => {
        const claims = exclusiveClaims(stack);
        const asked: SystemTable<string> = { ...defaultManagement, ...podManagement };
        const checksOf = (object: StackObject): readonly (() => readonly string[])[] => {
            switch (object.view.kind) {
                case "StatefulSet":
                    return [() => statefulSetFaults(object, types), () => managementFaults(object, asked)];
                case "Deployment":
                    return [() => deploymentFaults(object, claims, single)];
                case "Redis":
                case "RedisCluster":
                case "RedisReplication":
                case "RedisSentinel":
                    return [() => redisFaults(object, types)];
                default:
                    return [];
            }
        };
        return collect(
            stack.objects.filter(({ view }) => !view.patch),
            (object) => messagesAbout(object, checksOf(object)),
        );
    },
});

/** A RollingUpdate, which Kubernetes takes where nothing is said, that reaches all pods one after another. */
function strategyFaults(path: string, strategy: Fields, types: readonly string[]): string[] {
    const type = strategy.type ?? "RollingUpdate";
    const { partition, maxUnavailable } = fieldsAt(strategy, "rollingUpdate");
    return [
        ...(types.some((allowed) => allowed === type) ? [] : [violation(`${path}.type`, types.join(" or "), type)]),
        ...((partition ?? 0) === 0
            ? []
            : [violation(`${path}.rollingUpdate.partition`, "0, or pods below it keep the old template", partition)]),
        ...((maxUnavailable ?? 1) === 1
            ? []
            : [violation(`${path}.rollingUpdate.maxUnavailable`, "1", maxUnavailable)]),
    ];
}

function statefulSetFaults({ view }: StackObject, types: readonly string[]): string[] {
    const strategy = fieldsAt(fieldsAt(view.object, "spec"), "updateStrategy");
    return strategyFaults("StatefulSet spec.updateStrategy", strategy, types);
}

function managementFaults({ view }: StackObject, asked: SystemTable<string>): string[] {
    const expected = systemEntry(asked, view.podTemplates[0]?.labels ?? {});
    const found = fieldsAt(view.object, "spec").podManagementPolicy ?? "OrderedReady";
    return expected === undefined || found === expected
        ? []
        : [violation("StatefulSet spec.podManagementPolicy", expected, found)];
}

function redisFaults({ view }: StackObject, types: readonly string[]): string[] {
    const config = fieldsAt(fieldsAt(view.object, "spec"), "kubernetesConfig");
    return strategyFaults(
        `${view.kind} spec.kubernetesConfig.updateStrategy`,
        fieldsAt(config, "updateStrategy"),
        types,
    );
}

function deploymentFaults(object: StackObject, claims: ReadonlySet<string>, single: readonly string[]): string[] {
    const { view } = object;
    const spec = fieldsAt(view.object, "spec");
    const strategy = fieldsAt(spec, "strategy");
    const type = strategy.type ?? "RollingUpdate";
    const template = view.podTemplates[0];
    const { name, component } = systemOf(template?.labels ?? {});
    const only = single.includes(`${name}/${component}`);
    const mounted = (template?.spec.volumes ?? [])
        .map((volume) => volume.persistentVolumeClaim?.claimName)
        .find((claim) => claim !== undefined && claims.has(claimKey(namespaceOf(object), claim)));
    const why = only ? "two of it must never be active" : `claim ${mounted ?? ""} can be mounted on one node at a time`;
    const replicas = spec.replicas ?? 1;
    if (only || mounted !== undefined) {
        return [
            ...(type === "Recreate"
                ? []
                : [violation("Deployment spec.strategy.type", `Recreate, since ${why}`, type)]),
            ...(typeof replicas === "number" && replicas <= 1
                ? []
                : [violation("Deployment spec.replicas", `at most 1, since ${why}`, replicas)]),
        ];
    }
    // 25 %, rounded down, is what Kubernetes takes where nothing is said.
    const found = fieldsAt(strategy, "rollingUpdate").maxUnavailable ?? "25%";
    const missing = typeof found === "string" ? Math.floor((parseFloat(found) / 100) * Number(replicas)) : found;
    return type === "Recreate" || missing === 0 || (missing === 1 && Number(replicas) > 1)
        ? []
        : [
              violation(
                  "Deployment spec.strategy.rollingUpdate.maxUnavailable",
                  "0, or 1 where there are several pods",
                  found,
              ),
          ];
}

const claimKey = (namespace: string | undefined, name: string): string => `${namespace ?? ""}/${name}`;

/** The claims of the stack that pods of one node only can mount. */
function exclusiveClaims(stack: StackView): ReadonlySet<string> {
    const exclusive = stack.ofKind("PersistentVolumeClaim").filter(({ view }) => {
        const modes = ifKnown(() => fieldsAt(view.object, "spec").accessModes);
        return (
            Array.isArray(modes) && modes.length > 0 && modes.every((mode) => String(mode).startsWith("ReadWriteOnce"))
        );
    });
    const byName = groupedBy(exclusive, (claim) =>
        claimKey(namespaceOf(claim), ifKnown(() => claim.view.metadata.name) ?? ""),
    );
    return new Set(byName.keys());
}
