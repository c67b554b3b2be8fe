import * as assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { Cassandra } from "../../components/cassandra/cassandra";
import type { CassandraSettings } from "../../components/cassandra/schema";
import { snapshotWork } from "../../components/cassandra/snapshots";
import { snapshotSettings } from "../../components/cassandra/surroundingsSchema";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, planOf } from "../support/plans";
import { cleanUp, fakeNode, folder, runJob } from "./support/scripts";

after(cleanUp);

type Snapshots = CassandraSettings["snapshots"];
const planned = (snapshots: Snapshots) =>
    planOf(() => new Cassandra("ring", { foundation: foundation(), namespace: "store", settings: { snapshots } }));

describe("snapshots", () => {
    const rendered: readonly (readonly [Snapshots, string, unknown])[] = [
        [{}, "auto_snapshot", true],
        [{ auto: false }, "auto_snapshot", false],
        [{}, "auto_snapshot_ttl", undefined],
        [{ autoKeep: "14d" }, "auto_snapshot_ttl", "1209600s"],
        [{}, "snapshot_before_compaction", false],
        [{ beforeCompaction: true }, "snapshot_before_compaction", true],
        [{}, "incremental_backups", false],
        [{ incrementalBackups: true }, "incremental_backups", true],
    ];
    for (const [settings, key, value] of rendered) {
        it(`make ${key} ${String(value)} of ${JSON.stringify(settings)} [cassandra-P36]`, async () => {
            const plan = await planned(settings);
            const text = String(at(find(plan, "ConfigMap", "ring-config").inputs, 'data["cassandra.yaml"]'));
            assert.equal((parse(text) as Record<string, unknown>)[key], value);
        });
    }

    it("come by a CronJob only where a schedule is given", async () => {
        assert.deepEqual(
            all(await planned({}), "CronJob").filter(({ inputs }) => at(inputs, "metadata.name") === "ring-snapshots"),
            [],
        );
        const plan = await planned({ scheduled: { schedule: "0 3 * * *", keep: "36h" } });
        assertSound(plan);
        assert.equal(at(find(plan, "CronJob", "ring-snapshots").inputs, "spec.schedule"), "0 3 * * *");
        const task = String(at(find(plan, "ConfigMap", "ring-snapshots").inputs, 'data["task.json"]'));
        assert.equal(at(JSON.parse(task), "keepSeconds"), 36 * 3600);
    });

    it("are of times that Cassandra takes: whole seconds, at least a minute", () => {
        for (const given of [
            { autoKeep: "500ms" },
            { autoKeep: "59s" },
            { scheduled: { schedule: "0 3 * * *", keep: "59m" } },
        ]) {
            assert.equal(snapshotSettings.safeParse(given).success, false, JSON.stringify(given));
        }
        const off = snapshotSettings.safeParse({ auto: false, autoKeep: "1d" });
        assert.deepEqual(
            off.error?.issues.map(({ path, message }) => [path.join("."), message]),
            [["autoKeep", "nothing where auto is false"]],
        );
    });
});

describe("the snapshots' script, with real agents", function () {
    // Each test starts Python several times, on a machine that may be busy.
    this.timeout(60_000);
    let root: string;
    const work = snapshotWork({ schedule: "0 3 * * *", keep: "7d" });

    beforeEach(() => {
        root = folder();
        writeFileSync(join(root, "key"), "secret");
    });

    it("gives every node one tag, and an end [cassandra-P37]", async () => {
        const nodes = [await fakeNode(root, "one"), await fakeNode(root, "two")];
        const { code, output } = await runJob(root, work.script, { ...work.task, nodes });
        assert.equal(code, 0, output);
        const calls = nodes.flatMap((node) => node.calls());
        assert.match(calls[0] ?? "", /^snapshot -t scheduled-\d{8}-\d{6} --ttl 604800s$/);
        assert.deepEqual([...new Set(calls)], [calls[0]]);
        assert.equal(calls.length, 2);
    });

    it("leaves no node out for another's sake, and fails all the same", async () => {
        const nodes = [await fakeNode(root, "one", "exit 1"), await fakeNode(root, "two")];
        const { code, output } = await runJob(root, work.script, { ...work.task, nodes });
        assert.equal(code, 1);
        assert.match(output, /no snapshot scheduled-\S+ of these nodes:\n\S+: nodetool ended with code 1/);
        assert.equal(nodes[1]?.calls().length, 1);
    });
});
