import { at, type Fields, fieldsAt, isFields, listAt, overlay, type RawPodTemplate } from "./raw";

/*
 * Some operators take a pod apart: image, CPU and memory stand in fields of their own, beside a pod template or instead
 * of one. Here they are put together again, the way the operator does it, so that rules judge what will really run.
 */

/**
 * The pods that a known operator makes of an object; undefined for a kind whose templates are found by their shape.
 *
 * Kinds: SparkApplication and ScheduledSparkApplication (sparkoperator.k8s.io/v1beta2), Redis, RedisReplication,
 * RedisSentinel and RedisCluster (redis.redis.opstreelabs.in/v1beta2), TrainJob (trainer.kubeflow.org/v1alpha1).
 */
export function operatorTemplates(kind: string, group: string, object: Fields): RawPodTemplate[] | undefined {
    switch (`${group}/${kind}`) {
        case "sparkoperator.k8s.io/SparkApplication":
            return sparkTemplates(() => fieldsAt(object, "spec"), "spec");
        case "sparkoperator.k8s.io/ScheduledSparkApplication":
            return sparkTemplates(() => fieldsAt(fieldsAt(object, "spec"), "template"), "spec.template");
        case "redis.redis.opstreelabs.in/Redis":
        case "redis.redis.opstreelabs.in/RedisReplication":
        case "redis.redis.opstreelabs.in/RedisSentinel":
        case "redis.redis.opstreelabs.in/RedisCluster":
            return redisTemplates(kind, object);
        case "trainer.kubeflow.org/TrainJob":
            return trainJobTemplates(object);
        default:
            return undefined;
    }
}

// --- Spark ---

function sparkTemplates(app: () => Fields, path: string): RawPodTemplate[] {
    return ["driver", "executor"].map((part) => {
        const partPath = at(path, part);
        const templatePath = at(partPath, "template");
        const written = (): readonly unknown[] => listAt(fieldsAt(templateOf(app(), part), "spec"), "containers");
        return {
            path: templatePath,
            partial: false,
            template: () => sparkTemplate(app(), part),
            containerPath: (list, index) => {
                if (list !== "containers") {
                    return undefined;
                }
                const sidecar = index - Math.max(written().length, 1);
                return sidecar >= 0 ? at(at(partPath, "sidecars"), sidecar) : index === 0 ? partPath : undefined;
            },
        };
    });
}

function templateOf(app: Fields, part: string): Fields {
    return fieldsAt(fieldsAt(app, part), "template");
}

/** Pod fields that the operator's webhook sets from the field of the same name in `driver` and `executor`. */
const sparkPodFields = [
    "affinity",
    "hostNetwork",
    "nodeSelector",
    "priorityClassName",
    "schedulerName",
    "shareProcessNamespace",
    "terminationGracePeriodSeconds",
    "tolerations",
];

function sparkTemplate(app: Fields, part: string): Fields {
    const own = fieldsAt(app, part);
    const template = templateOf(app, part);
    const written = (): Fields => fieldsAt(template, "spec");
    const first = (key: string, from: string = key): (() => unknown) => {
        return () => own[from] ?? written()[key];
    };
    return {
        get metadata() {
            const metadata = fieldsAt(template, "metadata");
            return overlay(metadata, {
                labels: () => ({ ...fieldsAt(metadata, "labels"), ...fieldsAt(own, "labels") }),
                annotations: () => ({ ...fieldsAt(metadata, "annotations"), ...fieldsAt(own, "annotations") }),
            });
        },
        get spec() {
            return overlay(written(), {
                ...Object.fromEntries(sparkPodFields.map((key) => [key, first(key)])),
                securityContext: first("securityContext", "podSecurityContext"),
                serviceAccountName: first("serviceAccountName", "serviceAccount"),
                volumes: () => [...listAt(written(), "volumes"), ...listAt(app, "volumes")],
                initContainers: () => [...listAt(written(), "initContainers"), ...listAt(own, "initContainers")],
                containers: () => {
                    // Spark takes the first container of a template for its own (KubernetesUtils.selectSparkContainer).
                    const [main, ...others] = listAt(written(), "containers");
                    return [
                        sparkContainer(app, part, isFields(main) ? main : {}),
                        ...others,
                        ...listAt(own, "sidecars"),
                    ];
                },
            });
        },
    };
}

function sparkContainer(app: Fields, part: string, written: Fields): Fields {
    const own = fieldsAt(app, part);
    const amounts = (key: "requests" | "limits", cpu: () => unknown, memory: () => unknown): Fields =>
        overlay(fieldsAt(fieldsAt(written, "resources"), key), { cpu, memory });
    return overlay(written, {
        name: () => written.name ?? `spark-kubernetes-${part}`,
        image: () => own.image ?? app.image ?? written.image,
        securityContext: () => own.securityContext ?? written.securityContext,
        env: () => [...listAt(written, "env"), ...listAt(own, "env")],
        volumeMounts: () => [...listAt(written, "volumeMounts"), ...listAt(own, "volumeMounts")],
        resources: () => ({
            requests: amounts(
                "requests",
                () => own.coreRequest ?? own.cores,
                () => quantityOfJvm(own.memory),
            ),
            limits: amounts(
                "limits",
                () => own.coreLimit,
                () => own.memoryLimit ?? quantityOfJvm(own.memory),
            ),
        }),
    });
}

