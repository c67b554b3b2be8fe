/*
 * Which keys of cassandra.yaml and which options of the JVM are whose. The free part of the settings must name none of
 * the program's own: what the pods are made of would contradict it.
 */

const rackSetting = "racks and their order decide it";
const addresses = "pods and policies rely on it";
const volumes = "volumes are mounted there";

/** Keys of cassandra.yaml (5.0) that the program decides, each with the setting to use, or the reason. */
export const ownedKeys: Readonly<Record<string, string>> = {
    cluster_name: "see clusterName",
    num_tokens: "see numTokens",
    allocate_tokens_for_keyspace: rackSetting,
    allocate_tokens_for_local_replication_factor: rackSetting,
    initial_token: "tokens are allocated",
    auto_bootstrap: "a node that joins without data would answer reads without them",
    seed_provider: "see seedsPerRack and externalSeeds",
    endpoint_snitch: "racks need GossipingPropertyFileSnitch",
    partitioner: "it can't change once there is data",
    listen_address: addresses,
    listen_interface: addresses,
    listen_interface_prefer_ipv6: addresses,
    listen_on_broadcast_address: addresses,
    broadcast_address: addresses,
    broadcast_rpc_address: addresses,
    rpc_address: addresses,
    rpc_interface: addresses,
    rpc_interface_prefer_ipv6: addresses,
    storage_port: addresses,
    ssl_storage_port: addresses,
    start_native_transport: addresses,
    native_transport_port: addresses,
    native_transport_port_ssl: addresses,
    data_file_directories: volumes,
    local_system_data_file_directory: volumes,
    commitlog_directory: "see commitlogStorage",
    hints_directory: volumes,
    saved_caches_directory: volumes,
    cdc_raw_directory: volumes,
    heap_dump_path: volumes,
    server_encryption_options: "see internodeEncryption",
    client_encryption_options: "see clientEncryption",
    internode_authenticator: "see internodeEncryption",
    authenticator: "see authentication",
    authorizer: "see authentication.authorizer",
    role_manager: "see authentication",
    roles_validity: "see authentication.cacheValidity",
    permissions_validity: "see authentication.cacheValidity",
    credentials_validity: "see authentication.cacheValidity",
    auto_snapshot: "see snapshots.auto",
    auto_snapshot_ttl: "see snapshots.autoKeep",
    snapshot_before_compaction: "see snapshots.beforeCompaction",
    incremental_backups: "see snapshots.incrementalBackups",
};

/** Parts of names whose values are likely to be secret (cassandra.yaml holds passwords of key stores and the like). */
const secretParts = ["password", "passphrase", "secret", "private_key", "token_key"];

function isSecretKey(key: string): boolean {
    return secretParts.some((part) => key.toLowerCase().includes(part));
}

function secretIn(value: unknown): string | undefined {
    if (typeof value !== "object" || value === null) {
        return undefined;
    }
    for (const [key, inner] of Object.entries(value)) {
        const found = !Array.isArray(value) && isSecretKey(key) ? key : secretIn(inner);
        if (found !== undefined) {
            return found;
        }
    }
    return undefined;
}

/** What a key of the free part should be instead: ends "a key that is …"; undefined if nothing is wrong with it. */
export function configKeyFault(key: string): string | undefined {
    const owner = Object.hasOwn(ownedKeys, key) ? ownedKeys[key] : undefined;
    if (owner !== undefined) {
        return `not the program's own (${owner})`;
    }
    if (!/^[a-z][a-z0-9_]*$/.test(key)) {
        return "one of cassandra.yaml: lower-case letters, digits and _";
    }
    return isSecretKey(key) ? "not one of a secret, since the file is a ConfigMap" : undefined;
}

/** The key of a secret below a value of the free part; undefined if there is none. */
export function secretBelow(config: Readonly<Record<string, unknown>>): string | undefined {
    return secretIn(config);
}

/** Beginnings of JVM options that the program decides, each with the setting to use, or the reason. */
const ownedOptions: Readonly<Record<string, string>> = {
    "-Xmx": "see heap",
    "-Xms": "see heap",
    // cassandra-env.sh ends the start where it finds it beside G1.
    "-Xmn": "G1 sizes the young generation itself",
    "-XX:MaxHeapSize": "see heap",
    "-XX:+UseConcMarkSweepGC": "Java 17 has none",
    "-Xlog:gc": "the log of the garbage collector goes to the standard output",
    "-XX:+HeapDumpOnOutOfMemoryError": "a dump of the heap would fill a volume",
    "-XX:ErrorFile": "the root file system can't be written",
    "-Dcassandra.replace_address": "see replace",
    "-Dcassandra.jmx.": "JMX stays on the loopback address",
    "-Dcom.sun.management.jmxremote": "JMX stays on the loopback address",
    "-Dcassandra.config": "the program renders cassandra.yaml",
    "-Dcassandra.join_ring": "readiness needs a node that has joined",
};

/** What a JVM option should be instead; undefined if nothing is wrong with it. */
export function jvmOptionFault(option: string): string | undefined {
    const owned = Object.keys(ownedOptions).find((beginning) => option.startsWith(beginning));
    if (owned !== undefined) {
        return `an option that is not the program's own (${ownedOptions[owned] ?? ""})`;
    }
    return isSecretKey(option) ? "an option that holds no secret, since the file is a ConfigMap" : undefined;
}
