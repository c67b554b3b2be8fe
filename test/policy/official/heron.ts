import { manifest, type OfficialManifests, service, workload } from "./fixture";

/*
 * Heron's manifests, by its fact sheet: sections 3 (static ones), 4 (what its chart makes, as far as it differs) and 10
 * (the defects). All of it goes into the namespace `default`, so none is written.
 */

const heron = (component: string) => ({ app: "heron", component });
const namespace = { namespace: "default" };

const ask = (word: string, initialDelaySeconds: number) => ({
    exec: { command: ["/opt/zookeeper/scripts/zookeeper-ruok.sh", word] },
    initialDelaySeconds,
    timeoutSeconds: 5,
});

const zookeeper = [
    manifest(
        "policy/v1",
        "PodDisruptionBudget",
        "zk-budget",
        { spec: { minAvailable: 1, selector: { matchLabels: { app: "zk" } } } },
        namespace,
    ),
    workload(
        "StatefulSet",
        "zk",
        heron("zookeeper"),
        {
            replicas: 1,
            serviceName: "zookeeper",
            pod: {
                containers: [
                    {
                        name: "zookeeper",
                        image: "apache/heron:latest",
                        command: ["sh", "-c", "/opt/zookeeper/scripts/start-zookeeper.sh"],
                        env: [{ name: "ZOOKEEPER_SERVERS", value: "zk-0" }],
                        ports: [
                            { containerPort: 2181, name: "client" },
                            { containerPort: 2888, name: "peers" },
                            { containerPort: 3888, name: "election" },
                        ],
                        readinessProbe: ask("ruok", 5),
                        livenessProbe: ask("ruok", 15),
                        volumeMounts: [{ name: "data", mountPath: "/heron/data" }],
                    },
                ],
                volumes: [{ name: "data", emptyDir: {} }],
            },
        },
        namespace,
    ),
    service(
        "zookeeper",
        heron("zookeeper"),
        {
            clusterIP: "None",
            ports: [2181, 2888, 3888].map((port) => ({ name: `port-${port}`, port, targetPort: port })),
        },
        { ...namespace, annotations: { "service.alpha.kubernetes.io/tolerate-unready-endpoints": "true" } },
    ),
];

const bookie = {
    image: "apache/bookkeeper:4.14.5",
    command: [
        ...["/bin/bash", "/opt/bookkeeper/scripts/entrypoint.sh"],
        ...["/opt/bookkeeper/bin/bookkeeper", "bookie"],
    ],
    envFrom: [{ configMapRef: { name: "bookie-config" } }],
};

const bookkeeper = [
    manifest(
        "v1",
        "ConfigMap",
        "bookie-config",
        { data: { BK_zkServers: "zookeeper", BK_bookiePort: "3181", BK_useHostNameAsBookieID: "true" } },
        namespace,
    ),
    workload(
        "DaemonSet",
        "bookie",
        heron("bookie"),
        {
            pod: {
                containers: [
                    {
                        ...bookie,
                        name: "bookie",
                        ports: [{ name: "client", containerPort: 3181, hostPort: 3181 }],
                        resources: {
                            requests: { cpu: "1", memory: "3Gi" },
                            limits: { cpu: "2", memory: "5Gi" },
                        },
                    },
                ],
                volumes: ["ssd0", "ssd1"].map((disk) => ({ name: disk, hostPath: { path: `/mnt/disks/${disk}` } })),
            },
        },
        namespace,
    ),
    workload(
        "StatefulSet",
        "bookkeeper",
        { app: "bookkeeper" },
        {
            replicas: 3,
            serviceName: "bookkeeper",
            pod: {
                terminationGracePeriodSeconds: 0,
                containers: [{ ...bookie, name: "bookie", ports: [{ name: "client", containerPort: 3181 }] }],
            },
            volumeClaimTemplates: [
                ["journaldisk", "5Gi"],
                ["ledgersdisk", "10Gi"],
            ].map(([name, storage]) => ({
                metadata: { name },
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
            })),
        },
        namespace,
    ),
    service(
        "bookkeeper",
        { app: "bookkeeper" },
        { clusterIP: "None", ports: [{ port: 3181, name: "bookie" }] },
        namespace,
    ),
];

