import type { Family } from "./operator";

/** Places whose deletion weakens an object, and the family that it belongs to. */
export interface Territory {
    readonly family: Family;
    readonly at: RegExp;
    /** @default every kind */
    readonly kinds?: readonly string[];
}

const jobs = ["Job", "CronJob"];

/**
 * Whatever stands here is deleted, place by place, branches as well as leaves, but for what {@link excluded} names. The
 * first that matches a place decides on its family.
 */
export const territories: readonly Territory[] = [
    { family: "security context", at: /[sS]ecurityContext\b/ },
    { family: "resources", at: /(^|\.)resources(PerNode)?(\.(limits|requests)\b.*)?$/ },
    { family: "resources", at: /\.(driver|executor)\.(coreLimit|coreRequest|memory)$/ },
    { family: "probes", at: /\.(readiness|liveness|startup)Probe$/ },
    { family: "stopping", at: /(^|\.)lifecycle$/ },
    { family: "spread", at: /(^|\.)(podAntiAffinity|topologySpreadConstraints)\b/ },
    { family: "budgets", at: /^spec\b/, kinds: ["PodDisruptionBudget"] },
    { family: "budgets", at: /\.pdb\b/ },
    { family: "network policies", at: /^spec\b/, kinds: ["NetworkPolicy"] },
    { family: "namespaces", at: /\["pod-security\.kubernetes\.io\/\w+"\]$/ },
    { family: "namespaces", at: /\["data-platform\/pod-security-reason"\]$/ },
    { family: "namespaces", at: /^spec\b/, kinds: ["LimitRange"] },
    { family: "config hash", at: /\["data-platform\/config-hash"\]$/ },
    { family: "selectors", at: /\["data-platform\/selects"\]$/ },
    { family: "labels", at: /metadata\.labels\b/ },
    { family: "priorities", at: /(^|\.)priorityClassName$/ },
    { family: "storage", at: /(^|\.)(storageClassName|persistentVolumeClaimRetentionPolicy\b.*|keepAfterDelete)$/ },
    { family: "tokens", at: /(^|\.)(enableServiceLinks|serviceAccountName|serviceAccount)$/ },
    { family: "tokens", at: /^automountServiceAccountToken$/, kinds: ["ServiceAccountPatch"] },
    { family: "access", at: /^rules\[\]\.resourceNames$/ },
    { family: "selectors", at: /^spec\.(selector|clusterIP|serviceName)$/, kinds: ["Service", "StatefulSet"] },
    {
        family: "jobs",
        at: /(^|\.)(activeDeadlineSeconds|backoffLimit|ttlSecondsAfterFinished|concurrencyPolicy|startingDeadlineSeconds)$/,
        kinds: jobs,
    },
    { family: "jobs", at: /^spec\.(successfulJobsHistoryLimit|failedJobsHistoryLimit)$/, kinds: jobs },
];

/** A place that no deletion is tried at, and why that hides nothing. */
export interface Exclusion {
    readonly at: RegExp;
    readonly kinds?: readonly string[];
    readonly reason: string;
}

const spark = ["SparkApplication", "ScheduledSparkApplication"];
const redis = ["RedisCluster", "RedisReplication", "RedisSentinel"];

const refused = "the API server refuses the object without it";
const meant = "what the system runs is for the stack to say: no general fact says what is right";
const placed = "where pods may run is what the stack's targets ask for: no general fact says which nodes are right";
const fewer = "less would be allowed, not more";
const standard = "the API server's own default is as good";

