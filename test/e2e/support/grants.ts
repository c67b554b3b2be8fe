import type { Subject } from "./reviews";

/*
 * Who may do what in the shipped stacks dev and production, by the fact sheets of the systems: what each calls of the
 * Kubernetes API.
 */

/** Somebody, and the namespaces in which nothing is expected beside what a grant names. */
export interface Somebody extends Subject {
    readonly around: readonly string[];
}

/** All namespaces, and what lives outside any. */
export const anywhere = "anywhere";

/** What somebody may do in one place. */
interface Right {
    readonly pairs: readonly string[];
    /** Object that some of the pairs hold for only. */
    readonly name?: string;
}

export interface Grant {
    readonly who: string;
    readonly subject: Somebody;
    readonly rights: Readonly<Record<string, Right>>;
}

/** A ServiceAccount. */
export const account = (name: string, namespace: string): Somebody => ({
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    around: [namespace, anywhere],
});

/** A member of a group of people. */
const member = (group: string, around: readonly string[]): Somebody => ({
    user: `somebody-of-${group}`,
    groups: [group, "system:authenticated"],
    around: [...around, anywhere],
});

/** Somebody without any binding: what everyone may do. */
export const nobody: Subject = { user: "nobody", groups: ["system:serviceaccounts", "system:authenticated"] };

const pairs = (resource: string, ...verbs: readonly string[]): string[] => verbs.map((verb) => `${verb} ${resource}`);

/** Teraslice's master: kubernetesV2/k8s.ts of 3.18.0. */
const terasliceMaster = [
    ...pairs("deployments.apps", "create", "list", "patch", "delete"),
    ...pairs("jobs.batch", "create", "list", "delete"),
    ...pairs("pods", "list", "delete"),
    ...pairs("replicasets.apps", "list", "delete"),
    ...pairs("services", "create", "list", "delete"),
];

/** Heron's API server, section 8 of its sheet. */
const heronApiServer = [
    ...pairs("statefulsets.apps", "create", "get", "patch", "deletecollection"),
    ...pairs("services", "create", "delete"),
    ...pairs("persistentvolumeclaims", "deletecollection"),
    ...pairs("pods", "deletecollection"),
    ...pairs("configmaps", "get"),
];

/** Pods of Twister2's jobs, section 5.1 of its sheet. */
const twister2Jobs = [
    ...pairs("pods", "list", "watch"),
    ...pairs("configmaps", "list", "watch", "patch", "delete"),
    ...pairs("services", "delete"),
    ...pairs("persistentvolumeclaims", "delete"),
    ...pairs("statefulsets.apps", "list", "delete"),
    ...pairs("statefulsets/scale.apps", "patch"),
];

/** People who submit jobs to Twister2, section 5.2; with OpenMPI they list Secrets too. */
const twister2Submitters = [
    ...pairs("pods", "get", "list", "watch"),
    ...pairs("pods/exec", "get", "create"),
    ...pairs("services", "list", "create", "delete"),
    ...pairs("configmaps", "list", "create", "patch", "delete"),
    ...pairs("persistentvolumeclaims", "list", "create", "delete"),
    ...pairs("statefulsets.apps", "list", "create", "delete"),
];

/** A JobManager of Flink, section 3 of its sheet; the last two for its own Deployment only. */
const jobManager = [
    ...pairs("pods", "get", "list", "watch", "create", "delete"),
    ...pairs("deployments.apps", "get"),
    ...pairs("deployments/finalizers.apps", "update"),
];
const electing = pairs("configmaps", ...["get", "list", "watch", "create", "update", "patch", "delete"]);

/** People who attach to a session and run jobs, and reach it through the API server. */
const sessionUsers = [
    ...pairs("services", "get"),
    ...pairs("deployments.apps", "get"),
    ...pairs("pods", "get", "list"),
    ...pairs("pods/portforward", "create"),
];

/** Those who also look into pods. */
const debuggers = [...pairs("pods/log", "get"), ...pairs("pods/exec", "create")];

