import { z } from "zod";
import { labelKey, settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { type Fields, fieldsAt } from "../../views/raw";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import type { StackObject, StackView } from "../../views/stackView";
import { collect, ifKnown } from "../../views/unknown";

const environment = "data-platform/environment";
const owner = "data-platform/owner";
const ofSystem = ["app.kubernetes.io/name", "app.kubernetes.io/instance"];
const ofPlatform = ["app.kubernetes.io/part-of", "app.kubernetes.io/managed-by"];

const keys = (...defaults: string[]) => z.array(labelKey()).default(defaults);

export const consistentLabels = defineStackRule({
    name: "naming-consistent-labels",
    description:
        "Labels agree: those of a pod template with its workload's, an object's owner with its namespace's, and one environment in the whole stack.",
    severity: "medium",
    remediation:
        "Give the object the value that the message expects. Costs, alerts and clean-ups follow these labels, to the wrong place if one differs.",
    levels: usualLevels,
    settings: settings({
        template: keys(...ofSystem, ...ofPlatform, environment, owner).describe(
            "Labels that a pod template has in common with its workload.",
        ),
        namespace: keys(environment, owner).describe(
            "Labels that an object has in common with its namespace, where the stack has that.",
        ),
        stack: keys(environment, ...ofPlatform).describe(
            "Labels that all objects of the stack have in common; which value is right, the most objects say.",
        ),
    }),
    checkStack: (stack, settings) => {
        // What a chart brings has labels of its own.
        const own = stack.objects.filter(
            ({ view }) => !view.patch && ifKnown(() => view.metadata.labels?.[environment] ?? null) !== null,
        );
        const namespaces = new Map(
            stack.ofKind("Namespace").map((object) => [ifKnown(() => object.view.metadata.name), object]),
        );
        return collect(
            [
                () => collect(own, (object) => templatesDiffer(object, settings.template)),
                () => collect(own, (object) => differsFromNamespace(object, namespaces, settings.namespace)),
                () => collect(settings.stack, (key) => differFromMost(own, key)),
            ],
            (check) => check(),
        );
    },
});

/** The label's value; undefined where it has none, which is another rule's concern (naming-required-labels). */
function valueOf({ view }: StackObject, key: string): string | undefined {
    const value: unknown = view.metadata.labels?.[key];
    return typeof value === "string" && value !== "" ? value : undefined;
}

/** Labels of what an object makes: its pods, and the Jobs of a CronJob. */
function madeLabels({ view }: StackObject): { readonly place: string; readonly labels: () => Fields }[] {
    // A Pod is its own template; what a partial one leaves out is set elsewhere.
    const templates = view.podTemplates
        .filter(({ path }) => path !== "")
        .map((template) => ({
            place: `pod template ${template.path}.metadata.labels`,
            labels: (): Fields => template.labels,
        }));
    const jobTemplate = (): Fields => fieldsAt(fieldsAt(view.object, "spec"), "jobTemplate");
    return view.kind === "CronJob"
        ? [
              {
                  place: "job template spec.jobTemplate.metadata.labels",
                  labels: () => fieldsAt(fieldsAt(jobTemplate(), "metadata"), "labels"),
              },
              ...templates,
          ]
        : templates;
}

function templatesDiffer(object: StackObject, keysInCommon: readonly string[]): StackMessage[] {
    return collect(madeLabels(object), ({ place, labels }) =>
        collect(keysInCommon, (key): StackMessage[] => {
            const [expected, found] = [valueOf(object, key), labels()[key]];
            return expected === undefined || found === undefined || found === expected
                ? []
                : [
                      {
                          resource: object,
                          message: violation(
                              `${place}[${JSON.stringify(key)}]`,
                              `${expected}, as the ${object.view.kind} has`,
                              found,
                          ),
                      },
                  ];
        }),
    );
}

function differsFromNamespace(
    object: StackObject,
    namespaces: ReadonlyMap<string | undefined, StackObject>,
    keysInCommon: readonly string[],
): StackMessage[] {
    const namespace = namespaces.get(object.view.metadata.namespace);
    return namespace === undefined || object.view.metadata.namespace === undefined
        ? []
        : collect(keysInCommon, (key): StackMessage[] => {
              const [expected, found] = [valueOf(namespace, key), valueOf(object, key)];
              return expected === undefined || found === undefined || found === expected
                  ? []
                  : [differing(object, key, `${expected}, as its namespace has`, found)];
          });
}

function differFromMost(objects: StackView["objects"], key: string): StackMessage[] {
    const counts = new Map<string, number>();
    for (const object of objects) {
        const value = ifKnown(() => valueOf(object, key));
        if (value !== undefined) {
            counts.set(value, (counts.get(value) ?? 0) + 1);
        }
    }
    const [most, second] = [...counts].sort(([, a], [, b]) => b - a);
    // Of as many on both sides none is right.
    if (most === undefined || second === undefined || most[1] === second[1]) {
        return [];
    }
    return collect(objects, (object): StackMessage[] => {
        const found = valueOf(object, key);
        return found === undefined || found === most[0]
            ? []
            : [differing(object, key, `${most[0]}, as most objects of the stack have`, found)];
    });
}

function differing(object: StackObject, key: string, expected: string, found: unknown): StackMessage {
    const place = `${object.view.kind} metadata.labels[${JSON.stringify(key)}]`;
    return { resource: object, message: violation(place, expected, found) };
}
