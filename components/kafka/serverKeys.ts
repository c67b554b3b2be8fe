/** Server properties that the component itself decides; a free part that repeats one would say two things. */
export const ownServerKeys: readonly string[] = [
    "process.roles",
    "node.id",
    "broker.id",
    "broker.rack",
    "replica.selector.class",
    "controller.quorum.voters",
    "controller.quorum.bootstrap.servers",
    "controller.listener.names",
    "inter.broker.listener.name",
    "security.inter.broker.protocol",
    "listeners",
    "advertised.listeners",
    "listener.security.protocol.map",
    "log.dir",
    "log.dirs",
    "metadata.log.dir",
    "default.replication.factor",
    "min.insync.replicas",
    "offsets.topic.replication.factor",
    "transaction.state.log.replication.factor",
    "transaction.state.log.min.isr",
    "share.coordinator.state.topic.replication.factor",
    "share.coordinator.state.topic.min.isr",
    "auto.create.topics.enable",
    "unclean.leader.election.enable",
    "controlled.shutdown.enable",
    "num.recovery.threads.per.data.dir",
    "log.retention.ms",
    "log.retention.bytes",
    "authorizer.class.name",
    "super.users",
    "allow.everyone.if.no.acl.found",
];

/** Beginnings of further keys that the component decides, or that no Kafka 4 knows. */
const refusedBeginnings: readonly string[] = [
    "ssl.",
    "listener.name.",
    "sasl.",
    "zookeeper.",
    "log.retention.hours",
    "log.retention.minutes",
    "inter.broker.protocol.version",
    "log.message.format.version",
    "broker.id.generation.enable",
    "reserved.broker.max.id",
];

/** Parts of keys whose values are secrets: this text is no place for them. */
const secretParts = /password|secret|jaas|credential|keystore|truststore/;

/** Why a server property can't stand in the free part; undefined where it can. */
export function refusedServerKey(key: string): string | undefined {
    if (secretParts.test(key)) {
        return "no secret and no place of one: this text is in a ConfigMap";
    }
    if (ownServerKeys.includes(key) || refusedBeginnings.some((beginning) => key.startsWith(beginning))) {
        return "a server property of Kafka 4 that no other setting decides";
    }
    return undefined;
}
