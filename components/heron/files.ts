import type { ConfigValue } from "../foundation/configFiles";
import { milliseconds } from "../foundation/values";
import type { Control } from "./control";
import { heronYaml } from "./heronYaml";
import { internalValues } from "./internals";
import { metricsSinks } from "./metricsSinks";
import { schedulerValues } from "./schedulerFile";
import { apiPort, type CheckedHeronSettings } from "./schema";

/** Where the API server keeps packages that it serves itself. */
export const packagesDirectory = "/var/lib/heron/packages";
/** Where the API server sees the key file of Google Cloud Storage. */
export const gcsKeyDirectory = "/etc/heron-gcs";
/** Name of the tracker's file. */
export const trackerFile = "heron_tracker.yaml";

/**
 * The files of the API server's configuration by name. All of them travel in every topology's package into its pods, so
 * none may hold a secret; and as everything stands here, no `-D` is needed, which would be copied there too.
 */
export function configFiles(given: Control): Readonly<Record<string, string>> {
    const { settings } = given;
    const values: Readonly<Record<string, Record<string, ConfigValue>>> = {
        "client.yaml": {
            "heron.config.is.role.required": settings.roleRequired,
            "heron.config.is.env.required": settings.environmentRequired,
        },
        "downloader.yaml": { "heron.downloader.registry": downloaders },
        "heron_internals.yaml": {
            // Relative to the pod's working folder, where heron-shell serves it from.
            "heron.logging.directory": "log-files",
            ...internalValues(settings.internals, [
                "general",
                "logging",
                "streamManager",
                "topologyManager",
                "metricsManager",
                "instance",
            ]),
        },
        "metrics_sinks.yaml": metricsSinks(settings.metrics),
        "packing.yaml": {
            "heron.class.packing.algorithm": packingClasses[settings.packing.algorithm],
            "heron.class.repacking.algorithm": packingClasses[settings.packing.repacking ?? settings.packing.algorithm],
        },
        "scheduler.yaml": schedulerValues(given),
        "stateful.yaml": statefulValues(given),
        "statemgr.yaml": stateManagerValues(given),
        "uploader.yaml": uploaderValues(given),
    };
    return Object.fromEntries(Object.entries(values).map(([name, content]) => [name, heronYaml(content)]));
}

/** Which class fetches a package, by the scheme of its URI. There is none for s3 and gs: those buckets are read by https. */
const downloaders = {
    http: "org.apache.heron.downloader.HttpDownloader",
    https: "org.apache.heron.downloader.HttpDownloader",
    distributedlog: "org.apache.heron.downloader.DLDownloader",
    file: "org.apache.heron.downloader.FileDownloader",
};

const packingClasses: Readonly<Record<CheckedHeronSettings["packing"]["algorithm"], string>> = {
    roundRobin: "org.apache.heron.packing.roundrobin.RoundRobinPacking",
    resourceCompliant: "org.apache.heron.packing.roundrobin.ResourceCompliantRRPacking",
    firstFitDecreasing: "org.apache.heron.packing.binpacking.FirstFitDecreasingPacking",
};

function stateManagerValues({ settings, zookeeper }: Control): Record<string, ConfigValue> {
    const { stateManager } = settings;
    return {
        "heron.class.state.manager": "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager",
        "heron.statemgr.connection.string": zookeeper.servers,
        "heron.statemgr.root.path": zookeeper.stateRoot,
        "heron.statemgr.zookeeper.is.initialize.tree": stateManager.initializeTree,
        "heron.statemgr.zookeeper.session.timeout.ms": milliseconds(stateManager.sessionTimeout),
        "heron.statemgr.zookeeper.connection.timeout.ms": milliseconds(stateManager.connectionTimeout),
        "heron.statemgr.zookeeper.retry.count": stateManager.retries,
        "heron.statemgr.zookeeper.retry.interval.ms": milliseconds(stateManager.retryInterval),
    };
}

/** Keys of the tunnel; two of them are spelt otherwise than documented (NetworkUtils.java of the release). */
function tunnelValues({ settings }: Control): Record<string, ConfigValue> {
    const { tunnel } = settings.stateManager;
    return tunnel === undefined
        ? {}
        : {
              "heron.statemgr.is.tunnel.needed": true,
              "heron.statemgr.tunnel.host": tunnel.host,
              "heron.statemgr.tunnel.connection.timeout.ms": milliseconds(tunnel.connectionTimeout),
              "heron.statemgr.tunnel.connection.retryCount.count": tunnel.retries,
              "heron.statemgr.tunnel.retryCount.interval.ms": milliseconds(tunnel.retryInterval),
              "heron.statemgr.tunnel.verify.count": tunnel.verifications,
          };
}

