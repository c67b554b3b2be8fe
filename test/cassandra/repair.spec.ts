import * as assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../bin/plan/plan";
import { Cassandra } from "../../components/cassandra/cassandra";
import { nodeAgentScript } from "../../components/cassandra/nodeAgentScript";
import { repairWork } from "../../components/cassandra/repair";
import { cassandraSettings, type CassandraSettings } from "../../components/cassandra/schema";
import { repairSettings } from "../../components/cassandra/surroundingsSchema";
import { checked } from "../../components/foundation/faults";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, listAt, planOf } from "../support/plans";
import { cleanUp, fakeNode, type FakeNode, folder, runJob } from "./support/scripts";

after(cleanUp);

const planned = (settings: CassandraSettings): Promise<Plan> =>
    planOf(() => new Cassandra("ring", { foundation: foundation(), namespace: "store", settings }));
const taskOf = (plan: Plan, name: string) =>
    JSON.parse(String(at(find(plan, "ConfigMap", name).inputs, 'data["task.json"]'))) as Record<string, unknown>;

describe("the repair's CronJob", () => {
    it("comes weekly, ends in 2 days, is never tried again, and never runs twice [cassandra-P30]", async () => {
        const plan = await planned({});
        assertSound(plan);
        const job = find(plan, "CronJob", "ring-repair").inputs;
        assert.equal(at(job, "spec.schedule"), "0 1 * * 0");
        assert.equal(at(job, "spec.concurrencyPolicy"), "Forbid");
        assert.equal(at(job, "spec.jobTemplate.spec.activeDeadlineSeconds"), 2 * 86_400);
        assert.equal(at(job, "spec.jobTemplate.spec.backoffLimit"), 0);
    });

    it("names every node of every rack once, in the order of the racks [cassandra-P31]", async () => {
        const plan = await planned({ racks: { b: { nodes: 1 }, a: { nodes: 2 } } });
        const nodes = taskOf(plan, "ring-repair")["nodes"] as { name: string; host: string }[];
        assert.deepEqual(
            nodes.map(({ name }) => name),
            ["ring-a-0", "ring-a-1", "ring-b-0"],
        );
        assert.equal(nodes[0]?.host, "ring-a-0.ring.store.svc.cluster.local");
    });

    it("is what the settings say, each of them", async () => {
        const repair: NonNullable<CassandraSettings["repair"]> = {
            schedule: "30 2 * * *",
            keyspaces: ["shop"],
            parallelism: "dc_parallel",
            deadline: "6h",
        };
        const plan = await planned({ repair });
        const job = find(plan, "CronJob", "ring-repair").inputs;
        assert.equal(at(job, "spec.schedule"), "30 2 * * *");
        assert.equal(at(job, "spec.jobTemplate.spec.activeDeadlineSeconds"), 6 * 3600);
        const { keyspaces, parallelism } = taskOf(plan, "ring-repair");
        assert.deepEqual([keyspaces, parallelism], [["shop"], "dc_parallel"]);
    });

    it("is not there when repair is off; without any Job there is no agent either", async () => {
        const off = { enabled: false } as const;
        const quiet = await planned({ repair: off, authentication: { kind: "none" } });
        assert.deepEqual([...all(quiet, "CronJob"), ...all(quiet, "Job")], []);
        assert.equal(at(find(quiet, "StatefulSet").inputs, "spec.template.spec.containers[name=agent]"), undefined);
        const users = await planned({ repair: off });
        assert.deepEqual(all(users, "CronJob"), []);
        assert.ok(at(find(users, "StatefulSet").inputs, "spec.template.spec.containers[name=agent]") !== undefined);
    });

    it("has no rights in the API, and alone may reach the agents; nobody may reach JMX [cassandra-P32]", async () => {
        const plan = await planned({ snapshots: { scheduled: { schedule: "0 3 * * *" } } });
        assert.deepEqual(all(plan, "Role"), []);
        const flows = listAt(find(plan, "NetworkPolicy", "ring-rack1").inputs, "spec.ingress");
        const ports = (flow: unknown) => listAt(flow, "ports").map((port) => at(port, "port"));
        assert.ok(!flows.flatMap(ports).includes(7199));
        const peers = flows.filter((flow) => ports(flow).includes(7333)).flatMap((flow) => listAt(flow, "from"));
        const component = 'podSelector.matchLabels["app.kubernetes.io/component"]';
        assert.deepEqual(peers.map((peer) => at(peer, component)).sort(), ["repair", "snapshots", "superuser"]);
        const egress = listAt(find(plan, "NetworkPolicy", "ring-repair").inputs, "spec.egress");
        assert.deepEqual(egress.flatMap(ports), [7333]);
    });

    it("is in no budget and no Service of the nodes", async () => {
        const plan = await planned({});
        const budget = at(find(plan, "PodDisruptionBudget").inputs, "spec.selector.matchLabels");
        const pod = at(find(plan, "CronJob").inputs, "spec.jobTemplate.spec.template.metadata.labels");
        assert.notEqual(at(budget, '["app.kubernetes.io/component"]'), at(pod, '["app.kubernetes.io/component"]'));
    });
});

