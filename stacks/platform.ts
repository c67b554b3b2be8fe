import { z } from "zod";
import { peerSettings } from "../components/foundation/networkPolicy";
import {
    labelKey,
    dnsLabel,
    dnsName,
    flag,
    labelValue,
    oneOf,
    port,
    url,
    whole,
    words,
} from "../components/foundation/values";

/*
 * What a stack tells other stacks and its users: its output `platform`. Other stacks read it by this very schema
 * (stacks/base/contract.ts), and a test holds the output of every stack to it.
 */

/**
 * The version of the schema. Raise it with every change that a reader could trip over: a field that goes or means
 * something else. A new field is none: readers pass over what they don't know.
 */
export const platformVersion = 2;

const flow = () =>
    z.object({
        peers: z.array(peerSettings).min(1).readonly().describe("The pods, or the network."),
        ports: z
            .array(z.object({ port: port(), protocol: oneOf("TCP", "UDP").optional() }))
            .min(1)
            .readonly()
            .describe("Their ports; protocol TCP by default."),
    });

/** A ZooKeeper that other stacks may use. */
export const zookeeperContract = z.object({
    connectionString: words().describe("Comma-separated `host:port` list, with an optional path."),
    flow: flow().describe("The way there, for the network policies of its clients."),
    plainClients: flag().describe("Whether clients are served that use neither TLS nor a login."),
});

/** A team's login, in a Secret of the namespace for consumers. */
const loginContract = z.object({
    namespace: dnsLabel().describe("Namespace of the Secret."),
    secretName: dnsName().describe("Its name."),
    usernameKey: words().describe("Its key with the user's name."),
    passwordKey: words().describe("Its key with the password."),
    authorityKey: words()
        .optional()
        .describe("Its key with the authorities to trust, PEM; absent where everybody trusts them."),
    indexPatterns: z.array(words()).min(1).readonly().describe("The indices that the user may create, read and write."),
    rotation: whole(0, 2_000_000).describe("Changes with what the Secret holds."),
});

/** An OpenSearch that other stacks may use. */
export const opensearchContract = z.object({
    nodes: z.array(url()).min(1).readonly().describe("URLs of the nodes, or of the Service in front of them."),
    flow: flow().describe("The way there, for the network policies of its clients."),
    dataNodes: whole(1, 200)
        .optional()
        .describe("How many nodes hold data, which bounds the replicas of an index; absent where nobody here knows."),
    secured: flag().describe("Whether it wants a login."),
    logins: z
        .record(dnsLabel(), loginContract)
        .describe("The logins of other stacks, by the names of their environments."),
});

/** Where packages of jobs are put. */
export const uploaderContract = z.discriminatedUnion("kind", [
    z.object({
        kind: z.literal("server").describe("A web server."),
        url: url().describe("Its URL inside the cluster: packages are below it."),
        service: z
            .object({ name: dnsLabel(), namespace: dnsLabel(), port: port() })
            .describe("Its Service, and the port it listens on."),
        podLabels: z.record(labelKey(), labelValue()).describe("Labels that select its pod."),
        directory: words().describe("Where the packages are in its container."),
        flow: flow().describe("The way there, for the network policies of its clients."),
    }),
    z.object({
        kind: z.literal("s3").describe("A bucket."),
        bucket: words().describe("Its name."),
        endpoint: url().optional().describe("URL of the store; absent for AWS's own."),
        region: words().optional().describe("Its region."),
        pathPrefix: words().describe("First part of the keys of all packages."),
        flow: flow().describe("The way there, for the network policies of its clients."),
    }),
]);

/** What other stacks read of a base; the rest of its output is for people and programs outside. */
export const baseContract = z.object({
    schema: z.literal(platformVersion),
    environment: z
        .object({ name: dnsLabel(20), tier: oneOf("development", "staging", "production") })
        .describe("Whose environment it is."),
    cluster: z.object({ dnsDomain: dnsName().describe("The cluster's DNS domain.") }).describe("Where the parts run."),
    priorityClasses: z
        .record(dnsLabel(30), dnsName())
        .describe("Names of the PriorityClasses, by the short names of the configuration."),
    zookeeper: zookeeperContract.optional().describe("Its ZooKeeper."),
    opensearch: opensearchContract.optional().describe("Its OpenSearch."),
    uploader: uploaderContract.optional().describe("Where packages of jobs are put."),
    sharing: z
        .object({ namespace: dnsLabel().describe("Namespace in which each consumer leaves an entry.") })
        .optional()
        .describe("Present where other stacks may use the parts."),
});

const jobNamespaces = z.record(z.string(), dnsLabel()).describe("Namespaces of jobs by short name.");

/** The whole output. */
export const platformSchema = baseContract.extend({
    dashboards: z
        .array(
            z.object({
                title: words().describe("What it is."),
                url: words().optional().describe("Where it is; absent without exposure."),
                command: words().describe("What opens it: the URL, or a command that leads to one."),
                login: words().optional().describe("Command that shows the login."),
            }),
        )
        .describe("Every UI and API, by title, with what opens it."),
    systems: z.object({
        teraslice: z
            .object({ namespace: dnsLabel(), url: url().describe("Address of the API inside the cluster.") })
            .optional(),
        heron: z
            .object({
                namespace: dnsLabel(),
                topologyNamespace: dnsLabel().describe("Namespace of all topologies."),
                clusterName: words().describe("Name of the cluster, which `heron submit` begins with."),
                url: url().describe("Address of the API server inside the cluster."),
            })
            .optional(),
        twister2: z
            .object({
                jobNamespaces,
                dashboard: words().optional().describe("Address of the dashboard, as job masters see it."),
            })
            .optional(),
        flink: z
            .record(
                z.string(),
                z.object({
                    namespace: dnsLabel(),
                    clusterId: words(),
                    url: url().describe("Address of the REST API inside the cluster."),
                }),
            )
            .optional()
            .describe("Sessions by short name."),
        cassandra: z
            .object({
                namespace: dnsLabel(),
                contactPoints: z.array(words()).readonly().describe("Hosts that lead to ready nodes, port 9042."),
            })
            .optional(),
        kafka: z
            .object({
                namespace: dnsLabel(),
                bootstrapServers: words().describe(
                    "Comma-separated `host:port` list that clients inside the cluster begin with.",
                ),
                externalServers: z
                    .array(words())
                    .readonly()
                    .describe("`host:port` of each broker for clients outside the cluster."),
            })
            .optional(),
        spark: z.object({ jobNamespaces }).optional(),
        redis: z
            .record(
                z.string(),
                z.object({
                    namespace: dnsLabel(),
                    master: words().describe("`host:port` that follows the master; in a cluster of its leaders."),
                    sentinels: words().optional().describe("`host:port` of the Sentinels, where there are any."),
                }),
            )
            .optional()
            .describe("Instances by name."),
        tensorflow: z
            .object({
                jobNamespaces,
                runtimes: z.record(z.string(), words()).describe("Names of the ClusterTrainingRuntimes by short name."),
            })
            .optional(),
    }),
    clientFiles: z
        .record(z.string(), z.string())
        .describe("Files that clients of the systems are configured with: text by path, such as `heron/client.yaml`."),
});

/** What a stack tells other stacks and its users. */
export type Platform = z.output<typeof platformSchema>;

/** What other stacks read of it. */
export type BasePlatform = z.output<typeof baseContract>;
