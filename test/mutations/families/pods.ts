import { fieldsAt, isFields, listAt } from "../../../policy/views/raw";
import { ofFields, ofList, type Operator, operatorsAt, set, unchanged, withFields, withItem } from "../operator";
import { changedAt, nodesOf, removed } from "../tree";

/*
 * What pods and containers may do, take and be asked. The patterns end in the field's name, so that they hold in a
 * workload as in a custom resource.
 */

const containerContext = /(^|\.)securityContext$/;
const podContext = /(spec\.securityContext|podSecurityContext)$/;
const anyContext = /[sS]ecurityContext$/;
const container = /(^|\.)(containers|initContainers|sidecars)\[\]$/;
const podSpec = /(^|\.)spec$/;

const isContainerContext = (value: Readonly<Record<string, unknown>>): boolean => "allowPrivilegeEscalation" in value;

const inContainers = (fields: Readonly<Record<string, unknown>>): Operator["change"] =>
    ofFields((own) => (isContainerContext(own) ? { ...own, ...fields } : unchanged));

const inPods = (change: (spec: Readonly<Record<string, unknown>>) => unknown): Operator["change"] =>
    ofFields((spec) => (Array.isArray(spec["containers"]) ? change(spec) : unchanged));

/** A value that Kubernetes takes from the pod where a container has none is only gone when it is gone everywhere. */
const goneEverywhere = (field: string): Operator => ({
    family: "security context",
    name: `${field} deleted everywhere`,
    at: /^$/,
    change: (object) =>
        nodesOf(object)
            .filter(({ pattern }) => pattern.endsWith(`ecurityContext.${field}`))
            .reduce<unknown>(
                (weakened, { steps }) => changedAt(weakened === unchanged ? object : weakened, steps, removed),
                unchanged,
            ),
});

const securityContexts: readonly Operator[] = [
    ...["runAsNonRoot", "runAsUser", "seccompProfile"].map(goneEverywhere),
    ...operatorsAt("security context", anyContext, {
        "runAsNonRoot: false": withFields({ runAsNonRoot: false }),
        "runAsUser: 0": withFields({ runAsUser: 0 }),
        "seccompProfile: Unconfined": withFields({ seccompProfile: { type: "Unconfined" } }),
        "appArmorProfile: Unconfined": withFields({ appArmorProfile: { type: "Unconfined" } }),
        "seLinuxOptions: spc_t": withFields({ seLinuxOptions: { type: "spc_t" } }),
        "windowsOptions.hostProcess: true": withFields({ windowsOptions: { hostProcess: true } }),
    }),
    ...operatorsAt("security context", containerContext, {
        "privileged: true": inContainers({ privileged: true }),
        "allowPrivilegeEscalation: true": inContainers({ allowPrivilegeEscalation: true }),
        "readOnlyRootFilesystem: false": inContainers({ readOnlyRootFilesystem: false }),
        "procMount: Unmasked": inContainers({ procMount: "Unmasked" }),
        ...Object.fromEntries(
            ["SYS_ADMIN", "NET_RAW"].map((capability) => [
                `capabilities.add: ${capability}`,
                inContainers({ capabilities: { drop: ["ALL"], add: [capability] } }),
            ]),
        ),
    }),
    ...operatorsAt("security context", podContext, {
        "sysctls: kernel.msgmax": ofFields((own) =>
            isContainerContext(own) ? unchanged : { ...own, sysctls: [{ name: "kernel.msgmax", value: "65536" }] },
        ),
    }),
];

const hostAccess: readonly Operator[] = operatorsAt("host access", podSpec, {
    ...Object.fromEntries(
        ["hostNetwork", "hostPID", "hostIPC"].map((field) => [
            `${field}: true`,
            inPods((spec) => ({ ...spec, [field]: true })),
        ]),
    ),
    "hostPath volume added": inPods((spec) => ({
        ...spec,
        volumes: [...listAt(spec, "volumes"), { name: "host", hostPath: { path: "/" } }],
    })),
}).concat(
    operatorsAt("host access", container, {
        "hostPort added": ofFields((own) => ({
            ...own,
            ports: [...listAt(own, "ports"), { name: "on-host", containerPort: 9999, hostPort: 9999 }],
        })),
    }),
);

/** Ten times a quantity, or a hundredth of it, in its own unit. */
const scaled =
    (factor: number): Operator["change"] =>
    (value) => {
        const [, amount, unit = ""] = /^([\d.]+)(.*)$/.exec(String(value)) ?? [];
        return amount === undefined ? unchanged : `${Number(amount) * factor}${unit}`;
    };

const amount = /(^|\.)resources(PerNode)?\.(limits|requests)(\.[a-z]+|\["ephemeral-storage"\])$/;
const limit = /(^|\.)resources(PerNode)?\.limits(\.[a-z]+|\["ephemeral-storage"\])$/;
const volume = ["PersistentVolumeClaim"];

