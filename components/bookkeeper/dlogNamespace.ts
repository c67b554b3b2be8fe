import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import { type Foundation, targetsNamed } from "../foundation/environment";
import { checked, SettingsFaults } from "../foundation/faults";
import { type Peer } from "../foundation/networkPolicy";
import { selectorLabels } from "../foundation/labels";
import { priorityNamed } from "../foundation/priorityClasses";
import { Task } from "../sets/task";
import type { ZooKeeperConnection } from "../zookeeper/connection";
import { type BookKeeperConnection, plainServers } from "./connection";
import { dlogPathFaults, dlogScript, dlogUri } from "./dlogScript";
import { dlogJavaEnv } from "./bookieConf";
import { bookkeeperUser, scratchVolume } from "./pods";
import { type DlogNamespaceSettings, dlogNamespaceSettings } from "./schema";

export interface DlogNamespaceArgs {
    readonly foundation: Foundation;
    /** Namespace that the work runs in. */
    readonly namespace: string;
    /**
     * Resources and place of its pod.
     *
     * @default the defaults of the schema
     */
    readonly settings?: DlogNamespaceSettings;
    /** The ensemble that holds the namespace. It must let the pod in without TLS and without a login. */
    readonly zookeeper: ZooKeeperConnection;
    /** The bookies that hold its entries. */
    readonly bookkeeper: BookKeeperConnection;
    /** Znode of the namespace, such as `/heronbkdl`, below the path of the ensemble's connection. */
    readonly path: string;
    /** Znode of the state of the system that uses the namespace; neither may be inside the other. */
    readonly stateRoot: string;
}

/** The identity of the work that binds a namespace. */
function identityOf(instance: string) {
    return { name: "bookkeeper", instance, component: "dlog-bind" };
}

/** The pod that binds the namespace named `instance`, for the network policy of ZooKeeper's members. */
export function dlogNamespaceClient(instance: string, namespace: string): Peer {
    return { namespace, podLabels: selectorLabels(identityOf(instance)) };
}

/**
 * A DistributedLog namespace: a znode that says which bookies hold what is written there. A Job binds it once, and fails
 * where something else is there already.
 */
export class DlogNamespace extends pulumi.ComponentResource {
    /** How clients address the namespace: `distributedlog://<host>:<port>,<host>:<port>/<path>`. */
    public readonly uri: string;

    /** @throws SettingsFaults when the settings or the path can't be used; Error when the ensemble wants TLS or a login. */
    constructor(name: string, args: DlogNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = checked(dlogNamespaceSettings, name, args.settings ?? {});
        const { foundation, namespace, bookkeeper, path } = args;
        const zookeeper = plainServers(args.zookeeper, name);
        const chroot = (znode: string) => `${zookeeper.path}${znode}`;
        const faults = dlogPathFaults(chroot(path), {
            "the system's state": chroot(args.stateRoot),
            "the bookies' metadata": bookkeeper.ledgersPath,
        });
        if (faults.length > 0) {
            throw new SettingsFaults(
                name,
                faults.map((fault) => ({ path: "path", ...fault })),
            );
        }
        const binding = {
            zookeeper,
            path,
            bookkeeperServers: bookkeeper.zookeeperServers,
            ledgersPath: bookkeeper.ledgersPath,
        };
        super(
            "data-platform:bookkeeper:DlogNamespace",
            name,
            {
                uri: dlogUri(binding),
                ledgersPath: bookkeeper.ledgersPath,
                image: foundation.images.reference("bookkeeper"),
            },
            opts,
        );
        this.uri = dlogUri(binding);
        const inside = { parent: this };
        const identity = identityOf(name);
        new Task(
            `${name}-task`,
            {
                foundation,
                namespace,
                identity,
                objectName: name,
                access: new Access(`${name}-access`, { foundation, namespace, identity, objectName: name }, inside),
                // Five runs of a few seconds, with 150 seconds of back-off between them.
                deadlineSeconds: 600,
                retries: 4,
                targets: targetsNamed(foundation, settings.targets),
                priorityClassName: priorityNamed(foundation, settings.priority),
                pod: {
                    containers: [
                        {
                            name: "bind",
                            image: foundation.images.reference("bookkeeper"),
                            command: ["bash", "-c", dlogScript(binding)],
                            env: dlogJavaEnv(settings),
                            resources: settings.resources,
                        },
                    ],
                    user: bookkeeperUser,
                    scratch: [scratchVolume],
                    gracePeriodSeconds: 5,
                },
                egress: [args.zookeeper.flow],
            },
            inside,
        );
        this.registerOutputs({ uri: this.uri });
    }
}
