import * as assert from "node:assert/strict";
import type { z } from "zod";
import { kafkaUserSettings, provisionSettings, topicSettings } from "../../components/kafka/declaredSchema";
import { KafkaProvision, type KafkaProvisionArgs, provisionPeer } from "../../components/kafka/provision";
import { type Declared, mostToolStarts, provisionScript } from "../../components/kafka/provisionScript";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { at, find, kindsAndNames, listAt, mapAt, planOf } from "../support/plans";
import { emptyCluster, FakeKafka, type FakeState } from "./support/fakeTools";

interface Given {
    readonly topics?: z.input<typeof topicSettings>;
    readonly users?: z.input<typeof kafkaUserSettings>;
}

const declared = (given: Given, overrides: Partial<Declared> = {}): Declared => ({
    bootstrapServers: "kafka:9092",
    factor: 3,
    minInsyncReplicas: 2,
    waitSeconds: 20,
    ...overrides,
    topics: topicSettings.parse(given.topics ?? {}),
    users: kafkaUserSettings.parse(given.users ?? {}),
});

const changes = (calls: readonly string[]) => calls.filter((each) => !/--(describe|list)/.test(each));

describe("the script that applies topics and users", () => {
    let fake: FakeKafka;
    const start = (state: Partial<FakeState> = {}) => {
        fake = new FakeKafka({ ...emptyCluster(), ...state });
        return fake;
    };
    const apply = (given: Given, overrides: Partial<Declared> = {}) =>
        fake.run(
            provisionScript(declared(given, overrides), {
                tools: fake.folder,
                files: fake.folder,
                scratch: fake.folder,
                pause: 0.1,
            }),
        );
    afterEach(() => {
        fake.remove();
    });

    const orders = { partitions: 12, config: { "retention.ms": "7d", "cleanup.policy": "compact,delete" } } as const;
    const has = (partitions: number, config: Record<string, string> = {}, replicas = 3) => ({
        partitions,
        replicas,
        config,
    });
    const ordersConfig = { "cleanup.policy": "compact,delete", "retention.ms": "604800000" };

    it("creates what is not there, with the cluster's replicas where none are given", async () => {
        start();
        const { code, output, calls } = await apply({ topics: { orders, one: { partitions: 1, replicas: 1 } } });
        assert.equal(code, 0, output);
        assert.deepEqual(fake.state.topics, { orders: has(12, ordersConfig), one: has(1, {}, 1) });
        assert.deepEqual(
            changes(calls),
            [
                "kafka-topics --create --if-not-exists --topic orders --partitions 12 --replication-factor 3 " +
                    "--config cleanup.policy=compact,delete --config retention.ms=604800000",
                "kafka-topics --create --if-not-exists --topic one --partitions 1 --replication-factor 1 ",
            ].map((each) => each.trim()),
        );
        assert.match(output, /topic orders: created\ntopic one: created\n2 changed, 0 failed/);
    });

    const everything: Given = {
        topics: {
            orders,
            "a.b": {
                partitions: 3,
                config: { "min.cleanable.dirty.ratio": 1, "retention.bytes": "unlimited", preallocate: true },
            },
        },
        users: {
            billing: {
                reads: ["orders", "events-*", "*"],
                writes: ["invoices"],
                acls: [
                    { resource: "cluster", operations: ["DescribeConfigs"] },
                    { resource: "transactionalId", name: "billing-*", operations: ["Describe", "Write"] },
                    { resource: "topic", name: "raw", operations: ["Read"], hosts: ["10.0.0.1", "10.0.0.2"] },
                ],
                quotas: { producerByteRate: "10Mi", consumerByteRate: "1Mi", requestPercentage: 150 },
            },
        },
    };

    it("changes nothing when repeated [kafka-P30]", async () => {
        start();
        const first = await apply(everything);
        assert.equal(first.code, 0, first.output);
        const made = fake.state;
        const again = await apply(everything);
        assert.equal(again.code, 0, again.output);
        assert.deepEqual(changes(again.calls), []);
        assert.match(again.output, /^0 changed, 0 failed$/m);
        assert.deepEqual(fake.state, made);
        assert.equal(again.calls.length, 5, "one start of a tool for all that is there");
        assert.ok(first.calls.length <= mostToolStarts(declared(everything)), String(first.calls.length));
    });

    it("adds partitions, to exactly that topic [kafka-P31]", async () => {
        start({ topics: { "a.b": has(2), axb: has(2) } });
        const { code, output } = await apply({ topics: { "a.b": { partitions: 4 }, axb: { partitions: 2 } } });
        assert.equal(code, 0, output);
        assert.deepEqual(fake.state.topics, { "a.b": has(4), axb: has(2) });
        assert.match(output, /topic a\.b: 4 partitions instead of 2/);
    });

    it("fails for fewer partitions, naming the topic, and does the rest [kafka-P32]", async () => {
        start({ topics: { orders: has(24, ordersConfig) } });
        const { code, output, calls } = await apply({ topics: { orders, later: { partitions: 1 } } });
        assert.equal(code, 1);
        assert.match(output, /FAILED topic orders: 12 partitions are declared, but it has 24/);
        assert.match(output, /topic later: created\n.*1 changed, 1 failed/s);
        assert.deepEqual(
            calls.filter((each) => each.includes("--alter")),
            [],
        );
    });

    it("changes what differs of a topic's configuration in one call, lists in brackets [kafka-P33]", async () => {
        start({ topics: { orders: has(12, { "retention.ms": "1000", "cleanup.policy": "delete" }) } });
        const { code, output, calls } = await apply({ topics: { orders } });
        assert.equal(code, 0, output);
        assert.deepEqual(changes(calls), [
            "kafka-configs --alter --entity-type topics --entity-name orders " +
                "--add-config cleanup.policy=[compact,delete],retention.ms=604800000",
        ]);
        assert.deepEqual(fake.state.topics["orders"]?.config, ordersConfig);
    });

    it("sets what is inherited by chance, so that a new default of the cluster does not change it", async () => {
        // The topics' description says min.insync.replicas=2, which is the cluster's.
        start({ topics: { orders: has(1) } });
        const { calls } = await apply({ topics: { orders: { partitions: 1, config: { "min.insync.replicas": 2 } } } });
        assert.equal(changes(calls).length, 1);
        assert.deepEqual(fake.state.topics["orders"]?.config, { "min.insync.replicas": "2" });
    });

    it("deletes nothing that is declared no more, and says how [kafka-P34]", async () => {
        const state = {
            topics: { old: has(1), orders: has(12, { ...ordersConfig, "segment.ms": "5" }) },
            quotas: { gone: { request_percentage: "5.0" } },
            acls: [
                "ResourcePattern(resourceType=TOPIC, name=old, patternType=LITERAL)\t(principal=User:gone, host=*, operation=READ, permissionType=ALLOW)",
                "ResourcePattern(resourceType=TOPIC, name=old, patternType=LITERAL)\t(principal=User:bad, host=*, operation=READ, permissionType=DENY)",
            ],
        };
        start(state);
        const { code, output, calls } = await apply({ topics: { orders }, users: { fresh: {} } });
        assert.equal(code, 0, output);
        assert.deepEqual(changes(calls), []);
        assert.deepEqual(fake.state, { ...emptyCluster(), ...state });
        assert.match(output, /NOTE topic orders: keeps segment\.ms=5, which is not declared/);
        assert.match(output, /--entity-name orders --delete-config segment\.ms/);
        assert.match(output, /NOTE topic old: not declared, left alone/);
        assert.match(output, /NOTE permission TOPIC old LITERAL User:gone \* READ: not declared, left alone/);
        assert.match(output, /User:bad is denied READ/);
    });

    it("tells of another number of replicas, and moves no data [kafka-P35]", async () => {
        start({ topics: { orders: has(12, ordersConfig, 1) } });
        const { code, output, calls } = await apply({ topics: { orders } });
        assert.equal(code, 0, output);
        assert.deepEqual(changes(calls), []);
        assert.match(output, /NOTE topic orders: 3 replicas are declared, but it has 1/);
        assert.match(output, /kafka-reassign-partitions\.sh --bootstrap-server kafka:9092/);
    });

    it("sets the cluster's min.insync.replicas, which brokers no longer read of their file [kafka-P36]", async () => {
        start({ cluster: { "min.insync.replicas": "1" } });
        const { code, output, calls } = await apply({});
        assert.equal(code, 0, output);
        assert.deepEqual(changes(calls), [
            "kafka-configs --alter --entity-type brokers --entity-default --add-config min.insync.replicas=2",
        ]);
        assert.deepEqual(fake.state.cluster, { "min.insync.replicas": "2" });
    });

    it("adds permissions that are missing, shorthands and further ones", async () => {
        start();
        const { code, output, calls } = await apply({ users: everything.users ?? {} });
        assert.equal(code, 0, output);
        const add = (operations: string, resource: string, pattern = "literal") =>
            `kafka-acls --add --allow-principal User:billing ${operations} ${resource} --resource-pattern-type ${pattern}`;
        assert.deepEqual(
            calls.filter((each) => each.startsWith("kafka-acls --add")),
            [
                add("--operation Read --operation Describe", "--topic orders"),
                add("--operation Read --operation Describe", "--topic events-", "prefixed"),
                add("--operation Read --operation Describe", "--topic *"),
                add("--operation Write --operation Describe", "--topic invoices"),
                add("--operation Read", "--group billing"),
                add("--operation Read", "--group billing.", "prefixed"),
                add("--operation DescribeConfigs", "--cluster"),
                add("--operation Describe --operation Write", "--transactional-id billing-", "prefixed"),
                add("--allow-host 10.0.0.1 --allow-host 10.0.0.2 --operation Read", "--topic raw"),
            ],
        );
        fake.state = { ...fake.state, acls: fake.state.acls.filter((each) => !each.includes("10.0.0.2")) };
        const again = await apply({ users: everything.users ?? {} });
        assert.equal(changes(again.calls).length, 1);
        assert.match(again.output, /permitted: \(TOPIC raw LITERAL User:billing 10\.0\.0\.2 READ\)/);
    });

    it("gives quotas, and changes those that differ", async () => {
        start({ quotas: { billing: { producer_byte_rate: "1.0", consumer_byte_rate: "1048576.0" } } });
        const { code, output, calls } = await apply({
            users: { billing: { quotas: { producerByteRate: "10Mi", consumerByteRate: "1Mi" } } },
        });
        assert.equal(code, 0, output);
        assert.deepEqual(changes(calls), [
            "kafka-configs --alter --entity-type users --entity-name billing --add-config producer_byte_rate=1.048576E7",
        ]);
        assert.deepEqual(fake.state.quotas["billing"]?.["producer_byte_rate"], "1.048576E7");
    });

    it("waits for a broker that answers", async () => {
        start({ silent: 2 });
        const { code, output } = await apply({ topics: { orders } });
        assert.equal(code, 0, output);
        assert.match(output, /^(waiting for a broker of kafka:9092\n){2}topic orders: created/);
    });

    it("gives up at its time, saying what the last try said", async () => {
        start({ silent: 1000 });
        const { code, output } = await apply({ topics: { orders } }, { waitSeconds: 1 });
        assert.equal(code, 1);
        assert.match(output, /no broker of kafka:9092 answered for 1 seconds; the last try:\nTimed out waiting/);
        assert.deepEqual(fake.state.topics, {});
    });

    it("takes nothing for missing that it could not read [kafka-P37]", async () => {
        for (const call of [
            "kafka-configs --describe --entity-type topics",
            "kafka-configs --describe --entity-type brokers",
            "kafka-configs --describe --entity-type users",
            "kafka-acls --list",
        ]) {
            start({ refuse: { call, says: "not now" }, topics: { orders: has(12, ordersConfig) } });
            const { code, output, calls } = await apply({ topics: { orders }, users: everything.users ?? {} });
            assert.equal(code, 1, call);
            assert.match(output, /FAILED to read: .*\nnot now/, call);
            assert.deepEqual(changes(calls), [], call);
            fake.remove();
        }
        start();
    });

    it("does the rest when one change is refused, and fails", async () => {
        start({ refuse: { call: "kafka-topics --create --if-not-exists --topic orders", says: "InvalidTopic" } });
        const { code, output } = await apply({ topics: { orders, later: { partitions: 1 } } });
        assert.equal(code, 1);
        assert.match(output, /FAILED topic orders: created: failed\nInvalidTopic/);
        assert.deepEqual(Object.keys(fake.state.topics), ["later"]);
    });
    // Each call of a tool is a process.
}).timeout(60_000);

