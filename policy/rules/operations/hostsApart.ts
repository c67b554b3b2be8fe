import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { type Cluster, clustersOf, stackPodsOf } from "../../views/stackPods";
import { at, fieldsAt, listAt } from "../../views/raw";
import { defineStackRule } from "../../rule";
import { hostKey, hostsApart as strictness } from "../../views/keepApart";
import { messagesAbout } from "../../stackMessages";
import { collect } from "../../views/unknown";

export const hostsApart = defineStackRule({
    name: "operations-hosts-apart",
    description: "No node ever holds two copies of the same data: members of a set with volumes never share a host.",
    severity: "high",
    remediation:
        "Put the anti-affinity over kubernetes.io/hostname under requiredDuringSchedulingIgnoredDuringExecution. A preference gives way when nodes are full, which is when one is lost.",
    levels: { development: "disabled", staging: "disabled", production: "mandatory" },
    settings: settings({}),
    checkStack: (stack) =>
        collect(clustersOf(stackPodsOf(stack)), (cluster) =>
            cluster.replicas <= 1 || !keepsData(cluster)
                ? []
                : collect(cluster.groups, ({ object, template }) =>
                      messagesAbout(object, [
                          () => {
                              const found = strictness(template, cluster);
                              return found === "required"
                                  ? []
                                  : [
                                        violation(
                                            at(template.path, "spec.affinity.podAntiAffinity"),
                                            `a required term over ${hostKey} that selects the pods themselves`,
                                            found,
                                        ),
                                    ];
                          },
                      ]),
                  ),
        ),
});

/** Sets with claims, and Redis' members and sentinels, which answer for the data together. */
function keepsData({ groups }: Cluster): boolean {
    return groups.some(({ object: { view } }) =>
        view.kind === "StatefulSet"
            ? listAt(fieldsAt(view.object, "spec"), "volumeClaimTemplates").length > 0
            : view.kind.startsWith("Redis"),
    );
}