describe("the repair's settings", () => {
    const faults = (given: unknown) =>
        repairSettings.safeParse(given).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
    const tooRare =
        "schedule: a schedule whose runs, with deadline, are less than gc_grace_seconds (10d) apart, such as 0 1 * * 0 with 2d";

    const tables: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
        ["a week and 2 days", {}, []],
        ["a week and 3 days, which are 10", { deadline: "3d" }, [tooRare]],
        ["every 7 days and 2", { schedule: "0 1 */7 * *" }, []],
        ["every 8 days and 2", { schedule: "0 1 */8 * *" }, [tooRare]],
        ["once a month", { schedule: "0 1 1 * *" }, [tooRare]],
        ["once a month or on Mondays", { schedule: "0 1 1 * 1" }, []],
        ["Sundays only, of any day", { schedule: "0 1 */1 * 0", deadline: "4d" }, [tooRare]],
        ["once a month, on any weekday", { schedule: "0 1 1 * */1" }, [tooRare]],
        ["daily, in one month", { schedule: "0 1 * 6 *" }, [tooRare]],
        ["once a month, but off", { schedule: "0 1 1 * *", enabled: false }, []],
        ["no keyspaces", { keyspaces: [] }, ["keyspaces: Too small: expected array to have >=1 items"]],
    ];
    for (const [what, given, expected] of tables) {
        it(`${expected.length === 0 ? "allow" : "refuse"} ${what} [cassandra-P33]`, () => {
            assert.deepEqual(faults(given), expected);
        });
    }
});

describe("the repair's script, with real agents", function () {
    // Each test starts Python several times, on a machine that may be busy.
    this.timeout(60_000);
    let root: string;
    const work = repairWork(checked(cassandraSettings, "ring", { repair: { keyspaces: ["a", "b"] } }).repair);
    const repair = (nodes: readonly FakeNode[], changes: object = {}, options = {}) =>
        runJob(root, work.script, { ...work.task, ...changes, nodes }, options);
    const full = (keyspace: string) => `repair --full -pr ${keyspace}`;

    beforeEach(() => {
        root = folder();
        writeFileSync(join(root, "key"), "secret");
    });

    it("repairs each node's own ranges once, one node after the other [cassandra-P31]", async () => {
        const nodes = [await fakeNode(root, "one"), await fakeNode(root, "two")];
        const { code, output } = await repair(nodes);
        assert.equal(code, 0, output);
        const order = readFileSync(join(root, "order"), "utf8").trim().split("\n");
        assert.deepEqual(order, [
            "one netstats",
            "two netstats",
            ...["a", "b"].map((each) => `one ${full(each)}`),
            ...["a", "b"].map((each) => `two ${full(each)}`),
        ]);
        assert.match(output, /all 2 nodes are repaired/);
    });

    it("hands the parallelism to nodetool, and repairs all keyspaces without a list", async () => {
        const node = await fakeNode(root, "one");
        for (const [parallelism, flags] of [
            ["sequential", " -seq"],
            ["dc_parallel", " -dcpar"],
            ["parallel", ""],
        ] as const) {
            const { code, output } = await repair([node], { parallelism, keyspaces: [] });
            assert.equal(code, 0, output);
            assert.equal(node.calls().at(-1), `repair --full -pr${flags}`);
        }
    });

    it("fails with the node's name, and leaves out those after it, by name [cassandra-P34]", async () => {
        const nodes = [await fakeNode(root, "one", '[ "$1" = repair ] && exit 2'), await fakeNode(root, "two")];
        const { code, output } = await repair(nodes);
        assert.equal(code, 1);
        assert.match(output, /the repair of \S+ failed: nodetool ended with code 2\nnot repaired: \S+, \S+/);
        assert.deepEqual(nodes[1]?.calls(), ["netstats"]);
    });

    it("repairs nothing where a node is away, or joining, or leaving [cassandra-P34]", async () => {
        const good = await fakeNode(root, "one");
        const joining = await fakeNode(root, "two", 'echo "Mode: JOINING"; exit 0');
        for (const bad of [joining, { ...good, port: 1 }]) {
            const { code, output } = await repair([good, bad]);
            assert.equal(code, 1);
            assert.match(output, /nothing was repaired, for these nodes are not up and in normal mode:/);
        }
        assert.ok(!good.calls().some((call) => call.startsWith("repair")));
    });

    it("notices that an agent has gone away in the middle", async () => {
        const node = await fakeNode(root, "one", '[ "$1" = repair ] && kill -9 $PPID && sleep 1');
        const { code, output } = await repair([node]);
        assert.equal(code, 1);
        assert.match(output, /the agent went away before nodetool ended|the agent does not answer/);
    });

    it("is refused by the agent with another key, for another node, and for another command [cassandra-P32]", async () => {
        const node = await fakeNode(root, "one");
        writeFileSync(join(root, "other-key"), "another");
        const wrongKey = await repair([node], {}, { key: join(root, "other-key") });
        assert.match(wrongKey.output, /the request is not signed with the key/);
        const wrongNode = await repair([{ ...node, name: "ring-rack1-9" }]);
        assert.match(wrongNode.output, /not understood: this node is/);
        const shell = await repair([node], { keyspaces: ["a; id"] });
        assert.match(shell.output, /not understood: a name of letters, digits, _ and - was expected/);
        assert.deepEqual(node.calls(), ["netstats"]);
    });

    it("does one thing at a time, and goes on when who asked is gone", async () => {
        const node = await fakeNode(root, "one", '[ "$1" = repair ] && sleep 2');
        const first = repair([node], { keyspaces: ["a"] });
        while (!node.calls().some((call) => call.startsWith("repair"))) {
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        const second = await repair([node]);
        assert.match(second.output, /busy with what was asked before/);
        assert.equal((await first).code, 0);
    });

    it("is served by an agent that stops when it is asked to [cassandra-P35]", async () => {
        const { process: agent } = await fakeNode(root, "one");
        const ended = new Promise((resolve) => agent.on("close", (code) => resolve(code)));
        agent.kill("SIGTERM");
        assert.equal(await ended, 0, "the first process of a container has no default for the signal");
        assert.match(nodeAgentScript(), /signal\.signal\(signal\.SIGTERM/);
    });
});