const notOfClaims =
    (change: Operator["change"]): Operator["change"] =>
    (value, surroundings) =>
        volume.includes(surroundings.kind) || surroundings.node.pattern.endsWith(".storage")
            ? unchanged
            : change(value, surroundings);

const resources: readonly Operator[] = [
    ...operatorsAt("resources", limit, { "raised tenfold": notOfClaims(scaled(10)) }),
    ...operatorsAt("resources", amount, {
        zero: notOfClaims(set("0")),
        "raised a thousandfold": notOfClaims(scaled(1000)),
    }),
    ...operatorsAt("resources", /\.(driver|executor)\.(coreLimit|memory)$/, {
        "raised a thousandfold": scaled(1000),
    }),
];

/** `registry/path:tag@digest`, told apart without the code that is tested. */
const imageParts = /^((?:[^/@]+\/)*[^/:@]+)(:[^@]+)?(@.+)?$/;

const ofImage = (change: (repository: string, tag: string, digest: string) => string | symbol): Operator["change"] => {
    return (value) => {
        const [, repository, tag = "", digest = ""] = imageParts.exec(String(value)) ?? [];
        return repository === undefined ? unchanged : change(repository, tag, digest);
    };
};

const images: readonly Operator[] = operatorsAt("images", /(^|\.)image$/, {
    ":latest": ofImage((repository) => `${repository}:latest`),
    "no tag": ofImage((repository) => repository),
    "no digest": ofImage((repository, tag, digest) => (digest === "" ? unchanged : `${repository}${tag}`)),
    "another registry": (value, surroundings) =>
        surroundings.config.images.registry === undefined
            ? unchanged
            : ofImage((repository, tag, digest) => {
                  const [, ...path] = repository.split("/");
                  return `ghcr.io/${path.join("/")}${tag}${digest}`;
              })(value, surroundings),
});

/** The container whose probe stands at the place. */
const containerOf = (
    object: Readonly<Record<string, unknown>>,
    steps: readonly (string | number)[],
): Readonly<Record<string, unknown>> => {
    const found = steps.slice(0, -1).reduce<unknown>((value, step) => {
        return Array.isArray(value) ? (value[Number(step)] as unknown) : isFields(value) ? value[step] : undefined;
    }, object);
    return isFields(found) ? found : {};
};

const quorums: readonly string[] = ["zookeeper", "kafka", "opensearch"];

const probes: readonly Operator[] = [
    ...operatorsAt("probes", /\.livenessProbe$/, {
        "the same as readiness": (_, { object, node }) => {
            const { readinessProbe } = containerOf(object, node.steps);
            return readinessProbe ?? unchanged;
        },
        "one failure is enough": withFields({ failureThreshold: 1, periodSeconds: 5 }),
    }),
    ...operatorsAt("probes", /\.(readiness|liveness|startup)Probe$/, {
        "timeout above its period": ofFields((own) => ({
            ...own,
            timeoutSeconds: Number(own["periodSeconds"] ?? 10) * 3,
        })),
    }),
    ...operatorsAt(
        "probes",
        /^spec\.template\.spec\.containers\[\]\.readinessProbe$/,
        {
            "asks for the process, not the quorum": ofFields((own, { object }) => {
                const labels = fieldsAt(fieldsAt(object, "metadata"), "labels");
                const system = String(labels["app.kubernetes.io/name"]);
                const { exec: _exec, httpGet: _get, tcpSocket: _tcp, grpc: _grpc, ...numbers } = own;
                return quorums.includes(system)
                    ? { ...numbers, exec: { command: ["bash", "-c", processOnly[system]] } }
                    : unchanged;
            }),
        },
        ["StatefulSet"],
    ),
];

/** Checks that a member passes while it has lost its quorum. */
const processOnly: Readonly<Record<string, string>> = {
    zookeeper: 'test "$(echo ruok | nc localhost 2181)" = imok',
    kafka: "true",
    opensearch: "true",
};

const secrets: readonly Operator[] = [
    ...operatorsAt("secrets", container, {
        "password in a variable": ofFields((own) => ({
            ...own,
            env: [...listAt(own, "env"), { name: "STORE_PASSWORD", value: "correct-horse-battery" }],
        })),
        "access key in a variable": ofFields((own) => ({
            ...own,
            env: [...listAt(own, "env"), { name: "STORE", value: "AKIAIOSFODNN7EXAMPLE" }],
        })),
        "password in a URL": ofFields((own) => ({
            ...own,
            env: [...listAt(own, "env"), { name: "STORE", value: "https://admin:correct-horse@store.example.com" }],
        })),
        "password in an argument": ofFields((own) => ({
            ...own,
            args: [...listAt(own, "args"), "--password=correct-horse-battery"],
        })),
    }),
    ...operatorsAt("secrets", /\.trainer\.env$/, {
        "password in a variable": withItem({ name: "STORE_PASSWORD", value: "correct-horse-battery" }),
    }),
    ...operatorsAt(
        "secrets",
        /^data$/,
        {
            "private key in a ConfigMap": withFields({
                "tls.key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n",
            }),
            "password in a ConfigMap": withFields({ "store.yaml": "user: admin\npassword: correct-horse-battery\n" }),
        },
        ["ConfigMap"],
    ),
];

