import { z } from "zod";
import { startedPodsAnnotation } from "../../../components/foundation/labels";
import { settings, words } from "../../../components/foundation/values";
import { rightsIn } from "../../views/accounts";
import { fitsOne } from "../../glob";
import { violation } from "../../message";
import { isAbsent } from "../../views/podSecurity";
import { isBinding, subjectsOf } from "../../views/rbac";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import { indexOf, placeOf } from "../../views/stackIndex";
import { selectsStartedPods } from "../../views/stackPods";
import { collect } from "../../views/unknown";

const field = "automountServiceAccountToken";

export const defaultAccount = defineStackRule({
    name: "security-default-account",
    description:
        "The default account of each namespace has no rights and hands out no API token, unless a system starts pods under it by itself: any pod that names no account runs under it.",
    severity: "medium",
    remediation: `Give rights to an account of its own, and add a ServiceAccountPatch for the account default of the namespace with ${field}: false. Where a system starts pods under it by itself, say which one in the binding's annotation ${startedPodsAnnotation}.`,
    levels: usualLevels,
    settings: settings({
        namespaces: z
            .array(words())
            .default([])
            .describe("Namespaces whose default account another stack looks after; * stands for any text."),
    }),
    checkStack: (stack, { namespaces }) => {
        const hasRights = rightsIn(
            stack,
            namespaces.map((namespace) => `${namespace}/default`),
        );
        const accounts = indexOf(
            stack.objects.filter(({ view }) => view.kind === "ServiceAccount"),
            (object) => [[placeOf(object), object.view.object]],
        );
        const bound = (): StackMessage[] =>
            collect(
                stack.objects.filter(({ view }) => isBinding(view) && !view.patch),
                (resource) =>
                    selectsStartedPods(resource)
                        ? []
                        : subjectsOf(resource.view)
                              .filter(
                                  ({ kind, name, namespace }) =>
                                      kind === "ServiceAccount" &&
                                      name === "default" &&
                                      !fitsOne(namespaces, namespace),
                              )
                              .map(({ label, namespace }) => ({
                                  resource,
                                  message: violation(label, "an account of its own", `${namespace}/default`),
                              })),
            );
        const accountsOf = (): StackMessage[] =>
            collect(stack.ofKind("Namespace"), (resource) => {
                const account = `${String(resource.view.metadata.name)}/default`;
                const said = accounts.get(account).map((object) => object[field]);
                return said.includes(false) || hasRights(account)
                    ? []
                    : [
                          {
                              resource,
                              message: violation(
                                  `ServiceAccount ${account}`,
                                  `false in ${field}`,
                                  said.find((value) => !isAbsent(value)),
                              ),
                          },
                      ];
            });
        return collect([bound, accountsOf], (part) => part());
    },
});
