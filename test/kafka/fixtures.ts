import type { Plan } from "../../bin/plan/plan";
import { Kafka, type KafkaArgs } from "../../components/kafka/kafka";
import { checked } from "../../components/foundation/faults";
import { type CheckedKafkaSettings, type KafkaSettings, kafkaSettings } from "../../components/kafka/schema";
import { monitoringSettings } from "../../components/monitoring/schema";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { at, find, listAt, mapAt, planOf } from "../support/plans";

/** Settings of a small cluster, with the schema's defaults filled in. */
export function settingsWith(given: KafkaSettings = {}): CheckedKafkaSettings {
    return checked(kafkaSettings, "kafka", given);
}

/** Three racks of two brokers. */
export const racks = {
    west: { nodes: 2, firstId: 100 },
    east: { nodes: 2, firstId: 200 },
    north: { nodes: 2, firstId: 300, zone: "zone-n" },
} as const;

/** Who watches the environment. */
export const monitoring = monitoringSettings.parse({ scrapers: [{ namespace: "monitoring" }] });

/** The plan of a cluster called `kafka` in the namespace `ns`. */
export function kafkaPlan(
    settings: KafkaSettings = {},
    overrides: FoundationOverrides = {},
    args: Partial<KafkaArgs> = {},
): Promise<Plan> {
    return planOf(() => new Kafka("kafka", { foundation: foundation(overrides), namespace: "ns", settings, ...args }));
}

/** An image with the JMX agent. */
export const jmxAgent = { image: "reg.example.com/agent:1", jar: "/opt/agent.jar" };

/** Inputs of a StatefulSet. */
export const set = (plan: Plan, name = "kafka-broker") => find(plan, "StatefulSet", name).inputs;
/** The server of its pods. */
export const containerOf = (plan: Plan, name?: string) =>
    at(set(plan, name), "spec.template.spec.containers[name=kafka]");
/** Its variables. */
export const envOf = (plan: Plan, name?: string): readonly { name: string; value?: string }[] =>
    listAt(containerOf(plan, name), "env") as readonly { name: string; value?: string }[];
/** Content of a ConfigMap. */
export const data = (plan: Plan, name: string) => mapAt(find(plan, "ConfigMap", name).inputs, "data");
/** The pod template, as text. */
export const template = (plan: Plan, name?: string) => JSON.stringify(at(set(plan, name), "spec.template"));
