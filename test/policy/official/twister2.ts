import { manifest, type OfficialManifests, service, workload } from "./fixture";

/* Twister2's manifests, by its fact sheet: sections 2 (what they say) and 12 (the defects). */

const named = (name: string) => ({ app: name });
const namespace = { namespace: "default" };
const cares = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });

const reads = ["get", "list", "watch"];

const access = [
    manifest(
        "rbac.authorization.k8s.io/v1",
        "Role",
        "twister2-role",
        {
            rules: [
                { apiGroups: [""], resources: ["pods"], verbs: reads },
                { apiGroups: [""], resources: ["persistentvolumeclaims", "services"], verbs: [...reads, "delete"] },
                { apiGroups: [""], resources: ["configmaps"], verbs: [...reads, "patch", "delete"] },
                {
                    apiGroups: ["apps"],
                    resources: ["statefulsets", "statefulsets/scale"],
                    verbs: [...reads, "delete", "patch", "update"],
                },
            ],
        },
        namespace,
    ),
    manifest(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        "twister2-role-binding",
        {
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "twister2-role" },
            subjects: [{ kind: "Group", name: "system:authenticated", apiGroup: "rbac.authorization.k8s.io" }],
        },
        namespace,
    ),
];

/** One pod behind a service that is not headless, as all three of the manifests are. */
const single = (
    name: string,
    container: Readonly<Record<string, unknown>>,
    terminationGracePeriodSeconds: number,
    ports: readonly Readonly<Record<string, unknown>>[],
    pod: Readonly<Record<string, unknown>> = {},
) => [
    service(name, named(name), { ports }, { ...namespace, labels: named(name) }),
    workload(
        "StatefulSet",
        name,
        named(name),
        {
            replicas: 1,
            serviceName: name,
            pod: { terminationGracePeriodSeconds, containers: [{ name, ...container }], ...pod },
        },
        namespace,
    ),
];

const parts = [
    ...single(
        "twister2-uploader",
        { image: "nginx", ports: [{ name: "http", containerPort: 80 }], ...cares("1", "256Mi") },
        0,
        [{ port: 80, targetPort: 80 }],
    ),
    ...single(
        "twister2-dashboard",
        {
            image: "twister2/twister2-k8s:0.8.0-SNAPSHOT",
            imagePullPolicy: "IfNotPresent",
            command: ["/twister2/bin/twister2"],
            args: ["dash"],
            ports: [{ name: "dash-port", containerPort: 8080 }],
            volumeMounts: [{ name: "persistent-volume", mountPath: "/persistent" }],
            ...cares("500m", "256Mi"),
        },
        0,
        [{ port: 80, targetPort: 8080 }],
        { volumes: [{ name: "persistent-volume", persistentVolumeClaim: { claimName: "twister2-dashboard" } }] },
    ),
    manifest(
        "v1",
        "PersistentVolumeClaim",
        "twister2-dashboard",
        { spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } } },
        { ...namespace, annotations: { "volume.beta.kubernetes.io/storage-class": "twister2-nfs-storage" } },
    ),
    ...single(
        "twister2-zookeeper",
        {
            image: "zookeeper",
            imagePullPolicy: "IfNotPresent",
            env: [{ name: "ZOO_MAX_CLIENT_CNXNS", value: "0" }],
            ports: [
                { name: "zk-port", containerPort: 2181 },
                { name: "server", containerPort: 2888 },
            ],
            ...cares("1", "2048Mi"),
        },
        1,
        [{ port: 2181, targetPort: 2181 }],
    ),
];

export const twister2Manifests: OfficialManifests = {
    system: "twister2",
    objects: [...access, ...parts],
    parts: { "StatefulSet twister2-zookeeper": ["zookeeper", "member"] },
    defects: [
        {
            defect: "1: rights for everybody with a login",
            object: "RoleBinding twister2-role-binding",
            rule: "security-broad-subjects",
            says: "system:authenticated",
        },
        ...["uploader", "dashboard", "zookeeper"].map((part) => ({
            defect: `2: the ${part} runs under the account that the jobs' rights land on`,
            object: `StatefulSet twister2-${part}`,
            rule: "security-own-account",
            says: "expected an account of its own",
        })),
        ...["uploader", "zookeeper"].map((part) => ({
            defect: `6: the ${part}'s image has no tag`,
            object: `StatefulSet twister2-${part}`,
            rule: "resources-no-latest-image",
            says: "names a version",
        })),
        {
            defect: "6: a snapshot, which is another one on each node",
            object: "StatefulSet twister2-dashboard",
            rule: "resources-image-digest",
            says: "0.8.0-SNAPSHOT",
        },
        ...["uploader", "dashboard", "zookeeper"].flatMap((part) =>
            (
                [
                    ["no probes", "operations-probes", "expected a readinessProbe"],
                    ["no limits", "resources-requests-and-limits", "resources.limits.memory"],
                    ["killed instead of stopped", "operations-termination-grace", "terminationGracePeriodSeconds"],
                    ["root", "security-run-as-non-root", "runAsNonRoot"],
                ] as const
            ).map(([defect, rule, says]) => ({
                defect: `7: ${part}: ${defect}`,
                object: `StatefulSet twister2-${part}`,
                rule,
                says,
            })),
        ),
        {
            defect: "8: the claim's class in a dead annotation",
            object: "PersistentVolumeClaim twister2-dashboard",
            rule: "resources-storage-class",
            says: "expected the name of a storage class",
        },
        ...["uploader", "dashboard", "zookeeper"].map((part) => ({
            defect: `15: the ${part}'s pods have no names, for their service is not headless`,
            object: `StatefulSet twister2-${part}`,
            rule: "operations-selectors",
            says: "expected a Service with clusterIP None",
        })),
        {
            defect: "10: state that ends with its pod",
            object: "StatefulSet twister2-zookeeper",
            rule: "operations-retained-volumes",
            says: "expected a volume for the data",
            onceLabelled: true,
        },
    ],
    unseen: {
        "3, 4": "rights and parts that are missing for another namespace: nothing in the manifests says that there is one",
        5: "an address in the client's own files",
        "7: no budget, nothing apart":
            "each set has one member: a budget would block for ever, and nothing can be apart",
        "8: the database outside the claim": "a path in a file of the image",
        9: "what the dashboard's program does",
        11: "what the uploader keeps, and what the client asks of it",
        "12, 13, 14, 16, 17, 18, 18b, 19, 20": "pods that the client starts: they are in no plan",
    },
};
