import { fieldsAt, isFields, listAt } from "../../../policy/views/raw";
import { ofFields, type Operator, operatorsAt, set, unchanged, withFields, withItem } from "../operator";
import { removed } from "../tree";

/* What objects around pods allow, select, keep and are called. */

const nothing = { matchLabels: { "data-platform/nothing": "nothing" } };
const everywhere = [{ ipBlock: { cidr: "0.0.0.0/0" } }];
const label = String.raw`(\.[\w-]+|\["[^"]*"\])`;

const budgets: readonly Operator[] = [
    ...operatorsAt(
        "budgets",
        /^spec$/,
        {
            "blocks for ever": ofFields(({ minAvailable: _min, ...own }) => ({ ...own, maxUnavailable: 0 })),
            "all may go at once": ofFields(({ minAvailable: _min, ...own }) => ({ ...own, maxUnavailable: "100%" })),
            "selects nothing": withFields({ selector: nothing }),
        },
        ["PodDisruptionBudget"],
    ),
    ...operatorsAt("budgets", /^$/, { "object deleted": () => removed }, ["PodDisruptionBudget"]),
    ...operatorsAt("budgets", new RegExp(`^spec\\.selector\\.matchLabels${label}$`), { another: set("nothing") }, [
        "PodDisruptionBudget",
    ]),
    ...operatorsAt("budgets", /\.pdb\.enabled$/, { false: set(false) }),
    ...operatorsAt("budgets", /\.pdb\.maxUnavailable$/, { "blocks for ever": set(0), "all may go at once": set(99) }),
];

const policy = ["NetworkPolicy"];

/** Whether a selector selects everything: `{}`, and one whose parts are all empty. */
const selectsAll = (selector: unknown): boolean =>
    isFields(selector) && Object.values(selector).every((part) => isFields(part) && Object.keys(part).length === 0);

const networkPolicies: readonly Operator[] = [
    ...operatorsAt(
        "network policies",
        /^$/,
        {
            // Without another policy less is allowed, without the one that closes the namespace everything.
            "object deleted": ofFields((object) => {
                const selector = fieldsAt(object, "spec")["podSelector"];
                return selectsAll(selector) ? removed : unchanged;
            }),
        },
        policy,
    ),
    ...operatorsAt(
        "network policies",
        /^spec$/,
        {
            "selects nothing": withFields({ podSelector: nothing }),
            "selects every pod": ofFields((own) =>
                selectsAll(own["podSelector"]) ? unchanged : { ...own, podSelector: {} },
            ),
            "lets everything in": ofFields((own) => ({ ...own, ingress: [...listAt(own, "ingress"), {}] })),
            "lets everything out": ofFields((own) => ({ ...own, egress: [...listAt(own, "egress"), {}] })),
            "lets every namespace in": ofFields((own) => ({
                ...own,
                ingress: [...listAt(own, "ingress"), { from: [{ namespaceSelector: {} }] }],
            })),
        },
        policy,
    ),
    ...operatorsAt(
        "network policies",
        /^spec\.(ingress|egress)\[\]\.(from|to)$/,
        { "open to the world": set(everywhere) },
        policy,
    ),
    ...operatorsAt(
        "network policies",
        /\.ipBlock\.cidr$/,
        { "the world": set("0.0.0.0/0"), "the world, IPv6": set("::/0") },
        policy,
    ),
    ...operatorsAt(
        "network policies",
        /\.(from|to)\[\]$/,
        {
            "every namespace": withFields({ namespaceSelector: {} }),
            "every pod of every namespace": (value) => (isFields(value) ? { namespaceSelector: {} } : unchanged),
        },
        policy,
    ),
    ...operatorsAt(
        "network policies",
        new RegExp(`^spec\\.podSelector\\.matchLabels${label}$`),
        { another: set("nothing") },
        policy,
    ),
];

const namespaces: readonly Operator[] = [
    ...operatorsAt(
        "namespaces",
        /\["pod-security\.kubernetes\.io\/(enforce|audit|warn)"\]$/,
        {
            privileged: set("privileged"),
            "an older version's baseline": set("baseline"),
        },
        ["Namespace"],
    ),
    ...operatorsAt("namespaces", /^$/, { "object deleted": () => removed }, ["LimitRange"]),
    ...operatorsAt(
        "namespaces",
        /^spec\.hard(\.\w+|\["(requests|limits)\.[a-z-]+"\])$/,
        { "less than is asked for": set("1m") },
        ["ResourceQuota"],
    ),
];

const roles = ["Role", "ClusterRole"];
const bindings = ["RoleBinding", "ClusterRoleBinding"];

