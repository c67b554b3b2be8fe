import { manifest, type OfficialManifests, service, workload } from "./fixture";

/*
 * Teraslice's chart with its default values, and its examples for Kubernetes, by its fact sheet: sections 5 (roles), 11
 * (chart) and 12 (the defects).
 */

const labels = { "app.kubernetes.io/name": "teraslice-chart", "app.kubernetes.io/instance": "teraslice" };
const namespace = { namespace: "default" };

const hardened = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 10_001,
};

const chart = [
    manifest("v1", "ServiceAccount", "teraslice", {}, { ...namespace, labels }),
    manifest(
        "rbac.authorization.k8s.io/v1",
        "Role",
        "teraslice",
        {
            rules: [
                ["", ["pods", "configmaps", "services"]],
                ["apps", ["deployments", "replicasets"]],
                ["batch", ["jobs"]],
            ].map(([group, resources]) => ({
                apiGroups: [group],
                resources,
                verbs: ["get", "create", "delete", "list", "update", "patch"],
            })),
        },
        { ...namespace, labels },
    ),
    ...["master", "worker"].map((part) =>
        manifest(
            "v1",
            "ConfigMap",
            `teraslice-${part}`,
            { data: { "teraslice.yaml": "teraslice: {}\n" } },
            {
                ...namespace,
                labels,
            },
        ),
    ),
    workload(
        "Deployment",
        "teraslice",
        labels,
        {
            replicas: 2,
            strategy: { type: "Recreate" },
            pod: {
                serviceAccountName: "teraslice",
                securityContext: { fsGroup: 10_001, seccompProfile: { type: "RuntimeDefault" } },
                containers: [
                    {
                        name: "teraslice",
                        image: "ghcr.io/terascope/teraslice:v3.18.0-nodev24.19.0",
                        securityContext: hardened,
                        ports: [{ name: "api", containerPort: 5678 }],
                        volumeMounts: [{ name: "config", mountPath: "/app/config" }],
                    },
                ],
                volumes: [{ name: "config", configMap: { name: "teraslice-worker" } }],
            },
        },
        { ...namespace, labels },
    ),
    service("teraslice", labels, { ports: [{ name: "api", port: 5678, targetPort: "api" }] }, { ...namespace, labels }),
    manifest(
        "v1",
        "Pod",
        "teraslice-test-connection",
        {
            spec: {
                restartPolicy: "Never",
                containers: [{ name: "wget", image: "busybox:latest", command: ["wget"], args: ["teraslice:5678"] }],
            },
        },
        { ...namespace, labels },
    ),
    manifest(
        "monitoring.coreos.com/v1",
        "PodMonitor",
        "teraslice",
        { spec: { selector: { matchLabels: {} }, podMetricsEndpoints: [{ port: "metrics" }] } },
        { ...namespace, labels },
    ),
];

const examples = [
    manifest(
        "rbac.authorization.k8s.io/v1",
        "Role",
        "teraslice-all",
        { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] },
        { namespace: "ts-dev1" },
    ),
    manifest(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        "teraslice-all",
        {
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "teraslice-all" },
            subjects: [{ kind: "ServiceAccount", name: "default", namespace: "ts-dev1" }],
        },
        { namespace: "ts-dev1" },
    ),
    manifest("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "teraslice-default", {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: "default", namespace: "ts-dev1" }],
    }),
    workload(
        "Deployment",
        "elasticsearch",
        { app: "elasticsearch" },
        {
            replicas: 1,
            pod: {
                containers: [
                    {
                        name: "elasticsearch",
                        image: "docker.elastic.co/elasticsearch/elasticsearch:7.9.3",
                        ports: [{ name: "http", containerPort: 9200 }],
                    },
                ],
            },
        },
        { namespace: "ts-dev1" },
    ),
    service(
        "elasticsearch",
        { app: "elasticsearch" },
        { type: "NodePort", ports: [{ port: 9200, nodePort: 30_200 }] },
        { namespace: "ts-dev1" },
    ),
    service(
        "teraslice-master",
        { app: "teraslice", nodeType: "master" },
        { type: "NodePort", ports: [{ port: 5678, nodePort: 30_678 }] },
        { namespace: "ts-dev1" },
    ),
];