describe("the Job that applies topics and users", () => {
    const security = { adminCertificate: { secretName: "events-admin" }, hashes: ["rotation 3"] };
    const planned = (
        overrides: Partial<KafkaProvisionArgs> = {},
        given: Given = { topics: { orders: { partitions: 1 } } },
    ) =>
        planOf(() => {
            new KafkaProvision("events-provision", {
                foundation: foundation(),
                namespace: "data",
                instance: "events",
                bootstrapServers: "events:9092",
                flow: { peers: [{ podLabels: { app: "broker" } }], ports: [{ port: 9092 }] },
                topics: topicSettings.parse(given.topics ?? {}),
                users: kafkaUserSettings.parse(given.users ?? {}),
                replication: { factor: 3, minInsyncReplicas: 2 },
                settings: provisionSettings.parse({}),
                targets: [],
                priorityClassName: undefined,
                ...overrides,
            });
        });
    const spec = "spec.template.spec";
    const container = `${spec}.containers[name=provision]`;

    it("is a Job with its script, its account and its network policy", async () => {
        const plan = await planned({ security });
        assertSound(plan);
        assert.deepEqual(kindsAndNames(plan), [
            "Access events-provision-access",
            "ConfigMap events-provision-config",
            "Job events-provision-task-job",
            "NetworkPolicy events-provision-task-network",
            "Provision events-provision",
            "ServiceAccount events-provision-access-account",
            "Task events-provision-task",
        ]);
        const job = find(plan, "Job").inputs;
        assert.deepEqual(at(job, `${container}.command`), ["bash", "/provision/provision.sh"]);
        assert.deepEqual(at(find(plan, "NetworkPolicy").inputs, "spec.egress[0]"), {
            to: [{ podSelector: { matchLabels: { app: "broker" } } }],
            ports: [{ protocol: "TCP", port: 9092 }],
        });
    });

    it("is none of the brokers' pods, but the peer that they let in", async () => {
        const labels = mapAt(find(await planned(), "Job").inputs, "spec.template.metadata.labels");
        const { podLabels } = provisionPeer("events");
        for (const [key, value] of Object.entries(podLabels ?? {})) {
            assert.equal(labels[key], value, key);
        }
        assert.equal(labels["app.kubernetes.io/component"], "provision");
    });

    it("shows the administrator's certificate, which no file or argument holds [kafka-P38]", async () => {
        const plan = await planned({ security });
        const job = find(plan, "Job").inputs;
        assert.deepEqual(at(job, `${spec}.volumes[name=admin].secret`), { secretName: "events-admin" });
        assert.equal(at(job, `${container}.volumeMounts[name=admin].mountPath`), "/admin");
        const properties = String(at(find(plan, "ConfigMap").inputs, 'data["admin.properties"]'));
        assert.match(properties, /^security\.protocol=SSL$/m);
        assert.match(properties, /^ssl\.keystore\.location=\/admin\/keystore\.pem$/m);
        assert.match(properties, /^ssl\.truststore\.location=\/admin\/ca\.crt$/m);
        const plain = await planned();
        assert.doesNotMatch(String(at(find(plain, "ConfigMap").inputs, 'data["admin.properties"]')), /ssl/i);
        assert.equal(at(find(plain, "Job").inputs, `${spec}.volumes[name=admin]`), undefined);
    });

    it("runs again when what is declared changes, or the certificate", async () => {
        const hash = async (overrides: Partial<KafkaProvisionArgs>, given?: Given) =>
            at(
                find(await planned(overrides, given), "Job").inputs,
                'spec.template.metadata.annotations["data-platform/config-hash"]',
            );
        const all = await Promise.all([
            hash({}),
            hash({ security }),
            hash({ security: { ...security, hashes: ["rotation 4"] } }),
            hash({}, { topics: { orders: { partitions: 2 } } }),
            hash({}, { users: { billing: { writes: ["orders"] } } }),
            hash({ replication: { factor: 3, minInsyncReplicas: 1 } }),
            hash({}),
        ]);
        assert.equal(new Set(all).size, all.length - 1);
        assert.equal(all[0], all.at(-1));
    });

    it("starts small tools, in a fraction of its memory [kafka-P39]", async () => {
        const plan = await planned({ settings: provisionSettings.parse({ resources: { memory: "1Gi" } }) });
        const env = listAt(find(plan, "Job").inputs, `${container}.env`);
        assert.deepEqual(env, [
            { name: "KAFKA_HEAP_OPTS", value: "-Xmx512m" },
            { name: "KAFKA_JVM_PERFORMANCE_OPTS", value: "-XX:+UseSerialGC -XX:TieredStopAtLevel=1" },
            { name: "LOG_DIR", value: "/tmp" },
        ]);
    });

    it("has time to wait, and for each tool", async () => {
        const deadline = async (given: Given, wait: string) =>
            Number(
                at(
                    find(await planned({ settings: provisionSettings.parse({ wait }) }, given), "Job").inputs,
                    "spec.activeDeadlineSeconds",
                ),
            );
        assert.equal(await deadline({}, "10m"), 600 + 5 * 15 + 120);
        assert.equal(await deadline({}, "20m"), 1200 + 5 * 15 + 120);
        const more = { topics: { a: { partitions: 1 } }, users: { billing: { writes: ["a"] } } };
        assert.equal(await deadline(more, "10m"), 600 + (5 + 2 + 2) * 15 + 120);
    });

    it("has targets, a priority and a namespace", async () => {
        const plan = await planned({
            namespace: "other",
            priorityClassName: "dev-high",
            targets: [{ key: "pool", value: "batch", constraint: "accepted" }],
        });
        const job = find(plan, "Job").inputs;
        assert.equal(at(job, "metadata.namespace"), "other");
        assert.equal(at(job, `${spec}.priorityClassName`), "dev-high");
        assert.equal(listAt(job, `${spec}.tolerations`).length, 1);
    });
});
