import { flag, settings } from "../../../components/foundation/values";
import { namespaceOf } from "../../views/stackPods";
import { type Fields, fieldsAt, isFields } from "../../views/raw";
import { defineStackRule, type StackMessage } from "../../rule";
import type { StackObject, StackView } from "../../views/stackView";
import { collect, ifKnown } from "../../views/unknown";
import { violation } from "../../message";

// Named after its file; `protected` alone is a word of the language.
export const protectedState = defineStackRule({
    name: "operations-protected",
    description:
        "What keeps data, and every namespace that holds such objects, is protected: the engine refuses to delete or replace it.",
    severity: "critical",
    remediation:
        "Set the resource option protect: true. To remove such an object on purpose, set environment.protect: false, run up, and remove it in the next change.",
    levels: { development: "disabled", staging: "disabled", production: "mandatory" },
    settings: settings({
        required: flag().default(true).describe("Whether it must be protected. Default what environment.protect says."),
    }),
    checkStack: (stack, { required }) => {
        if (!required) {
            return [];
        }
        const stateful = stack.objects.filter(({ view }) => !view.patch).filter(keepsData);
        return collect([...stateful, ...namespacesOf(stack, stateful)], (object): StackMessage[] =>
            object.protect
                ? []
                : [
                      {
                          resource: object,
                          message: violation(`${object.view.kind} option protect`, "true", object.protect),
                      },
                  ],
        );
    },
});

function namespacesOf(stack: StackView, stateful: readonly StackObject[]): StackObject[] {
    const used = new Set(stateful.map(namespaceOf));
    return stack.ofKind("Namespace").filter(({ view }) => {
        const name = ifKnown(() => view.metadata.name);
        return name !== undefined && used.has(name);
    });
}

/** A claim, a set with claims, or a custom resource whose operator makes claims. */
function keepsData({ view: { kind, apiVersion, object } }: StackObject): boolean {
    if (kind === "PersistentVolumeClaim" || kind === "PersistentVolume") {
        return true;
    }
    const custom = apiVersion.split("/")[0]?.includes(".") === true && kind !== "CustomResourceDefinition";
    return (kind === "StatefulSet" || custom) && holdsClaims(fieldsAt(object, "spec"));
}

/** Fields that hold a template of a claim: `volumeClaimTemplates`, `nodeConfVolumeClaimTemplate`. */
const claimKey = /volumeClaimTemplates?$/i;

function holdsClaims(fields: Fields): boolean {
    return Object.keys(fields).some((key) => {
        const value = ifKnown(() => fields[key]);
        return claimKey.test(key)
            ? isFields(value) || (Array.isArray(value) && value.length > 0)
            : // A pod's own volume, of which a template may be part too (`ephemeral`), goes with the pod.
              key !== "template" && isFields(value) && holdsClaims(value);
    });
}
