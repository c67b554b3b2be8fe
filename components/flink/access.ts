import type { AccessRule } from "../foundation/access";
import { restService, type Session } from "./session";

/** What Kubernetes high availability keeps in ConfigMaps of names that nobody knows before: the job's id is in them. */
const configMaps = (verbs: readonly string[]): AccessRule => ({ apiGroups: [""], resources: ["configmaps"], verbs });

/**
 * What a JobManager asks of the Kubernetes API, call by call (seen in the audit log of a 2.2.0 session; Fabric8FlinkKubeClient). It may not delete its own
 * Deployment, which it would do when a client stops it: only the program takes a session away.
 */
export function jobManagerRules({ id, settings }: Pick<Session, "id" | "settings">): AccessRule[] {
    if (settings.mode.kind === "standalone") {
        return [];
    }
    return [
        { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "create", "delete"] },
        // The owner of every TaskManager's pod.
        { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"], resourceNames: [id] },
        // For that owner to block its own deletion, where admission asks for it as OpenShift's does (FLINK-27211).
        { apiGroups: ["apps"], resources: ["deployments/finalizers"], verbs: ["update"], resourceNames: [id] },
        ...(settings.highAvailability.kind === "kubernetes"
            ? [configMaps(["get", "list", "watch", "create", "update", "patch", "delete"])]
            : []),
    ];
}

/** What a TaskManager asks: who leads, where ConfigMaps say so. */
export function taskManagerRules({ settings }: Pick<Session, "settings">): AccessRule[] {
    return settings.highAvailability.kind === "kubernetes" ? [configMaps(["get", "list", "watch"])] : [];
}

/** A right of people who use a session. */
export type Right = Session["settings"]["submitters"][number]["rights"][number];

/** What people with some rights may do in the namespace. None may create or delete what belongs to the session. */
export function submitterRules({ id }: Pick<Session, "id">, rights: readonly Right[]): AccessRule[] {
    const service: AccessRule = {
        apiGroups: [""],
        resources: ["services"],
        verbs: ["get"],
        resourceNames: [id, restService(id)],
    };
    const pods: AccessRule = { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] };
    const has = (right: Right) => rights.includes(right);
    return [
        // The client looks for the cluster, and for the address of its REST API (Fabric8FlinkKubeClient.getRestEndpoint).
        ...(has("submit") || has("forward") ? [service] : []),
        ...(has("submit")
            ? [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"], resourceNames: [id] }]
            : []),
        ...(has("forward") || has("debug") ? [pods] : []),
        ...(has("forward") ? [{ apiGroups: [""], resources: ["pods/portforward"], verbs: ["create"] }] : []),
        ...(has("debug")
            ? [
                  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
                  { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] },
              ]
            : []),
    ];
}

/** Outside of any namespace: the nodes' addresses, which the client needs for a port of every node. */
export function submitterClusterRules({ settings }: Pick<Session, "settings">, rights: readonly Right[]): AccessRule[] {
    return settings.rest.kind === "nodePort" && rights.includes("submit")
        ? [{ apiGroups: [""], resources: ["nodes"], verbs: ["list"] }]
        : [];
}