function uploaderValues({ settings, dlog }: Control): Record<string, ConfigValue> {
    const { uploader } = settings;
    switch (uploader.kind) {
        case "http":
            return {
                "heron.class.uploader": "org.apache.heron.uploader.http.HttpUploader",
                // The API server sends packages to itself: it is the file server too.
                "heron.uploader.http.uri": `http://localhost:${apiPort}/api/v1/file/upload`,
                "heron.apiserver.http.file.system.directory": packagesDirectory,
            };
        case "dlog":
            return {
                "heron.class.uploader": "org.apache.heron.uploader.dlog.DLUploader",
                "heron.uploader.dlog.topologies.namespace.uri": dlog?.uri,
                "heron.uploader.dlog.topologies.num.replicas": uploader.replicas,
            };
        case "s3":
            return {
                "heron.class.uploader": "org.apache.heron.uploader.s3.S3Uploader",
                "heron.uploader.s3.bucket": uploader.bucket,
                "heron.uploader.s3.path_prefix": uploader.pathPrefix,
                "heron.uploader.s3.region": uploader.region,
                "heron.uploader.s3.uri": uploader.endpoint,
                "heron.uploader.s3.proxy_uri": uploader.proxy,
            };
        case "gcs":
            return {
                "heron.class.uploader": "org.apache.heron.uploader.gcs.GcsUploader",
                "heron.uploader.gcs.bucket": uploader.bucket,
                "heron.uploader.gcs.credentials_path":
                    uploader.credentials && `${gcsKeyDirectory}/${uploader.credentials.key}`,
            };
    }
}

function statefulValues({ settings, dlog }: Control): Record<string, ConfigValue> {
    const { statefulStorage } = settings;
    const classpath = { "heron.statefulstorage.classpath": "" };
    const storage =
        statefulStorage.kind === "dlog"
            ? {
                  "heron.statefulstorage.classname": "org.apache.heron.statefulstorage.dlog.DlogStorage",
                  "heron.statefulstorage.config": {
                      ...classpath,
                      "heron.statefulstorage.dlog.namespace.uri": dlog?.uri,
                      // A number here; as a -D it would be text, which DlogStorage can't cast.
                      "heron.statefulstorage.dlog.num.replicas": statefulStorage.replicas,
                  },
              }
            : {
                  "heron.statefulstorage.classname": "org.apache.heron.statefulstorage.localfs.LocalFileSystemStorage",
                  "heron.statefulstorage.config": {
                      ...classpath,
                      "heron.statefulstorage.localfs.root.path": statefulStorage.path,
                      "heron.statefulstorage.localfs.max.checkpoints": statefulStorage.maxCheckpoints,
                  },
              };
    return { ...storage, ...internalValues(settings.internals, ["checkpointManager"]) };
}

/** The tracker's file. `tunnelhost` must be there, though the pod has no ssh (statemanagerfactory.py). */
export function trackerConfig({ settings, clusterName, zookeeper }: Control): string {
    const links = Object.entries(settings.tracker.links);
    return heronYaml({
        statemgrs: [
            {
                type: "zookeeper",
                name: clusterName,
                hostport: zookeeper.servers,
                rootpath: zookeeper.stateRoot,
                tunnelhost: "localhost",
            },
        ],
        ...(links.length > 0 && {
            "extra.links": links.map(([name, formatter]) => ({ name, formatter })),
        }),
    });
}

/**
 * Files for users of `heron submit`, by path. `cli/` belongs into `~/.config/heron` (cliconfig.py); `conf/`, with a
 * tunnel only, is for submitting without the API server, by `--config-path`.
 */
export function clientFiles(given: Control): Readonly<Record<string, string>> {
    const { clusterName, settings, url } = given;
    const direct =
        settings.stateManager.tunnel === undefined
            ? []
            : Object.entries({
                  ...configFiles(given),
                  "statemgr.yaml": heronYaml({ ...stateManagerValues(given), ...tunnelValues(given) }),
              }).map(([file, text]) => [`conf/${clusterName}/${file}`, text]);
    return Object.fromEntries([[`cli/${clusterName}/cli.yaml`, heronYaml({ service_url: url })], ...direct]) as Record<
        string,
        string
    >;
}
