import { type ConfigValue, properties, yaml } from "../foundation/configFiles";
import { heapOf, nativePort, places, storagePort } from "./places";
import type { CheckedCassandraSettings } from "./schema";

/*
 * The files of a node. What only a node knows, its address and the seeds that it may use, is added when it starts
 * (configureScript.ts).
 */

/**
 * What the image's cassandra.yaml (5.0) says beyond the defaults in the server's code, which hold for a key that is
 * left out: there failures of a disk are ignored, and a few keys have no value at all.
 */
const imageDefaults: Readonly<Record<string, ConfigValue>> = {
    disk_failure_policy: "stop",
    commit_failure_policy: "stop",
    commitlog_sync: "periodic",
    commitlog_sync_period: "10000ms",
    internode_compression: "dc",
    storage_compatibility_mode: "CASSANDRA_4",
};

/** Where the commit log is: on the data's volume, or in a folder of its own volume. */
function commitlogDirectory({ commitlogStorage }: Pick<CheckedCassandraSettings, "commitlogStorage">): string {
    return commitlogStorage === undefined ? `${places.data}/commitlog` : `${places.commitlog}/segments`;
}

/**
 * cassandra.yaml, without what only a node knows.
 *
 * @param fragments of the parts that have files of their own: authentication, encryption, snapshots
 */
export function cassandraYaml(
    settings: Pick<CheckedCassandraSettings, "config" | "numTokens" | "commitlogStorage">,
    clusterName: string,
    fragments: Readonly<Record<string, ConfigValue>>,
): string {
    return yaml({
        ...imageDefaults,
        ...settings.config,
        ...fragments,
        cluster_name: clusterName,
        num_tokens: settings.numTokens,
        partitioner: "org.apache.cassandra.dht.Murmur3Partitioner",
        // The one snitch that reads datacenter and rack from the file beside this one.
        endpoint_snitch: "GossipingPropertyFileSnitch",
        data_file_directories: [`${places.data}/data`],
        commitlog_directory: commitlogDirectory(settings),
        hints_directory: `${places.data}/hints`,
        saved_caches_directory: `${places.data}/saved_caches`,
        cdc_raw_directory: `${places.data}/cdc_raw`,
        storage_port: storagePort,
        native_transport_port: nativePort,
        // All addresses, the loopback one for who is in the pod; others are told the pod's (broadcast_rpc_address).
        rpc_address: "0.0.0.0",
    });
}

/** cassandra-rackdc.properties of a rack. */
export function rackdcProperties(datacenter: string, rack: string): string {
    return properties({ dc: datacenter, rack });
}

/**
 * Options of the JVM, which follow those of the image's jvm17-server.options and so overrule them. The heap stands here
 * and not in MAX_HEAP_SIZE: nodetool would take that for its own (bin/nodetool), in every probe.
 */
export function jvmOptions(
    settings: Pick<CheckedCassandraSettings, "heap" | "resources" | "jvmOptions">,
    agent: readonly string[] = [],
): string {
    const heap = heapOf(settings);
    return [
        `-Xms${heap}M`,
        `-Xmx${heap}M`,
        // Else cassandra-env.sh has it write up to 100 MB of files beside the server's logs.
        "-Xlog:gc=warning:stdout:utctime,level,tags",
        // A dump of the heap would need as much room as the heap; the root file system can't be written.
        "-XX:-HeapDumpOnOutOfMemoryError",
        "-XX:+ExitOnOutOfMemoryError",
        `-XX:ErrorFile=${places.scratch}/hs_err_%p.log`,
        ...agent,
        ...settings.jvmOptions,
    ]
        .map((option) => `${option}\n`)
        .join("");
}

/**
 * logback.xml: all to the standard output. The image's own writes files of up to 5 GB each (system.log, debug.log),
 * which would evict the pod.
 */
export const logbackXml = `<configuration>
  <shutdownHook class="ch.qos.logback.core.hook.DefaultShutdownHook"/>
  <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder>
      <pattern>%date{ISO8601, UTC} %-5level [%thread] %F:%L - %msg%n</pattern>
    </encoder>
  </appender>
  <root level="INFO">
    <appender-ref ref="STDOUT"/>
  </root>
</configuration>
`;