export const grants: readonly Grant[] = [
    {
        who: "production's Teraslice master",
        subject: { ...account("teraslice-master", "prod-teraslice"), around: ["dev-teraslice", anywhere] },
        rights: { "prod-teraslice": { pairs: terasliceMaster } },
    },
    {
        who: "dev's Teraslice master",
        subject: { ...account("teraslice-master", "dev-teraslice"), around: [] },
        rights: { "dev-teraslice": { pairs: terasliceMaster } },
    },
    {
        who: "production's Heron API server",
        subject: { ...account("heron-apiserver", "prod-heron"), around: ["prod-heron", "prod-zookeeper", anywhere] },
        rights: { "prod-heron-topologies": { pairs: heronApiServer, name: "heron-pods" } },
    },
    {
        who: "dev's Heron API server",
        subject: { ...account("heron-apiserver", "dev-heron"), around: ["prod-heron-topologies"] },
        rights: { "dev-heron-topologies": { pairs: heronApiServer, name: "heron-pods" } },
    },
    {
        who: "jobs of production's Twister2",
        subject: { ...account("default", "prod-twister2-research"), around: ["prod-twister2", anywhere] },
        rights: { "prod-twister2-research": { pairs: twister2Jobs } },
    },
    {
        who: "jobs of dev's Twister2",
        subject: { ...account("default", "dev-twister2-research"), around: [] },
        rights: { "dev-twister2-research": { pairs: twister2Jobs } },
    },
    {
        who: "a JobManager with high availability by Kubernetes",
        subject: { ...account("flink-streams", "prod-flink-streams"), around: ["dev-flink-shared", anywhere] },
        rights: { "prod-flink-streams": { pairs: [...jobManager, ...electing], name: "flink-streams" } },
    },
    {
        who: "its TaskManagers",
        subject: { ...account("flink-streams-taskmanager", "prod-flink-streams"), around: [] },
        rights: { "prod-flink-streams": { pairs: pairs("configmaps", "get", "list", "watch") } },
    },
    {
        who: "a JobManager without high availability",
        subject: { ...account("flink-shared", "dev-flink-shared"), around: [] },
        rights: { "dev-flink-shared": { pairs: jobManager, name: "flink-shared" } },
    },
    {
        who: "the group of researchers",
        subject: member("research", ["prod-heron", "prod-heron-topologies", "prod-twister2", "prod-zookeeper"]),
        rights: {
            "dev-twister2-research": { pairs: twister2Submitters },
            "prod-twister2-research": { pairs: [...twister2Submitters, ...pairs("secrets", "list")] },
            "dev-flink-shared": { pairs: [...sessionUsers, ...debuggers], name: "flink-shared" },
            "prod-flink-streams": { pairs: sessionUsers, name: "flink-streams" },
            [anywhere]: { pairs: pairs("nodes", "list") },
        },
    },
];

/** A driver of Spark: section 4.3 of the data systems' sheet, and Spark's own calls. */
const sparkDriver = [
    ...pairs("pods", "get", "list", "watch", "create", "patch", "delete", "deletecollection"),
    ...pairs("configmaps", "get", "list", "create", "delete", "deletecollection"),
    ...pairs("services", "get", "list", "delete", "deletecollection"),
    ...pairs("persistentvolumeclaims", "get", "list", "create", "delete", "deletecollection"),
];
const managed = ["get", "list", "watch", "create", "update", "patch", "delete"];

/** People who submit applications to Spark's operator, and look at them. */
const sparkSubmitters = [
    ...pairs("sparkapplications.sparkoperator.k8s.io", ...managed),
    ...pairs("scheduledsparkapplications.sparkoperator.k8s.io", ...managed),
    ...pairs("pods", "get", "list", "watch"),
    ...pairs("pods/log", "get"),
    ...pairs("pods/portforward", "get", "create"),
    ...pairs("services", "get", "list"),
    ...pairs("events", "get", "list", "watch"),
];

/** People who submit trainings, and look at them. JobSets are no resource here: nobody installed them. */
const trainingSubmitters = [
    ...pairs("trainjobs.trainer.kubeflow.org", ...managed),
    ...pairs("pods", "get", "list", "watch"),
    ...pairs("pods/log", "get", "list", "watch"),
    ...pairs("events", "get", "list", "watch"),
];

/** Who may do what in the shipped stacks data and data-production. */
export const dataGrants: readonly Grant[] = [
    {
        who: "data's drivers of Spark",
        subject: { ...account("spark", "data-spark-research"), around: ["data-kafka", "data-cassandra", anywhere] },
        rights: { "data-spark-research": { pairs: sparkDriver } },
    },
    {
        who: "data-production's drivers of Spark",
        subject: { ...account("spark", "data-prod-spark-reports"), around: ["data-spark-research", anywhere] },
        rights: { "data-prod-spark-reports": { pairs: sparkDriver } },
    },
    {
        who: "the group of researchers",
        subject: member("research", ["data-kafka", "data-redis-cache", "data-prod-spark-reports"]),
        rights: {
            "data-spark-research": { pairs: sparkSubmitters },
            "data-tensorflow-research": { pairs: trainingSubmitters },
            "data-prod-tensorflow-research": { pairs: trainingSubmitters },
            [anywhere]: { pairs: pairs("clustertrainingruntimes.trainer.kubeflow.org", "get", "list", "watch") },
        },
    },
    {
        who: "the group of analysts",
        subject: member("analytics", ["data-spark-research", "data-prod-cassandra"]),
        rights: { "data-prod-spark-reports": { pairs: sparkSubmitters } },
    },
];
