import * as assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Plan, PlannedResource } from "../../bin/plan/plan";
import { BookKeeper, type BookKeeperArgs } from "../../components/bookkeeper/bookkeeper";
import { DlogNamespace } from "../../components/bookkeeper/dlogNamespace";
import { tcp } from "../../components/foundation/networkPolicy";
import { bookkeeperAlerts } from "../../components/monitoring/alerts/bookkeeper";
import { succeeded } from "../e2e/support/run";
import { foundation } from "../support/foundation";
import { at, find, listAt, planOf } from "../support/plans";
import { LocalBookKeeper, type LocalPod } from "./support/bookkeeper";
import { requireProgram } from "./support/tools";

const bookies = 3;
const memory = { memory: "512Mi" };
const settings = {
    bookies,
    resources: memory,
    // As on any machine that is rather full.
    diskUsageThreshold: 98,
    autorecovery: { kind: "pods", resources: memory, delay: "90s" },
} as const;

describe("the real bookies, with the rendered configuration", () => {
    let folder: string;
    let cluster: LocalBookKeeper;
    let plan: Plan;
    let set: PlannedResource;
    let dlog: (path: string) => Promise<{ readonly plan: Plan; readonly uri: string }>;
    const connection = () => ({
        connectionString: `${cluster.zookeeper},${cluster.zookeeper.replace("127.0.0.1", "localhost")}`,
        flow: { peers: [], ports: tcp(2181) },
    });
    const running = () => cluster.pods.slice(0, bookies);
    const shell = async (...rest: string[]) => {
        const found = at(set.inputs, "spec.template.spec.containers[name=bookie]");
        const [first] = running();
        assert.ok(first !== undefined);
        return succeeded(rest.join(" "), await cluster.program(first, found, plan, "bookkeeper", "shell", ...rest));
    };

    before(async function () {
        await requireProgram(this, "java", "-version");
        await requireProgram(this, "mvn", "-version");
        folder = await mkdtemp(path.join(tmpdir(), "bookkeeper-"));
        cluster = await LocalBookKeeper.start(folder, bookies + 1);
        let bookkeeper: BookKeeper | undefined;
        const common: Pick<BookKeeperArgs, "foundation" | "namespace" | "zookeeper"> = {
            foundation: foundation(),
            namespace: "store",
            zookeeper: connection(),
        };
        plan = await planOf(() => {
            bookkeeper = new BookKeeper("books", { ...common, settings });
        });
        set = find(plan, "StatefulSet");
        dlog = async (znode) => {
            let uri = "";
            const planned = await planOf(() => {
                assert.ok(bookkeeper !== undefined);
                uri = new DlogNamespace("dlog", {
                    ...common,
                    bookkeeper: bookkeeper.connection,
                    path: znode,
                    stateRoot: "/heron",
                    settings: { resources: memory },
                }).uri;
            });
            return { plan: planned, uri };
        };
    });
    after(async () => {
        await (cluster as LocalBookKeeper | undefined)?.killAll();
        if ((folder as string | undefined) !== undefined) {
            await rm(folder, { recursive: true, force: true });
        }
    });

    const bind = async (znode: string) => {
        const { plan: planned, uri } = await dlog(znode);
        const [pod] = cluster.pods;
        assert.ok(pod !== undefined);
        const ended = await cluster.toEnd(pod, find(planned, "Job"), planned, "containers");
        return { ...ended, uri, planned };
    };
    const readyBookies = async () => {
        for (const pod of running()) {
            await cluster.until(pod, set, "bookie", "startupProbe");
        }
    };

    it("are bound to by nobody before their cluster is there [heron-P1]", async () => {
        const { code, output } = await bind("/early");
        assert.equal(code, 1, output);
        assert.match(output, /There is no BookKeeper cluster at \/ledgers/);
    });

    it("make their cluster once, though all try at the same time", async () => {
        const ended = await Promise.all(running().map((pod) => cluster.toEnd(pod, set, plan, "initContainers")));
        ended.forEach((each) => succeeded("the init container", each));
        const made = ended.filter(({ output }) => output.includes("Successfully initiated cluster"));
        assert.equal(made.length, 1, "one of them made it");
        const ids = ended.map(({ output }) => /[iI]nstanceId: (\S+)/.exec(output)?.[1]);
        assert.deepEqual(new Set(ids).size, 1, ids.join(" "));
    });

    it("become ready, alive and known by their addresses, within their memory", async () => {
        await Promise.all(running().map((pod) => cluster.launch(pod, set, plan, "bookie")));
        await readyBookies();
        for (const pod of running()) {
            for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
                assert.equal(await cluster.probe(pod, set, "bookie", probe), 200, probe);
            }
        }
        const [first] = running();
        assert.ok(first !== undefined);
        const { body } = await cluster.get(first, "/api/v1/bookie/list_bookies");
        const known = Object.keys(JSON.parse(body) as object).sort();
        assert.deepEqual(
            known,
            running()
                .map(({ ports }) => `localhost:${ports.client}`)
                .sort(),
        );
    });

    it("export what the alerts read", async () => {
        const [first] = running();
        assert.ok(first !== undefined);
        const { body } = await cluster.get(first, "/metrics");
        const alerts = bookkeeperAlerts({
            namespace: "store",
            objectName: "books",
            bookies,
            claims: [],
            diskUsageThreshold: 90,
            metrics: true,
        });
        const names = alerts.flatMap(({ expr }) =>
            [...expr.matchAll(/\b(bookie_\w+)\{/g)].map((match) => match[1] ?? ""),
        );
        assert.equal(new Set(names).size, 2);
        for (const name of names) {
            // The usage of a folder has the folder in its name.
            const local = name.replace("_bookkeeper_data", first.folder.replaceAll(/[/]/g, "_"));
            assert.match(body, new RegExp(`^${local.replaceAll("-", ".")} [0-9.]+$`, "m"), local);
        }
        assert.match(body, /^bookie_SERVER_STATUS 1$/m);
        assert.match(body, /^jvm_memory_bytes_max\{area="heap"\} /m);
    });

    it("take and give back entries with a copy on each", async () => {
        const { output } = await shell(
            ...["simpletest", "-ensemble", "3", "-writeQuorum", "3", "-ackQuorum", "3", "-numEntries", "20"],
        );
        assert.match(output, /20 entries/);
    });

    it("are bound to, once and again, by a URI with several servers", async () => {
        for (const turn of ["first", "second"]) {
            const { code, output, uri } = await bind("/heronbkdl");
            assert.equal(code, 0, `${turn}: ${output}`);
            assert.match(output, /There is bookkeeper bound to distributedlog:/);
            assert.equal(uri, `distributedlog://${connection().connectionString}/heronbkdl`);
        }
        const { plan: planned, uri } = await dlog("/heronbkdl");
        const [pod] = cluster.pods;
        const [job] = listAt(find(planned, "Job").inputs, "spec.template.spec.containers");
        const tool = async (...rest: string[]) =>
            succeeded(rest.join(" "), await cluster.program(pod as LocalPod, job, planned, "dlog", "tool", ...rest));
        await tool("create", "-u", uri, "-r", "topology-", "-e", "1-2", "-f");
        assert.match((await tool("list", "-u", uri)).output, /topology-2/);
    });

    it("are not bound to where something else has made the znode [heron-P1]", async () => {
        await cluster.znode("create", "/taken");
        const { code, output } = await bind("/taken");
        assert.equal(code, 1, output);
        assert.match(output, /something else has made the znode \/taken/);
    });

    it("keep a binding to others, and nobody asks for ever [heron-P1]", async () => {
        const [pod] = cluster.pods;
        const { plan: planned, uri } = await dlog("/others");
        const [job] = listAt(find(planned, "Job").inputs, "spec.template.spec.containers");
        const other = ["admin", "bind", "-l", "/other", "-s", cluster.zookeeper, "-c", uri];
        succeeded("bind", await cluster.program(pod as LocalPod, job, planned, "dlog", ...other));
        const { code, output } = await bind("/others");
        assert.equal(code, 1, output);
        assert.match(output, /is bound to other bookies, or to other addresses of ZooKeeper; it was left alone/);
        assert.match((await cluster.znode("get", "/others")).output, /"str":"\/other"/);
    });

    it("end well before the kubelet would kill them, and come back as themselves", async () => {
        const [first] = running();
        assert.ok(first !== undefined);
        const grace = Number(at(set.inputs, "spec.template.spec.terminationGracePeriodSeconds"));
        assert.ok((await cluster.stop(first)) < grace / 2);
        assert.match(await cluster.log(first), /Closed component bookie-server in shutdown hook successfully/);
        succeeded("the init container", await cluster.toEnd(first, set, plan, "initContainers"));
        await cluster.launch(first, set, plan, "bookie");
        await readyBookies();
        assert.match((await shell("listbookies", "-rw")).output, new RegExp(`localhost:${first.ports.client}`));
    });

    it("are audited by a pod of autorecovery, which waits as long as it is told", async () => {
        const deployment = find(plan, "Deployment");
        const pod = cluster.pods.at(-1);
        assert.ok(pod !== undefined);
        await cluster.launch(pod, deployment, plan, "autorecovery");
        await cluster.until(pod, deployment, "autorecovery", "startupProbe");
        assert.equal(await cluster.probe(pod, deployment, "autorecovery", "livenessProbe"), 200);
        assert.match((await shell("lostbookierecoverydelay", "-g")).output, /90/);
        assert.match((await shell("whoisauditor")).output, new RegExp(`localhost:${pod.ports.client}`));
    });
});
