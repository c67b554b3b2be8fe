import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { clientConfig, type ClientContext } from "../../components/twister2/clientConfig";
import { type Twister2Settings, twister2Settings } from "../../components/twister2/schema";
import { at, find, mapAt } from "../support/plans";
import { jobNamespace, type JobNamespaceInput, planned } from "./fixtures";

type File = "resource" | "core" | "network" | "data" | "checkpoint";

const context = (given: JobNamespaceInput, changes: Partial<ClientContext> = {}): ClientContext => ({
    namespace: "dev-research",
    settings: jobNamespace(given),
    nodeLocations: { kind: "labels", rackKey: "rack", datacenterKey: "datacenter", nodes: [] },
    image: "docker.io/twister2/twister2-k8s:0.8.0",
    targets: [],
    ...changes,
});

/** A file as the client's parser reads it, which speaks YAML 1.1. */
const fileOf = (file: File, given: ClientContext) =>
    parse(clientConfig(given)[`${file}.yaml`] ?? "", { version: "1.1" }) as Readonly<Record<string, unknown>>;

const nodeLocations = (given: Twister2Settings["nodeLocations"]): Partial<ClientContext> => ({
    nodeLocations: twister2Settings.parse({ nodeLocations: given, jobNamespaces: { research: {} } }).nodeLocations,
});

const kind = { cpu: "500m", memory: "1Gi", instances: 4 };
const mounted = { kind: "mounted", storageClass: "nfs", perWorker: "2Gi" } as const;

const resource = "twister2.resource";
const kubernetes = `${resource}.kubernetes`;
const mapping = `${kubernetes}.worker.mapping`;