const apiserverArguments = [
    "heron.statemgr.connection.string=zookeeper:2181",
    "heron.executor.docker.image=apache/heron:latest",
    "heron.class.uploader=org.apache.heron.uploader.s3.S3Uploader",
    // Only the chart passes these, from plain values.
    "heron.uploader.s3.access_key=AKIAIOSFODNN7EXAMPLE",
    "heron.uploader.s3.secret_key=wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY",
].map((each) => `-D ${each}`);

const tool = { image: "apache/heron:latest" };

const control = [
    manifest("v1", "ServiceAccount", "heron-apiserver", {}, namespace),
    manifest("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "heron-apiserver", {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: "heron-apiserver", namespace: "default" }],
    }),
    workload(
        "Deployment",
        "heron-apiserver",
        heron("apiserver"),
        {
            replicas: 1,
            pod: {
                serviceAccountName: "heron-apiserver",
                terminationGracePeriodSeconds: 0,
                initContainers: [
                    {
                        name: "dlog",
                        image: "apache/bookkeeper:4.14.5",
                        command: ["/opt/bookkeeper/bin/dlog", "admin", "bind"],
                    },
                ],
                containers: [
                    {
                        ...tool,
                        name: "heron-apiserver",
                        command: [
                            "sh",
                            "-c",
                            ["heron-apiserver --base-template kubernetes", ...apiserverArguments].join(" "),
                        ],
                        ports: [{ name: "api", containerPort: 9000 }],
                        resources: { requests: { cpu: "250m" }, limits: { cpu: "500m" } },
                    },
                ],
            },
        },
        namespace,
    ),
    service(
        "heron-apiserver",
        heron("apiserver"),
        { type: "NodePort", ports: [{ port: 9000, targetPort: 9000 }] },
        namespace,
    ),
    workload(
        "Deployment",
        "heron-tracker",
        heron("tracker"),
        {
            replicas: 1,
            pod: {
                terminationGracePeriodSeconds: 0,
                containers: ["heron-tracker", "heron-ui"].map((name, index) => ({
                    ...tool,
                    name,
                    ports: [{ name: index === 0 ? "tracker" : "ui", containerPort: 8888 + index }],
                    resources: {
                        requests: { cpu: "100m", memory: "200M" },
                        limits: { cpu: "400m", memory: "512M" },
                    },
                })),
            },
        },
        namespace,
    ),
    service("heron-ui", heron("tracker"), { ports: [{ port: 8889, targetPort: 8889 }] }, namespace),
];

