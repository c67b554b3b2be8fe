import { properties } from "../foundation/configFiles";
import { milliseconds } from "../foundation/values";
import { parseQuantity } from "../foundation/quantity";
import { idMark } from "./listenerSchema";
import { certificateFiles, places, ports } from "./places";
import type { CheckedKafkaSettings } from "./schema";
import { principalMappingRules, superUsers, tlsClientProperties } from "./users";

/*
 * What the nodes of a cluster are told. Everything general is in one file, `server.properties`; the environment holds only
 * what differs from role to role and from pod to pod, which the image's start script appends to the file, so that it wins
 * (KafkaDockerWrapper.prepareServerConfigs).
 */

/** A node that votes on the cluster's metadata. */
export interface Voter {
    readonly id: number;
    readonly host: string;
}

type Properties = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a node does. */
export type Role = "broker" | "controller" | "broker,controller";

/** Names of the listeners. None ends in SSL: at such names the image's start script asks for its own key files. */
const listeners = { client: "CLIENT", replication: "REPLICATION", controller: "CONTROLLER", external: "EXTERNAL" };

/**
 * Configuration of a client that shows the nodes' certificate, for the tools beside them. It names no secret but where it
 * is.
 */
export function nodeClientProperties(tls: CheckedKafkaSettings["tls"]["mode"]): string {
    return tls === "none"
        ? properties({ "security.protocol": "PLAINTEXT" })
        : tlsClientProperties(keystore, authorities);
}

const keystore = `${places.certificates}/${certificateFiles.keystore}`;
const authorities = `${places.certificates}/${certificateFiles.authorities}`;

/** Every listener with its protocol; the external one only where there is one. */
function listenerNames({ listeners: given }: Pick<CheckedKafkaSettings, "listeners">): readonly string[] {
    const { external, ...inside } = listeners;
    return [...Object.values(inside), ...(given.external.kind === "none" ? [] : [external])];
}

/** What the component itself decides of all nodes. */
export function ownProperties(settings: CheckedKafkaSettings, voters: readonly Voter[]): Properties {
    const { replication, retention, tls, brokers } = settings;
    const { factor, minInsyncReplicas } = replication;
    const protocol = tls.mode === "none" ? "PLAINTEXT" : "SSL";
    return {
        "controller.quorum.voters": voters.map(({ id, host }) => `${id}@${host}:${ports.controller}`).join(","),
        "controller.listener.names": listeners.controller,
        "inter.broker.listener.name": listeners.replication,
        "listener.security.protocol.map": listenerNames(settings)
            .map((listener) => `${listener}:${protocol}`)
            .join(","),
        "log.dirs": places.logs,
        "default.replication.factor": factor,
        "min.insync.replicas": minInsyncReplicas,
        "offsets.topic.replication.factor": factor,
        "transaction.state.log.replication.factor": factor,
        "transaction.state.log.min.isr": minInsyncReplicas,
        "share.coordinator.state.topic.replication.factor": factor,
        "share.coordinator.state.topic.min.isr": minInsyncReplicas,
        "auto.create.topics.enable": false,
        "unclean.leader.election.enable": false,
        // Logs that were not closed are read again at the start, each by one thread.
        "num.recovery.threads.per.data.dir": 4,
        "log.retention.ms": milliseconds(retention.time),
        "log.retention.bytes": retention.bytes === undefined ? -1 : parseQuantity(retention.bytes),
        "replica.selector.class":
            brokers.racks === undefined ? undefined : "org.apache.kafka.common.replica.RackAwareReplicaSelector",
        ...(tls.mode === "mutual" && {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": keystore,
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": authorities,
            "ssl.client.auth": "required",
            // A user is the common name, not the whole subject.
            "ssl.principal.mapping.rules": principalMappingRules,
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": superUsers,
            "allow.everyone.if.no.acl.found": false,
        }),
    };
}

/** `server.properties`: the same for every node. */
export function serverProperties(settings: CheckedKafkaSettings, voters: readonly Voter[]): string {
    const sorted = Object.entries(settings.config).sort(([a], [b]) => (a < b ? -1 : 1));
    return properties({ ...ownProperties(settings, voters), ...Object.fromEntries(sorted) });
}

