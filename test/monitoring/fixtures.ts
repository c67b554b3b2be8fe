import type { z } from "zod";
import { flinkAlerts } from "../../components/flink/alerts";
import { flinkSessionSettings } from "../../components/flink/schema";
import { session } from "../../components/flink/session";
import { heronAlerts } from "../../components/heron/alerts";
import { control } from "../../components/heron/control";
import { heronSettings } from "../../components/heron/schema";
import type { Alert } from "../../components/monitoring/alerts/alert";
import { bookkeeperAlerts } from "../../components/monitoring/alerts/bookkeeper";
import { openSearchAlerts } from "../../components/monitoring/alerts/opensearch";
import { terasliceAlerts } from "../../components/monitoring/alerts/teraslice";
import { uploaderAlerts } from "../../components/monitoring/alerts/uploader";
import { zookeeperAlerts } from "../../components/monitoring/alerts/zookeeper";
import { foundation } from "../support/foundation";
import { type MonitoringSettings, monitoringSettings } from "../../components/monitoring/schema";

/** An environment that is watched by the pods of one Prometheus. */
export function monitoring(overrides: Partial<z.input<typeof monitoringSettings>> = {}): MonitoringSettings {
    return monitoringSettings.parse({
        scrapers: [{ namespace: "monitoring", podLabels: { "app.kubernetes.io/name": "prometheus" } }],
        ...overrides,
    });
}

export const zookeeper = {
    namespace: "dev-zookeeper",
    objectName: "zookeeper",
    members: 3,
    claims: ["data", "datalog"],
    metrics: true,
} as const;

export const teraslice = {
    namespace: "dev-teraslice",
    objectName: "teraslice-master",
    metrics: true,
    assetsClaim: "teraslice-assets",
} as const;

export const openSearch = {
    namespace: "dev-opensearch",
    nodes: [
        { objectName: "opensearch-managers", replicas: 3, clusterManagers: true, claims: ["data"] },
        { objectName: "opensearch-data", replicas: 2, clusterManagers: false, claims: ["data"] },
    ],
    exporterPort: "http",
} as const;

export const uploader = {
    namespace: "dev-uploader",
    objectName: "uploader",
    claim: "uploader-packages",
} as const;

export const bookkeeper = {
    namespace: "dev-heron",
    objectName: "heron-bookkeeper",
    bookies: 4,
    autorecovery: { objectName: "heron-bookkeeper-autorecovery", replicas: 2 },
    claims: ["journal", "ledgers"],
    diskUsageThreshold: 95,
    metrics: true,
} as const;

/** Heron with a volume for packages. */
const heron = control({
    component: "heron",
    foundation: foundation(),
    namespace: "dev-heron",
    topologyNamespace: "dev-heron-topologies",
    settings: heronSettings.parse({}),
    zookeeper: { connectionString: "zk:2181", flow: { peers: [], ports: [] } },
    dlog: undefined,
});

/** A session whose JobManager starts TaskManagers by itself. */
const flink = session({
    component: "flink-streams",
    foundation: foundation(),
    namespace: "dev-flink-streams",
    settings: flinkSessionSettings.parse({}),
    zookeeper: undefined,
});

/** Every alert of every system: with everything switched on that adds any. */
export const everyAlert: Readonly<
    Record<string, { readonly namespace: string; readonly prefix: string; readonly alerts: readonly Alert[] }>
> = {
    bookkeeper: { namespace: bookkeeper.namespace, prefix: "BookKeeper", alerts: bookkeeperAlerts(bookkeeper) },
    flink: { namespace: flink.namespace, prefix: "Flink", alerts: flinkAlerts(flink) },
    heron: { namespace: heron.namespace, prefix: "Heron", alerts: heronAlerts(heron) },
    zookeeper: { namespace: zookeeper.namespace, prefix: "ZooKeeper", alerts: zookeeperAlerts(zookeeper) },
    teraslice: { namespace: teraslice.namespace, prefix: "Teraslice", alerts: terasliceAlerts(teraslice) },
    opensearch: { namespace: openSearch.namespace, prefix: "OpenSearch", alerts: openSearchAlerts(openSearch) },
    uploader: { namespace: uploader.namespace, prefix: "Uploader", alerts: uploaderAlerts(uploader) },
};

/** The selectors of an expression: `{…}` with the metric before it. */
export function selectorsIn(
    expr: string,
): { readonly metric: string; readonly labels: Readonly<Record<string, string>> }[] {
    return [...expr.matchAll(/([A-Za-z_][A-Za-z0-9_]*)\{([^}]*)\}/g)].map(([, metric = "", inside = ""]) => ({
        metric,
        labels: Object.fromEntries(
            [...inside.matchAll(/([a-z_]+)(=~?)"((?:[^"\\]|\\.)*)"/g)].map(([, label = "", operator, value = ""]) => [
                label,
                `${operator === "=~" ? "~" : ""}${JSON.parse(`"${value}"`) as string}`,
            ]),
        ),
    }));
}

/** Which of the names all of a selector's value accepts. */
export function accepts(value: string | undefined, name: string): boolean {
    if (value === undefined) {
        return true;
    }
    return value.startsWith("~") ? new RegExp(`^(?:${value.slice(1)})$`).test(name) : value === name;
}
