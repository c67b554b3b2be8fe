import type { FlinkSessionSettings } from "../../components/flink/schema";
import { available, jobManager } from "./fixtures";
import { type Effect, key, pod, container, worker, object, rest, log } from "./reading";

const native = (settings: object) => ({ mode: { kind: "native", ...settings } }) as FlinkSessionSettings;
const peer = { namespace: "team" };
const fromTeam = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team" } } };
const rules = (index: number) => object("Role", "flink-team-submitters-0", `rules[${index}]`);

/** Of pods, services and people. */
export const clusterEffects: readonly Effect[] = [
    ["clusterId", { clusterId: "reports" }, (plan) => jobManager(plan, "metadata.name"), "reports"],
    ["mode.kind", { mode: { kind: "standalone" } }, container("args"), ["jobmanager"]],
    ["mode.least", native({ least: 2 }), key("slotmanager.number-of-slots.min"), 4],
    ["mode.most", native({ most: 3 }), key("slotmanager.number-of-slots.max"), 6],
    ["mode.redundant", native({ redundant: 1 }), key("slotmanager.redundant-taskmanager-num"), 1],
    ["mode.idleTimeout", native({ idleTimeout: "90s" }), key("resourcemanager.taskmanager-timeout"), "90 s"],
    [
        "mode.registrationTimeout",
        native({ registrationTimeout: "10m" }),
        key("resourcemanager.taskmanager-registration.timeout"),
        "10 min",
    ],
    [
        "mode.recoveryTimeout",
        native({ recoveryTimeout: "2m" }),
        key("resourcemanager.previous-worker.recovery.timeout"),
        "2 min",
    ],
    ["mode.startFailureRate", native({ startFailureRate: 5 }), key("resourcemanager.start-worker.max-failure-rate"), 5],
    [
        "mode.startRetryInterval",
        native({ startRetryInterval: "500ms" }),
        key("resourcemanager.start-worker.retry-interval"),
        "500 ms",
    ],
    ["mode.apiThreads", native({ apiThreads: 8 }), key("kubernetes.client.io-pool.size"), 8],
    [
        "mode.replicas",
        { mode: { kind: "standalone", replicas: 5 } },
        object("StatefulSet", "flink-team-taskmanager", "spec.replicas"),
        5,
    ],
    [
        "jobManager.replicas",
        { ...available, jobManager: { replicas: 2 } },
        (plan) => jobManager(plan, "spec.replicas"),
        2,
    ],
    ["jobManager.resources", { jobManager: { resources: { cpu: "2" } } }, container("resources.requests.cpu"), "2"],
    ["jobManager.resources", { jobManager: { resources: { cpu: "2" } } }, key("kubernetes.jobmanager.cpu.amount"), 2],
    [
        "jobManager.resources",
        { jobManager: { resources: { cpu: "2", cpuLimit: "3" } } },
        key("kubernetes.jobmanager.cpu.limit-factor"),
        1.5,
    ],
    [
        "jobManager.metaspace",
        { jobManager: { metaspace: "300Mi" } },
        key("jobmanager.memory.jvm-metaspace.size"),
        "300m",
    ],
    [
        "jobManager.targets",
        { jobManager: { targets: "masters" } },
        pod(
            "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions",
        ),
        [{ key: "pool", operator: "In", values: ["masters"] }],
    ],
    [
        "jobManager.spread",
        { ...available, jobManager: { replicas: 2, spread: { zones: "required" } } },
        pod("topologySpreadConstraints[0].whenUnsatisfiable"),
        "DoNotSchedule",
    ],
    ["jobManager.priority", { jobManager: { priority: "high" } }, pod("priorityClassName"), "dev-high"],
    [
        "taskManager.resources",
        { taskManager: { resources: { cpu: "500m", cpuLimit: "1" } } },
        key("kubernetes.taskmanager.cpu.amount"),
        0.5,
    ],
    [
        "taskManager.resources",
        { taskManager: { resources: { cpu: "500m", cpuLimit: "1" } } },
        key("kubernetes.taskmanager.cpu.limit-factor"),
        2,
    ],
    [
        "taskManager.resources",
        { taskManager: { resources: { ephemeralStorage: "20Gi" } } },
        worker("spec.containers[0].resources.limits.ephemeral-storage"),
        "20Gi",
    ],
    [
        "taskManager.resources",
        { taskManager: { resources: { ephemeralStorage: "2Gi" } } },
        worker("spec.volumes[name=tmp].emptyDir.sizeLimit"),
        "1728Mi",
    ],
    ["taskManager.slots", { taskManager: { slots: 4 } }, key("taskmanager.numberOfTaskSlots"), 4],
    [
        "taskManager.managedFraction",
        { taskManager: { managedFraction: 0.6 } },
        key("taskmanager.memory.managed.fraction"),
        0.6,
    ],
    [
        "taskManager.metaspace",
        { taskManager: { metaspace: "300Mi" } },
        key("taskmanager.memory.jvm-metaspace.size"),
        "300m",
    ],
    ["taskManager.overhead", { taskManager: { overhead: "1Gi" } }, key("taskmanager.memory.jvm-overhead.max"), "1024m"],
    [
        "taskManager.targets",
        { taskManager: { targets: "workers" } },
        key("kubernetes.taskmanager.node-selector"),
        "pool:workers",
    ],
    [
        "taskManager.targets",
        { taskManager: { targets: "workers" } },
        worker("spec.affinity.nodeAffinity"),
        {
            requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: "pool", operator: "In", values: ["workers"] }] }],
            },
            preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 1, preference: { matchExpressions: [{ key: "disk", operator: "In", values: ["ssd"] }] } },
            ],
        },
    ],
    [
        "taskManager.targets",
        { taskManager: { targets: "workers" } },
        worker("spec.tolerations"),
        [{ key: "pool", operator: "Equal", value: "workers", effect: "NoSchedule" }],
    ],
    [
        "taskManager.spread",
        { taskManager: { spread: { hosts: "required" } } },
        worker(
            "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels",
        ),
        { app: "flink-team", type: "flink-native-kubernetes", component: "taskmanager" },
    ],
    ["taskManager.priority", { taskManager: { priority: "low" } }, worker("spec.priorityClassName"), "dev-low"],
    ["taskManager.labels", { taskManager: { labels: { team: "a" } } }, worker("metadata.labels.team"), "a"],
    [
        "taskManager.annotations",
        { taskManager: { annotations: { "example.com/a": "b" } } },
        worker('metadata.annotations["example.com/a"]'),
        "b",
    ],
    [
        "taskManager.evictable",
        { taskManager: { evictable: false } },
        worker('metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"]'),
        "false",
    ],
    ["rest.kind", { rest: { kind: "headless" } }, rest("spec.clusterIP"), "None"],
    ["rest.kind", { rest: { kind: "nodePort" } }, rest("spec.type"), "NodePort"],
    ["rest.kind", { rest: { kind: "headless" } }, key("kubernetes.rest-service.exposed.type"), "Headless_ClusterIP"],
    [
        "rest.annotations",
        { rest: { kind: "clusterIP", annotations: { "example.com/a": "b" } } },
        rest('metadata.annotations["example.com/a"]'),
        "b",
    ],
    [
        "rest.nodeAddress",
        { rest: { kind: "nodePort", nodeAddress: "ExternalIP" } },
        key("kubernetes.rest-service.exposed.node-port-address-type"),
        "ExternalIP",
    ],
    [
        "rest.sourceRanges",
        { rest: { kind: "loadBalancer", sourceRanges: ["192.0.2.0/24"] } },
        object("NetworkPolicy", "flink-team", "spec.ingress[0].from"),
        [{ ipBlock: { cidr: "192.0.2.0/24" } }],
    ],
    ["web.submit", { web: { submit: true } }, key("web.submit.enable"), true],
    ["web.cancel", { web: { cancel: true } }, key("web.cancel.enable"), true],
    ["slotRequestTimeout", { slotRequestTimeout: "2m" }, key("slot.request.timeout"), "2 min"],
    ["stopTimeout", { stopTimeout: "1m" }, key("cluster.services.shutdown-timeout"), "1 min"],
    ["stopTimeout", { stopTimeout: "1m" }, pod("terminationGracePeriodSeconds"), 90],
    ["stopTimeout", { stopTimeout: "1m" }, worker("spec.terminationGracePeriodSeconds"), 90],
    ["env", { env: { TZ: "UTC" } }, container("env[name=TZ].value"), "UTC"],
    ["env", { env: { TZ: "UTC" } }, key("containerized.taskmanager.env.TZ"), "UTC"],
    [
        "secretEnv",
        { secretEnv: { LOGIN: { secretName: "source", key: "login" } } },
        key("kubernetes.env.secretKeyRef"),
        "env:LOGIN,secret:source,key:login",
    ],
    [
        "secretFiles",
        { secretFiles: { source: "/secrets/source" } },
        key("kubernetes.secrets"),
        "source:/secrets/source",
    ],
    [
        "secretFiles",
        { secretFiles: { source: "/secrets/source" } },
        container("volumeMounts[name=source-volume]"),
        { name: "source-volume", mountPath: "/secrets/source", readOnly: true },
    ],
    [
        "config",
        { config: { "restart-strategy.type": "exponential-delay" } },
        key("restart-strategy.type"),
        "exponential-delay",
    ],
    ["logLevel", { logLevel: "WARN" }, (plan) => log(plan)[1], "rootLogger.level = WARN"],
    [
        "logLevels",
        { logLevels: { "org.apache.kafka": "DEBUG" } },
        (plan) => log(plan).filter((line) => line.startsWith("logger.l0")),
        ["logger.l0.name = org.apache.kafka", "logger.l0.level = DEBUG"],
    ],
    [
        "submitters[].group",
        { submitters: [{ group: "analysts", rights: ["submit"] }] },
        object("RoleBinding", "flink-team-submitters-0", "subjects[0].name"),
        "analysts",
    ],
    [
        "submitters[].rights",
        { submitters: [{ group: "analysts", rights: ["debug"] }] },
        rules(2),
        { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] },
    ],
    ["clients", { clients: [peer] }, object("NetworkPolicy", "flink-team", "spec.ingress[0].from"), [fromTeam]],
    [
        "egress",
        { egress: [{ to: [peer], ports: [{ port: 9092 }] }] },
        object("NetworkPolicy", "flink-team-taskmanager", "spec.egress[2]"),
        { to: [fromTeam], ports: [{ protocol: "TCP", port: 9092 }] },
    ],
    ["metrics.enabled", { metrics: { enabled: false } }, key("metrics.reporter.prom.port"), undefined],
    ["metrics.enabled", {}, key("metrics.reporter.prom.port"), 9249],
    [
        "metrics.scrapers",
        { metrics: { scrapers: [peer] } },
        object("NetworkPolicy", "flink-team-taskmanager", "spec.ingress[1]"),
        { from: [fromTeam], ports: [{ protocol: "TCP", port: 9249 }] },
    ],
];
