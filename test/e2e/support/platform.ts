import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "./cluster";
import type { Pod } from "./objects";
import { succeeded } from "./run";
import { Workspace } from "./workspace";

/** Who may log in to the external OpenSearch of production, and to its S3 store: texts that occur nowhere else. */
export const canaries = {
    username: "canary-user-7c1f",
    password: "canary-password-93ab",
    accessKeyId: "canary-key-id-55d0",
    secretAccessKey: "canary-access-key-e821",
} as const;

export const allCanaries: readonly string[] = Object.values(canaries);

const credentials = { namespace: "platform-credentials", secretName: "production-opensearch" };

/** One target of a stack file. */
interface Target {
    readonly key: string;
    readonly value: string;
    readonly constraint?: string;
}

interface Placed {
    readonly targets?: string;
}

interface StackContent {
    readonly config: {
        readonly "data-platform:targets"?: Readonly<Record<string, readonly Target[]>>;
    } & Readonly<Record<string, unknown>>;
}

/** The namespaces that a stack's pods live in. */
export const devNamespaces = [
    "dev-zookeeper",
    "dev-opensearch",
    "dev-teraslice",
    "dev-heron",
    "dev-twister2",
    "dev-twister2-research",
    "dev-flink-shared",
];
export const productionNamespaces = [
    "prod-zookeeper",
    "prod-teraslice",
    "prod-heron",
    "prod-twister2",
    "prod-twister2-research",
    "prod-flink-streams",
];
/** The namespaces in which systems start pods that can't be `restricted`. */
export const baselineNamespaces = [
    "dev-heron-topologies",
    "dev-twister2-research",
    "prod-heron-topologies",
    "prod-twister2-research",
];

/** A workspace whose stacks go to the given cluster. */
export async function workspaceOn(cluster: Cluster): Promise<Workspace> {
    const workspace = new Workspace(cluster.kubeconfig);
    const context = await cluster.context();
    for (const stack of [
        "base",
        "team-streaming",
        "team-batch",
        "dev",
        "staging",
        "production",
        "data",
        "data-production",
    ]) {
        workspace.editStack(stack, ({ set }) => set("cluster.context", context));
    }
    return workspace;
}

/** The stack with everything that protects: its file is none of those that are shipped. */
export const securedStack = "secured";

/** Puts the file of {@link securedStack} into a workspace. */
export function addSecured(workspace: Workspace, context: string): void {
    const fixture = join(__dirname, "../fixtures", `Pulumi.${securedStack}.yaml`);
    writeFileSync(workspace.stackFile(securedStack), readFileSync(fixture));
    workspace.editStack(securedStack, ({ set }) => set("cluster.context", context));
}

/** The Secret that production's stack file reads its OpenSearch credentials from. */
export async function createCredentials(cluster: Cluster): Promise<void> {
    await cluster.apply(
        { apiVersion: "v1", kind: "Namespace", metadata: { name: credentials.namespace } },
        {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: credentials.secretName, namespace: credentials.namespace },
            stringData: { username: canaries.username, password: canaries.password },
        },
    );
}

export async function deleteCredentials(cluster: Cluster): Promise<void> {
    await cluster.deleteNamespaces(credentials.namespace);
}

const store = "systems.teraslice.connectors.s3.archive";
const storeKeys = ["accessKeyId", "secretAccessKey"] as const;

/** Gives a stack's Teraslice a connection to S3 whose keys stand in the stack file in plain text. */
export function addPlainStore(workspace: Workspace, stack: string): void {
    workspace.editStack(stack, ({ set }) => {
        set(`${store}.endpoint`, "https://s3.example.com");
        set("systems.teraslice.egress", [{ to: [{ cidr: "192.0.2.0/24" }], ports: [{ port: 443 }] }]);
        storeKeys.forEach((key) => set(`${store}.${key}`, canaries[key]));
    });
}

/** Gives a stack's Teraslice a connection to S3 whose keys are encrypted in the stack file. */
export async function addStore(workspace: Workspace, stack: string): Promise<void> {
    addPlainStore(workspace, stack);
    for (const key of storeKeys) {
        const path = `data-platform:${store}.${key}`;
        const arguments_ = ["config", "set", "--stack", stack, "--secret", "--path", path, canaries[key]];
        succeeded("config set", await workspace.pulumi(...arguments_));
    }
}

/** Where a stack file says which targets a pod has: by the labels that name its part. */
const targetPaths: readonly (readonly [part: RegExp, path: string])[] = [
    [/^zookeeper\//, "zookeeper"],
    [/^opensearch\//, "opensearch"],
    [/^teraslice\//, "systems.teraslice"],
    [/^bookkeeper\/.*\/dlog-bind$/, "systems.heron"],
    [/^bookkeeper\//, "systems.heron.bookkeeper"],
    [/^heron\//, "systems.heron"],
    [/^twister2\//, "systems.twister2.dashboard"],
    [/^uploader\/twister2-research-uploader/, "systems.twister2.jobNamespaces.research.uploader"],
    [/^cassandra\//, "systems.cassandra"],
    [/^kafka\/kafka\/controller$/, "systems.kafka.controllers"],
    [/^kafka\//, "systems.kafka.brokers"],
    [/^flink\/flink-shared\/jobmanager/, "systems.flink.shared.jobManager"],
    [/^flink\/flink-streams\/jobmanager/, "systems.flink.streams.jobManager"],
];

/** The targets that a stack file gives a pod, by the part that the pod belongs to. */
export function targetsOf(workspace: Workspace, stack: string, pod: Pod): readonly Target[] {
    const { config } = workspace.readStack(stack).toJS() as StackContent;
    const label = (name: string) => pod.metadata.labels?.[`app.kubernetes.io/${name}`] ?? "";
    const part = `${label("name")}/${label("instance")}/${label("component")}`;
    const [, path] = targetPaths.find(([pattern]) => pattern.test(part)) ?? [];
    if (path === undefined) {
        throw new Error(`no targets are known for pods of ${part}`);
    }
    const [section = "", ...rest] = path.split(".");
    const placed = rest.reduce<unknown>(
        (settings, key) => (settings as Readonly<Record<string, unknown>> | undefined)?.[key],
        config[`data-platform:${section}`],
    ) as Placed | undefined;
    const set = placed?.targets;
    return set === undefined ? [] : (config["data-platform:targets"]?.[set] ?? []);
}

/** The targets with one constraint; without one a target is required. */
export function withConstraint(targets: readonly Target[], wanted: string): readonly Target[] {
    return targets.filter(({ constraint }) => (constraint ?? "required") === wanted);
}