const access: readonly Operator[] = [
    ...operatorsAt("access", /^rules\[\]\.(verbs|resources|apiGroups)$/, { "*": set(["*"]) }, roles),
    ...operatorsAt("access", /^rules\[\]\.verbs$/, { "* beside others": withItem("*") }, roles),
    ...operatorsAt(
        "access",
        /^rules$/,
        {
            ...Object.fromEntries(
                [
                    ["secrets listed", "", "secrets", "list"],
                    ["secrets watched", "", "secrets", "watch"],
                    ["roles escalated", "rbac.authorization.k8s.io", "roles", "escalate"],
                    ["roles bound", "rbac.authorization.k8s.io", "clusterroles", "bind"],
                    ["users impersonated", "", "users", "impersonate"],
                    ["tokens made", "", "serviceaccounts/token", "create"],
                    ["nodes reached", "", "nodes/proxy", "get"],
                ].map(([name = "", group, resource, verb]) => [
                    name,
                    withItem({ apiGroups: [group], resources: [resource], verbs: [verb] }),
                ]),
            ),
            "every URL": withItem({ nonResourceURLs: ["*"], verbs: ["get"] }),
        },
        roles,
    ),
    ...operatorsAt("access", /^$/, { "object deleted": () => removed }, roles),
    ...operatorsAt(
        "access",
        /^roleRef$/,
        {
            "cluster-admin": withFields({ kind: "ClusterRole", name: "cluster-admin" }),
            admin: withFields({ kind: "ClusterRole", name: "admin" }),
            "a role that is not there": withFields({ name: "nobody-knows-it" }),
        },
        bindings,
    ),
    ...operatorsAt(
        "access",
        /^subjects$/,
        {
            "everybody with a login": withItem(group("system:authenticated")),
            "everybody without one": withItem(group("system:unauthenticated")),
            masters: withItem(group("system:masters")),
        },
        bindings,
    ),
];

function group(name: string): Readonly<Record<string, unknown>> {
    return { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name };
}

const tokens: readonly Operator[] = [
    ...operatorsAt("tokens", /^automountServiceAccountToken$/, { true: set(true) }, ["ServiceAccountPatch"]),
    ...operatorsAt("tokens", /(^|\.)(serviceAccountName|serviceAccount)$/, { default: set("default") }),
];

const services: readonly Operator[] = [
    ...operatorsAt(
        "services",
        /^spec$/,
        {
            NodePort: ofFields((own) => (own["type"] === "NodePort" ? unchanged : { ...own, type: "NodePort" })),
            LoadBalancer: ofFields((own) =>
                own["type"] === "LoadBalancer" ? unchanged : { ...own, type: "LoadBalancer" },
            ),
            ExternalName: withFields({ type: "ExternalName", externalName: "elsewhere.example.com" }),
            "externalIPs added": withFields({ externalIPs: ["192.0.2.1"] }),
        },
        ["Service"],
    ),
    ...operatorsAt("services", /\.service\.serviceType$/, {
        NodePort: set("NodePort"),
        LoadBalancer: set("LoadBalancer"),
    }),
];

const selectors: readonly Operator[] = [
    ...operatorsAt("selectors", new RegExp(`^spec\\.selector${label}$`), { another: set("nothing") }, ["Service"]),
    ...operatorsAt(
        "selectors",
        /^spec\.ports\[\]\.targetPort$/,
        {
            "a name that no container has": (value) => (typeof value === "string" ? "nobody-has-it" : unchanged),
        },
        ["Service"],
    ),
    ...operatorsAt("selectors", /^spec\.serviceName$/, { "a service that is not there": set("nobody-knows-it") }, [
        "StatefulSet",
    ]),
    ...operatorsAt("selectors", new RegExp(`^spec\\.selector\\.matchLabels${label}$`), { another: set("nothing") }, [
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "PodMonitor",
        "ServiceMonitor",
    ]),
];

