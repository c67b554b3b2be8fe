import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { kindsWithoutTokenField, namedAccount, rightsIn } from "../../views/accounts";
import { violation } from "../../message";
import type { PodTemplateView } from "../../views/podTemplates";
import { isAbsent, podFields, templateLabel } from "../../views/podSecurity";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import { indexOf, placeOf } from "../../views/stackIndex";
import type { StackObject } from "../../views/stackView";
import { collect } from "../../views/unknown";

const field = "automountServiceAccountToken";

export const tokenMount = defineStackRule({
    name: "security-token-mount",
    description: "A pod has an API token only if its ServiceAccount may do something with it.",
    severity: "high",
    remediation: `Set ${field}: false on the pod template, whatever its account says, and on the ServiceAccount; or bind the account to a Role with what the pod calls.`,
    levels: usualLevels,
    settings: settings({
        elsewhere: z
            .array(words())
            .default([])
            .describe("Accounts whose rights come from another stack, as <namespace>/<name>; * stands for any text."),
        without: z
            .array(words())
            .default(kindsWithoutTokenField)
            .describe(
                "Kinds of custom resources whose pods can't be told, for want of a field: their account has to be.",
            ),
    }),
    checkStack: (stack, { elsewhere, without }) => {
        const hasRights = rightsIn(stack, elsewhere);
        const accounts = stack.objects.filter(({ view }) => view.kind === "ServiceAccount");
        const byPlace = indexOf(accounts, (object) => [[placeOf(object), object.view.object]]);
        const judge = (resource: StackObject, label: string, account: string, value: unknown): StackMessage[] =>
            value === false || hasRights(account)
                ? []
                : [
                      {
                          resource,
                          message: violation(
                              label,
                              `false in ${field}, for ${account} has no rights in this stack`,
                              value,
                          ),
                      },
                  ];
        const ofAccount = (resource: StackObject): StackMessage[] => {
            const { patch, object } = resource.view;
            const value = object[field];
            return isAbsent(value) && patch ? [] : judge(resource, "ServiceAccount", placeOf(resource), value);
        };
        const ofPod = (resource: StackObject, template: PodTemplateView): StackMessage[] => {
            const own = podFields(template)[field];
            const named = namedAccount(template);
            if (template.partial && (isAbsent(own) || named === undefined)) {
                return [];
            }
            const account = `${resource.view.metadata.namespace ?? ""}/${named ?? "default"}`;
            const value = without.includes(resource.view.kind)
                ? byPlace.get(account).find((each) => !isAbsent(each[field]))?.[field]
                : own;
            return judge(resource, templateLabel(template), account, value);
        };
        return collect(stack.objects, (resource) =>
            resource.view.kind === "ServiceAccount"
                ? ofAccount(resource)
                : collect(resource.view.podTemplates, (template) => ofPod(resource, template)),
        );
    },
});
