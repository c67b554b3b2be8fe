import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import type { KafkaSettings } from "../../components/kafka/schema";
import { all, at, find, listAt } from "../support/plans";
import { containerOf, data, jmxAgent, kafkaPlan, monitoring, set, template } from "./fixtures";

describe("a setting of Kafka", () => {
    const effects: readonly (readonly [what: string, KafkaSettings, (plan: Plan) => unknown, unknown])[] = [
        ["brokers.nodes", { brokers: { nodes: 5 } }, (plan) => at(set(plan), "spec.replicas"), 5],
        [
            "brokers.storage",
            { brokers: { storage: "70Gi" } },
            (plan) => at(set(plan), "spec.volumeClaimTemplates[0].spec.resources.requests.storage"),
            "70Gi",
        ],
        [
            "brokers.storageClass",
            { brokers: { storageClass: "fast" } },
            (plan) => at(set(plan), "spec.volumeClaimTemplates[0].spec.storageClassName"),
            "fast",
        ],
        [
            "brokers.resources",
            { brokers: { resources: { memory: "6Gi" } } },
            (plan) => at(containerOf(plan), "resources.limits.memory"),
            "6Gi",
        ],
        [
            "brokers.heap",
            { brokers: { heap: "1Gi" } },
            (plan) => at(containerOf(plan), "env[name=KAFKA_HEAP_OPTS].value"),
            "-Xms1024m -Xmx1024m",
        ],
        ["brokers.targets", { brokers: { targets: "stateful" } }, (plan) => /"key":"pool"/.test(template(plan)), true],
        [
            "brokers.jmxAgent",
            { brokers: { jmxAgent } },
            (plan) => at(containerOf(plan), "env[name=KAFKA_OPTS].value"),
            "-javaagent:/agent/agent.jar=9404:/agent-config/jmx-agent.yaml",
        ],
        [
            "controllers.nodes",
            { controllers: { kind: "dedicated", nodes: 5 } },
            (plan) => at(set(plan, "kafka-controller"), "spec.replicas"),
            5,
        ],
        [
            "controllers.storage",
            { controllers: { kind: "dedicated", storage: "3Gi" } },
            (plan) => at(set(plan, "kafka-controller"), "spec.volumeClaimTemplates[0].spec.resources.requests.storage"),
            "3Gi",
        ],
        ["controllers.kind", { controllers: { kind: "combined" } }, (plan) => all(plan, "StatefulSet").length, 1],
        [
            "config",
            { config: { "num.network.threads": 7 } },
            (plan) => /num.network.threads=7/.test(String(data(plan, "kafka-config")["server.properties"])),
            true,
        ],
        [
            "egress",
            { egress: [{ to: [{ cidr: "198.51.100.0/24" }], ports: [{ port: 443 }] }] },
            (plan) => /198.51.100.0/.test(JSON.stringify(find(plan, "NetworkPolicy", "kafka-broker").inputs)),
            true,
        ],
        [
            "clients",
            { clients: [{ namespace: "apps" }] },
            (plan) => /"apps"/.test(JSON.stringify(find(plan, "NetworkPolicy", "kafka-broker").inputs)),
            true,
        ],
        [
            "startTimeout",
            { startTimeout: "20m" },
            (plan) => at(containerOf(plan), "startupProbe.failureThreshold"),
            240,
        ],
        ["exporter.enabled", { exporter: { enabled: false } }, (plan) => all(plan, "Deployment").length, 0],
        [
            "exporter.resources",
            { exporter: { resources: { memory: "200Mi" } } },
            (plan) => at(find(plan, "Deployment").inputs, "spec.template.spec.containers[0].resources.limits.memory"),
            "200Mi",
        ],
        ["monitoring.enabled", { monitoring: { enabled: false } }, (plan) => all(plan, "PrometheusRule").length, 0],
        [
            "provision.resources",
            { provision: { resources: { memory: "1Gi" } } },
            (plan) => at(find(plan, "Job").inputs, "spec.template.spec.containers[0].resources.limits.memory"),
            "1Gi",
        ],
        ["tls.mode", { tls: { mode: "none" } }, (plan) => all(plan, "Secret").length, 0],
    ];
    for (const [what, settings, read, expected] of effects) {
        it(`${what} shows in the plan`, async () => {
            assert.deepEqual(read(await kafkaPlan(settings, { monitoring })), expected);
            assert.notDeepEqual(read(await kafkaPlan({}, { monitoring })), expected, "without the setting");
        });
    }

    it("has alerts on what the exporter tells, and without it on pods alone", async () => {
        const names = async (settings: KafkaSettings) =>
            listAt(
                find(await kafkaPlan(settings, { monitoring }), "PrometheusRule").inputs,
                "spec.groups[0].rules",
            ).map((rule) => at(rule, "alert"));
        const own = [
            "KafkaMetricsMissing",
            "KafkaBrokersMissing",
            "KafkaUnderMinimum",
            "KafkaUnderReplicated",
            "KafkaNoLeader",
        ];
        assert.deepEqual((await names({})).slice(-own.length), own);
        assert.deepEqual(
            (await names({ exporter: { enabled: false } })).filter((name) => own.includes(String(name))),
            [],
        );
    });
});
