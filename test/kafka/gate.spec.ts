import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GateArgs, gateScript } from "../../components/kafka/gate";

/** A line of kafka-topics.sh --describe (TopicCommand.printDescription of 4.1). */
const line = (partition: number, replicas: string, isr: string) =>
    `\tTopic: orders\tPartition: ${partition}\tLeader: 101\tReplicas: ${replicas}\tIsr: ${isr}\tElr: \tLastKnownElr: `;

/** A table of kafka-metadata-quorum.sh: id, time of the last catch-up, status. */
const quorum = (...rows: readonly (readonly [id: number, caughtUp: number, status: string])[]) =>
    [
        "NodeId\tDirectoryId           \tLogEndOffset\tLag\tLastFetchTimestamp\tLastCaughtUpTimestamp\tStatus  \t",
        ...rows.map(
            ([id, at, status]) =>
                `${id}     \tAAAAAAAAAAAAAAAAAAAAAA\t90          \t0  \t${at}      \t${at}         \t${status}  \t`,
        ),
    ].join("\n");

const fails = "FAILS";
/** What ends only when it is ended. */
const hangs = "HANGS";

/** What each look of a tool says; the last is said again and again. */
interface World {
    readonly topics?: readonly string[];
    readonly quorum?: readonly string[];
    /** What getent ends with: 0, or 2 for no address. */
    readonly getent?: number | typeof hangs;
}

interface Run {
    readonly log: string;
    readonly seconds: number;
    readonly calls: string;
}

