import { z } from "zod";
import { dnsName, imageRepository, imageVersion, registry, secret, settings } from "./values";

/**
 * Every image that the program may deploy, by catalog name: repository and tag of the release that its configuration
 * was written for. Digests are not here: each environment pins those it has resolved (`npm run pin`).
 */
export const catalog = {
    /** facts: docker-library/zookeeper 3.9.4. */
    zookeeper: { repository: "docker.io/library/zookeeper", tag: "3.9.4" },
    /** The newest OpenSearch that Teraslice's own tests run against (3.1.0). */
    opensearch: { repository: "docker.io/opensearchproject/opensearch", tag: "3.1.0" },
    /** nginx without root, the Debian variant: clients of the uploader need its bash and tar. */
    nginx: { repository: "docker.io/nginxinc/nginx-unprivileged", tag: "1.28.0" },
    /** Teraslice 3.18.0; tags are v<teraslice>-nodev<node>. */
    teraslice: { repository: "ghcr.io/terascope/teraslice", tag: "v3.18.0-nodev24.19.0" },
    /** The last release of Heron, which is retired. Nobody could check here that its image is still there. */
    heron: { repository: "docker.io/apache/heron", tag: "0.20.5-incubating" },
    /** The BookKeeper whose client Heron 0.20.5 embeds (WORKSPACE of that release). */
    bookkeeper: { repository: "docker.io/apache/bookkeeper", tag: "4.14.5" },
    /** The last release of Twister2. */
    twister2: { repository: "docker.io/twister2/twister2-k8s", tag: "0.8.0" },
    /** Flink 2.2.1 with Java 17, which its session's files are written for. */
    flink: { repository: "docker.io/library/flink", tag: "2.2.1-scala_2.12-java17" },
    /** The Cassandra whose own classes load the rendered files here. */
    cassandra: { repository: "docker.io/library/cassandra", tag: "5.0.6" },
    /** The Kafka that runs here from the rendered environment. */
    kafka: { repository: "docker.io/apache/kafka", tag: "4.1.0" },
    /** Metrics of a Kafka cluster, asked of its brokers. */
    "kafka-exporter": { repository: "docker.io/danielqsj/kafka-exporter", tag: "v1.9.0" },
    /** A Spark that the operator's release 2.5 submits. */
    spark: { repository: "docker.io/apache/spark", tag: "4.0.1" },
    /** The tags that the operator's own examples name. */
    redis: { repository: "quay.io/opstree/redis", tag: "v7.0.15" },
    "redis-sentinel": { repository: "quay.io/opstree/redis-sentinel", tag: "v7.0.15" },
    "redis-exporter": { repository: "quay.io/opstree/redis-exporter", tag: "v1.48.0" },
    tensorflow: { repository: "docker.io/tensorflow/tensorflow", tag: "2.17.0" },
    /*
     * What the operators' charts name for their pinned versions: appVersion of spark-operator 2.5.2 and of redis-operator
     * 0.26.1, the version of kubeflow-trainer 2.3.0, and that of its dependency jobset 0.12.0.
     */
    "spark-operator": { repository: "ghcr.io/kubeflow/spark-operator/controller", tag: "2.5.2" },
    "redis-operator": { repository: "quay.io/opstree/redis-operator", tag: "v0.26.0" },
    "kubeflow-trainer": { repository: "ghcr.io/kubeflow/trainer/trainer-controller-manager", tag: "v2.3.0" },
    jobset: { repository: "registry.k8s.io/jobset/jobset", tag: "v0.12.0" },
} as const;

export type ImageName = keyof typeof catalog;

export const imageNames = Object.keys(catalog) as [ImageName, ...ImageName[]];

/** An entry for any of the catalog's images. */
const perImage = <Value extends z.ZodType>(value: (name: ImageName) => Value) =>
    settings(
        Object.fromEntries(imageNames.map((name) => [name, value(name).optional()])) as Record<
            ImageName,
            z.ZodOptional<Value>
        >,
    );

/** Where images come from. */
export const imageSettings = settings({
    registry: registry()
        .optional()
        .describe(
            "Mirror that takes the place of every image's registry host; paths are kept. Default: the images' own registries.",
        ),
    repositories: perImage((name) => imageRepository().describe(`Repository instead of ${catalog[name].repository}.`))
        .default({})
        .describe("Repositories of your own builds, by catalog name; the registry setting does not rewrite them."),
    pins: perImage((name) =>
        imageVersion().describe(`Tag, with digest where resolved, instead of ${catalog[name].tag}.`),
    )
        .default({})
        .describe("Tags and digests, by catalog name. `npm run pin` resolves digests."),
    pullSecrets: z
        .array(dnsName())
        .default([])
        .describe(
            "Names of the image pull Secrets of every namespace, for pods and for service accounts. Default none.",
        ),
    pullCredentials: z
        .record(dnsName(), secret())
        .default({})
        .describe(
            "Content of pull Secrets (a .dockerconfigjson document), by name: those are created in every namespace. A pull secret without content must exist before its pods start.",
        ),
});

export type ImageSettings = z.output<typeof imageSettings>;

/** Resolves catalog names to image references for one environment. */
export class ImageCatalog {
    constructor(private readonly settings: ImageSettings) {}

    /** The full reference of an image: repository, tag and, where pinned, digest. */
    public reference(name: ImageName): string {
        const repository = this.settings.repositories[name] ?? this.mirrored(catalog[name].repository);
        return `${repository}:${this.settings.pins[name] ?? catalog[name].tag}`;
    }

    /** Names of the Secrets that pods and service accounts pull images with. */
    public get pullSecrets(): readonly string[] {
        return this.settings.pullSecrets;
    }

    /** The same as pods, service accounts and charts refer to them. */
    public get pullSecretReferences(): { name: string }[] {
        return this.settings.pullSecrets.map((name) => ({ name }));
    }

    /** Contents of the pull secrets that the program itself creates. */
    public get pullCredentials(): ImageSettings["pullCredentials"] {
        return this.settings.pullCredentials;
    }

    private mirrored(repository: string): string {
        const path = repository.slice(repository.indexOf("/") + 1);
        return this.settings.registry === undefined ? repository : `${this.settings.registry}/${path}`;
    }
}