/**
 * Logs go to the console alone: the image's own file writes them into the container too, hour by hour and without end
 * (config/log4j2.yaml).
 */
export const log4j2 = `Configuration:
  status: WARN
  Appenders:
    Console:
      name: STDOUT
      PatternLayout:
        pattern: "[%d] %p %m (%c)%n"
  Loggers:
    Root:
      level: INFO
      AppenderRef:
        - ref: STDOUT
    Logger:
      # One line for each partition that changes its leader.
      - name: state.change.logger
        level: WARN
`;

/** The variable that the image's start script makes a property of (KafkaDockerWrapper.getServerConfigsFromEnv). */
export function variableOf(property: string): string {
    const marks: Readonly<Record<string, string>> = { ".": "_", _: "__", "-": "___" };
    return `KAFKA_${property.replace(/[._-]/g, (mark) => marks[mark] ?? mark).toUpperCase()}`;
}

/** Where clients from outside reach a broker, with the broker's id in the place of the mark. */
function externalAddress(given: CheckedKafkaSettings["listeners"]["external"], id: string): string | undefined {
    switch (given.kind) {
        case "none":
            return undefined;
        case "nodePort":
            // Ids have three digits, so what stands before them are the thousands of the base.
            return `${given.host.replaceAll(idMark, id)}:${String(given.portBase / 1000)}${id}`;
        case "loadBalancer":
            return `${given.host.replaceAll(idMark, id)}:${ports.external}`;
        case "perBrokerHosts":
            return `${given.host.replaceAll(idMark, id)}:${given.port}`;
    }
}

/** Addresses for clients outside the cluster, one a broker; none where there is no external listener. */
export function externalAddresses(settings: CheckedKafkaSettings, ids: readonly number[]): readonly string[] {
    return ids
        .map((id) => externalAddress(settings.listeners.external, String(id)))
        .filter((address) => address !== undefined);
}

/** A variable with a value, which may refer to an earlier one as `$(NAME)`. */
export interface Variable {
    readonly name: string;
    readonly value: string;
}

/**
 * What one role and one pod are told, in the environment. It refers to `$(POD_NAME)` and `$(KAFKA_NODE_ID)`, which come
 * before it.
 *
 * @param host what follows the pod's name in its own
 */
export function nodeVariables(
    settings: CheckedKafkaSettings,
    node: { readonly role: Role; readonly host: string; readonly rack?: string | undefined },
): readonly Variable[] {
    const serves = node.role !== "controller";
    const votes = node.role !== "broker";
    const external = externalAddress(settings.listeners.external, `$(${variableOf("node.id")})`);
    const self = `$(POD_NAME).${node.host}`;
    const given: Properties = {
        "process.roles": node.role,
        // Never left out: the start script would make it of the advertised ones, without the controllers'.
        listeners: [
            ...(serves
                ? [`${listeners.client}://:${ports.client}`, `${listeners.replication}://:${ports.replication}`]
                : []),
            ...(serves && external !== undefined ? [`${listeners.external}://:${ports.external}`] : []),
            ...(votes ? [`${listeners.controller}://:${ports.controller}`] : []),
        ].join(","),
        // The start script refuses it for controllers alone.
        "advertised.listeners": serves
            ? [
                  `${listeners.client}://${self}:${ports.client}`,
                  `${listeners.replication}://${self}:${ports.replication}`,
                  ...(external === undefined ? [] : [`${listeners.external}://${external}`]),
              ].join(",")
            : undefined,
        "broker.rack": serves ? node.rack : undefined,
    };
    return Object.entries(given).flatMap(([property, value]) =>
        value === undefined ? [] : [{ name: variableOf(property), value: String(value) }],
    );
}

/**
 * A cluster id of 16 random bytes in base64url. Tools would take a leading dash for an option (kafka-storage.sh
 * random-uuid avoids it, too).
 */
export function clusterIdOf(random: string): string {
    return random.replace(/^-/, "A");
}