export const heronManifests: OfficialManifests = {
    system: "heron",
    objects: [...zookeeper, ...bookkeeper, ...control],
    parts: {
        "StatefulSet zk": ["zookeeper", "member"],
        "StatefulSet bookkeeper": ["bookkeeper", "bookie"],
        "Deployment heron-apiserver": ["heron", "apiserver"],
    },
    defects: [
        {
            defect: "P2: the key of a store among the arguments",
            object: "Deployment heron-apiserver",
            rule: "security-plain-secrets",
            says: "heron.uploader.s3.secre",
        },
        {
            defect: "P4: the API open on every node",
            object: "Service heron-apiserver",
            rule: "security-service-exposure",
            says: 'found "NodePort"',
        },
        {
            defect: "P5: cluster-admin",
            object: "ClusterRoleBinding heron-apiserver",
            rule: "security-cluster-admin",
            says: 'found "cluster-admin"',
        },
        {
            defect: "P6: the budget of ZooKeeper selects nothing",
            object: "PodDisruptionBudget zk-budget",
            rule: "operations-budgets",
            says: "expected the labels of pods of the stack",
        },
        {
            defect: "P7: ZooKeeper is ready by ruok, which answers without a quorum",
            object: "StatefulSet zk",
            rule: "operations-quorum-readiness",
            says: "ruok",
            onceLabelled: true,
        },
        {
            defect: "P8: bookies without probes",
            object: "StatefulSet bookkeeper",
            rule: "operations-probes",
            says: "expected a readinessProbe",
        },
        {
            defect: "P8: bookies without memory",
            object: "StatefulSet bookkeeper",
            rule: "resources-requests-and-limits",
            says: "resources.requests.memory",
        },
        {
            defect: "P8: bookies are killed instead of stopped",
            object: "StatefulSet bookkeeper",
            rule: "operations-termination-grace",
            says: "found 0",
        },
        {
            defect: "P8: bookies without a budget",
            object: "StatefulSet bookkeeper",
            rule: "operations-budgets",
            says: "expected one PodDisruptionBudget for its 3 pods",
        },
        {
            defect: "P8: bookies on one node",
            object: "StatefulSet bookkeeper",
            rule: "operations-spread",
            says: "podAntiAffinity",
        },
        {
            defect: "P8: the class of the volumes in dead annotations",
            object: "StatefulSet bookkeeper",
            rule: "resources-storage-class",
            says: "expected the name of a storage class",
        },
        {
            defect: "P8: ports of the node",
            object: "DaemonSet bookie",
            rule: "security-host-ports",
            says: "found 3181",
        },
        {
            defect: "P8: directories of the node",
            object: "DaemonSet bookie",
            rule: "security-volume-types",
            says: "hostPath",
        },
        {
            defect: "P10: the API server without probes",
            object: "Deployment heron-apiserver",
            rule: "operations-probes",
            says: "expected a readinessProbe",
        },
        {
            defect: "P10: the API server without a memory limit",
            object: "Deployment heron-apiserver",
            rule: "resources-requests-and-limits",
            says: "resources.limits.memory",
        },
        {
            defect: "P10: a submission under way is cut off",
            object: "Deployment heron-apiserver",
            rule: "operations-termination-grace",
            says: "expected at least 60, found 0",
            onceLabelled: true,
        },
        {
            defect: "P11: tracker and UI without an account of their own",
            object: "Deployment heron-tracker",
            rule: "security-own-account",
            says: "expected an account of its own",
        },
        {
            defect: "P12: latest",
            object: "Deployment heron-tracker",
            rule: "resources-no-latest-image",
            says: 'found "apache/heron:latest"',
        },
        {
            defect: "P13: root",
            object: "StatefulSet zk",
            rule: "security-run-as-non-root",
            says: "runAsNonRoot",
        },
        {
            defect: "P13: no seccomp profile",
            object: "Deployment heron-tracker",
            rule: "security-seccomp",
            says: "seccompProfile",
        },
        {
            defect: "P13: every capability",
            object: "Deployment heron-apiserver",
            rule: "security-capabilities",
            says: "expected ALL",
        },
        {
            defect: "P15: a changed ConfigMap replaces no pod",
            object: "StatefulSet bookkeeper",
            rule: "operations-config-hash",
            says: "ConfigMap bookie-config",
        },
        {
            defect: "P17: variables of services in the pods",
            object: "StatefulSet zk",
            rule: "security-service-links",
            says: "enableServiceLinks",
        },
        {
            defect: "P6: state on an emptyDir",
            object: "StatefulSet zk",
            rule: "operations-retained-volumes",
            says: "expected a volume for the data",
            onceLabelled: true,
        },
    ],
    unseen: {
        P1: "two programs use one path in ZooKeeper: the text of arguments, which only Heron understands",
        P3: "the submitting client overrides switches: what Heron does with a request",
        "P6: the configuration falls back": "what a script in the image does",
        "P7: purging, log files": "what a script in the image does",
        P9: "how many copies of a ledger there are: a file of Heron, kept right by the stack file's own check",
        P14: "the order of requests that Heron makes",
        P16: "what Heron writes into its own objects",
        P18: "what the documentation says",
    },
};
