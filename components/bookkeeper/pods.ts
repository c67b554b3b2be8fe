import type { Foundation } from "../foundation/environment";
import type { Container, Pod, Scratch } from "../foundation/pods";
import * as conf from "./bookieConf";
import { type CheckedBookKeeperSettings, scratchSize } from "./schema";

/** User and group `bookkeeper` of the official image: the first that `adduser` makes. */
export const bookkeeperUser = 1000;

/** The command of the image, without its entry point: see the docs. */
export const bookkeeperCommand = "/opt/bookkeeper/bin/bookkeeper";

const volumes = (configName: string) => [{ name: "config", configMap: { name: configName } }];
/** Where Java unpacks its native libraries. */
export const scratchVolume: Scratch = { volume: "tmp", path: "/tmp", sizeLimit: scratchSize };
const config = { volume: "config", path: conf.configDirectory, readOnly: true };
const alive = { httpGet: { path: "/heartbeat", port: "http" }, timeoutSeconds: 5 };
const ready = { httpGet: { path: "/api/v1/bookie/is_ready", port: "http" }, timeoutSeconds: 5 };

/** Seconds that a bookie may take to replay its journal. */
export const startSeconds = 600;

/**
 * The pod of a bookie.
 *
 * @param host what follows the pod's name in its own
 */
export function bookiePod(args: {
    readonly foundation: Foundation;
    readonly settings: CheckedBookKeeperSettings;
    readonly configName: string;
    readonly host: string;
    readonly bookieConf: string;
}): Pod {
    const { settings } = args;
    const java: Pick<Container, "image" | "resources" | "env"> = {
        image: args.foundation.images.reference("bookkeeper"),
        resources: settings.resources,
        env: [
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: conf.addressVariable, value: `$(POD_NAME).${args.host}` },
            ...conf.javaEnv(settings),
        ],
    };
    return {
        initContainers: [{ ...java, name: "cluster", command: ["bash", "-c", conf.clusterScript], mounts: [config] }],
        containers: [
            {
                ...java,
                name: "bookie",
                command: [bookkeeperCommand, "bookie"],
                ports: { client: conf.clientPort, http: conf.httpPort },
                mounts: [
                    config,
                    { volume: "journal", path: conf.journalDirectory },
                    { volume: "ledgers", path: conf.ledgersDirectory },
                ],
                startupProbe: { ...ready, periodSeconds: 5, failureThreshold: startSeconds / 5 },
                readinessProbe: { ...ready, periodSeconds: 10, failureThreshold: 3 },
                livenessProbe: { ...alive, periodSeconds: 15, failureThreshold: 6 },
            },
        ],
        user: bookkeeperUser,
        volumes: volumes(args.configName),
        scratch: [scratchVolume],
        // Time to flush what is in memory: a bookie that is killed replays its journal instead.
        gracePeriodSeconds: 60,
        configHashes: [args.bookieConf],
    };
}

/** A pod of autorecovery alone. */
export function autorecoveryPod(args: {
    readonly foundation: Foundation;
    readonly resources: CheckedBookKeeperSettings["resources"];
    readonly configName: string;
    readonly bookieConf: string;
}): Pod {
    return {
        containers: [
            {
                name: "autorecovery",
                image: args.foundation.images.reference("bookkeeper"),
                command: [bookkeeperCommand, "autorecovery"],
                env: [
                    // What it is called in the election of the auditor (AutoRecoveryMain); nobody connects to it.
                    { name: conf.addressVariable, valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
                    ...conf.javaEnv({ resources: args.resources }),
                ],
                ports: { http: conf.httpPort },
                resources: args.resources,
                mounts: [config],
                startupProbe: { ...alive, periodSeconds: 5, failureThreshold: 60 },
                readinessProbe: { ...alive, periodSeconds: 10, failureThreshold: 3 },
                livenessProbe: { ...alive, periodSeconds: 15, failureThreshold: 6 },
            },
        ],
        user: bookkeeperUser,
        volumes: volumes(args.configName),
        scratch: [scratchVolume],
        gracePeriodSeconds: 30,
        configHashes: [args.bookieConf],
    };
}
