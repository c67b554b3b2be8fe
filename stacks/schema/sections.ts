import { z } from "zod";
import { environmentSettings } from "../../components/foundation/environment";
import { imageSettings } from "../../components/foundation/images";
import { namespaceSettings } from "../../components/foundation/namespace";
import { targetSettings } from "../../components/foundation/placement";
import { priorityClassSettings } from "../../components/foundation/priorityClasses";
import { exposureSettings } from "../../components/dashboard/schema";
import { dnsLabel, settings, variants } from "../../components/foundation/values";
import { monitoringSettings } from "../../components/monitoring/schema";
import { clusterSettings } from "../../components/opensearch/clusterSchema";
import { externalOpenSearchSettings, singleNodeSettings } from "../../components/opensearch/schema";
import { cassandraSettings } from "../../components/cassandra/schema";
import { flinkSessionSettings } from "../../components/flink/schema";
import { heronSettings } from "../../components/heron/schema";
import { kafkaSettings } from "../../components/kafka/schema";
import { redisSettings } from "../../components/redis/schema";
import { sparkSettings } from "../../components/spark/schema";
import { tensorflowSettings } from "../../components/tensorflow/schema";
import { terasliceSettings } from "../../components/teraslice/schema";
import { twister2Settings } from "../../components/twister2/schema";
import { s3UploaderSettings, uploaderServerSettings } from "../../components/uploader/schema";
import { externalZookeeperSettings, zookeeperSettings } from "../../components/zookeeper/schema";
import { policySettings } from "../../policy/schema";
import { baseSection, sharingSection } from "./base";
import { clusterSection } from "./cluster";

/** How the UI of a part is reached; a component that has one is told by a stack. */
const exposed = {
    exposure: exposureSettings.describe("How it is reached from outside the cluster. Default not at all."),
};

/** The same for each of Heron's parts that speak HTTP. */
const heronExposure = settings({
    apiServer: exposureSettings.describe("The API server, for `heron submit`. Default not at all."),
    tracker: exposureSettings.describe("The tracker, for clients of its API. Default not at all."),
    ui: exposureSettings.describe("The UI. Default not at all."),
}).prefault({});

/** A component is told its namespace by name; a stack also makes it. */
const ownNamespace = { namespace: namespaceSettings.describe("The part's namespace.") };

/** The sections of a stack file, by their key without the project's prefix. */
export const sections = {
    cluster: clusterSection.describe("Where the stack goes."),
    environment: environmentSettings.describe("Whose environment it is, and how much it matters."),
    base: baseSection
        .optional()
        .describe("A base stack, whose shared parts stand in for those that this file does not have. Default none."),
    sharing: sharingSection
        .optional()
        .describe("Makes this stack a base: what it lets other stacks use of its own. Default nothing."),
    images: imageSettings.prefault({}).describe("Where images come from, and which versions."),
    targets: z
        .record(dnsLabel(), z.array(targetSettings).min(1))
        .default({})
        .describe("Target sets by name: where pods may, should or must run."),
    priorityClasses: z
        .record(dnsLabel(30), priorityClassSettings)
        .default({})
        .describe("Priority classes by short name; the objects are named <environment>-<name>."),
    zookeeper: variants("kind", [zookeeperSettings.safeExtend(ownNamespace), externalZookeeperSettings])
        .optional()
        .describe("ZooKeeper: an ensemble of the environment's own, or an external one."),
    opensearch: variants("kind", [
        singleNodeSettings.safeExtend({ ...ownNamespace, ...exposed }),
        clusterSettings.safeExtend({ ...ownNamespace, ...exposed }),
        externalOpenSearchSettings,
    ])
        .optional()
        .describe("OpenSearch: a single node for development, a cluster of the environment's own, or an external one."),
    uploader: variants("kind", [uploaderServerSettings.safeExtend({ ...ownNamespace, ...exposed }), s3UploaderSettings])
        .optional()
        .describe("Where packages of jobs are put: a web server of the environment's own, or a bucket."),
    systems: settings({
        teraslice: terasliceSettings
            .safeExtend(exposed)
            .optional()
            .describe("Teraslice, which keeps its state in the OpenSearch of the stack."),
        heron: heronSettings
            .safeExtend({ exposure: heronExposure.describe("How its parts are reached from outside the cluster.") })
            .optional()
            .describe("Heron: API server, tracker and UI, and where topologies run."),
        twister2: twister2Settings
            .safeExtend({ exposure: exposureSettings.describe("How the dashboard is reached. Default not at all.") })
            .optional()
            .describe("Twister2: what has to be there before jobs are submitted, and its dashboard."),
        flink: z
            .record(dnsLabel(20), flinkSessionSettings.safeExtend(exposed))
            .optional()
            .describe("Flink session clusters by name. Default none."),
        cassandra: cassandraSettings.optional().describe("Cassandra: a datacenter of its own. Default none."),
        kafka: kafkaSettings
            .optional()
            .describe("Kafka: a cluster of its own, with its topics and users. Default none."),
        spark: sparkSettings
            .optional()
            .describe("Spark: where applications run, and applications that the operator submits. Default none."),
        redis: redisSettings.optional().describe("Redis instances, which the operator runs. Default none."),
        tensorflow: tensorflowSettings
            .optional()
            .describe("TensorFlow: runtimes and jobs, which Kubeflow Trainer runs. Default none."),
    })
        .prefault({})
        .describe("The data systems to deploy."),
    monitoring: monitoringSettings
        .optional()
        .describe("How the environment is watched by the Prometheus operator. Default not at all."),
    policies: policySettings.prefault({}).describe("Levels, settings and exemptions of the rules."),
} as const;

export type SectionName = keyof typeof sections;

/** The typed content of one stack file: plain, frozen. */
export type StackConfig = { readonly [Name in SectionName]: z.output<(typeof sections)[Name]> };
