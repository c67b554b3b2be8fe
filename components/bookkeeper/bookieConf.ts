import { properties } from "../foundation/configFiles";
import { parseQuantity } from "../foundation/quantity";
import { seconds } from "../foundation/values";
import type { ZooKeeperServers } from "./connection";
import { type CheckedBookKeeperSettings, memoryOf, type MemorySettings } from "./schema";

/** Clients connect here: BookKeeper's default. */
export const clientPort = 3181;
/** The HTTP server: probes, metrics and the admin API, which has no other port (PrometheusMetricsProvider.start). */
export const httpPort = 8080;

export const configDirectory = "/etc/bookkeeper";
export const configFile = "bk_server.conf";
export const journalDirectory = "/bookkeeper/data/journal";
export const ledgersDirectory = "/bookkeeper/data/ledgers";

/** The variable with the host that a bookie registers under; the configuration, the same for all, refers to it. */
export const addressVariable = "BOOKIE_ADDRESS";

const mebi = 2 ** 20;

/** Where the cluster's metadata is. BookKeeper takes commas for lists of its own, so the servers stand apart by `;`. */
export function metadataServiceUri({ servers, path }: ZooKeeperServers, ledgersPath: string): string {
    return `zk+hierarchical://${servers.replaceAll(",", ";")}${path}${ledgersPath}`;
}

/** The `bk_server.conf` of all bookies, and of autorecovery's own pods. */
export function bookieConf(settings: CheckedBookKeeperSettings, zookeeper: ZooKeeperServers): string {
    const { autorecovery, diskUsageThreshold } = settings;
    return properties({
        bookiePort: clientPort,
        // Not useHostNameAsBookieID, which asks DNS backwards (Bookie.getBookieAddress): a pod that asks before its name
        // is known registers under a number that the next start does not have, and refuses its own data then.
        advertisedAddress: `\${env:${addressVariable}}`,
        metadataServiceUri: metadataServiceUri(zookeeper, settings.ledgersPath),
        journalDirectories: journalDirectory,
        // The bookie keeps five files behind the last one that it needs (journalMaxBackups), and nobody watches how full
        // this volume is (LedgerDirsMonitor looks at ledgers and indexes only): with the usual 2 GiB each they fill any
        // volume below 12 GiB.
        journalMaxSizeMB: Math.min(2048, Math.floor(parseQuantity(settings.journal.size) / 10 / mebi)),
        ledgerDirectories: ledgersDirectory,
        indexDirectories: ledgersDirectory,
        // At most the default, 1 GiB. Garbage collection works on whole logs, and needs room for another one.
        logSizeLimit: Math.min(1024 * mebi, Math.floor(parseQuantity(settings.ledgers.size) / 20)),
        diskUsageThreshold: diskUsageThreshold / 100,
        // The checker refuses a warning above the threshold (DiskChecker.validateThreshold).
        diskUsageWarnThreshold: (diskUsageThreshold - 5) / 100,
        diskUsageLwmThreshold: (diskUsageThreshold - 5) / 100,
        // Otherwise a full bookie stays full for ever: what was deleted is freed by garbage collection alone.
        isForceGCAllowWhenNoSpace: true,
        httpServerEnabled: true,
        httpServerPort: httpPort,
        httpServerClass: "org.apache.bookkeeper.http.vertx.VertxHttpServer",
        ...(settings.metrics && {
            enableStatistics: true,
            enableTaskExecutionStats: true,
            statsProviderClass: "org.apache.bookkeeper.stats.prometheus.PrometheusMetricsProvider",
        }),
        autoRecoveryDaemonEnabled: autorecovery.kind === "bookies",
        ...(autorecovery.kind !== "off" && { lostBookieRecoveryDelay: seconds(autorecovery.delay) }),
    });
}

const folder = "/tmp";
// The scripts write up to 320 MiB of collection logs into the log folder; this keeps them empty.
const quiet = "-Xlog:disable -Xlog:all=warning:stderr";

const variables = (given: Readonly<Record<string, string>>) =>
    Object.entries(given).map(([name, value]) => ({ name, value }));

/** Variables that `bin/bookkeeper` of the image reads, for the server and its shell alike. */
export function javaEnv(settings: MemorySettings): { name: string; value: string }[] {
    const { heap, direct } = memoryOf(settings);
    return variables({
        BOOKIE_CONF: `${configDirectory}/${configFile}`,
        BOOKIE_LOG_DIR: folder,
        BOOKIE_MIN_HEAP_MEMORY: `${heap}m`,
        BOOKIE_MAX_HEAP_MEMORY: `${heap}m`,
        BOOKIE_MAX_DIRECT_MEMORY: `${direct}m`,
        // The numbers of threads are left to Java, which knows the container's CPU limit. Nor is there
        // DisableExplicitGC, which the image sets: an explicit collection is what frees buffers outside the heap.
        BOOKIE_GC_OPTS: "-XX:+UseG1GC -XX:MaxGCPauseMillis=10 -XX:+ParallelRefProcEnabled -XX:+ExitOnOutOfMemoryError",
        BOOKIE_EXTRA_OPTS: quiet,
        JMXDISABLE: "true",
    });
}

/** The same for `bin/dlog` too, which has names of its own, with a configuration that the work itself writes. */
export function dlogJavaEnv(settings: MemorySettings): { name: string; value: string }[] {
    const { heap } = memoryOf(settings);
    return [
        ...javaEnv(settings).filter(({ name }) => name !== "BOOKIE_CONF"),
        ...variables({
            BOOKIE_CONF: `${folder}/${configFile}`,
            CLI_CONF: `${folder}/${configFile}`,
            CLI_LOG_DIR: folder,
            // The default writes into a file that nobody sees.
            CLI_ROOT_LOGGER: "ERROR,CONSOLE",
            CLI_MIN_HEAP_MEMORY: `${heap}m`,
            CLI_MAX_HEAP_MEMORY: `${heap}m`,
            CLI_EXTRA_OPTS: quiet,
        }),
    ];
}

/**
 * Makes the cluster's znodes, once. All bookies may try at the same time: the shell makes them in one transaction
 * (ZKRegistrationManager.initNewCluster), so one of them succeeds and the others find the cluster there. It never
 * touches a cluster that exists.
 */
export const clusterScript = `bookkeeper=/opt/bookkeeper/bin/bookkeeper
"$bookkeeper" shell whatisinstanceid && exit 0
"$bookkeeper" shell initnewcluster && exit 0
"$bookkeeper" shell whatisinstanceid && exit 0
echo 'The metadata of the cluster is not there and could not be made: see above. A path in the connection string of' >&2
echo 'ZooKeeper must exist, and each of its members must be reachable.' >&2
exit 1
`;
