import { z } from "zod";
import { labelKey, settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { type Fields, fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect, ifKnown } from "../../views/unknown";

/** Kubernetes' recommended labels without `version`, which says nothing of a namespace, and whose object it is. */
const defaultLabels = [
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/managed-by",
    "data-platform/environment",
    "data-platform/owner",
];

/** Objects that live for one request only: nobody will ever look for them by label. */
const requestKinds: ReadonlySet<string> = new Set([
    "Binding",
    "Eviction",
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
    "TokenRequest",
    "TokenReview",
]);

/** Kinds that an operator's release brings along as they are. */
const foreignKinds: ReadonlySet<string> = new Set(["CustomResourceDefinition"]);

export const requiredLabels = defineRule({
    name: "naming-required-labels",
    description:
        "Every object and every pod template says which system and part it belongs to, what manages it, and which environment and owner answer for it.",
    severity: "medium",
    remediation:
        "Set the labels that the message names, on the object or on its pod template. Leave selectors as they are: they can't be changed.",
    levels: usualLevels,
    settings: settings({
        labels: z.array(labelKey()).min(1).default(defaultLabels).describe("Keys of the labels that must be there."),
    }),
    check: (resource, { labels }) => {
        if (resource.patch || requestKinds.has(resource.kind) || foreignKinds.has(resource.kind)) {
            return [];
        }
        const missing = (place: string, found: Readonly<Record<string, unknown>>): string[] => {
            // One message for all that is missing at a place: most often it is everything. A value that is not known
            // yet is there all the same.
            const keys = labels.filter((key) => !(key in found) || isEmpty(ifKnown(() => ({ value: found[key] }))));
            return keys.length === 0 ? [] : [violation(place, `labels ${keys.join(", ")}`, undefined)];
        };
        // A Pod is its own template.
        const templates = resource.podTemplates.filter(({ partial, path }) => !partial && path !== "");
        const checks = [
            () => missing(`${resource.kind} metadata.labels`, resource.metadata.labels ?? {}),
            // The Jobs that a CronJob makes are objects of their own.
            ...(resource.kind === "CronJob"
                ? [() => missing("job template spec.jobTemplate.metadata.labels", jobLabels(resource.object))]
                : []),
            ...templates.map(
                (template) => () => missing(`pod template ${template.path}.metadata.labels`, template.labels),
            ),
        ];
        return collect(checks, (check) => check());
    },
});

function jobLabels(cronJob: Fields): Fields {
    return fieldsAt(fieldsAt(fieldsAt(fieldsAt(cronJob, "spec"), "jobTemplate"), "metadata"), "labels");
}

function isEmpty(known: { readonly value: unknown } | undefined): boolean {
    return known !== undefined && (known.value === "" || known.value === null || known.value === undefined);
}