/** Spark writes memory as the JVM does: `512m` are mebibytes, `2g` gibibytes. */
function quantityOfJvm(memory: unknown): unknown {
    return typeof memory === "string"
        ? memory.replace(/^(\d+)([kmgt])b?$/i, (_, n: string, u: string) => `${n}${units[u.toLowerCase()] ?? ""}`)
        : memory;
}

const units: Readonly<Record<string, string>> = { k: "Ki", m: "Mi", g: "Gi", t: "Ti" };

// --- Redis ---

function redisTemplates(kind: string, object: Fields): RawPodTemplate[] {
    const spec = (): Fields => fieldsAt(object, "spec");
    if (kind === "RedisCluster") {
        return ["redisLeader", "redisFollower"].map((part) => redisTemplate(object, spec, part));
    }
    // A replication brings its own sentinels along when it has this block.
    return kind === "RedisReplication" && spec().sentinel !== undefined
        ? [redisTemplate(object, spec), redisSentinelTemplate(object)]
        : [redisTemplate(object, spec)];
}

function redisTemplate(object: Fields, spec: () => Fields, part?: string): RawPodTemplate {
    // Leader and follower of a cluster set placement and resources each; the rest is common.
    const own = (key: string): unknown => (part === undefined ? undefined : fieldsAt(spec(), part)[key]) ?? spec()[key];
    const exporter = (): Fields => fieldsAt(spec(), "redisExporter");
    const initContainer = (): Fields => fieldsAt(spec(), "initContainer");
    const main = (): Fields =>
        overlay(fieldsAt(spec(), "kubernetesConfig"), {
            name: () => "redis",
            resources: () => own("resources") ?? fieldsAt(spec(), "kubernetesConfig").resources,
            securityContext: () => own("securityContext"),
            env: () => spec().env,
            livenessProbe: () => own("livenessProbe"),
            readinessProbe: () => own("readinessProbe"),
        });
    return {
        path: part === undefined ? "spec" : at("spec", part),
        partial: false,
        template: () => ({
            metadata: { labels: fieldsAt(fieldsAt(object, "metadata"), "labels") },
            spec: overlay(spec(), {
                securityContext: () => spec().podSecurityContext,
                ...Object.fromEntries(redisPodFields.map((key) => [key, () => own(key)])),
                initContainers: () =>
                    initContainer().enabled === true ? [overlay(initContainer(), { name: () => "init" })] : [],
                containers: () => [
                    main(),
                    ...(exporter().enabled === true ? [overlay(exporter(), { name: () => "redis-exporter" })] : []),
                    ...listAt(spec(), "sidecars"),
                ],
            }),
        }),
        containerPath: (list, index) => {
            if (list === "initContainers") {
                return "spec.initContainer";
            }
            const exporters = exporter().enabled === true ? 1 : 0;
            const places = ["spec.kubernetesConfig", "spec.redisExporter"].slice(0, 1 + exporters);
            return places[index] ?? at("spec.sidecars", index - places.length);
        },
    };
}

const redisPodFields = [
    "affinity",
    "nodeSelector",
    "tolerations",
    "terminationGracePeriodSeconds",
    "topologySpreadConstraints",
];

function redisSentinelTemplate(object: Fields): RawPodTemplate {
    const sentinel = (): Fields => fieldsAt(fieldsAt(object, "spec"), "sentinel");
    return {
        path: "spec.sentinel",
        partial: false,
        template: () => ({
            metadata: { labels: fieldsAt(fieldsAt(object, "metadata"), "labels") },
            spec: overlay(sentinel(), {
                securityContext: () => sentinel().podSecurityContext,
                containers: () => [overlay(sentinel(), { name: () => "sentinel" })],
            }),
        }),
        containerPath: () => "spec.sentinel",
    };
}

// --- Kubeflow Trainer ---

/** A TrainJob changes parts of the templates that its runtime holds, and may name another image and resources. */
function trainJobTemplates(object: Fields): RawPodTemplate[] {
    const spec = fieldsAt(object, "spec");
    const trainer = (): Fields => fieldsAt(spec, "trainer");
    const patches = listAt(spec, "runtimePatches").flatMap((patch, i): RawPodTemplate[] => {
        const set = fieldsAt(
            fieldsAt(fieldsAt(isFields(patch) ? patch : {}, "trainingRuntimeSpec"), "template"),
            "spec",
        );
        return listAt(set, "replicatedJobs").map((job, j) => ({
            path: `spec.runtimePatches[${i}].trainingRuntimeSpec.template.spec.replicatedJobs[${j}].template.spec.template`,
            partial: true,
            template: () => fieldsAt(fieldsAt(isFields(job) ? job : {}, "template"), "spec").template,
        }));
    });
    return [
        {
            path: "spec.trainer",
            partial: true,
            template: () => ({
                spec: {
                    containers: [
                        overlay(trainer(), { name: () => "node", resources: () => trainer().resourcesPerNode }),
                    ],
                },
            }),
            containerPath: () => "spec.trainer",
        },
        ...patches,
    ];
}