const longRunning = /^(Deployment|StatefulSet|DaemonSet|Redis.*)$/;

/** Seconds in which a system stops at best, by its fact sheet: a pod that has less is killed in the middle of it. */
const stopTimes: Readonly<Record<string, number>> = {
    // nodetool drain writes what is in memory to the disk.
    cassandra: 120,
    // cluster.services.shutdown-timeout.
    flink: 30,
    // Controlled shutdown moves the leaders away first.
    kafka: 120,
    // Hands its shards over.
    opensearch: 120,
    // shutdown_timeout is 60 s, and the parent kills 3 s later.
    teraslice: 63,
    // Leaves its quorum.
    zookeeper: 30,
};

function stopSeconds(object: Readonly<Record<string, unknown>>, pattern: string): number | undefined {
    const templated = pattern.startsWith("spec.template.") ? fieldsAt(fieldsAt(object, "spec"), "template") : object;
    const labels = fieldsAt(fieldsAt(templated, "metadata"), "labels");
    const component = String(labels["app.kubernetes.io/component"]);
    return /^(node|member|broker|controller|master|manager|managers|data|jobmanager)/.test(component)
        ? stopTimes[String(labels["app.kubernetes.io/name"])]
        : undefined;
}

const stopping: readonly Operator[] = operatorsAt("stopping", /(^|\.)terminationGracePeriodSeconds$/, {
    // Kubernetes' own default is 30 s: without the field a shorter grace becomes longer.
    deleted: (value, { kind }) => (longRunning.test(kind) && Number(value) > 30 ? removed : unchanged),
    "below the system's stop time": (value, { kind, object, node }) => {
        const needed = longRunning.test(kind) ? stopSeconds(object, node.pattern) : undefined;
        return needed === undefined || needed > Number(value) ? unchanged : needed - 1;
    },
    "1 second": (_, { kind }) => (longRunning.test(kind) ? 1 : unchanged),
});

const nothingHere = { "data-platform/nothing": "nothing" };

const spread: readonly Operator[] = [
    ...operatorsAt("spread", /podAntiAffinity\.requiredDuringSchedulingIgnoredDuringExecution$/, {
        "selects nothing": ofList((terms) =>
            terms.map((term) => ({ ...(isFields(term) ? term : {}), labelSelector: { matchLabels: nothingHere } })),
        ),
    }),
    ...operatorsAt("spread", /podAntiAffinity$/, {
        "preferred instead of required": ofFields((own) => {
            const { requiredDuringSchedulingIgnoredDuringExecution: required, ...others } = own;
            return Array.isArray(required)
                ? {
                      ...others,
                      preferredDuringSchedulingIgnoredDuringExecution: required.map((term: unknown) => ({
                          weight: 100,
                          podAffinityTerm: term,
                      })),
                  }
                : unchanged;
        }),
    }),
    ...operatorsAt("spread", /(podAntiAffinity\..*|topologySpreadConstraints\[\])\.topologyKey$/, {
        "another topology": set("kubernetes.io/os"),
    }),
    ...operatorsAt("spread", /topologySpreadConstraints\[\]\.maxSkew$/, { "raised to 100": set(100) }),
    ...operatorsAt("spread", /(podAntiAffinity|topologySpreadConstraints)\b.*\.matchLabels(\.\w+|\[".*"\])$/, {
        "selects nothing": set("nothing"),
    }),
];

const placing: readonly Operator[] = [
    ...operatorsAt("priorities", /(^|\.)priorityClassName$/, { "an unknown class": set("nobody-knows-it") }),
    ...operatorsAt("tokens", /[sS]pec\.automountServiceAccountToken$/, {
        true: set(true),
        // Where a token is meant, Kubernetes' own default is the same.
        deleted: (mounted) => (mounted === false ? removed : unchanged),
    }),
    ...operatorsAt("tokens", /(^|\.)enableServiceLinks$/, { true: set(true) }),
    ...operatorsAt("config hash", /\["data-platform\/config-hash"\]$/, { emptied: set("") }),
];

/** Everything about pods. */
export const podOperators: readonly Operator[] = [
    ...securityContexts,
    ...hostAccess,
    ...resources,
    ...images,
    ...probes,
    ...secrets,
    ...stopping,
    ...spread,
    ...placing,
];
