import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clientConfig, type ClientContext } from "../../components/twister2/clientConfig";
import { twister2JobNamespaceSettings, twister2Settings } from "../../components/twister2/schema";
import { allPaths, docsPage, keyTable } from "../support/docsTables";
import { jobNamespace, type JobNamespaceInput } from "./fixtures";

const page = docsPage("twister2.md");
const table = (heading: string) => keyTable(page, heading);
const document = readFileSync(join(__dirname, "../../../shared/spec/twister2.txt"), "utf8");

/** The keys that the document names: dotted words that begin as Twister2's do. */
const documentKeys = [
    ...new Set(
        [
            ...document.matchAll(
                /(?<![\w./-])(?:twister2\.|kubernetes\.|rack\.labey|datacenter\.labey)[a-z.]*[a-z](?![\w/-])/g,
            ),
        ]
            .map(([key]) => key)
            .filter((key) => key.split(".").length > 2),
    ),
];

/** The keys of the client's own files for Kubernetes, and of `conf/common` as far as they concern a cluster (0.8.0). */
const known: Readonly<Record<string, readonly string[]>> = {
    resource: [
        ...["twister2.resource.kubernetes.docker.image", "twister2.resource.class.launcher", "kubernetes.namespace"],
        ...["kubernetes.image.pull.policy", "kubernetes.log.in.client", "kubernetes.check.pods.reachable"],
        ...["twister2.resource.job.name", "twister2.resource.job.worker.class", "twister2.resource.job.driver.class"],
        ...["twister2.resource.worker.compute.resources", "twister2.resource.worker.additional.ports"],
        ...["twister2.resource.persistent.volume.per.worker", "twister2.job.master.persistent.volume.size"],
        "twister2.resource.kubernetes.persistent.storage.class",
        ...["twister2.resource.kubernetes.storage.access.mode", "twister2.resource.class.uploader"],
        ...["twister2.kubernetes.uploader.web.server", "twister2.kubernetes.uploader.web.server.directory"],
        ...["twister2.kubernetes.uploader.web.server.label", "twister2.s3.bucket.name"],
        "twister2.s3.link.expiration.duration.sec",
        "twister2.resource.kubernetes.node.locations.from.config",
        ...["twister2.resource.rack.labey.key", "twister2.resource.datacenter.labey.key"],
        ...["twister2.resource.datacenters.list", "twister2.resource.racks.list", "kubernetes.bind.worker.to.cpu"],
        ...["kubernetes.worker.to.node.mapping", "twister2.resource.kubernetes.worker.mapping.key"],
        "twister2.resource.kubernetes.worker.mapping.operator",
        ...["twister2.resource.kubernetes.worker.mapping.values", "kubernetes.worker.mapping.uniform"],
        ...["twister2.resource.zookeeper.server.addresses", "twister2.resource.zookeeper.root.node.path"],
        "twister2.resource.systempackage.copy",
    ],
    core: [
        ...["twister2.kubernetes.jvm.memory.fraction", "twister2.job.master.port", "twister2.job.master.cpu"],
        ...["twister2.job.master.volatile.volume.size", "twister2.job.master.ram", "twister2.dashboard.host"],
        ...["twister2.job.master.to.dashboard.connections", "twister2.job.id", "twister2.user.name"],
        ...["twister2.job.master.used", "twister2.job.master.runs.in.client"],
        "twister2.worker.to.job.master.response.wait.duration",
        "twister2.worker.controller.max.wait.time.for.all.workers.to.join",
        "twister2.worker.controller.max.wait.time.on.barrier",
        "twister2.worker.controller.max.wait.time.on.init.barrier",
    ],
    network: [
        ...["twister2.network.channel.class", "kubernetes.secret.name", "twister2.kubernetes.check.pwd.free.ssh"],
        ...["twister2.resource.scheduler.mpi.params", "kubernetes.worker.base.port"],
        ...["kubernetes.worker.transport.protocol", "kubernetes.node.port.service.requested"],
        ...["kubernetes.service.node.port", "twister2.network.interfaces.for.workers"],
        ...["twister2.job.master.provided.ip", "twister2.python.port"],
    ],
    data: [
        ...["twister2.persistent.storage.type", "twister2.persistent.storage.root", "twister2.tset.storage.type"],
        ...["twister2.logging.storage.type", "twister2.data.hdfs.namenode", "twister2.data.hdfs.namenode.port"],
    ],
    checkpoint: [
        ...["twister2.checkpointing.enable", "twister2.checkpointing.source.frequency"],
        ...["twister2.checkpointing.request.timeout", "twister2.checkpointing.store.fs.dir"],
        ...["twister2.fault.tolerance.failure.timeout", "twister2.fault.tolerance.max.reexecutes"],
        ...["twister2.fault.tolerance.max.worker.restarts", "twister2.fault.tolerance.max.mpijob.restarts"],
    ],
};

