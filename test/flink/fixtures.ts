import { parse } from "yaml";
import type { Plan } from "../../bin/plan/plan";
import type { Foundation } from "../../components/foundation/environment";
import { checked } from "../../components/foundation/faults";
import { FlinkSession } from "../../components/flink/flinkSession";
import { type FlinkSessionSettings, flinkSessionSettings } from "../../components/flink/schema";
import { type Session, session } from "../../components/flink/session";
import { tcp } from "../../components/foundation/networkPolicy";
import type { ZooKeeperConnection } from "../../components/zookeeper/connection";
import { type FoundationOverrides, foundation as foundationOf } from "../support/foundation";
import { at, find, planOf } from "../support/plans";

/** What a test changes of the good session. */
export interface SessionOverrides {
    readonly name?: string;
    readonly namespace?: string;
    readonly foundation?: Foundation;
    readonly zookeeper?: ZooKeeperConnection | undefined;
}

/** Target sets with one target of each constraint, and with all of them. */
export const targets: Foundation["targets"] = {
    masters: [{ key: "pool", value: "masters", constraint: "required" }],
    workers: [
        { key: "pool", value: "workers", constraint: "required" },
        { key: "disk", value: "ssd", constraint: "preferred" },
        { key: "pool", value: "workers", constraint: "accepted" },
    ],
};

/** A foundation that a session can be made in. */
export function foundation(overrides: FoundationOverrides = {}): Foundation {
    return foundationOf({ apiServer: { cidrs: ["10.0.0.1/32"], ports: [443] }, targets, ...overrides });
}

/** The stack's ensemble, which asks for nothing. */
export const ensemble: ZooKeeperConnection = {
    connectionString: "zookeeper-client.dev-zookeeper:2181",
    flow: { peers: [{ namespace: "dev-zookeeper" }], ports: tcp(2181) },
};

/** What directories in an object store need beside them. */
export const store = {
    plugins: ["s3-fs-presto"],
    egress: [{ to: [{ cidr: "192.0.2.0/24" }], ports: [{ port: 443 }] }],
    checkpointing: { directory: "s3://bucket/checkpoints" },
} as const satisfies FlinkSessionSettings;

/** High availability by ConfigMaps. */
export const available = {
    ...store,
    highAvailability: { kind: "kubernetes", storageDir: "s3://bucket/ha" },
} as const satisfies FlinkSessionSettings;

/** High availability by the stack's ensemble. */
export const electedByZooKeeper = {
    ...store,
    highAvailability: { kind: "zookeeper", storageDir: "s3://bucket/ha" },
} as const satisfies FlinkSessionSettings;

/** A session's plain values. */
export function sessionOf(settings: FlinkSessionSettings = {}, overrides: SessionOverrides = {}): Session {
    return session({
        component: overrides.name ?? "flink-team",
        foundation: overrides.foundation ?? foundation(),
        namespace: overrides.namespace ?? "dev-flink-team",
        settings: checked(flinkSessionSettings, "flink", settings),
        zookeeper: "zookeeper" in overrides ? overrides.zookeeper : ensemble,
    });
}

/** A session's component; for use inside a plan. */
export function flinkSession(settings: FlinkSessionSettings = {}, overrides: SessionOverrides = {}): FlinkSession {
    return new FlinkSession(overrides.name ?? "flink-team", {
        foundation: overrides.foundation ?? foundation(),
        namespace: overrides.namespace ?? "dev-flink-team",
        settings,
        zookeeper: "zookeeper" in overrides ? overrides.zookeeper : ensemble,
    });
}

/** Everything that a session registers. */
export function sessionPlan(settings: FlinkSessionSettings = {}, overrides: SessionOverrides = {}): Promise<Plan> {
    return planOf(() => flinkSession(settings, overrides));
}

/** The value at a path of the JobManager's Deployment. */
export function jobManager(plan: Plan, path: string): unknown {
    return at(find(plan, "Deployment").inputs, path);
}

/** The JobManager's only container. */
export function mainContainer(plan: Plan, path: string): unknown {
    return jobManager(plan, `spec.template.spec.containers[0].${path}`);
}

/** The template of TaskManagers, parsed. */
export function template(plan: Plan): unknown {
    return parse(textOf(plan, "pod-template-flink-team", "taskmanager-pod-template.yaml"));
}

/** The keys of config.yaml. */
export function config(plan: Plan): Readonly<Record<string, unknown>> {
    return parse(textOf(plan, "flink-config-flink-team", "config.yaml")) as Record<string, unknown>;
}

/** A file in a ConfigMap. */
export function textOf(plan: Plan, map: string, file: string): string {
    return String(at(find(plan, "ConfigMap", map).inputs, `data["${file}"]`));
}