/** Every leaf that no mutant touches is named here. */
export const excluded: readonly Exclusion[] = [
    { at: /^(apiVersion|kind|status)$/, reason: "makes the object what it is: another one is another object" },
    { at: /\["pulumi\.com\/\w+"\]$/, reason: "tells Pulumi how long to wait" },
    // --- pods ---
    { at: /fsGroupChangePolicy$/, reason: "only decides how long a mount takes" },
    { at: /capabilities\.drop\[\]$/, reason: "the list is deleted as a whole and its only entry is ALL" },
    {
        at: /[pP]robe\./,
        reason: "a probe is deleted, exchanged and shortened as a whole; its own defaults are Kubernetes'",
    },
    { at: /\.lifecycle\./, reason: "the hook is deleted as a whole" },
    {
        at: /(^|\.)(containers|initContainers|sidecars)\[\]\.(name|command|args|env|envFrom|ports|volumeMounts|workingDir|restartPolicy|imagePullPolicy)\b/,
        reason: meant,
    },
    {
        at: /(^|\.)volumes\b/,
        reason: "which files a pod sees; a volume of the host is added by an operator, and the limit of ephemeral storage holds for emptyDir volumes too",
    },
    { at: /(^|\.)(nodeAffinity|tolerations|nodeSelector)\b/, reason: placed },
    { at: /(^|\.)imagePullSecrets\b/, reason: "a missing one shows at the first start: the image can't be pulled" },
    { at: /(^|\.)imagePullPolicy$/, reason: standard },
    { at: /spec\.restartPolicy$/, reason: meant },
    {
        at: /(^|\.)automountServiceAccountToken$/,
        reason: "true is Kubernetes' own default, and false is exchanged for it",
    },
    {
        at: /(^|\.)terminationGracePeriodSeconds$/,
        reason: "a pod that ends by itself has nothing to hand over; others get less",
    },
    { at: /podAntiAffinity\..*(\.labelSelector|\.topologyKey|\.weight|\.podAffinityTerm)$/, reason: refused },
    { at: /topologySpreadConstraints\[\]\.(labelSelector|maxSkew|topologyKey|whenUnsatisfiable)$/, reason: refused },
    {
        at: /(podAntiAffinity|topologySpreadConstraints)\b.*\.matchLabels.*$/,
        reason: "a selector of fewer labels keeps more pods apart; one that selects nothing is tried",
    },
    { at: /\.(requests\.storage|accessModes\[?\]?)$/, reason: refused },
    { at: /\.(accessModes\[\]|accessModes)$/, reason: refused },
    {
        at: /(volumeClaimTemplates?(\[\])?|nodeConfVolumeClaimTemplate)\.spec\.resources(\.requests)?$/,
        reason: refused,
    },
    { at: /^spec\.resources(\.requests)?$/, kinds: ["PersistentVolumeClaim"], reason: refused },
    {
        at: /\.(limits|requests)\["[\w.-]+\.[a-z]+\/[\w-]+"\]$/,
        reason: "how many accelerators is for the stack to say",
    },
    { at: /capabilities\.add\b/, reason: fewer },
    { at: /\.trainer\.resourcesPerNode\b/, reason: "the runtime's own amounts hold then, and they are judged" },
    {
        at: /metadata\.labels(\.\w+|\["(release|team|trainer\.kubeflow\.org\/[\w-]+|data-platform\/(consumer-of|base))"\])$/,
        reason: "a label that its system or its reader asks for; selectors that find nothing are tried",
    },
    {
        at: /^metadata\.labels\["data-platform\/rack"\]$/,
        reason: "tells people the rack; the one that selectors need is on the pods",
    },
    {
        at: /replicatedJobs\[\]\.template\.metadata\.labels$/,
        reason: "holds the label only by which Kubeflow's trainer knows its step",
    },
    // --- sets ---
    {
        at: /^spec\.(replicas|clusterSize)$/,
        reason: "how many is for the stack to say; an even quorum is tried, and guards compare old with new",
    },
    { at: /^spec\.(progressDeadlineSeconds|revisionHistoryLimit|minReadySeconds)$/, reason: standard },
    { at: /^spec\.ordinals\b/, reason: "gives the members their numbers" },
    { at: /(^|\.)updateStrategy\b/, reason: "the API server's own default is the same" },
    {
        at: /^spec\.strategy\b/,
        reason: "the default replaces no pod before a new one is ready, for up to three; others are tried",
        kinds: ["Deployment"],
    },
    { at: /^spec\.selector\.matchLabels/, reason: refused, kinds: ["Deployment", "StatefulSet", "DaemonSet"] },
    { at: /^spec\.selector$/, reason: refused, kinds: ["Deployment", "StatefulSet", "DaemonSet"] },
    { at: /volumeClaimTemplates\[\]\.metadata\.name$/, reason: refused },
    { at: /^spec\.(schedule|timeZone|suspend)$/, reason: meant },
    // --- custom resources ---
    {
        at: /^spec\.(mlPolicy|template\.spec\.(failurePolicy|network)|template\.spec\.replicatedJobs\[\]\.(name|template\.spec\.backoffLimit))\b/,
        kinds: ["ClusterTrainingRuntime"],
        reason: meant,
    },
    {
        at: /^spec\.(activeDeadlineSeconds|runtimePatches|runtimeRef|trainer\.(args|command|env|numNodes|image))\b/,
        kinds: ["TrainJob"],
        reason: meant,
    },
    {
        at: /^spec\.(template\.)?(arguments|deps|dynamicAllocation|hadoopConf|mainApplicationFile|mainClass|mode|pythonVersion|restartPolicy|sparkConf|sparkVersion|timeToLiveSeconds|type)\b/,
        kinds: spark,
        reason: meant,
    },
    { at: /^spec\.(failed|successful)RunHistoryLimit$/, kinds: spark, reason: meant },
    {
        at: /\.(driver|executor)\.(cores|instances|javaOptions|memoryOverhead)$/,
        kinds: spark,
        reason: "coreRequest and the template's memory decide, and they are tried",
    },
    {
        at: /\b(TLS|redisSecret|redisReplicationPassword)\b/,
        kinds: redis,
        reason: "logins and encryption of a system are options of its stack, checked where the stack file is read",
    },
    {
        at: /\.(clusterVersion|ignoreAnnotations\b.*|minReadySeconds|persistenceEnabled|nodeConfVolume|redisConfig\b.*|replicas)$/,
        kinds: redis,
        reason: meant,
    },
    { at: /\.(initContainer|redisExporter)\.enabled$|\.redisSentinelConfig\b/, kinds: redis, reason: meant },
    // --- objects around pods ---
    {
        at: /^(spec|metadata\.annotations)\b/,
        kinds: ["HTTPRoute", "Ingress"],
        reason: "a UI is open only where the stack asks for it, and the stack file is refused without encryption and a login",
    },
    { at: /^metadata\.annotations\["external-dns/, reason: meant },
    {
        at: /^spec\.(namespaceSelector|podMetricsEndpoints|endpoints|podTargetLabels|groups)\b/,
        kinds: ["PodMonitor", "ServiceMonitor", "PrometheusRule"],
        reason: "what is measured hardens nothing",
    },
    {
        at: /^spec\.selector\.matchLabels/,
        reason: "fewer labels select more pods; a label that selects nothing is tried",
        kinds: ["PodDisruptionBudget", "PodMonitor", "ServiceMonitor"],
    },
    {
        at: /^spec\.selector(\.\w+|\[)/,
        reason: "fewer labels select more pods; a label that selects nothing is tried",
        kinds: ["Service"],
    },
    {
        at: /^spec\.(ports\b|type$|publishNotReadyAddresses$|sessionAffinity|externalTrafficPolicy|loadBalancer)/,
        reason: meant,
        kinds: ["Service"],
    },
    { at: /^spec\.podSelector/, reason: "a policy for every pod of its namespace is tried", kinds: ["NetworkPolicy"] },
    { at: /^spec\.(ingress|egress)(\[\])?$/, reason: fewer, kinds: ["NetworkPolicy"] },
    { at: /^spec\.(ingress|egress)\[\]\.(from|to|ports)\[\]$/, reason: fewer, kinds: ["NetworkPolicy"] },
    { at: /\.ports\[\]\.protocol$/, reason: standard, kinds: ["NetworkPolicy"] },
    {
        at: /\.(from|to)\[\]\.(podSelector|namespaceSelector)\b.*$/,
        reason: "how narrow a peer is is for the system to say; every pod of every namespace is tried",
        kinds: ["NetworkPolicy"],
    },
    { at: /\.ipBlock\b/, reason: "the world is tried; without a range the peer is refused", kinds: ["NetworkPolicy"] },
    { at: /^rules(\[\])?(\.(verbs|resources|apiGroups|resourceNames)\[?\]?|\.nonResourceURLs.*)?$/, reason: fewer },
    { at: /^rules\[\]\.resourceNames\[\]$/, reason: fewer },
    { at: /^(subjects|roleRef)\b/, reason: refused },
    {
        at: /^(value|preemptionPolicy|description)$/,
        reason: "the rank of a class is for the stack to say",
        kinds: ["PriorityClass"],
    },
    {
        at: /^spec\.hard\b/,
        reason: "a namespace may be without a quota; one that is too small is tried",
        kinds: ["ResourceQuota"],
    },
    { at: /^spec\.limits(\[\])?(\.type)?$/, reason: refused, kinds: ["LimitRange"] },
    {
        at: /^(type|stringData|binaryData|data|immutable)\b/,
        reason: "the text of files: the systems themselves judge it (test/real); a key and a password in it are tried",
        kinds: ["ConfigMap", "Secret"],
    },
];