/** A setting, and what it makes of a key; without settings, the default. */
const cases: readonly (readonly [JobNamespaceInput, File, string, unknown, Partial<ClientContext>?])[] = [
    [{}, "resource", `${kubernetes}.docker.image`, "docker.io/twister2/twister2-k8s:0.8.0"],
    [{}, "resource", `${resource}.class.launcher`, "edu.iu.dsc.tws.rsched.schedulers.k8s.KubernetesLauncher"],
    [{}, "resource", "kubernetes.namespace", "dev-research"],
    [{}, "resource", "kubernetes.image.pull.policy", "IfNotPresent"],
    [{ pullPolicy: "Always" }, "resource", "kubernetes.image.pull.policy", "Always"],
    [{}, "resource", "kubernetes.log.in.client", false],
    [{ logInClient: true }, "resource", "kubernetes.log.in.client", true],
    [{}, "resource", "kubernetes.check.pods.reachable", false],
    [{ network: { checkPodsReachable: true } }, "resource", "kubernetes.check.pods.reachable", true],
    [{}, "resource", `${resource}.systempackage.copy`, false],
    [{ copySystemPackage: true }, "resource", `${resource}.systempackage.copy`, true],
    [{}, "resource", `${resource}.job.name`, undefined],
    [{ jobDefaults: { name: "t2-job" } }, "resource", `${resource}.job.name`, "t2-job"],
    [{ jobDefaults: { workerClass: "org.example.W" } }, "resource", `${resource}.job.worker.class`, "org.example.W"],
    [{ jobDefaults: { driverClass: "org.example.D" } }, "resource", `${resource}.job.driver.class`, "org.example.D"],
    [{}, "resource", `${resource}.worker.compute.resources`, undefined],
    [
        { jobDefaults: { computeResources: [kind] } },
        "resource",
        `${resource}.worker.compute.resources`,
        [{ cpu: 0.5, ram: 1024, disk: 0, instances: 4, scalable: false, workersPerPod: 1 }],
    ],
    [
        {
            jobDefaults: {
                computeResources: [
                    { ...kind, cpu: "2", disk: "1536Mi", workersPerPod: 2 },
                    { ...kind, scalable: true },
                ],
            },
        },
        "resource",
        `${resource}.worker.compute.resources`,
        [
            { cpu: 2, ram: 1024, disk: 1.5, instances: 4, scalable: false, workersPerPod: 2 },
            { cpu: 0.5, ram: 1024, disk: 0, instances: 4, scalable: true, workersPerPod: 1 },
        ],
    ],
    [{ jobDefaults: { additionalPorts: ["a", "b"] } }, "resource", `${resource}.worker.additional.ports`, ["a", "b"]],
    [{}, "resource", `${resource}.worker.additional.ports`, undefined],
    [{}, "resource", `${resource}.persistent.volume.per.worker`, 0],
    [{ storage: mounted }, "resource", `${resource}.persistent.volume.per.worker`, 2],
    [{ storage: mounted }, "resource", "twister2.job.master.persistent.volume.size", 0],
    [{ storage: { ...mounted, jobMaster: "512Mi" } }, "resource", "twister2.job.master.persistent.volume.size", 0.5],
    [{ storage: mounted }, "resource", `${kubernetes}.persistent.storage.class`, "nfs"],
    [{}, "resource", `${kubernetes}.persistent.storage.class`, undefined],
    [{ storage: mounted }, "resource", `${kubernetes}.storage.access.mode`, "ReadWriteMany"],
    [
        { storage: { ...mounted, accessMode: "ReadWriteOnce" }, workers: { uniformMapping: "all-same-node" } },
        "resource",
        `${kubernetes}.storage.access.mode`,
        "ReadWriteOnce",
    ],
    [{}, "resource", `${resource}.class.uploader`, "edu.iu.dsc.tws.rsched.uploaders.k8s.K8sUploader"],
    [
        { uploader: { kind: "s3", bucket: "jobs", peers: [{ cidr: "0.0.0.0/0" }] } },
        "resource",
        `${resource}.class.uploader`,
        "edu.iu.dsc.tws.rsched.uploaders.s3.S3Uploader",
    ],
    [
        { uploader: { kind: "s3", bucket: "jobs", peers: [{ cidr: "0.0.0.0/0" }] } },
        "resource",
        "twister2.s3.bucket.name",
        "s3://jobs",
    ],
    [
        { uploader: { kind: "s3", bucket: "jobs", linkExpiration: "1d", peers: [{ cidr: "0.0.0.0/0" }] } },
        "resource",
        "twister2.s3.link.expiration.duration.sec",
        86400,
    ],
    [{}, "resource", `${kubernetes}.node.locations.from.config`, false],
    [{}, "resource", `${resource}.rack.labey.key`, "rack"],
    [{}, "resource", `${resource}.datacenter.labey.key`, "datacenter"],
    [
        {},
        "resource",
        `${resource}.rack.labey.key`,
        "example.com/rack",
        nodeLocations({ kind: "labels", rackKey: "example.com/rack" }),
    ],
    [
        {},
        "resource",
        `${resource}.datacenter.labey.key`,
        "topology.kubernetes.io/zone",
        nodeLocations({ kind: "labels", datacenterKey: "topology.kubernetes.io/zone" }),
    ],
    [
        {},
        "resource",
        `${resource}.racks.list`,
        // A name that YAML 1.1 takes for false.
        [{ "blue-rack": ["10.0.0.1", "10.0.0.2"] }, { no: ["10.0.0.3"] }],
        nodeLocations({
            kind: "config",
            racks: { "blue-rack": ["10.0.0.1", "10.0.0.2"], no: ["10.0.0.3"] },
        }),
    ],
    [
        {},
        "resource",
        `${resource}.datacenters.list`,
        [{ dc1: ["blue-rack"] }],
        nodeLocations({ kind: "config", racks: { "blue-rack": ["10.0.0.1"] }, datacenters: { dc1: ["blue-rack"] } }),
    ],
    [{}, "resource", `${resource}.racks.list`, [], nodeLocations({ kind: "config" })],
    [{}, "resource", `${resource}.datacenters.list`, [], nodeLocations({ kind: "config" })],
    [{}, "resource", `${kubernetes}.node.locations.from.config`, true, nodeLocations({ kind: "config" })],
    [{}, "resource", "kubernetes.bind.worker.to.cpu", false],
    [{ workers: { bindToCpu: true } }, "resource", "kubernetes.bind.worker.to.cpu", true],
    [{}, "resource", "kubernetes.worker.to.node.mapping", false],
    [
        { workers: { nodeMapping: { key: "kubernetes.io/hostname", values: ["e012", "no"] } } },
        "resource",
        `${mapping}.values`,
        ["e012", "no"],
    ],
    [{ workers: { nodeMapping: { key: "gpu", operator: "Exists" } } }, "resource", `${mapping}.operator`, "Exists"],
    [{ workers: { nodeMapping: { key: "gpu", operator: "Exists" } } }, "resource", `${mapping}.values`, []],
    [
        { workers: { nodeMapping: { key: "gpu", operator: "Exists" } } },
        "resource",
        "kubernetes.worker.to.node.mapping",
        true,
    ],
    [
        { workers: { nodeMapping: { key: "gpu", operator: "Gt", values: ["4"] } } },
        "resource",
        `${mapping}.values`,
        ["4"],
    ],
    [{}, "resource", `${mapping}.key`, "pool", { targets: [{ key: "pool", value: "batch", constraint: "required" }] }],
    [
        {},
        "resource",
        `${mapping}.values`,
        ["batch"],
        { targets: [{ key: "pool", value: "batch", constraint: "required" }] },
    ],
    [{}, "resource", "kubernetes.worker.mapping.uniform", "none"],
    [
        { workers: { uniformMapping: "all-separate-nodes" } },
        "resource",
        "kubernetes.worker.mapping.uniform",
        "all-separate-nodes",
    ],
    [{}, "resource", `${resource}.zookeeper.server.addresses`, undefined],
    [{}, "resource", `${resource}.zookeeper.root.node.path`, undefined],
    [{}, "resource", `${resource}.zookeeper.root.node.path`, "/twister2", { zookeeper: "zk:2181" }],
    [
        { faultTolerance: { rootPath: "/jobs/twister2" } },
        "resource",
        `${resource}.zookeeper.root.node.path`,
        "/jobs/twister2",
        { zookeeper: "zk:2181" },
    ],
    [{}, "core", "twister2.job.id", undefined],
    [{ jobDefaults: { id: "ann-t2-job-k3x" } }, "core", "twister2.job.id", "ann-t2-job-k3x"],
    [{ jobDefaults: { userName: "ann" } }, "core", "twister2.user.name", "ann"],
    [{}, "core", "twister2.kubernetes.jvm.memory.fraction", 0.8],
    [{ workers: { jvmMemoryFraction: 0.5 } }, "core", "twister2.kubernetes.jvm.memory.fraction", 0.5],
    [{}, "core", "twister2.job.master.used", true],
    [{ jobMaster: { used: false } }, "core", "twister2.job.master.used", false],
    [{}, "core", "twister2.job.master.runs.in.client", false],
    [{ jobMaster: { runsInClient: true } }, "core", "twister2.job.master.runs.in.client", true],
    [
        { jobMaster: { runsInClient: true, providedIp: "10.1.2.3" } },
        "network",
        "twister2.job.master.provided.ip",
        "10.1.2.3",
    ],
    [{}, "core", "twister2.job.master.port", 11011],
    [{ jobMaster: { port: 12000 } }, "core", "twister2.job.master.port", 12000],
    [{}, "core", "twister2.job.master.cpu", 0.2],
    [{ jobMaster: { cpu: "1" } }, "core", "twister2.job.master.cpu", 1],
    [{}, "core", "twister2.job.master.ram", 1024],
    [{ jobMaster: { memory: "2Gi" } }, "core", "twister2.job.master.ram", 2048],
    [{}, "core", "twister2.job.master.volatile.volume.size", 0],
    [{ jobMaster: { disk: "1536Mi" } }, "core", "twister2.job.master.volatile.volume.size", 1.5],
    [{}, "core", "twister2.job.master.to.dashboard.connections", 3],
    [{ jobMaster: { dashboardConnections: 9 } }, "core", "twister2.job.master.to.dashboard.connections", 9],
    [{}, "core", "twister2.dashboard.host", undefined],
    [{}, "core", "twister2.dashboard.host", "http://dash:8080", { dashboard: "http://dash:8080" }],
    [{}, "core", "twister2.worker.to.job.master.response.wait.duration", 100_000],
    [{ jobMaster: { responseTimeout: "5m" } }, "core", "twister2.worker.to.job.master.response.wait.duration", 300_000],
    [{}, "core", "twister2.worker.controller.max.wait.time.for.all.workers.to.join", 100_000],
    [
        { workers: { joinTimeout: "10m" } },
        "core",
        "twister2.worker.controller.max.wait.time.for.all.workers.to.join",
        600_000,
    ],
    [{}, "core", "twister2.worker.controller.max.wait.time.on.barrier", 100_000],
    [{ workers: { barrierTimeout: "2m" } }, "core", "twister2.worker.controller.max.wait.time.on.barrier", 120_000],
    [{}, "core", "twister2.worker.controller.max.wait.time.on.init.barrier", 600_000],
    [
        { workers: { initBarrierTimeout: "1h" } },
        "core",
        "twister2.worker.controller.max.wait.time.on.init.barrier",
        3_600_000,
    ],
    // Without the key the code's own default is OpenMPI.
    [{}, "network", "twister2.network.channel.class", "edu.iu.dsc.tws.comms.tcp.TWSTCPChannel"],
    [
        { network: { channel: "ucx" } },
        "network",
        "twister2.network.channel.class",
        "edu.iu.dsc.tws.comms.ucx.TWSUCXChannel",
    ],
    [
        { network: { channel: "mpi" }, openMpi: { kind: "generated" } },
        "network",
        "twister2.network.channel.class",
        "edu.iu.dsc.tws.comms.mpi.TWSMPIChannel",
    ],
    [{}, "network", "kubernetes.secret.name", undefined],
    [{ openMpi: { kind: "generated" } }, "network", "kubernetes.secret.name", "twister2-openmpi-ssh-key"],
    [{ openMpi: { kind: "existing", secretName: "ssh" } }, "network", "kubernetes.secret.name", "ssh"],
    [{}, "network", "twister2.kubernetes.check.pwd.free.ssh", false],
    [{ network: { checkPasswordFreeSsh: true } }, "network", "twister2.kubernetes.check.pwd.free.ssh", true],
    [{}, "network", "twister2.resource.scheduler.mpi.params", ""],
    [
        { network: { mpiParameters: "--mca btl tcp" } },
        "network",
        "twister2.resource.scheduler.mpi.params",
        "--mca btl tcp",
    ],
    [{}, "network", "kubernetes.worker.base.port", 9000],
    [{ workers: { basePort: 9100 } }, "network", "kubernetes.worker.base.port", 9100],
    [{}, "network", "kubernetes.worker.transport.protocol", "TCP"],
    [{ workers: { transportProtocol: "UDP" } }, "network", "kubernetes.worker.transport.protocol", "UDP"],
    [{}, "network", "kubernetes.node.port.service.requested", false],
    [{}, "network", "kubernetes.service.node.port", undefined],
    [{ workers: { nodePort: {} } }, "network", "kubernetes.node.port.service.requested", true],
    [{ workers: { nodePort: { port: 30003 } } }, "network", "kubernetes.service.node.port", 30003],
    [{}, "network", "twister2.network.interfaces.for.workers", undefined],
    [{ workers: { interfaces: ["eth1"] } }, "network", "twister2.network.interfaces.for.workers", ["eth1"]],
    [{}, "network", "twister2.python.port", 5400],
    [{ workers: { pythonPort: 5500 } }, "network", "twister2.python.port", 5500],
    [{}, "data", "twister2.persistent.storage.type", "none"],
    [{ storage: mounted }, "data", "twister2.persistent.storage.type", "mounted"],
    [{ storage: { kind: "hdfs", namenode: "hdfs" } }, "data", "twister2.persistent.storage.type", "hdfs"],
    [{ storage: { kind: "hdfs", namenode: "hdfs" } }, "data", "twister2.persistent.storage.root", "/twister2"],
    [{ storage: { kind: "hdfs", namenode: "hdfs", root: "/t2" } }, "data", "twister2.persistent.storage.root", "/t2"],
    [{ storage: { kind: "hdfs", namenode: "hdfs" } }, "data", "twister2.data.hdfs.namenode", "hdfs"],
    [{ storage: { kind: "hdfs", namenode: "hdfs" } }, "data", "twister2.data.hdfs.namenode.port", 9001],
    [
        { storage: { kind: "hdfs", namenode: "hdfs", namenodePort: 8020 } },
        "data",
        "twister2.data.hdfs.namenode.port",
        8020,
    ],
    [{}, "data", "twister2.tset.storage.type", "mounted"],
    [{ storage: { kind: "hdfs", namenode: "h" }, setStorage: "hdfs" }, "data", "twister2.tset.storage.type", "hdfs"],
    [{}, "data", "twister2.logging.storage.type", "volatile"],
    [{ storage: mounted, logStorage: "persistent" }, "data", "twister2.logging.storage.type", "persistent"],
    [{}, "checkpoint", "twister2.checkpointing.enable", false],
    [
        { storage: { ...mounted, jobMaster: "1Gi" }, checkpointing: { enabled: true } },
        "checkpoint",
        "twister2.checkpointing.enable",
        true,
    ],
    [{}, "checkpoint", "twister2.checkpointing.source.frequency", 1000],
    [{ checkpointing: { sourceFrequency: "1m" } }, "checkpoint", "twister2.checkpointing.source.frequency", 60_000],
    // Seconds, whatever the client's own file means by 50000.
    [{}, "checkpoint", "twister2.checkpointing.request.timeout", 600],
    [{ checkpointing: { requestTimeout: "50s" } }, "checkpoint", "twister2.checkpointing.request.timeout", 50],
    [{}, "checkpoint", "twister2.fault.tolerance.failure.timeout", 10_000],
    [{ faultTolerance: { failureTimeout: "30s" } }, "checkpoint", "twister2.fault.tolerance.failure.timeout", 30_000],
    [{}, "checkpoint", "twister2.fault.tolerance.max.reexecutes", 5],
    [{ faultTolerance: { maxReexecutes: 9 } }, "checkpoint", "twister2.fault.tolerance.max.reexecutes", 9],
    [{}, "checkpoint", "twister2.fault.tolerance.max.worker.restarts", 5],
    [{ faultTolerance: { maxWorkerRestarts: 9 } }, "checkpoint", "twister2.fault.tolerance.max.worker.restarts", 9],
    [{}, "checkpoint", "twister2.fault.tolerance.max.mpijob.restarts", 1],
    [{ faultTolerance: { maxMpiJobRestarts: 3 } }, "checkpoint", "twister2.fault.tolerance.max.mpijob.restarts", 3],
];

