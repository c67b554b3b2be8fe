import { type BrokerGroup, brokerGroups, idsOf } from "./ids";
import type { Role, Voter } from "./properties";
import type { CheckedKafkaSettings } from "./schema";

/** Where the nodes of a cluster are found. */
export interface Layout {
    readonly brokerRole: Role;
    readonly groups: readonly (BrokerGroup & { readonly objectName: string })[];
    /** Number of controllers of their own. */
    readonly controllers: number;
    readonly voters: readonly Voter[];
    /** Hosts behind the headless Services, without the pod's name. */
    readonly hosts: { readonly brokers: string; readonly controllers: string; readonly bootstrap: string };
}

/** Names and ids of all nodes; `host` gives the whole name of a Service. */
export function layoutOf(name: string, settings: CheckedKafkaSettings, host: (service: string) => string): Layout {
    const groups = brokerGroups(settings.brokers).map((group) => ({
        ...group,
        objectName: group.rack === undefined ? `${name}-broker` : `${name}-broker-${group.rack}`,
    }));
    const hosts = {
        brokers: host(`${name}-brokers`),
        controllers: host(`${name}-controllers`),
        bootstrap: host(`${name}-bootstrap`),
    };
    const combined = settings.controllers.kind === "combined";
    const controllers = settings.controllers.kind === "dedicated" ? settings.controllers.nodes : 0;
    return {
        brokerRole: combined ? "broker,controller" : "broker",
        groups,
        controllers,
        voters: combined
            ? groups.flatMap((group) =>
                  idsOf(group).map((id) => ({ id, host: `${group.objectName}-${id}.${hosts.brokers}` })),
              )
            : idsOf({ firstId: 0, nodes: controllers }).map((id) => ({
                  id,
                  host: `${name}-controller-${id}.${hosts.controllers}`,
              })),
        hosts,
    };
}

/** Names of the StatefulSets. */
export function setNames(name: string, { groups, controllers }: Layout): readonly string[] {
    return [...groups.map(({ objectName }) => objectName), ...(controllers > 0 ? [`${name}-controller`] : [])];
}

/** What guards compare: none of it can change without care. */
export function guarded(settings: CheckedKafkaSettings, image: string): Record<string, unknown> {
    const { brokers, controllers, replication, tls } = settings;
    return {
        controllers: controllers.kind,
        controllerNodes: controllers.kind === "dedicated" ? controllers.nodes : 0,
        controllerStorage: controllers.kind === "dedicated" ? controllers.storage : null,
        controllerStorageClass: controllers.kind === "dedicated" ? (controllers.storageClass ?? null) : null,
        racks: Object.fromEntries(
            brokerGroups(brokers).map(({ rack, firstId, nodes, zone }) => [
                rack ?? "none",
                { firstId, nodes, zone: zone ?? null },
            ]),
        ),
        storage: brokers.storage,
        storageClass: brokers.storageClass ?? null,
        image: image,
        factor: replication.factor,
        minInsyncReplicas: replication.minInsyncReplicas,
        tls: tls.mode,
        clusterId: settings.clusterId ?? null,
    };
}
