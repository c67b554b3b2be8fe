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
import { TeamLogin, teamLoginKeys } from "../components/base/teamLogin";
import { baseOpenSearch } from "./base/connections";
import { parts } from "./namespaces";
import type { Platform } from "./platform";
import { zookeeperUsers } from "./sharing";
import { type Composed, type Composition, consumerPeers, exposure, systemPeers } from "./composition";

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
    const users = zookeeperUsers(config).flatMap(({ parts: used }) =>
        used.map((part): Peer => ({ namespace: placeOf(part).namespace })),
    );
    const clients = [...users, ...consumerPeers(config)];
    const zookeeper = new ZooKeeper("zookeeper", { foundation, namespace, settings, clients }, opts);
    return { connection: zookeeper, after: [zookeeper] };
}

/** The ZooKeeper of a stack's base. */
export function baseEnsemble({ base }: Composition): Ensemble | undefined {
    return base?.platform.zookeeper && { connection: base.platform.zookeeper, after: [] };
}

/** The OpenSearch of a stack, as its systems use it. */
export interface Store extends Composed<OpenSearchConnection> {
    /** What its users come after. */
    readonly after: readonly pulumi.Resource[];
    /** What other stacks are told of it. */
    readonly contract: NonNullable<Platform["opensearch"]>;
}

/** The OpenSearch of a stack's base, as the stack's own systems use it. */
export function baseStore({ base, config, provider }: Composition): Omit<Store, "contract"> | undefined {
    return (
        base?.platform.opensearch && {
            part: baseOpenSearch("opensearch", base.platform.opensearch, config.environment.name, { provider }),
            after: [],
            dashboards: [],
        }
    );
}

/** The OpenSearch of a stack. */
export function composeOpenSearch(composition: Composition): Store | undefined {
    const { config, foundation, provider, placeOf } = composition;
    const { opensearch, systems, environment } = config;
    if (opensearch === undefined) {
        return undefined;
    }
    if (opensearch.kind === "external") {
        const part = externalOpenSearch("opensearch", opensearch, { provider });
        // Its authority stays with whoever runs it: a stack that needs one names the cluster in its own file.
        const secured = opensearch.credentials !== undefined || opensearch.caCertificate !== undefined;
        const contract = { nodes: [...part.nodes], flow: part.flow, secured, logins: {} };
        return { part, after: [], dashboards: [], contract };
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
        return {
            part: node,
            after: [node],
            dashboards: [exposed.open(foundation, title, node.ui, node)],
            contract: { nodes: node.nodes, flow: node.flow, dataNodes: 1, secured: false, logins: {} },
        };
    }
    const { namespace: _made, exposure: _own, ...settings } = opensearch;
    const users = {
        ...config.sharing?.opensearchUsers,
        ...(teraslice !== undefined &&
            terasliceName !== undefined && {
                [terasliceUser]: { indexPatterns: [`${terasliceName}__*`], rotation: teraslice.credentialsRotation },
            }),
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
        contract: {
            nodes: cluster.nodes,
            flow: cluster.flow,
            dataNodes: settings.data.nodes,
            secured: true,
            logins: teamLogins(composition, cluster),
        },
    };
}

/** The logins of other stacks, each in a Secret of the namespace for consumers. */
function teamLogins({ config, foundation, placeOf }: Composition, cluster: OpenSearchCluster) {
    const { environment } = foundation;
    const logins = Object.entries(config.sharing?.opensearchUsers ?? {}).map(([team, { indexPatterns, rotation }]) => {
        const { namespace, opts } = placeOf(parts.consumers);
        const connection = cluster.connectionFor(team);
        const name = `opensearch-login-${team}`;
        new TeamLogin(name, { environment, namespace, secretName: name, connection }, opts);
        const login: NonNullable<Platform["opensearch"]>["logins"][string] = {
            namespace,
            secretName: name,
            usernameKey: teamLoginKeys.username,
            passwordKey: teamLoginKeys.password,
            ...(connection.caCertificate !== undefined && { authorityKey: teamLoginKeys.authorities }),
            indexPatterns,
            rotation: rotation + (connection.rotation ?? 0),
        };
        return [team, login] as const;
    });
    return Object.fromEntries(logins);
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