describe("Twister2's client configuration", () => {
    for (const [given, file, key, expected, changes] of cases) {
        const what = JSON.stringify({ ...given, ...changes });
        it(`${key}: ${expected === undefined ? "absent" : JSON.stringify(expected)} with ${what.length > 100 ? `${what.slice(0, 97)}...` : what}`, () => {
            assert.deepEqual(fileOf(file, context(given, changes))[key], expected);
        });
    }

    it("writes as Double what the client casts to it", () => {
        const text = clientConfig(
            context({ jobDefaults: { computeResources: [{ cpu: "2", memory: "1Gi", disk: "1Gi", instances: 1 }] } }),
        )["resource.yaml"];
        assert.match(text ?? "", /cpu: 2\.0$/m);
        assert.match(text ?? "", /disk: 1\.0$/m);
    });

    it("stands in the job namespace and in the files of the stack alike", async () => {
        const { plan, twister2 } = await planned();
        const data = mapAt(find(plan, "ConfigMap", "twister2-client").inputs, "data");
        assert.deepEqual(
            twister2.clientFiles,
            Object.fromEntries(Object.entries(data).map(([file, text]) => [`research/conf/kubernetes/${file}`, text])),
        );
        assert.deepEqual(Object.keys(data).sort(), [
            "checkpoint.yaml",
            "core.yaml",
            "data.yaml",
            "network.yaml",
            "resource.yaml",
        ]);
        assert.equal(at(find(plan, "ConfigMap", "twister2-client").inputs, "metadata.namespace"), "dev-research");
    });
});
