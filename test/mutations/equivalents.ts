import { fieldsAt, isFields } from "../../policy/views/raw";
import { viewOf } from "../../policy/views/view";
import type { PlannedResource } from "../../policy/check";

/** Why a mutant is no weaker than what it was made of; such a mutant is counted apart and never in a score. */
export interface Equivalence {
    readonly reason: string;
    holds(pattern: string, before: PlannedResource, after: PlannedResource): boolean;
}

/** Fields that a container takes from its pod when it has none of its own (PodSecurityContext, core/v1). */
const inherited = ["runAsNonRoot", "runAsUser", "runAsGroup", "seccompProfile", "seLinuxOptions", "appArmorProfile"];

/** What the containers of an object's pods run with in the end, and what only the pod has. */
function effectiveContexts(resource: PlannedResource): string {
    const of = (value: unknown): Readonly<Record<string, unknown>> => ({ ...(value as object | undefined) });
    return JSON.stringify(
        (viewOf(resource)?.podTemplates ?? []).map(({ spec, containers }) => {
            const pod = of(spec.securityContext);
            return [
                Object.entries(pod)
                    .filter(([key]) => !inherited.includes(key))
                    .sort(([a], [b]) => (a < b ? -1 : 1)),
                containers.map((container) => {
                    const own = of(container.spec.securityContext);
                    const effective = { ...Object.fromEntries(inherited.map((key) => [key, pod[key]])), ...own };
                    return Object.entries(effective)
                        .filter(([, value]) => value !== undefined)
                        .sort(([a], [b]) => (a < b ? -1 : 1));
                }),
            ];
        }),
    );
}

/** Containers and accounts as their operator makes them; numbers as texts, since `cores: 1` and `"1"` are the same amount. */
const podsOf = (resource: PlannedResource): string =>
    stable(
        (viewOf(resource)?.podTemplates ?? []).map(({ spec, containers }) => [
            spec.serviceAccountName,
            containers.map((container) => container.spec),
        ]),
    );

/** Text of a value in which the order of keys does not count. */
function stable(value: unknown): string {
    if (Array.isArray(value)) {
        return `[${value.map(stable).join()}]`;
    }
    return isFields(value)
        ? `{${Object.keys(value)
              .filter((key) => value[key] !== undefined)
              .sort()
              .map((key) => `${key}:${stable(value[key])}`)
              .join()}}`
        : String(value);
}

const hasClaims = ({ inputs }: PlannedResource): boolean => {
    const spec = fieldsAt(inputs, "spec");
    return "volumeClaimTemplates" in spec || "storage" in spec;
};

export const equivalences: readonly Equivalence[] = [
    {
        reason: "the init container is switched off",
        holds: (pattern, { inputs }) =>
            pattern.startsWith("spec.initContainer") &&
            fieldsAt(fieldsAt(inputs, "spec"), "initContainer")["enabled"] === false,
    },
    {
        reason: "pod and container set the same: what the containers run with stays as it was",
        holds: (pattern, before, after) =>
            /[sS]ecurityContext\b/.test(pattern) && effectiveContexts(before) === effectiveContexts(after),
    },
    {
        reason: "the operator takes what it makes pods of from several fields, and the others say the same",
        holds: (pattern, before, after) =>
            /^kubernetes:(sparkoperator|redis)\./.test(before.type) &&
            /\b(resources\b.*|redisExporter\b.*|image|serviceAccountName|serviceAccount|coreRequest|memory|coreLimit)$/.test(
                pattern,
            ) &&
            podsOf(before) === podsOf(after),
    },
    {
        reason: "the pods read no ConfigMap: the hash is of something else",
        holds: (pattern, { inputs }) =>
            pattern.endsWith('["data-platform/config-hash"]') &&
            !/"(configMap\w*|additional\w+Config)":/.test(JSON.stringify(inputs)),
    },
    {
        reason: "the set has no claims that could be kept",
        holds: (pattern, before) => pattern.includes("persistentVolumeClaimRetentionPolicy") && !hasClaims(before),
    },
    {
        reason: "claims are not kept, by the stack's own choice",
        holds: (pattern, { inputs }) =>
            pattern === "spec.storage.keepAfterDelete" &&
            fieldsAt(fieldsAt(inputs, "spec"), "storage")["keepAfterDelete"] === false,
    },
    {
        reason: "a node of a training job is one of several that end by themselves: none keeps a service up",
        holds: (pattern, { type }) =>
            type.endsWith("TrainingRuntime") && /(podAntiAffinity|topologySpreadConstraints)/.test(pattern),
    },
];
