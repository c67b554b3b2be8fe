import type { ConfigValue } from "../foundation/configFiles";
import { ifGiven, milliseconds, portOf } from "../foundation/values";
import type { OpenSearchConnection } from "../opensearch/connection";
import { type Connectors, stateConnection } from "./connectors";

const mapValues = <From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));

/** Without entries that have no value; undefined when nothing is left. */
function given(entries: Readonly<Record<string, ConfigValue>>): ConfigValue {
    const kept = Object.entries(entries).filter(([, value]) => value !== undefined);
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function openSearchConnection(connection: Connectors["elasticsearchNext"][string]): ConfigValue {
    const { requestTimeout, pingTimeout, sniffInterval, ...same } = connection;
    return given({
        ...same,
        requestTimeout: ifGiven(requestTimeout, milliseconds),
        pingTimeout: ifGiven(pingTimeout, milliseconds),
        sniffInterval: ifGiven(sniffInterval, milliseconds),
    });
}

function kafkaConnection(connection: Connectors["kafka"][string]): ConfigValue {
    return given({
        brokers: connection.brokers,
        security_protocol: connection.securityProtocol,
        caCertificate: connection.caCertificate,
        ssl_ca_location: connection.sslCaLocation,
        ssl_crl_location: connection.sslCrlLocation,
        ssl_certificate_location: connection.sslCertificateLocation,
        ssl_key_location: connection.sslKeyLocation,
        ssl_key_password: connection.sslKeyPassword,
    });
}

function valkeyConnection(connection: Connectors["valkey"][string]): ConfigValue {
    const {
        useTls,
        username,
        password,
        rootCertificates,
        requestTimeout,
        connectionTimeout,
        pubsubReconciliationInterval,
        tcpNoDelay,
        connectionBackoff,
        ...same
    } = connection;
    return given({
        ...same,
        useTLS: useTls,
        requestTimeout: ifGiven(requestTimeout, milliseconds),
        credentials: given({ username, password }),
        connectionBackoff: connectionBackoff && given(connectionBackoff),
        advancedConfiguration: given({
            connectionTimeout: ifGiven(connectionTimeout, milliseconds),
            pubsubReconciliationIntervalMs: ifGiven(pubsubReconciliationInterval, milliseconds),
            tcpNoDelay,
            tlsAdvancedConfiguration: given({ rootCertificates }),
        }),
    });
}

/** The value of `terafoundation.connectors`. */
export function connectorTree(connectors: Connectors, store: OpenSearchConnection): ConfigValue {
    const kinds: Readonly<Record<string, Readonly<Record<string, ConfigValue>>>> = {
        // With the hyphen: the underscored key of older documents fails the check of asset_storage_connection_type.
        "elasticsearch-next": {
            ...mapValues(connectors.elasticsearchNext, openSearchConnection),
            [stateConnection]: given({
                node: store.nodes,
                username: store.credentials?.username,
                password: store.credentials?.password,
                caCertificate: store.caCertificate,
            }),
        },
        s3: mapValues(connectors.s3, (s3) => given({ ...s3, sslEnabled: s3.endpoint.startsWith("https:") })),
        kafka: mapValues(connectors.kafka, kafkaConnection),
        valkey: mapValues(connectors.valkey, valkeyConnection),
    };
    return Object.fromEntries(Object.entries(kinds).filter(([, connections]) => Object.keys(connections).length > 0));
}

/** Every port that the connections need, with the path of the setting that says so. */
export function connectorPorts(
    connectors: Connectors,
): { readonly path: readonly (string | number)[]; readonly port: number }[] {
    return [
        ...Object.entries(connectors.elasticsearchNext).flatMap(([name, { node }]) =>
            node.map((each, index) => ({ path: ["elasticsearchNext", name, "node", index], port: portOf(each) })),
        ),
        ...Object.entries(connectors.s3).map(([name, { endpoint }]) => ({
            path: ["s3", name, "endpoint"],
            port: portOf(endpoint),
        })),
        ...Object.entries(connectors.kafka).flatMap(([name, { brokers }]) =>
            brokers.map((each, index) => ({
                path: ["kafka", name, "brokers", index],
                port: Number(each.split(":")[1]),
            })),
        ),
        ...Object.entries(connectors.valkey).flatMap(([name, { addresses }]) =>
            addresses.map((each, index) => ({ path: ["valkey", name, "addresses", index], port: each.port })),
        ),
    ];
}
