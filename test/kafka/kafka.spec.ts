import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { idsOf } from "../../components/kafka/ids";
import type { KafkaSettings } from "../../components/kafka/schema";
import { assertSound } from "../support/invariants";
import { all, at, find, listAt } from "../support/plans";
import { containerOf, data, envOf, jmxAgent, kafkaPlan, monitoring, racks, set, template } from "./fixtures";

type External = NonNullable<NonNullable<KafkaSettings["listeners"]>["external"]>;

const clients = [{ podLabels: { app: "gateway" }, namespace: "gateways" }];
const external = {
    none: { kind: "none" },
    nodePort: { kind: "nodePort", host: "nodes.example.com", clients: [{ cidr: "10.0.0.0/8" }] },
    loadBalancer: {
        kind: "loadBalancer",
        host: "b-{id}.example.com",
        sourceRanges: ["192.0.2.0/24"],
        loadBalancerClass: "internal",
        annotations: { "external-dns.alpha.kubernetes.io/hostname": "{host}" },
    },
    perBrokerHosts: { kind: "perBrokerHosts", host: "b-{id}.example.com", clients },
} satisfies Record<string, External>;

const plans: readonly (readonly [what: string, settings: KafkaSettings])[] = [
    ["the defaults", {}],
    ["racks", { brokers: { racks } }],
    ["combined nodes", { controllers: { kind: "combined" } }],
    [
        "one node",
        { controllers: { kind: "combined" }, brokers: { nodes: 1 }, replication: { factor: 1, minInsyncReplicas: 1 } },
    ],
    ["no TLS", { tls: { mode: "none" } }],
    ["topics and users", { topics: { orders: { partitions: 6 } }, users: { app: { reads: ["orders"] } } }],
    ["node ports", { listeners: { external: external.nodePort } }],
    ["load balancers", { listeners: { external: external.loadBalancer } }],
    ["hosts of brokers", { listeners: { external: external.perBrokerHosts } }],
    ["the agent", { brokers: { jmxAgent } }],
    ["no exporter", { exporter: { enabled: false } }],
    ["a rotation", { tls: { mode: "mutual", certificates: { kind: "generated", rotation: 1 } } }],
];