describe("gate", function () {
    this.timeout(30_000);
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "gate-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    function run(world: World, role: GateArgs["role"] = "broker", timeoutSeconds = 15, id = 100): Run {
        const bin = join(folder, "bin");
        mkdirSync(bin);
        const tool = (name: string, says: readonly string[]) => {
            says.forEach((text, index) =>
                writeFileSync(join(folder, `${name}.${index + 1}`), text === "" ? "" : `${text}\n`),
            );
            writeFileSync(
                join(bin, name),
                `#!/bin/bash
echo "${name} $* heap=$KAFKA_HEAP_OPTS opts=$KAFKA_OPTS jmx=$KAFKA_JMX_PORT$JMX_PORT gc=$KAFKA_GC_LOG_OPTS" >> '${folder}/calls'
n=$(( $(cat '${folder}/${name}.n' 2>/dev/null || echo 0) + 1 )); echo $n > '${folder}/${name}.n'
[ $n -gt ${says.length} ] && n=${says.length}
grep -qx ${fails} '${folder}/${name}.'$n && exit 1
grep -qx ${hangs} '${folder}/${name}.'$n && exec sleep 60
cat '${folder}/${name}.'$n
`,
                { mode: 0o755 },
            );
        };
        tool("kafka-topics.sh", world.topics ?? [""]);
        tool("kafka-metadata-quorum.sh", world.quorum ?? [fails]);
        const resolves = world.getent === hangs ? "exec sleep 60" : `exit ${world.getent ?? 0}`;
        writeFileSync(
            join(bin, "getent"),
            `#!/bin/bash\n[ "$*" = "hosts kafka-bootstrap.ns.svc" ] || exit 99\n${resolves}\n`,
            { mode: 0o755 },
        );
        writeFileSync(join(folder, "calls"), "");
        const script = gateScript(
            { role, timeoutSeconds, host: "kafka-brokers.ns.svc.cluster.local", readyHost: "kafka-bootstrap.ns.svc" },
            {
                tools: bin,
                clientConfig: "/scripts/client.properties",
                log: join(folder, "log"),
                pause: 0.1,
                toolSeconds: 1,
            },
        );
        writeFileSync(join(folder, "gate.sh"), script);
        const begin = Date.now();
        const { status, stderr } = spawnSync("bash", [join(folder, "gate.sh")], {
            env: {
                PATH: `${bin}:/usr/bin:/bin`,
                POD_NAME: `kafka-broker-${id}`,
                KAFKA_NODE_ID: String(id),
                KAFKA_HEAP_OPTS: "-Xmx9g",
                KAFKA_OPTS: "-javaagent:/agent/agent.jar=9404",
                KAFKA_GC_LOG_OPTS: "-Xlog:gc",
                JMX_PORT: "9999",
            },
            encoding: "utf8",
        });
        assert.equal(stderr, "");
        assert.equal(status, 0, "a gate never fails: the pod is stopped anyway");
        return {
            log: readFileSync(join(folder, "log"), "utf8"),
            seconds: (Date.now() - begin) / 1000,
            calls: readFileSync(join(folder, "calls"), "utf8"),
        };
    }

    const passes = "nothing here is at its minimum";
    const brokers: readonly (readonly [what: string, world: World, looks: number, log: RegExp])[] = [
        ["passes at once where all is in sync", { topics: [""] }, 1, new RegExp(passes)],
        [
            "waits while a partition here is at its minimum, and passes when a replica is back",
            { topics: [line(3, "100,101,102", "100,101"), ""] },
            2,
            new RegExp(`waits for 1 partitions: orders-3\\n.*passes: ${passes}`),
        ],
        [
            "waits for a partition that this broker has still to catch up with",
            { topics: [line(0, "100,101,102", "101,102"), ""] },
            2,
            /waits for 1 partitions/,
        ],
        ["leaves alone partitions of others", { topics: [line(0, "101,102,103", "101,102")] }, 1, new RegExp(passes)],
        ["does not take broker 1 for broker 100", { topics: [line(0, "1,1001,102", "1,1001")] }, 1, new RegExp(passes)],
        [
            "passes partitions that have no more replicas than their minimum [kafka-P24]",
            { topics: [[line(0, "100", "100"), line(1, "100,101", "100,101")].join("\n")] },
            1,
            new RegExp(passes),
        ],
        [
            "counts what it waits for",
            { topics: [[0, 1, 2, 3].map((n) => line(n, "100,101,102", "100,101")).join("\n"), ""] },
            2,
            /waits for 4 partitions: orders-0 orders-1 orders-2 \.\.\.\n/,
        ],
        ["passes when nobody answers any more", { topics: [fails] }, 3, /passes: the cluster does not answer/],
        [
            "forgets a single failure",
            { topics: [fails, fails, line(0, "100,101", "100"), fails, ""] },
            5,
            new RegExp(`passes: ${passes}`),
        ],
        [
            "passes when no other broker is ready, as when all are deleted, and asks none of them [kafka-P22]",
            { topics: [hangs], getent: 2 },
            0,
            /^stop gate of node 100: passes: no other broker is ready\n$/,
        ],
        ...[1, 99, 124, 127].map(
            (getent) =>
                [
                    `keeps waiting while the resolver fails otherwise, with ${getent}`,
                    { topics: [...Array.from({ length: 5 }, () => line(0, "100,101,102", "100,101")), ""], getent },
                    6,
                    new RegExp(`passes: ${passes}`),
                ] as const,
        ),
        [
            "ends tools that never end, and then passes [kafka-P22]",
            { topics: [hangs] },
            3,
            /passes: the cluster does not answer/,
        ],
    ];
    for (const [what, world, looks, log] of brokers) {
        it(`of a broker ${what}`, () => {
            const result = run(world);
            assert.match(result.log, log);
            assert.equal(result.calls.split("\n").length - 1, looks);
            assert.ok(result.seconds < 15, `${result.seconds} s`);
        });
    }

    it("ends at its deadline, even when tools and resolver never end [kafka-P22]", () => {
        const result = run({ topics: [hangs], getent: hangs }, "broker", 1);
        assert.match(result.log, /passes: waited 1 s/);
        assert.ok(result.seconds < 12, `${result.seconds} s`);
    });

    it("ends at its deadline [kafka-P22]", () => {
        const result = run({ topics: [line(0, "100,101,102", "100,101")] }, "broker", 1);
        assert.match(result.log, /passes: waited 1 s/);
        assert.ok(result.seconds < 6, `${result.seconds} s`);
    });

    it("runs its tools with a heap of their own, and neither the server's agent nor its ports [kafka-P8]", () => {
        const { calls } = run({});
        assert.equal(
            calls.trim(),
            "kafka-topics.sh --bootstrap-server kafka-broker-100.kafka-brokers.ns.svc.cluster.local:9092 --command-config /scripts/client.properties --describe --at-min-isr-partitions --under-min-isr-partitions heap=-Xmx128m opts= jmx= gc=",
        );
    });

    const now = 1_800_000_000_000;
    const controllers: readonly (readonly [what: string, quorum: readonly string[], looks: number, log: RegExp])[] = [
        [
            "passes when both others are caught up",
            [quorum([0, now, "Leader"], [1, now - 300, "Follower"], [2, now - 1900, "Follower"], [100, 0, "Observer"])],
            1,
            new RegExp(passes),
        ],
        [
            "waits for another that is behind",
            [
                quorum([0, now, "Leader"], [1, now - 300, "Follower"], [2, now - 2500, "Follower"]),
                quorum([0, now, "Leader"], [1, now - 300, "Follower"], [2, now - 100, "Follower"]),
            ],
            2,
            /waits for controllers: 1 others of 3 are caught up/,
        ],
        ["passes when it is the only one", [quorum([0, now, "Leader"])], 1, new RegExp(passes)],
        [
            "of five passes with one of the others behind",
            [
                quorum(
                    [1, now, "Leader"],
                    [0, now, "Follower"],
                    [2, now, "Follower"],
                    [3, now, "Follower"],
                    [4, -1, "Follower"],
                ),
            ],
            1,
            new RegExp(passes),
        ],
        ["passes when no quorum answers", [fails], 3, /passes: the cluster does not answer/],
    ];
    for (const [what, says, looks, log] of controllers) {
        it(`of a controller ${what}`, () => {
            const result = run({ quorum: says }, "controller", 30, 0);
            assert.match(result.log, log);
            assert.equal(result.calls.trim().split("\n").length, looks);
            assert.match(result.calls, /^kafka-metadata-quorum.sh --bootstrap-controller kafka-broker-0[^ ]*:9093 /);
        });
    }

    it("of a node that is both asks both", () => {
        const behind = quorum([100, now, "Leader"], [101, now - 9000, "Follower"], [102, now, "Follower"]);
        const fine = quorum([100, now, "Leader"], [101, now, "Follower"], [102, now, "Follower"]);
        const result = run({ topics: [""], quorum: [behind, fine] }, "broker,controller");
        assert.match(result.log, /waits for controllers: 1 others of 3[^]*passes/);
        assert.match(result.calls, /kafka-metadata-quorum.sh --bootstrap-server/);
    });

    it("of a node that is both asks neither when no other is ready [kafka-P22]", () => {
        const result = run({ topics: [hangs], quorum: [hangs], getent: 2 }, "broker,controller");
        assert.match(result.log, /passes: no other broker is ready/);
        assert.equal(result.calls, "");
    });

    it("of a node that is both asks the second tool only when the first has answered", () => {
        const result = run({ topics: [fails], quorum: [hangs] }, "broker,controller");
        assert.match(result.log, /passes: the cluster does not answer/);
        assert.doesNotMatch(result.calls, /quorum/);
    });

    it("of a controller waits a minute at most", () => {
        const script = gateScript({ role: "controller", timeoutSeconds: 300, host: "h", readyHost: "r" });
        assert.match(script, /deadline=\$\(\(SECONDS \+ 60\)\)/);
    });
});
