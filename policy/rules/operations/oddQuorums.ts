import { z } from "zod";
import { settings, whole, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { type Cluster, clustersOf, stackPodsOf } from "../../views/stackPods";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import { systemOf } from "../../views/systemTable";
import { collect } from "../../views/unknown";

/**
 * Who votes in a system: the first of these components that a deployment of it has. Kafka's brokers vote where it has no
 * controllers of their own, OpenSearch's data nodes where it has no managers of their own.
 */
const defaultVoters = {
    kafka: ["controller", "broker"],
    opensearch: ["manager", "data", "node"],
    redis: ["sentinel"],
    zookeeper: ["member"],
};

export const oddQuorums = defineStackRule({
    name: "operations-odd-quorums",
    description: "Sets whose members vote have an odd number of members.",
    severity: "high",
    remediation:
        "Take one member more or one less. An even number bears no more losses than the odd one below it, and can split in halves of which neither works.",
    levels: usualLevels,
    settings: settings({
        sizes: z
            .array(whole(1, 99))
            .min(1)
            .default([1, 3, 5, 7])
            .describe("How many members such a set may have, over all racks."),
        voters: z
            .record(words(), z.array(words()).min(1))
            .default(defaultVoters)
            .describe(
                "Components whose members vote, by system (labels app.kubernetes.io/component and name): the first that a deployment has. Adds to the default.",
            ),
    }),
    checkStack: (stack, { sizes, voters }) => {
        const clusters = clustersOf(stackPodsOf(stack));
        const present = new Set(clusters.map((cluster) => placeOf(cluster, partOf(cluster).component)));
        const vote = (cluster: Cluster): boolean => {
            const { name, component } = partOf(cluster);
            const all: Readonly<Record<string, readonly string[]>> = { ...defaultVoters, ...voters };
            return all[name]?.find((each) => present.has(placeOf(cluster, each))) === component;
        };
        return collect(clusters.filter(vote), (cluster): StackMessage[] => {
            const [first] = cluster.groups;
            const { replicas } = cluster;
            // None at all is a set that stands still on purpose.
            return first === undefined || replicas === 0 || sizes.includes(replicas)
                ? []
                : [
                      {
                          resource: first.object,
                          message: violation(
                              `members of ${partOf(cluster).name} ${partOf(cluster).instance}`,
                              `one of ${sizes.join(", ")}`,
                              replicas,
                          ),
                      },
                  ];
        });
    },
});

function partOf({ groups }: Cluster): ReturnType<typeof systemOf> {
    return systemOf(groups[0]?.labels ?? {});
}

/** A component of the deployment that a cluster is part of. */
function placeOf(cluster: Cluster, component: string): string {
    const { name, instance } = partOf(cluster);
    return [cluster.groups[0]?.namespace, name, instance, component].join("\n");
}
