import type { Edit } from "../support/stackFiles";
import { type Broken, itFindsEach, itLeavesAlone, systemWith } from "./brokenTable";

const own = "dashboard: { kind: own, storageClass: fast }";
const noServer = "uploader: { kind: none }";

/** Twister2 with one job namespace, whose settings are given; further ones stand beside it. */
const research = (settings: string, further = own): Edit =>
    systemWith("twister2", `{ ${further}, jobNamespaces: { research: { ${settings} } } }`);
/** The same, with an uploader that is no matter. */
const jobs = (settings: string, further = own): Edit => research(`${noServer}, ${settings}`, further);
const beside = (settings: string): Edit => research(noServer, settings);

const twister2 = "data-platform:systems.twister2";
const inJobs = `${twister2}.jobNamespaces.research`;
const one = (edit: Edit, line: string): [readonly Edit[], readonly string[]] => [[edit], [line]];

const kind = "cpu: 1, memory: 1Gi, instances: 2";
const s3 = "uploader: { kind: s3, bucket: jobs, peers: [{ cidr: 0.0.0.0/0 }]";
const mounted = "kind: mounted, storageClass: nfs, perWorker: 1Gi";

const broken: readonly Broken[] = [
    [
        "no job namespace",
        ...one(
            systemWith("twister2", `{ ${own}, jobNamespaces: {} }`),
            `${twister2}.jobNamespaces: expected at least one job namespace, found an empty map`,
        ),
    ],
    [
        "a short name that is no label",
        ...one(
            systemWith("twister2", `{ ${own}, jobNamespaces: { My_Jobs: { ${noServer} } } }`),
            `${twister2}.jobNamespaces.My_Jobs: expected a key that is a DNS label of at most 20 characters: lower-case letters, digits and -, starting and ending with a letter or digit, found "My_Jobs"`,
        ),
    ],
    [
        "everybody as submitters",
        ...one(
            jobs("submitters: ['system:authenticated']"),
            `${inJobs}.submitters[0]: expected a group of named people, not one that everybody is in, found "system:authenticated"`,
        ),
    ],
    [
        "an uploader of a kind that Twister2 refuses",
        ...one(
            research("uploader: { kind: hdfs }"),
            `${inJobs}.uploader.kind: expected server | existing | s3 | none, found "hdfs"`,
        ),
    ],
    [
        "an uploader that people write to over HTTP",
        ...one(
            research("uploader: { kind: server, storageClass: fast, writing: { kind: generated } }"),
            `${inJobs}.uploader.writing: expected one of the known keys (kind, storage, storageClass, keepFor, transferTimeout, monitoring, resources, targets, priority), found an unknown key`,
        ),
    ],
    [
        "packages that go before a job ends",
        ...one(
            research("uploader: { kind: server, storageClass: fast, keepFor: 2h }"),
            `${inJobs}.uploader.keepFor: expected a time of at least 1d, such as 30d, found "2h"`,
        ),
    ],
    [
        "an uploader on the cluster's default class",
        ...one(
            research("pullPolicy: Always"),
            `${inJobs}.uploader.storageClass: expected the name of a StorageClass in a production environment, since the cluster's default class can change, found nothing`,
        ),
    ],
    [
        "a signed URL for longer than S3 signs one",
        ...one(
            research(`${s3}, linkExpiration: 30d }`),
            `${inJobs}.uploader.linkExpiration: expected a time from 1m to 7d, the longest that S3 signs a URL for, found "30d"`,
        ),
    ],
    [
        "a web server with a slash at its end",
        ...one(
            research("uploader: { kind: existing, url: 'http://web/', label: { key: app, value: web } }"),
            `${inJobs}.uploader.url: expected a URL without a slash at its end, since Twister2 adds one, found "http://web/"`,
        ),
    ],
    [
        "a pull policy that Twister2 has not",
        ...one(jobs("pullPolicy: Never"), `${inJobs}.pullPolicy: expected IfNotPresent | Always, found "Never"`),
    ],
    [
        "OpenMPI without a key",
        ...one(
            jobs("network: { channel: mpi }"),
            `${inJobs}.openMpi.kind: expected generated or existing, since network.channel is mpi, found nothing`,
        ),
    ],
    [
        "OpenMPI jobs that are scalable",
        ...one(
            jobs(
                `network: { channel: mpi }, openMpi: { kind: generated }, jobDefaults: { computeResources: [{ ${kind}, scalable: true }] }`,
            ),
            `${inJobs}.jobDefaults.computeResources: expected no kind that is scalable, since OpenMPI jobs can't be scaled, found a list of 1`,
        ),
    ],
    [
        "two kinds of workers that are scalable",
        ...one(
            jobs(`jobDefaults: { computeResources: [{ ${kind}, scalable: true }, { ${kind}, scalable: true }] }`),
            `${inJobs}.jobDefaults.computeResources: expected at most one kind that is scalable, found a list of 2`,
        ),
    ],
    [
        "a job's name that would be changed",
        ...one(
            jobs("jobDefaults: { name: My_Job }"),
            `${inJobs}.jobDefaults.name: expected a job name of at most 30 lower-case letters, digits and -, starting with a letter and not ending with -, found "My_Job"`,
        ),
    ],
    [
        "a volume of the job master alone",
        ...one(
            jobs("storage: { kind: mounted, storageClass: nfs, jobMaster: 1Gi }"),
            `${inJobs}.storage.perWorker: expected a Kubernetes quantity of at least 1Mi with a unit, such as 512Mi or 10Gi, found nothing`,
        ),
    ],
    [
        "volumes of no class",
        ...one(
            jobs("storage: { kind: mounted, perWorker: 1Gi }"),
            `${inJobs}.storage.storageClass: expected a DNS name: labels of lower-case letters, digits and -, joined by dots, found nothing`,
        ),
    ],
    [
        "one node's volume for pods anywhere",
        ...one(
            jobs(`storage: { ${mounted}, accessMode: ReadWriteOnce }`),
            `${inJobs}.storage.accessMode: expected ReadWriteMany, unless workers.uniformMapping is all-same-node and the job master has no volume: pods on several nodes mount it, found "ReadWriteOnce"`,
        ),
    ],
    [
        "checkpoints that the job master has no volume for",
        ...one(
            jobs(`storage: { ${mounted} }, checkpointing: { enabled: true }`),
            `${inJobs}.storage: expected hdfs, or mounted with jobMaster, since checkpointing.enabled is true and workers and job master must share them, found a map of kind, perWorker, storageClass`,
        ),
    ],
    [
        "logs on a volume that is none",
        ...one(
            jobs("logStorage: persistent"),
            `${inJobs}.logStorage: expected volatile, unless storage.kind is mounted: Twister2 logs to no other, found "persistent"`,
        ),
    ],
    [
        "a time of checkpoints that is no whole second",
        ...one(
            jobs("checkpointing: { requestTimeout: 500ms }"),
            `${inJobs}.checkpointing.requestTimeout: expected whole seconds, at least 1s: Twister2 counts them, found "500ms"`,
        ),
    ],
    [
        "a node port of two workers",
        ...one(
            jobs(`workers: { nodePort: {} }, jobDefaults: { computeResources: [{ ${kind}, workersPerPod: 2 }] }`),
            `${inJobs}.jobDefaults.computeResources[0].workersPerPod: expected 1, since workers.nodePort leads to one worker of a pod, found 2`,
        ),
    ],
    [
        "a node port outside of the range",
        ...one(
            jobs("workers: { nodePort: { port: 8080 } }"),
            `${inJobs}.workers.nodePort.port: expected a whole number from 30000 to 32767, found 8080`,
        ),
    ],
    [
        "half a core of one's own",
        ...one(
            jobs(
                "workers: { bindToCpu: true }, jobDefaults: { computeResources: [{ cpu: 0.5, memory: 1Gi, instances: 1 }] }",
            ),
            `${inJobs}.jobDefaults.computeResources[0].cpu: expected whole cores, since workers.bindToCpu is true, found 0.5`,
        ),
    ],
    [
        "values for Exists",
        ...one(
            jobs("workers: { nodeMapping: { key: gpu, operator: Exists, values: [a] } }"),
            `${inJobs}.workers.nodeMapping.values: expected no values, since Exists compares none, found a list of 1`,
        ),
    ],
    [
        "two mappings of workers to nodes",
        ...one(
            jobs("workers: { nodeMapping: { key: pool, values: [a] } }, jobTargets: stateful"),
            `${inJobs}.workers.nodeMapping: expected nothing beside jobTargets: Twister2 knows one node mapping, found a map of key, values`,
        ),
    ],
    [
        "a target set that is none",
        ...one(
            jobs("jobTargets: nowhere"),
            `${inJobs}.jobTargets: expected a name from data-platform:targets (stateful | batch), found "nowhere"`,
        ),
    ],
    [
        "targets that Twister2 can't have",
        [jobs("jobTargets: batch")],
        [
            `${inJobs}.jobTargets: expected exactly one required target, since Twister2's node mapping knows one label, found a list of 2`,
            `${inJobs}.jobTargets: expected no preferred and no accepted target, since Twister2 gives its workers neither, found accepted pool=batch`,
        ],
    ],
    [
        "workers above the limit of their namespace",
        ...one(
            jobs("jobDefaults: { computeResources: [{ cpu: 20, memory: 1Gi, instances: 1 }] }"),
            `${inJobs}.jobDefaults.computeResources[0].cpu: expected at most namespace.containerDefaults.cpuLimit, 16, which is the limit of containers that set none, found 20`,
        ),
    ],
    [
        "a job master in the client where no dashboard is",
        ...one(
            jobs("jobMaster: { runsInClient: true }", "dashboard: { kind: none }"),
            `${inJobs}.jobMaster.runsInClient: expected false, since dashboard.kind is none: the client fails without its address, found true`,
        ),
    ],
    [
        "fault tolerance without ZooKeeper",
        ...one(
            jobs("faultTolerance: { enabled: true }"),
            `${inJobs}.faultTolerance.enabled: expected false, since zookeeper.kind is none, found true`,
        ),
    ],
    [
        "TLS to an ensemble, which Twister2 does not speak",
        ...one(
            beside(
                `${own}, zookeeper: { kind: external, connectionString: 'zk:2181', peers: [{ cidr: 10.0.0.0/8 }], tls: {} }`,
            ),
            `${twister2}.zookeeper.tls: expected one of the known keys (kind, connectionString, peers, port), found an unknown key`,
        ),
    ],
    [
        "a dashboard with a slash at its end",
        ...one(
            beside("dashboard: { kind: external, host: 'http://dash:8080/', peers: [{ cidr: 10.0.0.0/8 }] }"),
            `${twister2}.dashboard.host: expected a URL without a slash at its end, since Twister2 adds one, found "http://dash:8080/"`,
        ),
    ],
    [
        "a dashboard of several writers",
        ...one(
            beside("dashboard: { kind: own, storageClass: fast, replicas: 2 }"),
            `${twister2}.dashboard.replicas: expected one of the known keys (kind, storage, storageClass, resources, heap, targets, priority, clients), found an unknown key`,
        ),
    ],
    [
        "a rack that is none",
        ...one(
            beside(`${own}, nodeLocations: { kind: config, racks: { a: [10.0.0.1] }, datacenters: { dc1: [b] } }`),
            `${twister2}.nodeLocations.datacenters.dc1[0]: expected the name of one of racks, found "b"`,
        ),
    ],
    [
        "a node by its name where addresses count",
        ...one(
            beside(`${own}, nodeLocations: { kind: config, racks: { a: [node01] } }`),
            `${twister2}.nodeLocations.racks.a[0]: expected the IP address of a node, found "node01"`,
        ),
    ],
    [
        "the key of the document",
        ...one(
            beside(`${own}, faultTolerant: true`),
            `${twister2}.faultTolerant: expected one of the known keys (namespace, jobNamespaces, dashboard, zookeeper, nodeLocations, exposure), found an unknown key`,
        ),
    ],
    [
        "a quota that counts the limits of no whole job",
        ...one(
            jobs("namespace: { quota: { memory: 40Gi } }"),
            `${inJobs}.namespace.quota.memoryLimit: expected at least 64Gi for the job master and one pod of workers of a job, found nothing`,
        ),
    ],
    [
        "a quota below what the least job requests",
        ...one(
            jobs("namespace: { quota: { cpu: 100m } }"),
            `${inJobs}.namespace.quota.cpu: expected at least 300m for the job master and one pod of workers of a job, found "100m"`,
        ),
    ],
    [
        "a quota below the dashboard",
        ...one(
            beside(`${own}, namespace: { quota: { memory: 512Mi } }`),
            `${twister2}.namespace.quota.memory: expected at least 1Gi for its 1 pod, found "512Mi"`,
        ),
    ],
    [
        "another domain than Twister2's",
        [
            jobs("pullPolicy: Always"),
            ["    context: production\n", "    context: production\n    dns: { domain: example.internal }\n"],
        ],
        [
            'data-platform:cluster.dns.domain: expected cluster.local, since Twister2\'s workers look for their job master there and nowhere else, found "example.internal"',
        ],
    ],
];

describe("stack files with a broken Twister2", () => itFindsEach(broken));

describe("stack files with a good Twister2", () => {
    itLeavesAlone([
        ["a namespace without an uploader", [research(noServer)]],
        ["an uploader on a class", [research("uploader: { kind: server, storageClass: fast, keepFor: 30d }")]],
        ["the environment's ensemble", [beside(`${own}, zookeeper: { kind: shared }`)]],
        ["one required target", [jobs("jobTargets: stateful")]],
        [
            "volumes with checkpoints",
            [jobs(`storage: { ${mounted}, jobMaster: 1Gi }, checkpointing: { enabled: true }`)],
        ],
    ]);
});
