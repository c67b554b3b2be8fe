import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../components/foundation/networkPolicy";
import { OpenSearchCluster } from "../components/opensearch/cluster";
import { externalOpenSearch, type OpenSearchConnection } from "../components/opensearch/connection";
import { OpenSearchSingleNode } from "../components/opensearch/singleNode";
import { clusterName, indexRetention } from "../components/teraslice/files";
import { s3Uploader, type UploaderConnection } from "../components/uploader/connection";
import { Uploader } from "../components/uploader/uploader";
import { externalZooKeeper, type ZooKeeperConnection } from "../components/zookeeper/connection";
import { ZooKeeper } from "../components/zookeeper/zookeeper";
import { terasliceUser } from "./names";
import { zookeeperUsers } from "./sharing";
import { type Composed, type Composition, exposure, systemPeers } from "./composition";

/** The ZooKeeper of a stack, as its systems use it. */
export interface Ensemble {
    readonly connection: ZooKeeperConnection;
    /** What its users come after. */
    readonly after: readonly pulumi.Resource[];
}

/** The ZooKeeper of a stack, whoever runs it. */
export function composeZooKeeper(composition: Composition): Ensemble | undefined {
    const { config, foundation, placeOf } = composition;
    if (config.zookeeper === undefined) {
        return undefined;
    }
    if (config.zookeeper.kind === "external") {
        return { connection: externalZooKeeper(config.zookeeper), after: [] };
    }
    const { namespace: _made, ...settings } = config.zookeeper;
    const { namespace, opts } = placeOf("zookeeper");
    const clients = zookeeperUsers(config).flatMap(({ parts: users }) =>
        users.map((part): Peer => ({ namespace: placeOf(part).namespace })),
    );
    const zookeeper = new ZooKeeper("zookeeper", { foundation, namespace, settings, clients }, opts);
    return { connection: zookeeper, after: [zookeeper] };
}

/** The OpenSearch of a stack, as its systems use it. */
export interface Store extends Composed<OpenSearchConnection> {
    /** What its users come after. */
    readonly after: readonly pulumi.Resource[];
}

/** The OpenSearch of a stack. */
export function composeOpenSearch(composition: Composition): Store | undefined {
    const { config, foundation, provider, placeOf } = composition;
    const { opensearch, systems, environment } = config;
    if (opensearch === undefined) {
        return undefined;
    }
    if (opensearch.kind === "external") {
        return { part: externalOpenSearch("opensearch", opensearch, { provider }), after: [], dashboards: [] };
    }
    const { teraslice } = systems;
    const terasliceName = teraslice && clusterName(environment, "teraslice", teraslice);
    const lifecycle =
        teraslice === undefined || terasliceName === undefined ? [] : indexRetention(terasliceName, teraslice);
    const place = placeOf("opensearch");
    const { namespace, opts } = place;
    const exposed = exposure("opensearch", place, opensearch.exposure);
    const clients: readonly Peer[] = [...systemPeers(composition), ...exposed.peers];
    const title = "OpenSearch";
    if (opensearch.kind === "single") {
        const { namespace: _made, exposure: _own, ...settings } = opensearch;
        const node = new OpenSearchSingleNode(
            "opensearch",
            { foundation, namespace, settings, clients, lifecycle },
            opts,
        );
        return { part: node, after: [node], dashboards: [exposed.open(foundation, title, node.ui, node)] };
    }
    const { namespace: _made, exposure: _own, ...settings } = opensearch;
    const users =
        teraslice === undefined || terasliceName === undefined
            ? {}
            : {
                  [terasliceUser]: {
                      indexPatterns: [`${terasliceName}__*`],
                      rotation: teraslice.credentialsRotation,
                  },
              };
    const cluster = new OpenSearchCluster(
        "opensearch",
        { foundation, namespace, settings, clients, lifecycle, users },
        opts,
    );
    return {
        part: cluster.connectionFor(teraslice === undefined ? "admin" : terasliceUser),
        after: [cluster],
        dashboards: [exposed.open(foundation, title, cluster.ui, cluster)],
    };
}

/** The uploader of a stack. */
export function composeUploader(composition: Composition): Composed<UploaderConnection> | undefined {
    const { config, foundation, placeOf } = composition;
    if (config.uploader === undefined) {
        return undefined;
    }
    if (config.uploader.kind === "s3") {
        return { part: s3Uploader(config.uploader), dashboards: [] };
    }
    const { namespace: _made, exposure: own, ...settings } = config.uploader;
    const place = placeOf("uploader");
    const { namespace, opts } = place;
    const exposed = exposure("uploader", place, own);
    const clients = [...systemPeers(composition), ...exposed.peers];
    const uploader = new Uploader("uploader", { foundation, namespace, settings, clients }, opts);
    return { part: uploader, dashboards: [exposed.open(foundation, "Uploader", uploader.ui, uploader)] };
}
