/** Mutants that no rule finds, and why none has to. */
export interface Survivor {
    /** The ids of the mutants, `<stack>/<object>/<path>: <operator>`. */
    readonly id: RegExp;
    readonly reason: string;
}

const startedElsewhere =
    "selects pods that a system starts by itself: they are in no plan, and the annotation data-platform/selects says so";
const allowed = "the stack's file allows the exposure of this service by name";
const declared =
    "the namespace states in an annotation why it is not restricted: how far it goes is for its author to say";

/**
 * Everything that survives is named here: the spec fails at a survivor that is not listed, and at an entry that nothing
 * survives by any more.
 */
export const survivors: readonly Survivor[] = [
    // --- network ---
    { id: /NetworkPolicy .*\/spec\.podSelector\.matchLabels.*: another$/, reason: startedElsewhere },
    { id: /NetworkPolicy .*\/spec: selects nothing$/, reason: startedElsewhere },
    { id: /PodMonitor .*\/spec\.selector\.matchLabels.*: another$/, reason: startedElsewhere },
    {
        id: /NetworkPolicy twister2-.*-among\/spec\.(ingress|egress)\[\d+\]\.ports: deleted$/,
        reason: "Twister2's workers talk to each other on ports that they choose: the exemption in the stack's file says so",
    },
    { id: /Service .*\/spec: (ExternalName|LoadBalancer|NodePort)$/, reason: allowed },
    {
        id: /Service flink-.*-headless\/spec\.clusterIP: deleted$/,
        reason: "no StatefulSet names this service: one address in front of its one pod serves as well",
    },
    // --- names, labels and namespaces ---
    {
        id: /\/metadata\.labels\["data-platform\/owner"\]: another$/,
        reason: "cluster-scoped: there is no namespace whose owner it could be compared with, and a platform may have several",
    },
    {
        id: /StatefulSet .*\/spec\.volumeClaimTemplates\[\d+\]\.metadata\.labels/,
        reason: "claim templates can't be changed: what may differ later is left off them",
    },
    {
        id: /Namespace .*\["pod-security\.kubernetes\.io\/(enforce|audit|warn)"\]: (privileged|an older .*)$/,
        reason: declared,
    },
    {
        id: /ResourceQuota redis-operator-namespace-quota\/spec\.hard.*: less than is asked for$/,
        reason: "the pods of this namespace come from a Helm chart: they are in no plan",
    },
    {
        id: /Namespace heron-topologies-.*\/: protect removed$/,
        reason: "no object of the plan keeps anything in this namespace",
    },
    // --- pods ---
    {
        id: /\.limits\.cpu: raised tenfold$/,
        reason: "ten times the request is what the rule allows: processor time is shared out again at once",
    },
    {
        id: /ScheduledSparkApplication .*\.coreRequest: deleted$/,
        reason: "Spark asks for as many processors as `cores` says then",
    },
    {
        id: /^leaningDataFile\/StatefulSet cassandra-one-set\/.*(podAntiAffinity|topologySpreadConstraints)/,
        reason: "one node: there is nothing to keep it apart from",
    },
    {
        id: /^leaningDataFile\/StatefulSet cassandra-one-set\/.*securityContext/,
        reason: "the stack locks memory, for which it adds IPC_LOCK: the rule objects before and after alike",
    },
    {
        id: /^richFile\/Deployment opensearch-dashboard-proxy-deployment\/.*preferred instead of required$/,
        reason: "the proxy keeps nothing: one node for both is a choice",
    },
    {
        id: /^local\/Deployment .*\.priorityClassName: deleted$/,
        reason: "the stack's file says that no class is needed: nothing else runs there",
    },
    {
        id: /Deployment .*\/spec\.template\.spec\.terminationGracePeriodSeconds: (deleted|1 second)$/,
        reason: "keeps nothing while it runs: Kubernetes' own half minute is enough, where the system's sheet says nothing else",
    },
    {
        id: /StatefulSet flink-.*-taskmanager-set\/.*(terminationGracePeriodSeconds: deleted|podManagementPolicy: the other way)$/,
        reason: "a TaskManager keeps nothing of its own: its order does not matter, and 30 s are enough",
    },
    {
        id: /StatefulSet twister2-.*-uploader-server-set\/.*serviceAccountName: (default|deleted)$/,
        reason: "jobs of Twister2 run under the account `default` of this namespace: pods are meant to use it there",
    },
    {
        id: /Deployment flink-.*-jobmanager-deployment\/spec\.strategy: rolling instead of all anew$/,
        reason: "operations-update-strategy asks it of systems by name, and Flink's sessions are not among them yet",
    },
    // --- hashes ---
    {
        id: /(CronJob|ScheduledSparkApplication) .*\["data-platform\/config-hash"\]: (deleted|emptied)$/,
        reason: "each run is a new pod, which reads what is there",
    },
];
