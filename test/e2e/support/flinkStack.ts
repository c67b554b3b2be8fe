import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "./cluster";
import type { Session } from "./flinkProcess";
import { succeeded } from "./run";
import { Workspace } from "./workspace";

/** The stack with Flink sessions: its file is none of those that are shipped. */
export const flinkStack = "flink";

/** What of a session the tests need to know beforehand; the rest they read from the cluster. */
export interface DeclaredSession extends Session {
    /** How many TaskManagers it keeps without a job. */
    readonly least: number;
    readonly highAvailability: boolean;
}

/** The sessions of the fixture. */
export const sessions: readonly DeclaredSession[] = [
    { namespace: "flk-flink-events", clusterId: "events", least: 2, highAvailability: false },
    { namespace: "flk-flink-orders", clusterId: "orders", least: 1, highAvailability: true },
];

/** The labels by which Flink finds a session's TaskManagers. */
export const workerSelector = "type=flink-native-kubernetes,component=taskmanager";

/** A workspace with the stack, initialized and bound to the cluster; nothing is deployed. */
export async function flinkWorkspace(cluster: Cluster): Promise<Workspace> {
    const workspace = new Workspace(cluster.kubeconfig);
    const fixture = join(__dirname, "../fixtures", `Pulumi.${flinkStack}.yaml`);
    writeFileSync(workspace.stackFile(flinkStack), readFileSync(fixture));
    const context = await cluster.context();
    workspace.editStack(flinkStack, ({ set }) => set("cluster.context", context));
    succeeded("stack init", await workspace.pulumi("stack", "init", flinkStack, "--no-select"));
    return workspace;
}

/** Takes the stack down, as far as it is there, and what is left of a failed run. */
export async function removeFlink(cluster: Cluster, workspace: Workspace): Promise<void> {
    if (workspace.state(flinkStack).includes('"kubernetes:')) {
        await workspace.operate("destroy", flinkStack);
    }
    await cluster.deleteNamespaces(...sessions.map(({ namespace }) => namespace));
    await cluster.deletePriorityClasses("flk");
    workspace.remove();
}