export const terasliceManifests: OfficialManifests = {
    system: "teraslice",
    objects: [...chart, ...examples],
    parts: { "Deployment teraslice": ["teraslice", "master"] },
    defects: [
        {
            defect: "5: a second master",
            object: "Deployment teraslice",
            rule: "operations-budgets",
            says: "2 pods",
        },
        {
            defect: "6: no probes",
            object: "Deployment teraslice",
            rule: "operations-probes",
            says: "expected a readinessProbe",
        },
        {
            defect: "6: 30 seconds for a stop that takes 60",
            object: "Deployment teraslice",
            rule: "operations-termination-grace",
            says: "terminationGracePeriodSeconds",
            onceLabelled: true,
        },
        {
            defect: "6: no resources",
            object: "Deployment teraslice",
            rule: "resources-requests-and-limits",
            says: "resources.limits.memory",
        },
        {
            defect: "7: a changed worker ConfigMap replaces no pod",
            object: "Deployment teraslice",
            rule: "operations-config-hash",
            says: "ConfigMap teraslice-worker",
        },
        {
            defect: "11: the PodMonitor takes in what has no metrics",
            object: "PodMonitor teraslice",
            rule: "operations-selectors",
            says: "PodMonitor port metrics",
        },
        {
            defect: "12: the test's pod is busybox:latest",
            object: "Pod teraslice-test-connection",
            rule: "resources-no-latest-image",
            says: 'found "busybox:latest"',
        },
        {
            defect: "12: the test's pod has no security context",
            object: "Pod teraslice-test-connection",
            rule: "security-run-as-non-root",
            says: "runAsNonRoot",
        },
        {
            defect: "13: a role with every right",
            object: "Role teraslice-all",
            rule: "security-rbac-wildcards",
            says: "expected names without *",
        },
        {
            defect: "13: cluster-admin",
            object: "ClusterRoleBinding teraslice-default",
            rule: "security-cluster-admin",
            says: 'found "cluster-admin"',
        },
        {
            defect: "13: the store open on every node",
            object: "Service elasticsearch",
            rule: "security-service-exposure",
            says: 'found "NodePort"',
        },
        {
            defect: "13: the API open on every node",
            object: "Service teraslice-master",
            rule: "security-service-exposure",
            says: 'found "NodePort"',
        },
        {
            defect: "13: the store without probes",
            object: "Deployment elasticsearch",
            rule: "operations-probes",
            says: "expected a readinessProbe",
        },
        {
            defect: "13: a read-only root is missing",
            object: "Deployment elasticsearch",
            rule: "security-read-only-root",
            says: "readOnlyRootFilesystem",
        },
        {
            defect: "13: selectors by labels that no pod has",
            object: "Service teraslice-master",
            rule: "operations-selectors",
            says: "expected the labels of pods of the stack",
        },
        {
            defect: "13: bound to the account default",
            object: "RoleBinding teraslice-all",
            rule: "security-default-account",
            says: 'expected an account of its own, found "ts-dev1/default"',
        },
    ],
    unseen: {
        "1, 10, 14, 15, 17":
            "keys in Teraslice's own file: the component writes it, and a test reads it as Teraslice does",
        "2, 3, 4": "the chart's templates do not render: there is no object to judge",
        "6: no NetworkPolicy": "security-default-deny asks each Namespace of the stack; the chart makes none",
        8: "a label with another value than the code looks for: cosmetic",
        9: "a setting that the master does not hand on to pods that it starts",
        16: "Jobs that the master makes: they are in no plan",
        18: "pods that the master starts: they are in no plan",
        19: "a quota that somebody else has set",
        20: "what Teraslice checks of a job",
    },
};
