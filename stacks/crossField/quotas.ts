import { type DemandSum, sumOfDemands } from "../../components/foundation/demand";
import { type Fault, formatFound } from "../../components/foundation/faults";
import type { NamespaceSettings } from "../../components/foundation/namespace";
import { formatBytes, formatCpu, parseQuantity } from "../../components/foundation/quantity";
import { demandOf } from "../demands";
import type { Check } from "./check";
import { readableParts } from "./namespaces";

type Quota = NonNullable<NamespaceSettings["quota"]>;

/** Bytes in whole mebibytes: more exact an amount only looks. */
function mebibytesUp(bytes: number): string {
    return formatBytes(Math.ceil(bytes / 2 ** 20) * 2 ** 20);
}

/** How the amounts of a quota's keys are printed, as people would write them. */
const printed: Readonly<Record<keyof DemandSum & keyof Quota, (amount: number) => string>> = {
    pods: String,
    cpu: formatCpu,
    cpuLimit: formatCpu,
    memory: mebibytesUp,
    memoryLimit: mebibytesUp,
    storage: mebibytesUp,
};

const keys = Object.keys(printed) as (keyof typeof printed)[];

/** Kubernetes counts in nano units at the finest; what sums of fractions are off is less. */
const rounded = (amount: number) => Math.round(amount * 1e9) / 1e9;

const counted = (pods: number) => (pods === 1 ? "1 pod" : `${pods} pods`);

/** What all memory limits may be together. */
const limitOf = (quota: Quota) => quota.memoryLimit ?? quota.memory;

/** What is below its need in a quota. */
function shortfalls(quota: Quota, need: DemandSum): (keyof typeof printed)[] {
    return keys.filter((key) => {
        // Limits beyond a quota of requests count only where they differ: the quota is the same for both.
        const given = key === "memoryLimit" && need.memoryLimit > need.memory ? limitOf(quota) : quota[key];
        return given !== undefined && rounded(need[key]) > parseQuantity(String(given));
    });
}

// Above its quota a namespace refuses pods: the set stays incomplete, and only its events say why.
const roomForAllPods: Check = (config, at) =>
    readableParts(config).flatMap(({ part, settingsPath, settings: { quota } }): Fault[] => {
        if (quota === undefined) {
            return [];
        }
        const { own, started } = demandOf({ part }, config);
        const need = sumOfDemands(own);
        const all = sumOfDemands([...own, ...(started?.demands ?? [])]);
        const missing = shortfalls(quota, need);
        const fault = (key: keyof typeof printed, sum: DemandSum, whose: string): Fault => ({
            path: at(...settingsPath, "quota", key),
            expected: `at least ${printed[key](rounded(sum[key]))} for ${whose}`,
            found: formatFound(quota[key]),
        });
        return [
            ...missing.map((key) => fault(key, need, `its ${counted(need.pods)}`)),
            ...shortfalls(quota, all)
                .filter((key) => !missing.includes(key))
                .map((key) =>
                    fault(
                        key,
                        all,
                        [...(need.pods === 0 ? [] : [`its ${counted(need.pods)}`]), started?.what ?? ""].join(", "),
                    ),
                ),
        ];
    });

const roomForDefaults: Check = (config, at) =>
    readableParts(config).flatMap(({ settingsPath, settings: { quota, containerDefaults } }) =>
        (["cpu", "cpuLimit", "memory"] as const).flatMap((key): Fault[] => {
            const given = quota?.[key];
            return given === undefined || parseQuantity(containerDefaults[key]) <= parseQuantity(given)
                ? []
                : [
                      {
                          path: at(...settingsPath, "containerDefaults", key),
                          expected: `at most ${given}, the quota of the whole namespace, or no container that asks for nothing could start`,
                          found: formatFound(containerDefaults[key]),
                      },
                  ];
        }),
    );

export const quotaChecks: readonly Check[] = [roomForAllPods, roomForDefaults];
