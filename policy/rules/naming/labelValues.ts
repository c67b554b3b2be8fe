import { labelKey, labelValue, settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { at, type Fields, fieldsAt, isFields, listAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect, ifKnown } from "../../views/unknown";
import type { ResourceView } from "../../views/view";

const validKey = labelKey();
const validValue = labelValue();

/** Judges what stands under one key of an object. */
type Judge = (found: unknown, place: string) => string[];

/** Fields that hold labels, or ask for some, wherever they stand: in the object, its pod templates, a custom resource. */
const judgesByKey: Readonly<Record<string, Judge>> = {
    matchLabels: labels,
    nodeSelector: labels,
    matchExpressions: (found, place) =>
        Array.isArray(found) ? collect(found.entries(), ([index, term]) => expression(term, at(place, index))) : [],
    metadata: (found, place) =>
        isFields(found)
            ? collect(
                  [
                      () => labels(found.labels, at(place, "labels")),
                      () => annotations(found.annotations, at(place, "annotations")),
                  ],
                  (check) => check(),
              )
            : [],
};

/** Kinds that hold schemas of objects, where these fields are no labels. */
const schemaKinds: ReadonlySet<string> = new Set(["CustomResourceDefinition"]);

export const labelValues = defineRule({
    name: "naming-label-values",
    description: "Labels, the selectors that ask for them, and annotations have valid keys and values.",
    severity: "medium",
    remediation: "Shorten or rewrite the key or value, in the label and in every selector that asks for it.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        collect([serviceSelector, sparkLabels, everywhere], (check) =>
            check(resource).map((message) => `${resource.kind} ${message}`),
        ),
});

function serviceSelector({ kind, object }: ResourceView): string[] {
    return kind === "Service" ? labels(fieldsAt(object, "spec").selector, "spec.selector") : [];
}

/** Spark's operator takes labels of pods beside their templates too. */
function sparkLabels({ kind, object }: ResourceView): string[] {
    if (kind !== "SparkApplication" && kind !== "ScheduledSparkApplication") {
        return [];
    }
    const spec = fieldsAt(object, "spec");
    const [app, path] = kind === "SparkApplication" ? [spec, "spec"] : [fieldsAt(spec, "template"), "spec.template"];
    return collect(["driver", "executor"], (part) => labels(fieldsAt(app, part).labels, at(at(path, part), "labels")));
}

function everywhere({ kind, metadata, object }: ResourceView): string[] {
    const visit = (value: unknown, path: string): string[] => {
        if (Array.isArray(value)) {
            return collect(value.keys(), (index) =>
                visit(
                    ifKnown((): unknown => value[index]),
                    at(path, index),
                ),
            );
        }
        return isFields(value) ? collect(Object.keys(value), (key) => visitField(value, key, at(path, key))) : [];
    };
    const visitField = (parent: Fields, key: string, path: string): string[] => {
        const judge = judgesByKey[key];
        // A judged field that is not known yet leaves the rule undecided; any other may be whatever it is.
        return judge === undefined
            ? visit(
                  ifKnown(() => parent[key]),
                  path,
              )
            : judge(parent[key], path);
    };
    return schemaKinds.has(kind) ? labels(metadata.labels, "metadata.labels") : visit(object, "");
}

function labels(found: unknown, place: string): string[] {
    return isFields(found)
        ? collect(Object.keys(found), (key) => [
              ...labelKeyFault(key, place),
              ...labelValueFault(found[key], `${place}[${JSON.stringify(key)}]`),
          ])
        : [];
}

function expression(term: unknown, place: string): string[] {
    if (!isFields(term)) {
        return [];
    }
    return collect(
        [
            () => labelKeyFault(term.key, at(place, "key")),
            () =>
                collect(listAt(term, "values").entries(), ([index, value]) =>
                    labelValueFault(value, at(at(place, "values"), index)),
                ),
        ],
        (check) => check(),
    );
}

/** The values of annotations are any text; upper case in a key's prefix is let through (ValidateAnnotations). */
function annotations(found: unknown, place: string): string[] {
    return isFields(found)
        ? Object.keys(found).flatMap((key) =>
              validKey.safeParse(key.toLowerCase()).success ? [] : labelKeyFault(key, place),
          )
        : [];
}

function labelKeyFault(key: unknown, place: string): string[] {
    return validKey.safeParse(key).success
        ? []
        : [
              violation(
                  place,
                  "keys of the form [DNS name/]name, the name of at most 63 letters, digits, - _ and .",
                  key,
              ),
          ];
}

function labelValueFault(value: unknown, place: string): string[] {
    return validValue.safeParse(value).success
        ? []
        : [
              violation(
                  place,
                  "text of at most 63 letters, digits, - _ and ., starting and ending with a letter or digit",
                  value,
              ),
          ];
}