const files = Object.keys(known);

const inJobNamespace = allPaths(twister2JobNamespaceSettings);
const beside = allPaths(twister2Settings).filter((path) => !path.startsWith("jobNamespaces"));
const everyPath = [...inJobNamespace, ...beside];

const context = (given: JobNamespaceInput, changes: Partial<ClientContext> = {}): ClientContext => ({
    namespace: "jobs",
    settings: jobNamespace(given),
    nodeLocations: { kind: "config", racks: {}, datacenters: {} },
    image: "twister2:1",
    webServer: { url: "http://web", directory: "/web", label: { key: "app", value: "web" } },
    dashboard: "http://dash",
    zookeeper: "zk:2181",
    targets: [],
    ...changes,
});

/** Contexts that between them bring out every key. */
const contexts: readonly ClientContext[] = [
    context({
        jobDefaults: {
            ...{ name: "job", id: "job-1", userName: "ann", workerClass: "W", driverClass: "D" },
            ...{ computeResources: [{ cpu: "1", memory: "1Gi", instances: 1 }], additionalPorts: ["a"] },
        },
        jobMaster: { runsInClient: true, providedIp: "10.0.0.1" },
        workers: { nodePort: { port: 30001 }, interfaces: ["eth0"], nodeMapping: { key: "a", values: ["b"] } },
        openMpi: { kind: "generated" },
        storage: { kind: "mounted", storageClass: "nfs", perWorker: "1Gi" },
    }),
    context(
        {
            uploader: { kind: "s3", bucket: "jobs", peers: [{ cidr: "0.0.0.0/0" }] },
            storage: { kind: "hdfs", namenode: "hdfs" },
        },
        { nodeLocations: { kind: "labels", rackKey: "rack", datacenterKey: "dc", nodes: [] } },
    ),
];

const rendered = (file: string): string[] => [
    ...new Set(
        contexts.flatMap((each) =>
            Object.keys(parse(clientConfig(each)[`${file}.yaml`] ?? "") as Record<string, unknown>),
        ),
    ),
];

describe("docs/twister2.md", () => {
    for (const file of files) {
        const heading = `\`${file}.yaml\``;

        it(`has every key of ${file}.yaml, and no other`, () => {
            assert.deepEqual([...table(heading).keys()].sort(), [...(known[file] ?? [])].sort());
        });

        it(`says of every key of ${file}.yaml which setting it is, or why none`, () => {
            for (const [key, { here, note, paths }] of table(heading)) {
                if (paths.length === 0) {
                    assert.match(here, /^(computed|not offered)$/, key);
                }
                assert.ok(note.length > (here === "not offered" ? 20 : 0), `${key} is explained`);
                assert.deepEqual(
                    paths.filter((path) => !everyPath.includes(path)),
                    [],
                    `${key}: settings that there are not`,
                );
            }
        });

        it(`has exactly the keys of ${file}.yaml that are rendered, as offered`, () => {
            const offered = [...table(heading)].filter(([, { here }]) => here !== "not offered").map(([key]) => key);
            assert.deepEqual(rendered(file).sort(), offered.sort());
        });
    }

    it("has every key of the document, with the real one", () => {
        assert.ok(documentKeys.length >= 15, documentKeys.join());
        const rows = table("What the document calls them");
        assert.deepEqual([...rows.keys()].sort(), [...documentKeys].sort());
        const real = new Set(Object.values(known).flat());
        for (const [key, { here, paths }] of rows) {
            const [meant] = here === "the same" ? [key] : paths;
            assert.ok(meant !== undefined && real.has(meant), `${key}: ${here}`);
            assert.equal(here === "the same", real.has(key), key);
        }
    });

    it("describes every setting that there is", () => {
        const described = [
            ...files.flatMap((file) => [...table(`\`${file}.yaml\``).values()].flatMap(({ paths }) => paths)),
            ...table("Settings beyond Twister2's own").keys(),
        ];
        const missing = everyPath.filter(
            (path) =>
                !described.some((each) => path === each || path.startsWith(`${each}.`) || each.startsWith(`${path}.`)),
        );
        assert.deepEqual(missing, []);
        assert.ok(everyPath.length > 80);
        assert.deepEqual(
            [...table("Settings beyond Twister2's own").keys()].filter((path) => !everyPath.includes(path)),
            [],
        );
    });
});
