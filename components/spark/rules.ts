import type { AccessRule } from "../foundation/access";

const core = (resource: string, ...verbs: string[]): AccessRule => ({ apiGroups: [""], resources: [resource], verbs });

/**
 * What a driver calls. It starts executors and watches them, labels and ends them, and gives them their configuration; at
 * its end it removes by label what it made, for which its client may ask for the whole collection. Its own Service is made
 * by the submission, so it only removes that.
 */
export const driverRules: readonly AccessRule[] = [
    core("pods", "get", "list", "watch", "create", "patch", "delete", "deletecollection"),
    core("configmaps", "get", "list", "create", "delete", "deletecollection"),
    core("services", "get", "list", "delete", "deletecollection"),
    core("persistentvolumeclaims", "get", "list", "create", "delete", "deletecollection"),
];

const operator = (resource: string, ...verbs: string[]): AccessRule => ({
    apiGroups: ["sparkoperator.k8s.io"],
    resources: [resource],
    verbs,
});

const manage = ["get", "list", "watch", "create", "update", "patch", "delete"];

/** What people need who submit applications, follow them, and open the driver's UI. */
export const submitterRules: readonly AccessRule[] = [
    operator("sparkapplications", ...manage),
    operator("scheduledsparkapplications", ...manage),
    core("pods", "get", "list", "watch"),
    core("pods/log", "get"),
    // Older clients post, newer ones open a WebSocket by get.
    core("pods/portforward", "get", "create"),
    core("services", "get", "list"),
    core("events", "get", "list", "watch"),
];
