import type { AccessRule } from "../foundation/access";
import type { JobNamespaceSettings } from "./schema";

const core = (resource: string, ...verbs: string[]): AccessRule => ({ apiGroups: [""], resources: [resource], verbs });
const apps = (resource: string, ...verbs: string[]): AccessRule => ({
    apiGroups: ["apps"],
    resources: [resource],
    verbs,
});

/**
 * What the pods of jobs call (K8sController and the watchers of 0.8.0): they look for each other, count restarts in the
 * job's ConfigMap, and the job master scales the job and removes it at its end. Nothing is ever got by its name.
 */
export const jobRules: readonly AccessRule[] = [
    core("pods", "list", "watch"),
    core("configmaps", "list", "watch", "patch", "delete"),
    core("services", "delete"),
    core("persistentvolumeclaims", "delete"),
    apps("statefulsets", "list", "delete"),
    apps("statefulsets/scale", "patch"),
];

/** What the submitting client calls for those who submit, see and kill jobs, as far as the settings let it. */
export function submitterRules(
    given: Pick<JobNamespaceSettings, "logInClient" | "uploader" | "openMpi" | "jobMaster">,
) {
    const rules: AccessRule[] = [
        core("pods", "get", "list", "watch"),
        ...(given.logInClient ? [core("pods/log", "get")] : []),
        // kubectl cp: older ones post, newer ones and the client's own Exec open a WebSocket by get.
        ...(given.uploader.kind === "s3" ? [] : [core("pods/exec", "get", "create")]),
        core("services", "list", "create", "delete"),
        core("configmaps", "list", "create", "patch", "delete"),
        core("persistentvolumeclaims", "list", "create", "delete"),
        apps("statefulsets", "list", "create", "delete"),
        ...(given.jobMaster.runsInClient ? [apps("statefulsets/scale", "patch")] : []),
        // The client looks for the key's Secret among all of the namespace, and so reads them all.
        ...(given.openMpi.kind === "none" ? [] : [core("secrets", "list")]),
    ];
    return rules;
}

/** What the client calls to know racks and data centers by labels; without it a submission ends in an error. */
export const nodeReaderRules: readonly AccessRule[] = [core("nodes", "list")];
