import { settings, whole } from "../../../components/foundation/values";
import { violation } from "../../message";
import { clustersOf, stackPodsOf } from "../../views/stackPods";
import { at } from "../../views/raw";
import { defineStackRule, usualLevels } from "../../rule";
import { hostKey, hostsApart, zoneKey, zoneSkew } from "../../views/keepApart";
import { messagesAbout } from "../../stackMessages";
import { collect } from "../../views/unknown";

export const spread = defineStackRule({
    name: "operations-spread",
    description: "Pods that stand in for each other keep apart: by host, and spread over the zones.",
    severity: "high",
    remediation:
        "Add the anti-affinity or the spread constraint that the message names, with a selector that matches the labels of all pods of the cluster, in whichever rack they stand. One lost node or zone then takes one of them.",
    levels: usualLevels,
    settings: settings({
        skew: whole(1, 100).default(1).describe("By how many pods zones may differ."),
    }),
    checkStack: (stack, { skew }) =>
        collect(clustersOf(stackPodsOf(stack)), (cluster) =>
            cluster.replicas <= 1
                ? []
                : collect(cluster.groups, ({ object, template }) => {
                      const path = at(template.path, "spec");
                      return messagesAbout(object, [
                          () =>
                              hostsApart(template, cluster) === undefined
                                  ? [
                                        violation(
                                            at(path, "affinity.podAntiAffinity"),
                                            `a term over ${hostKey} that selects the pods themselves`,
                                            undefined,
                                        ),
                                    ]
                                  : [],
                          () => {
                              const found = zoneSkew(template, cluster);
                              return found !== undefined && found <= skew
                                  ? []
                                  : [
                                        violation(
                                            at(path, "topologySpreadConstraints"),
                                            `a constraint over ${zoneKey} that selects the pods themselves, maxSkew at most ${skew}`,
                                            found,
                                        ),
                                    ];
                          },
                      ]);
                  }),
        ),
});