const sets: readonly Operator[] = [
    ...operatorsAt("updates", /(^|\.)updateStrategy$/, {
        OnDelete: set({ type: "OnDelete" }),
        "stops at a partition": set({ type: "RollingUpdate", rollingUpdate: { partition: 1 } }),
    }),
    ...operatorsAt(
        "updates",
        /^spec\.updateStrategy$/,
        {
            "all at once": set({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } }),
        },
        ["StatefulSet"],
    ),
    ...operatorsAt(
        "updates",
        /^spec\.strategy$/,
        {
            "rolling instead of all anew": ofFields((own) =>
                own["type"] === "Recreate" ? { type: "RollingUpdate" } : unchanged,
            ),
            "all at once": ofFields((own) =>
                own["type"] === "Recreate"
                    ? unchanged
                    : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%", maxSurge: 0 } },
            ),
        },
        ["Deployment"],
    ),
    ...operatorsAt("updates", /^spec\.podManagementPolicy$/, {
        "the other way": (value) => (value === "Parallel" ? "OrderedReady" : "Parallel"),
    }),
    ...operatorsAt("quorums", /^spec\.replicas$/, { even: evenQuorum }, ["StatefulSet"]),
    ...operatorsAt("quorums", /^spec\.clusterSize$/, { even: set(4) }, ["RedisSentinel"]),
    ...operatorsAt("storage", /\.(whenDeleted|whenScaled)$/, { Delete: set("Delete") }),
    ...operatorsAt("storage", /\.keepAfterDelete$/, { false: set(false) }),
    ...operatorsAt("storage", /(^|\.)storageClassName$/, {
        "a class that is not there": (_, { config }) =>
            "storageClasses" in config.cluster && Object.keys(config.cluster.storageClasses ?? {}).length > 0
                ? "nobody-knows-it"
                : unchanged,
    }),
    ...operatorsAt("priorities", /^$/, { "object deleted": () => removed }, ["PriorityClass"]),
    ...operatorsAt("priorities", /^globalDefault$/, { true: set(true) }, ["PriorityClass"]),
];

/** Sets whose members vote, by the labels that they carry. */
const voters: Readonly<Record<string, readonly string[]>> = {
    zookeeper: ["member"],
    kafka: ["controller", "broker-controller"],
    opensearch: ["manager", "managers"],
};

function evenQuorum(value: unknown, { object }: { readonly object: Readonly<Record<string, unknown>> }): unknown {
    const labels = fieldsAt(fieldsAt(object, "metadata"), "labels");
    const components = voters[String(labels["app.kubernetes.io/name"])] ?? [];
    return components.includes(String(labels["app.kubernetes.io/component"])) ? Number(value) + 1 : unchanged;
}

const jobs: readonly Operator[] = [
    ...operatorsAt("jobs", /(^|\.)concurrencyPolicy$/, { Allow: set("Allow") }),
    ...operatorsAt("jobs", /^spec(\.jobTemplate\.spec)?\.backoffLimit$/, { "no end": set(1_000_000) }, [
        "Job",
        "CronJob",
    ]),
];

const labels: readonly Operator[] = [
    ...operatorsAt(
        "labels",
        new RegExp(`metadata\\.labels\\["(app\\.kubernetes\\.io/[\\w-]+|data-platform/(environment|owner))"\\]$`),
        {
            emptied: set(""),
            "a value that Kubernetes refuses": set("not a label!"),
        },
    ),
    ...operatorsAt("labels", /metadata\.labels\["data-platform\/(environment|owner)"\]$/, {
        another: set("somebody-else"),
    }),
];

const addressed = /^(Deployment|StatefulSet|DaemonSet|Job|CronJob|Service)$/;

/** What others address by name: without one of its own, Pulumi gives an object another name at each replacement. */
const called = [
    ...["ConfigMap", "Namespace", "PersistentVolumeClaim", "PriorityClass", "Secret", "Service", "ServiceAccount"],
    ...["ClusterRole", "CronJob", "Deployment", "Role", "StatefulSet"],
    ...["RedisCluster", "RedisReplication", "RedisSentinel"],
];

const rbac = /^(Cluster)?Role(Binding)?$/;

const names: readonly Operator[] = [
    ...operatorsAt("names", /^metadata\.name$/, { "not explicit": () => removed }, called),
    ...operatorsAt("names", /^metadata\.name$/, {
        // A workload's name ends up in a host name of 63 characters, any other name may have 253.
        "too long": (value, { kind }) => `${String(value)}-${"x".repeat(addressed.test(kind) ? 62 : 253)}`,
        // A name in RBAC need only fit into a path (ValidatePathSegmentName of apimachinery).
        "no DNS name": (value, { kind }) => (rbac.test(kind) ? `${String(value)}/x` : `${String(value)}_X`),
    }),
    ...operatorsAt(
        "names",
        /^metadata\.name$/,
        {
            "not of the environment": (value) => `elsewhere-${String(value)}`,
        },
        ["Namespace"],
    ),
    ...operatorsAt("names", /^metadata\.namespace$/, { "not explicit": () => removed }),
];

/** Everything about the objects around pods. */
export const objectOperators: readonly Operator[] = [
    ...budgets,
    ...networkPolicies,
    ...namespaces,
    ...access,
    ...tokens,
    ...services,
    ...selectors,
    ...sets,
    ...jobs,
    ...labels,
    ...names,
];
