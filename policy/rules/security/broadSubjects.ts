import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { fitsOne } from "../../glob";
import { violation } from "../../message";
import { isBinding, subjectsOf } from "../../views/rbac";
import { defineRule, usualLevels } from "../../rule";

export const broadSubjects = defineRule({
    name: "security-broad-subjects",
    description:
        "No binding gives rights to everybody: to all who log in, to all who don't, or to all accounts of pods.",
    severity: "critical",
    remediation: "Name the accounts or the group of people who need the role as subjects.",
    levels: usualLevels,
    settings: settings({
        names: z
            .array(words())
            .default([
                "system:anonymous",
                "system:authenticated",
                "system:masters",
                "system:serviceaccounts",
                "system:serviceaccounts:*",
                "system:unauthenticated",
            ])
            .describe("Users and groups that are no subjects; * stands for any text."),
    }),
    check: (resource, { names }) =>
        isBinding(resource)
            ? subjectsOf(resource)
                  .filter(({ kind, name }) => kind !== "ServiceAccount" && fitsOne(names, name))
                  .map(({ label, kind, name }) => violation(label, "certain accounts or people", `${kind} ${name}`))
            : [],
});
