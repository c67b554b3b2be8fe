import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { groupedBy, namespaceOf } from "../../views/stackPods";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import type { StackObject } from "../../views/stackView";
import { systemOf } from "../../views/systemTable";
import { collect, ifKnown } from "../../views/unknown";

export const chainedSets = defineStackRule({
    name: "operations-chained-sets",
    description:
        "The StatefulSets of one deployment of a system (racks, controllers and brokers) wait for each other in a chain.",
    severity: "critical",
    remediation:
        "Let each set depend on the one before it (dependsOn). Independent sets are updated at the same time, which takes one member of every rack down at once.",
    levels: usualLevels,
    settings: settings({}),
    checkStack: (stack) => {
        const deployments = groupedBy(stack.ofKind("StatefulSet"), (set) => {
            const { name, instance } = systemOf(ifKnown(() => ({ ...set.view.podTemplates[0]?.labels })) ?? {});
            return name === "" || instance === "" ? set.urn : [namespaceOf(set), name, instance].join("\n");
        });
        return collect(deployments.values(), (sets): StackMessage[] => {
            // In a chain, the n-th set waits for n others: sorted by that number, each waits for the one before it.
            const urns = new Set(sets.map(({ urn }) => urn));
            const links = sets
                .map((set) => ({
                    set,
                    before: new Set([...(sets.length > 1 ? stack.waitsFor(set) : [])].filter((urn) => urns.has(urn))),
                }))
                .sort((a, b) => a.before.size - b.before.size);
            return links.flatMap(({ set, before }, index) => {
                const previous = links[index - 1]?.set;
                return previous === undefined || before.has(previous.urn)
                    ? []
                    : [{ resource: set, message: chainMessage(set, previous, sets) }];
            });
        });
    },
});

function chainMessage(set: StackObject, previous: StackObject, sets: readonly StackObject[]): string {
    return violation(
        `StatefulSet ${set.name}`,
        `to wait for ${previous.name}, or ${previous.name} for it: ${sets.length} sets of one deployment in one chain`,
        undefined,
    );
}
