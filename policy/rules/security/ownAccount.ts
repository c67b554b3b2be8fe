import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { namedAccount, rightsIn } from "../../views/accounts";
import { violation } from "../../message";
import { templateLabel } from "../../views/podSecurity";
import { defineStackRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

export const ownAccount = defineStackRule({
    name: "security-own-account",
    description:
        "Pods name a ServiceAccount of their own: rights that the default one gets one day are those of every pod that names none.",
    severity: "medium",
    remediation: "Make a ServiceAccount for the set and name it in serviceAccountName.",
    levels: usualLevels,
    settings: settings({
        without: z
            .array(words())
            .default(["ClusterTrainingRuntime"])
            .describe("Kinds whose pods run in namespaces that are not known yet, where no account can be named."),
    }),
    checkStack: (stack, { without }) => {
        const hasRights = rightsIn(stack, []);
        const judged = stack.objects.filter(({ view }) => !without.includes(view.kind));
        return collect(judged, (resource) =>
            collect(resource.view.podTemplates, (template) => {
                const name = namedAccount(template);
                const isMeant =
                    (name !== undefined && name !== "default") ||
                    (name === undefined && template.partial) ||
                    // Some systems start pods under it and need rights for them.
                    hasRights(`${resource.view.metadata.namespace ?? ""}/default`);
                return isMeant
                    ? []
                    : [
                          {
                              resource,
                              message: violation(
                                  templateLabel(template),
                                  "an account of its own in serviceAccountName",
                                  name,
                              ),
                          },
                      ];
            }),
        );
    },
});
