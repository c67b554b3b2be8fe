import type { Alert } from "../monitoring/alerts/alert";
import { commonAlerts, metricsMissing, type Watched } from "../monitoring/alerts/common";
import { series } from "../monitoring/promql";

export interface KafkaWatched {
    readonly namespace: string;
    /** Names of the StatefulSets of brokers and of controllers. */
    readonly sets: readonly string[];
    readonly brokers: number;
    readonly minInsyncReplicas: number;
    /** Name of the exporter's Deployment; undefined where there is none. */
    readonly exporter: string | undefined;
}

/**
 * Alerts of a Kafka cluster. Metrics as kafka_exporter 1.9.0 names them (its README): it reads the metadata of the whole
 * cluster, so each series is there once.
 */
export function kafkaAlerts(given: KafkaWatched): Alert[] {
    const { namespace, exporter } = given;
    const runbook = "docs/kafka.md";
    const watched: Watched = {
        system: "Kafka",
        namespace,
        workloads: [
            ...given.sets.map((objectName) => ({
                kind: "StatefulSet" as const,
                objectName,
                claimTemplates: ["data"],
            })),
            ...(exporter === undefined ? [] : [{ kind: "Deployment" as const, objectName: exporter }]),
        ],
        runbook,
    };
    if (exporter === undefined) {
        return commonAlerts(watched);
    }
    const own: Watched = { ...watched, workloads: [{ kind: "Deployment", objectName: exporter }] };
    const metric = (name: string) => series(name, { namespace });
    const describe = `kafka-topics.sh --describe --under-replicated-partitions (docs/kafka.md has the whole command)`;
    return [
        ...commonAlerts(watched),
        metricsMissing(own, "metrics", 1),
        {
            name: "KafkaBrokersMissing",
            expr: `${metric("kafka_brokers")} < ${given.brokers}`,
            for: "10m",
            severity: "warning",
            summary: `Only {{ $value }} of ${given.brokers} brokers are registered`,
            description: `The controllers have not heard of the others for a while: kubectl -n ${namespace} get pods. Longer than a restart takes, it leaves partitions with fewer replicas.`,
            runbook,
        },
        {
            name: "KafkaUnderMinimum",
            expr: `count(${metric("kafka_topic_partition_in_sync_replica")} < ${given.minInsyncReplicas} and ${metric("kafka_topic_partition_replicas")} > ${given.minInsyncReplicas}) > 0`,
            for: "2m",
            severity: "critical",
            summary: "{{ $value }} partitions have fewer replicas in sync than the cluster's minimum",
            description: `Producers with acks=all are refused there. Look for the brokers that are down; ${describe} names the partitions.`,
            runbook,
        },
        {
            name: "KafkaUnderReplicated",
            expr: `count(${metric("kafka_topic_partition_under_replicated_partition")} == 1) > 0`,
            for: "15m",
            severity: "warning",
            summary: "{{ $value }} partitions lack replicas in sync",
            description: `No roll goes on while they are at their minimum. ${describe} names them; a broker that is behind may lack CPU, network or disk.`,
            runbook,
        },
        {
            name: "KafkaNoLeader",
            expr: `count(${metric("kafka_topic_partition_leader")} < 0) > 0`,
            for: "2m",
            severity: "critical",
            summary: "{{ $value }} partitions have no leader",
            description: `Nobody can read or write them: all replicas that are in sync are down. Start those brokers again: kubectl -n ${namespace} get pods.`,
            runbook,
        },
    ];
}
