import * as assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Plan } from "../../bin/plan/plan";
import { Kafka } from "../../components/kafka/kafka";
import type { KafkaSettings } from "../../components/kafka/schema";
import { userDirectory, userProperties } from "../../components/kafka/users";
import { succeeded } from "../e2e/support/run";
import { foundation } from "../support/foundation";
import { planOf } from "../support/plans";
import { LocalKafka } from "./support/kafka";
import { LocalCertificates, type Pem } from "./support/kafkaCertificates";
import { requireProgram } from "./support/tools";

const resources = { memory: "1Gi" };
const settings: KafkaSettings = {
    clusterId: "q1Sh-9_ISia_zwGINzRvyQ",
    controllers: { kind: "dedicated", nodes: 1, resources },
    brokers: { racks: { west: { nodes: 1, firstId: 100 }, east: { nodes: 1, firstId: 200 } }, resources },
    replication: { factor: 2, minInsyncReplicas: 1 },
    topics: { orders: { partitions: 1 }, secrets: { partitions: 1 } },
    users: {
        billing: { reads: ["orders"], quotas: { consumerByteRate: "10Mi", requestPercentage: 200 } },
        shop: { writes: ["orders"] },
    },
};
const bootstrap = "events-bootstrap.data.svc.cluster.local:9092";

describe("the real Kafka with a controller of its own, racks and mutual TLS", () => {
    let folder: string;
    let plan: Plan;
    let cluster: LocalKafka;
    let trusted: string;
    let certificates: LocalCertificates;

    const pemFiles = ({ key, certificate }: Pem) => ({ "keystore.pem": `${key}${certificate}`, "ca.crt": trusted });
    const clientOf = (name: string, pem: Pem) =>
        cluster.mount(name, { ...pemFiles(pem), "client.properties": userProperties(bootstrap) }, userDirectory);
    const user = async (name: string) =>
        clientOf(name, await certificates.signed(plan, "events", `events-user-${name}-turn-0`));
    const produce = (client: string, topic: string) =>
        cluster.tool(
            client,
            "kafka-console-producer.sh",
            [
                ...["--bootstrap-server", bootstrap, "--producer.config", `${client}/client.properties`],
                ...["--topic", topic, "--max-block-ms", "15000", "--sync"],
            ],
            "one\n",
        );
    const consume = (client: string, topic: string, group: string) =>
        cluster.tool(client, "kafka-console-consumer.sh", [
            ...["--bootstrap-server", bootstrap, "--consumer.config", `${client}/client.properties`],
            ...["--topic", topic, "--group", group, "--from-beginning", "--max-messages", "1", "--timeout-ms", "20000"],
        ]);

    before(async function () {
        await requireProgram(this, "java", "-version");
        await requireProgram(this, "mvn", "-version");
        await requireProgram(this, "openssl", "version");
        folder = await mkdtemp(path.join(tmpdir(), "kafka-"));
        plan = await planOf(() => new Kafka("events", { foundation: foundation(), namespace: "data", settings }));
        certificates = new LocalCertificates(path.join(folder, "authorities"));
        trusted = await certificates.trusted(plan, "events");
        cluster = new LocalKafka(plan, folder, {
            "events-nodes": pemFiles(await certificates.signed(plan, "events", "events-node")),
            "events-admin": pemFiles(await certificates.signed(plan, "events", "events-admin")),
        });
        await cluster.prepare();
    });
    after(async () => {
        await (cluster as LocalKafka | undefined)?.killAll();
        if ((folder as string | undefined) !== undefined) {
            await rm(folder, { recursive: true, force: true });
        }
    });

    it("starts, each node with one certificate for all its names", async () => {
        await Promise.all(cluster.nodes.map((node) => cluster.start(node)));
        await Promise.all(cluster.nodes.map((node) => cluster.untilReady(node)));
        const [east] = cluster.nodes.filter(({ id }) => id === 200);
        assert.ok(east !== undefined);
        assert.match(await cluster.serverProperties(east), /^broker\.rack=east$/m);
    });

    it("takes topics, permissions and quotas of the administrator, twice the same [kafka-P38]", async () => {
        const first = succeeded("the Job", await cluster.job(plan, "events-provision"));
        assert.match(first.output, /topic orders: created/);
        assert.match(first.output, /permitted: \(TOPIC orders LITERAL User:billing \* READ\)/);
        assert.match(first.output, /user billing: consumer_byte_rate=1\.048576E7,request_percentage=200\.0/);
        const second = succeeded("the Job", await cluster.job(plan, "events-provision"));
        assert.match(second.output, /^0 changed, 0 failed$/m);
    });

    it("lets a user do what it is permitted, and nothing else [kafka-P40]", async () => {
        const [shop, billing] = [await user("shop"), await user("billing")];
        const written = await produce(shop, "orders");
        assert.doesNotMatch(succeeded("produce", written).output, /Exception|ERROR/);
        const read = await consume(billing, "orders", "billing.test");
        assert.equal(succeeded("consume", read).stdout.trim(), "one");
        // Who may write to no topic at all may not even begin to produce.
        assert.match((await produce(billing, "orders")).output, /ClusterAuthorizationException/);
        assert.match((await produce(shop, "secrets")).output, /TopicAuthorizationException/);
        assert.match((await consume(billing, "orders", "others")).output, /GroupAuthorizationException/);
    });

    it("talks to nobody without a certificate, or with another authority's [kafka-P41]", async () => {
        const bare = await cluster.mount(
            "bare",
            {
                "ca.crt": trusted,
                "client.properties": userProperties(bootstrap).replace(/^ssl\.keystore.*\n/gm, ""),
            },
            userDirectory,
        );
        assert.match(
            (await produce(bare, "orders")).output,
            /SslAuthenticationException|bad_certificate|SSL handshake failed|certificate_required/,
        );
        const other = await clientOf("other", await certificates.foreign("shop"));
        assert.match(
            (await produce(other, "orders")).output,
            /SslAuthenticationException|SSL handshake failed|certificate_unknown/,
        );
    });

    it("lets a broker and the only controller stop, each by its own gate", async () => {
        for (const node of cluster.nodes) {
            const gate = await cluster.gate(node);
            assert.equal(await gate.ended, 0);
            assert.match(await gate.log(), new RegExp(`stop gate of node ${node.id}: passes: nothing here`));
        }
    });
}).timeout(240_000);
