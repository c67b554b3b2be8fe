import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { type Fields, fieldsAt, isFields, listAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";
import type { ResourceView } from "../../views/view";

/** Length of a label value, of a host name, and of a pod name that the API server completes (names.SimpleNameGenerator). */
const longest = 63;
/** A dash and the five letters that the API server appends to the name of a pod (names.SimpleNameGenerator). */
const randomLength = 6;
/** A dash and a hash of 32 bits in decimal digits (ControllerRevisionName, ComputeHash in pkg/controller). */
const hashLength = 11;
/** A dash and the minutes since 1970 (getJobName in pkg/controller/cronjob), eight digits until the year 2160. */
const minutesLength = 9;

/** A number that nobody knows yet has at most ten digits (32 bits). */
const mostDigits = 10;

/** Something that Kubernetes builds from a name. */
interface Derived {
    /** Completes "expected at most … characters, for". */
    readonly what: string;
    /** How many characters it has more than the name, but for the index. */
    readonly added: number;
    /** The largest index in it, read only for a name so long that it matters. */
    readonly index?: () => number;
}

/** What is built from the name of a workload, by kind. A pod name that is too long is cut before its random letters. */
const derivations: Readonly<Record<string, (spec: () => Fields) => readonly Derived[]>> = {
    CronJob: () => [{ what: "pods are <name>-<minutes>-<5 letters>", added: minutesLength + randomLength }],
    DaemonSet: () => [{ what: "pods are <name>-<5 letters>", added: randomLength }],
    Deployment: () => [{ what: "pods are <name>-<hash>-<5 letters>", added: hashLength + randomLength }],
    Job: (spec) => [
        { what: "pods are <name>-<5 letters>", added: randomLength },
        { what: "pods are <name>-<index>-<5 letters>", added: 1 + randomLength, index: () => lastIndex(spec()) },
    ],
    ReplicaSet: () => [{ what: "pods are <name>-<5 letters>", added: randomLength }],
    StatefulSet: (spec) => [
        { what: "label controller-revision-hash is <name>-<hash>", added: hashLength },
        { what: "pods are <name>-<ordinal>", added: 1, index: () => lastOrdinal(spec()) },
    ],
};

/** The last index of a Job whose pods have one; below zero otherwise. */
function lastIndex(spec: Fields): number {
    return spec.completionMode === "Indexed" ? Number(spec.completions ?? 1) - 1 : -1;
}

function lastOrdinal(spec: Fields): number {
    const start: unknown = fieldsAt(spec, "ordinals").start ?? 0;
    const replicas: unknown = spec.replicas ?? 1;
    return Number(start) + Math.max(Number(replicas), 1) - 1;
}

export const workloadNames = defineRule({
    name: "naming-workload-names",
    description:
        "The name of a workload leaves room for what Kubernetes builds from it: names, host names and labels of its pods, and names of their claims.",
    severity: "high",
    remediation:
        "Shorten the name as the message says. It can't be changed later without replacing the workload, and its claims with it.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) => collect([() => ofWorkload(resource), () => ofClaims(resource)], (check) => check()),
});

function ofWorkload({ kind, patch, metadata, object }: ResourceView): string[] {
    const derive = patch ? undefined : derivations[kind];
    const name: unknown = derive === undefined ? undefined : metadata.name;
    if (derive === undefined || typeof name !== "string") {
        return [];
    }
    return collect(
        derive(() => fieldsAt(object, "spec")),
        ({ what, added, index }) => {
            if (name.length + added + (index === undefined ? 0 : mostDigits) <= longest) {
                return [];
            }
            const last = index?.();
            if (last !== undefined && last < 0) {
                return [];
            }
            const room = longest - added - (last === undefined ? 0 : String(last).length);
            return name.length <= room
                ? []
                : [
                      violation(
                          `${kind} metadata.name`,
                          `at most ${room} characters, for ${what} in ${longest}`,
                          `${name} (${name.length})`,
                      ),
                  ];
        },
    );
}

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A claim is called <template>-<set>-<ordinal>, and the template's name is a volume of each pod. */
function ofClaims({ kind, object }: ResourceView): string[] {
    const templates = kind === "StatefulSet" ? listAt(fieldsAt(object, "spec"), "volumeClaimTemplates") : [];
    return collect(templates.entries(), ([index, template]) => {
        const name: unknown = isFields(template) ? fieldsAt(template, "metadata").name : undefined;
        return typeof name === "string" && name.length <= longest && label.test(name)
            ? []
            : [
                  violation(
                      `StatefulSet spec.volumeClaimTemplates[${index}].metadata.name`,
                      `a DNS label of at most ${longest} characters, for it names a volume of each pod`,
                      name,
                  ),
              ];
    });
}
