import { formatBytes, formatCpu, parseQuantity } from "../../../components/foundation/quantity";
import { bytes, cpu, settings, whole } from "../../../components/foundation/values";
import { violation } from "../../message";
import { claimedStorage, knownSum, podSetsBy, sumOfPods } from "../../views/podSets";
import { defineStackRule, usualLevels, type StackMessage } from "../../rule";
import type { StackObject } from "../../views/stackView";
import { collect } from "../../views/unknown";

/** One sum that has a ceiling. */
interface Sum {
    readonly what: string;
    readonly most: number;
    readonly of: (object: StackObject) => number;
    readonly shown: (amount: number) => string;
}

export const stackCeiling = defineStackRule({
    name: "resources-stack-ceiling",
    description: "All pods and volume claims of a stack together ask for no more than the stack is meant to cost.",
    severity: "medium",
    remediation:
        "Lower replicas, requests or claims, most of all of the resource that is named, which asks for the most. Where the stack is meant to be that large, raise the ceiling in the settings.",
    levels: usualLevels,
    settings: settings({
        // Generous: about fifty nodes of 32 cores. Each is ten times and more what the largest shipped stack asks for.
        pods: whole(1, 1000000).default(2000).describe("Most pods at one time."),
        cpu: cpu().prefault("1500").describe("Most that all CPU requests may be together."),
        memory: bytes().prefault("6Ti").describe("Most that all memory requests may be together."),
        storage: bytes().prefault("200Ti").describe("Most that all volume claims may be together."),
    }),
    checkStack: (stack, ceiling) => {
        const objects = stack.objects.filter(({ view }) => !view.patch);
        const setsOf = podSetsBy(stack);
        const sums: readonly Sum[] = [
            {
                what: "pods",
                most: ceiling.pods,
                of: (object) => setsOf(object).reduce((total, { replicas }) => total + replicas, 0),
                shown: String,
            },
            {
                what: "CPU requests",
                most: parseQuantity(ceiling.cpu),
                of: (object) => sumOfPods(setsOf(object), "requests", "cpu"),
                shown: formatCpu,
            },
            {
                what: "memory requests",
                most: parseQuantity(ceiling.memory),
                of: (object) => sumOfPods(setsOf(object), "requests", "memory"),
                shown: formatBytes,
            },
            {
                what: "volume claims",
                most: parseQuantity(ceiling.storage),
                of: (object) => claimedStorage(object, setsOf(object)),
                shown: formatBytes,
            },
        ];
        return collect(sums, (sum) => exceeded(sum, objects));
    },
});

/** Says it of the object that asks for the most. */
function exceeded({ what, most, of, shown }: Sum, objects: readonly StackObject[]): StackMessage[] {
    const { total, largest, settle } = knownSum(objects, of);
    if (largest === undefined || total <= most) {
        settle();
        return [];
    }
    const place = `${what} of the stack, ${shown(largest.amount)} of them here`;
    return [{ resource: largest.part, message: violation(place, `at most ${shown(most)}`, shown(total)) }];
}
