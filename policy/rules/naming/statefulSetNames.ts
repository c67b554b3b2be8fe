import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { fieldsAt } from "../../raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../unknown";

/** Length of a label value, and of a host name. */
const longest = 63;
/** A dash and a hash of 32 bits in decimal digits (ControllerRevisionName in pkg/controller/history). */
const revisionLength = 11;

export const statefulSetNames = defineRule({
    name: "naming-stateful-set-names",
    description:
        "The name of a StatefulSet leaves room for the revision label and the host name of its pods, which Kubernetes builds from it.",
    severity: "high",
    remediation: `Shorten metadata.name to at most ${longest - revisionLength} characters. The name can't be changed later without replacing the set.`,
    levels: usualLevels,
    settings: settings({}),
    check: ({ kind, patch, metadata, object }) => {
        const name: unknown = kind === "StatefulSet" && !patch ? metadata.name : undefined;
        if (typeof name !== "string") {
            return [];
        }
        const revision = (): string[] =>
            name.length + revisionLength > longest
                ? [
                      violation(
                          "StatefulSet metadata.name",
                          `at most ${longest - revisionLength} characters, for label controller-revision-hash is <name>-<hash> in ${longest}`,
                          `${name} (${name.length})`,
                      ),
                  ]
                : [];
        const podName = (): string[] => {
            if (name.length + 2 <= longest - 10) {
                return [];
            }
            const spec = fieldsAt(object, "spec");
            const start: unknown = fieldsAt(spec, "ordinals").start ?? 0;
            const replicas: unknown = spec.replicas ?? 1;
            const last = Number(start) + Math.max(Number(replicas), 1) - 1;
            const pod = `${name}-${last}`;
            return pod.length > longest
                ? [
                      violation(
                          "StatefulSet metadata.name",
                          `a pod name <name>-<ordinal> of at most ${longest} characters`,
                          `${pod} (${pod.length})`,
                      ),
                  ]
                : [];
        };
        return collect([revision, podName], (check) => check());
    },
});
