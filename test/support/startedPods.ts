import { parse } from "yaml";
import type { Plan, PlannedResource } from "../../bin/plan/plan";
import { all, at } from "./plans";

/** Pods that no plan holds, since a system starts them by itself. */
export interface StartedPods {
    readonly what: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    /** What of the pod the program decides, where it does. */
    readonly spec?: unknown;
}

const text = (resource: PlannedResource, input: string): string => String(resource.inputs[input]);

/** Labels that each system gives its pods, by its own code: see its fact sheet. */
const startedBy: Readonly<Record<string, (system: PlannedResource, plan: Plan) => StartedPods[]>> = {
    Teraslice: (system) =>
        ["execution_controller", "worker"].map((part) => ({
            what: `the ${part} of a job of ${system.name}`,
            namespace: text(system, "namespace"),
            labels: {
                "app.kubernetes.io/name": "teraslice",
                "app.kubernetes.io/instance": text(system, "clusterName"),
                "app.kubernetes.io/component": part,
                "job.teraslice.terascope.io/relocatable": "false",
            },
        })),
    Heron: (system) => [
        {
            what: `a topology of ${system.name}`,
            namespace: text(system, "topologyNamespace"),
            labels: { app: "heron", topology: "sample" },
        },
    ],
    Twister2JobNamespace: (system) => [
        {
            what: `a job of ${system.name}`,
            namespace: text(system, "namespace"),
            labels: { app: "twister2", "t2-job": "sample" },
        },
    ],
    FlinkSession: (system, plan) =>
        system.inputs["mode"] === "native"
            ? [
                  {
                      what: `a TaskManager of ${system.name}`,
                      namespace: text(system, "namespace"),
                      labels: {
                          ...(at(podTemplate(system, plan), "metadata.labels") as Record<string, string>),
                          app: text(system, "clusterId"),
                          type: "flink-native-kubernetes",
                          component: "taskmanager",
                      },
                      spec: at(podTemplate(system, plan), "spec"),
                  },
              ]
            : [],
    ...operators(),
    SparkJobNamespace: (system) =>
        ["driver", "executor"].map((part) => ({
            what: `the ${part} of an application of ${system.name}`,
            namespace: text(system, "namespace"),
            labels: { "spark-role": part, "sparkoperator.k8s.io/launched-by-spark-operator": "true" },
        })),
    RedisReplication: (resource) => [member(resource, "", "replication", "replication", "spec")],
    RedisSentinel: (resource) => [member(resource, "-sentinel", "sentinel", "sentinel", "spec")],
    RedisCluster: (resource) =>
        [
            ["leader", "spec.redisLeader"],
            ["follower", "spec.redisFollower"],
        ]
            .filter(([, path = ""]) => Number(at(resource.inputs, `${path}.replicas`)) > 0)
            .map(([role = "", path = ""]) => member(resource, `-${role}`, "cluster", role, path)),
    TensorflowJobNamespace: (system) => [
        {
            what: `a node of a job of ${system.name}`,
            namespace: text(system, "namespace"),
            labels: {
                "jobset.sigs.k8s.io/jobset-name": "sample",
                "jobset.sigs.k8s.io/replicatedjob-name": "node",
            },
        },
    ],
};

/**
 * Pods that Redis' operator makes of one of its resources, from the part of it at `path`: its own labels, and over them
 * those of the resource (GetRedisLabels of its release 0.26).
 */
function member(resource: PlannedResource, suffix: string, setup: string, role: string, path: string): StartedPods {
    return {
        what: `the pods of ${resource.name}`,
        namespace: String(at(resource.inputs, "metadata.namespace")),
        labels: {
            app: `${String(at(resource.inputs, "metadata.name"))}${suffix}`,
            redis_setup_type: setup,
            role,
            ...(at(resource.inputs, "metadata.labels") as Record<string, string>),
        },
        spec: at(resource.inputs, path),
    };
}

/** Labels of the pods of the operators' charts, by the chart (each one's templates/_helpers.tpl). */
function operators(): Readonly<Record<string, (release: PlannedResource) => StartedPods[]>> {
    const labels = (name: string, instance: string, component: string) => ({
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/instance": instance,
        "app.kubernetes.io/component": component,
    });
    const ofChart: Readonly<Record<string, (release: string) => readonly Readonly<Record<string, string>>[]>> = {
        "spark-operator": (release) => [
            labels("spark-operator", release, "controller"),
            labels("spark-operator", release, "webhook"),
        ],
        "redis-operator": (release) => [{ name: release }],
        "kubeflow-trainer": (release) => [
            labels("kubeflow-trainer", release, "manager"),
            labels("jobset", release, "controller"),
        ],
    };
    return {
        Release: (release) =>
            (ofChart[String(release.inputs["chart"]).split("/").at(-1) ?? ""] ?? (() => []))(text(release, "name")).map(
                (pods) => ({ what: `pods of ${release.name}`, namespace: text(release, "namespace"), labels: pods }),
            ),
    };
}

/** The pod template that a JobManager reads. */
function podTemplate(session: PlannedResource, plan: Plan): unknown {
    const name = `pod-template-${text(session, "clusterId")}`;
    const map = all(plan, "ConfigMap").find(
        ({ inputs }) =>
            at(inputs, "metadata.name") === name && at(inputs, "metadata.namespace") === session.inputs["namespace"],
    );
    return parse(String(at(map?.inputs, 'data["taskmanager-pod-template.yaml"]')));
}

/** The pods that the systems of a plan start by themselves. */
export function startedPods(plan: Plan): StartedPods[] {
    return Object.entries(startedBy).flatMap(([kind, of]) => all(plan, kind).flatMap((system) => of(system, plan)));
}