describe("Kafka", () => {
    for (const [what, settings] of plans) {
        it(`is sound with ${what}`, async () => {
            assertSound(await kafkaPlan(settings));
            assertSound(await kafkaPlan(settings, { monitoring, environment: { tier: "production" } }));
        });
    }

    it("names its pods by ids, in one set a rack", async () => {
        const plan = await kafkaPlan({ brokers: { racks } });
        const found = all(plan, "StatefulSet").map(({ inputs }) => [
            at(inputs, "metadata.name"),
            at(inputs, "spec.ordinals.start"),
            at(inputs, "spec.replicas"),
        ]);
        assert.deepEqual(found, [
            ["kafka-broker-east", 200, 2],
            ["kafka-broker-north", 300, 2],
            ["kafka-broker-west", 100, 2],
            ["kafka-controller", undefined, 3],
        ]);
        assert.deepEqual(at(containerOf(plan, "kafka-broker-west"), "env[name=KAFKA_NODE_ID].valueFrom"), {
            fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" },
        });
    });

    it("rolls its sets one after another: controllers, then racks by their ids [kafka-P10]", async () => {
        const plan = await kafkaPlan({ brokers: { racks } });
        const chain = ["kafka-controller", "kafka-broker-west", "kafka-broker-east", "kafka-broker-north"];
        chain.slice(1).forEach((name, index) => {
            const { dependencies } = find(plan, "WorkerSet", name);
            const before = find(plan, "StatefulSet", `${chain[index] ?? ""}-set`).urn;
            assert.ok(dependencies.includes(before), `${name} waits for ${before}`);
        });
    });

    it("starts pods at once, since a quorum lets brokers in [kafka-P6]", async () => {
        const plan = await kafkaPlan({ brokers: { racks } });
        all(plan, "StatefulSet").forEach(({ inputs }) =>
            assert.equal(at(inputs, "spec.podManagementPolicy"), "Parallel"),
        );
    });

    it("has one budget for all brokers, and one for the controllers [kafka-P21]", async () => {
        const plan = await kafkaPlan({ brokers: { racks } });
        assert.deepEqual(
            all(plan, "PodDisruptionBudget").map(({ inputs }) => at(inputs, "metadata.name")),
            ["kafka-broker", "kafka-controller"],
        );
        const combined = await kafkaPlan({ controllers: { kind: "combined" } });
        assert.equal(all(combined, "PodDisruptionBudget").length, 1);
    });

    it("keeps racks in their zones, and all brokers apart [kafka-P25]", async () => {
        const plan = await kafkaPlan({ brokers: { racks } });
        for (const [rack, zone] of [
            ["west", "west"],
            ["north", "zone-n"],
        ] as const) {
            const spec = at(set(plan, `kafka-broker-${rack}`), "spec.template.spec");
            const terms = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]";
            assert.deepEqual(at(spec, `${terms}.matchExpressions`), [
                { key: "topology.kubernetes.io/zone", operator: "In", values: [zone] },
            ]);
            const apart = at(
                spec,
                "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchLabels",
            );
            assert.equal((apart as Record<string, unknown>)["data-platform/rack"], undefined);
        }
    });

    it("lets each pod write where the image does, and nowhere else [kafka-P15]", async () => {
        const plan = await kafkaPlan();
        const writable = listAt(containerOf(plan), "volumeMounts")
            .filter((mount) => at(mount, "readOnly") !== true)
            .map((mount) => at(mount, "mountPath"));
        assert.deepEqual(writable.sort(), ["/opt/kafka/config", "/opt/kafka/logs", "/tmp", "/var/lib/kafka/data"]);
    });

    it("bounds what is written to scratch [kafka-P16]", async () => {
        const options = envOf(await kafkaPlan()).find(({ name }) => name === "KAFKA_GC_LOG_OPTS")?.value ?? "";
        const [, count, size] = /filecount=(\d+),filesize=(\d+)M/.exec(options) ?? [];
        assert.ok((Number(count) + 1) * Number(size) < 128, options);
    });

    it("opens no JMX port, which would ask nobody who they are [kafka-P19]", async () => {
        const plan = await kafkaPlan({ brokers: { jmxAgent } });
        for (const name of ["kafka-broker", "kafka-controller"]) {
            assert.deepEqual(
                envOf(plan, name).filter((each) => /JMX/.test(each.name)),
                [],
            );
        }
    });

    it("has no variables of Services, which the start script would take for properties [kafka-P14]", async () => {
        const plan = await kafkaPlan();
        all(plan, "StatefulSet").forEach(({ inputs }) =>
            assert.equal(at(inputs, "spec.template.spec.enableServiceLinks"), false),
        );
    });

    it("makes an id that nothing replaces, and hands it on [kafka-P1]", async () => {
        const plan = await kafkaPlan();
        const id = find(plan, "RandomId");
        assert.deepEqual(id.inputs, { byteLength: 16 });
        assert.deepEqual(at(containerOf(plan), "env[name=CLUSTER_ID].valueFrom.configMapKeyRef"), {
            name: "kafka-cluster",
            key: "id",
        });
        const adopted = await kafkaPlan({ clusterId: "b6L6g3nShTueMCtKAX86sw" });
        assert.equal(all(adopted, "RandomId").length, 0);
        assert.deepEqual(data(adopted, "kafka-cluster"), { id: "b6L6g3nShTueMCtKAX86sw" });
    });

    it("has no secret outside Secrets", async () => {
        const plan = await kafkaPlan({ users: { app: {} } });
        const maps = all(plan, "ConfigMap").filter(({ secretPaths }) => secretPaths.length > 0);
        assert.deepEqual(
            maps.map(({ name }) => name),
            [],
        );
        assert.doesNotMatch(JSON.stringify(all(plan, "ConfigMap")), /PRIVATE KEY/);
    });

    it("sets the cluster's minimum in sync by its Job, also without topics and users [kafka-P36]", async () => {
        const bare = { tls: { mode: "none" }, exporter: { enabled: false } } as const;
        const plan = await kafkaPlan({ ...bare, replication: { factor: 3, minInsyncReplicas: 1 } });
        assert.match(
            String(data(plan, "kafka-provision")["provision.sh"]),
            /^cluster_default 'min\.insync\.replicas' '1'$/m,
        );
        const { inputs, dependencies } = find(plan, "Provision");
        assert.deepEqual(inputs, { topics: [], users: [] });
        const last = find(plan, "StatefulSet", "kafka-broker-set").urn;
        assert.ok(dependencies.includes(last), "after the brokers");
        const from = JSON.stringify(listAt(find(plan, "NetworkPolicy", "kafka-broker").inputs, "spec.ingress[0].from"));
        assert.match(from, /"app.kubernetes.io\/component":"provision"/);
    });

    it("waits at the gate, and longer for the rest [kafka-P17]", async () => {
        const plan = await kafkaPlan({ gate: { timeout: "7m" }, gracePeriod: "9m" });
        assert.deepEqual(at(containerOf(plan), "lifecycle.preStop.exec.command"), ["bash", "/scripts/gate.sh"]);
        assert.equal(at(set(plan), "spec.template.spec.terminationGracePeriodSeconds"), 540);
        assert.match(String(data(plan, "kafka-scripts")["gate-broker.sh"]), /deadline=\$\(\(SECONDS \+ 420\)\)/);
        assert.match(String(data(plan, "kafka-scripts")["gate-controller.sh"]), /SECONDS \+ 60\)/);
        assert.equal(at(set(plan), "spec.minReadySeconds"), 30);
        const changed = await kafkaPlan({ gate: { timeout: "6m" }, gracePeriod: "9m" });
        assert.equal(template(changed), template(plan), "the gate reaches running pods");
    });

    it("puts no Service in front of several brokers for clients outside [kafka-P20]", async () => {
        for (const kind of ["nodePort", "loadBalancer", "perBrokerHosts"] as const) {
            const plan = await kafkaPlan({ brokers: { racks }, listeners: { external: external[kind] } });
            const services = all(plan, "Service").filter(({ name }) => name.startsWith("kafka-external-"));
            assert.deepEqual(
                services.map(({ inputs }) => at(inputs, 'spec.selector["statefulset.kubernetes.io/pod-name"]')),
                Object.entries(racks).flatMap(([rack, group]) =>
                    idsOf(group).map((id) => `kafka-broker-${rack}-${id}`),
                ),
            );
        }
    });

    it("fills the external Services", async () => {
        const spec = async (kind: keyof typeof external) =>
            find(await kafkaPlan({ listeners: { external: external[kind] } }), "Service", "kafka-external-101").inputs;
        assert.equal(at(await spec("nodePort"), "spec.ports[0].nodePort"), 31101);
        const balancer = await spec("loadBalancer");
        assert.deepEqual(at(balancer, "spec.loadBalancerSourceRanges"), ["192.0.2.0/24"]);
        assert.equal(at(balancer, "spec.loadBalancerClass"), "internal");
        assert.equal(at(balancer, "spec.externalTrafficPolicy"), "Local");
        assert.equal(
            at(balancer, 'metadata.annotations["external-dns.alpha.kubernetes.io/hostname"]'),
            "b-101.example.com",
        );
        assert.equal(at(await spec("perBrokerHosts"), "spec.type"), "ClusterIP");
    });

    it("names every host in the nodes' certificate", async () => {
        const names = async (settings: KafkaSettings) =>
            at(find(await kafkaPlan(settings), "CertRequest", "kafka-node-request-0").inputs, "dnsNames");
        const inside = [
            "kafka-bootstrap.ns.svc.cluster.local",
            "*.kafka-brokers.ns.svc.cluster.local",
            "*.kafka-controllers.ns.svc.cluster.local",
        ];
        assert.deepEqual(await names({}), inside);
        assert.deepEqual(await names({ listeners: { external: external.perBrokerHosts } }), [
            ...inside,
            ...[100, 101, 102].map((id) => `b-${id}.example.com`),
        ]);
        assert.deepEqual(await names({ listeners: { external: external.nodePort } }), [...inside, "nodes.example.com"]);
        assert.deepEqual(await names({ controllers: { kind: "combined" } }), inside.slice(0, 2));
    });

    it("lets in who is meant, port by port", async () => {
        const plan = await kafkaPlan(
            { listeners: { external: external.perBrokerHosts }, clients: [{ namespace: "apps" }] },
            { monitoring },
        );
        const ports = (name: string) =>
            listAt(find(plan, "NetworkPolicy", name).inputs, "spec.ingress").map((rule) => [
                listAt(rule, "ports")
                    .map((port) => at(port, "port"))
                    .join(),
                listAt(rule, "from").length,
            ]);
        // Clients: apps, the brokers themselves, the Job, the exporter.
        assert.deepEqual(ports("kafka-broker"), [
            ["9092", 4],
            ["9091", 1],
            ["9094", 1],
        ]);
        assert.deepEqual(ports("kafka-controller"), [["9093", 2]]);
    });

    it("is ready by its own port, whatever the cluster does [kafka-P7]", async () => {
        const plan = await kafkaPlan();
        const command = listAt(containerOf(plan), "readinessProbe.exec.command").map(String);
        assert.doesNotMatch(command.join(" "), /kafka-|under-|bootstrap/);
        const [program = "", ...args] = command.map((each) => each.replace(":2384 ", ":PORT "));
        const server = createServer();
        const port = await new Promise<number>((resolve) =>
            server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
        );
        const hex = port.toString(16).toUpperCase().padStart(4, "0");
        const run = () =>
            new Promise((resolve) => {
                spawn(
                    program,
                    args.map((each) => each.replace("PORT", hex)),
                ).on("exit", resolve);
            });
        assert.equal(await run(), 0);
        await new Promise((resolve) => server.close(resolve));
        assert.equal(await run(), 1);
    });

    it("rolls on a rotation, and on changed properties", async () => {
        const before = template(await kafkaPlan());
        const rotated = { mode: "mutual", certificates: { kind: "generated", rotation: 1 } } as const;
        assert.notEqual(template(await kafkaPlan({ tls: rotated })), before);
        assert.notEqual(template(await kafkaPlan({ config: { "num.network.threads": 7 } })), before);
        assert.notEqual(
            template(await kafkaPlan({ tls: rotated }), "kafka-controller"),
            template(await kafkaPlan(), "kafka-controller"),
        );
    });

    it("tells guards what must not change without care", async () => {
        const { inputs } = find(await kafkaPlan({ brokers: { racks } }), "Kafka");
        assert.deepEqual(inputs, {
            controllers: "dedicated",
            controllerNodes: 3,
            controllerStorage: "10Gi",
            controllerStorageClass: null,
            racks: {
                west: { firstId: 100, nodes: 2, zone: "west" },
                east: { firstId: 200, nodes: 2, zone: "east" },
                north: { firstId: 300, nodes: 2, zone: "zone-n" },
            },
            storage: "50Gi",
            storageClass: null,
            image: "docker.io/apache/kafka:4.1.0",
            factor: 3,
            minInsyncReplicas: 2,
            tls: "mutual",
            clusterId: null,
        });
    });

    it("gives clients their configuration, inside and outside", async () => {
        const plan = await kafkaPlan({ listeners: { external: external.perBrokerHosts } });
        const files = data(plan, "kafka-client");
        assert.match(
            String(files["client.properties"]),
            /^bootstrap.servers=kafka-bootstrap.ns.svc.cluster.local:9092\nsecurity.protocol=SSL\n/,
        );
        assert.match(
            String(files["external-client.properties"]),
            /^bootstrap.servers=b-100.example.com:443,b-101.example.com:443,b-102.example.com:443\n/,
        );
    });
});
