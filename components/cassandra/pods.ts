import type { Foundation } from "../foundation/environment";
import type { Container, Pod } from "../foundation/pods";
import { seconds } from "../foundation/values";
import type { JmxAgent } from "../monitoring/jmxAgent";
import * as at from "./places";
import type { CheckedCassandraSettings } from "./schema";
import { scriptPlaces } from "./nodeScripts";
import type { NodeSurroundings } from "./surroundings";

/** What the pods of a rack are made of. */
export interface NodePodArgs {
    readonly foundation: Foundation;
    readonly settings: CheckedCassandraSettings;
    /** Key of the rack. */
    readonly rack: string;
    /** Names of the ConfigMaps: the datacenter's files, the rack's own one, and the scripts. */
    readonly configMaps: { readonly files: string; readonly rack: string; readonly scripts: string };
    readonly surroundings: NodeSurroundings;
    readonly agent: JmxAgent;
    /** Plain texts that roll the nodes when they change. */
    readonly configHashes: readonly string[];
}

/** Seconds between two looks of the startup probe. */
const startPeriod = 10;

/** The pod of a node. */
export function nodePod(args: NodePodArgs): Pod {
    const { settings, surroundings, agent, configMaps } = args;
    return {
        initContainers: [...agent.initContainers, configureContainer(args)],
        containers: [nodeContainer(args), ...surroundings.containers],
        user: at.cassandraUser,
        volumes: [
            { name: "config", emptyDir: { sizeLimit: at.scratchSizes.config } },
            {
                name: "files",
                projected: {
                    sources: [{ configMap: { name: configMaps.files } }, { configMap: { name: configMaps.rack } }],
                },
            },
            { name: "scripts", configMap: { name: configMaps.scripts } },
            ...surroundings.volumes,
            ...agent.volumes,
        ],
        scratch: [
            { volume: "tmp", path: at.places.scratch, sizeLimit: at.scratchSizes.tmp },
            { volume: "logs", path: at.places.logs, sizeLimit: at.scratchSizes.logs },
        ],
        gracePeriodSeconds: seconds(settings.gracePeriod),
        configHashes: args.configHashes,
    };
}

const scripts = { volume: "scripts", path: at.places.scripts, readOnly: true };

/** Fills the configuration folder. The image's own entry point would edit a copy of it by sed, and knows nine keys. */
function configureContainer({ foundation, settings, rack }: NodePodArgs): Container {
    return {
        name: "configure",
        image: foundation.images.reference("cassandra"),
        command: ["bash", `${at.places.scripts}/configure.sh`],
        env: [
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            { name: "RACK", value: rack },
        ],
        resources: { ...settings.resources, ...at.configureResources },
        mounts: [
            scripts,
            { volume: "files", path: scriptPlaces.files, readOnly: true },
            { volume: "config", path: scriptPlaces.config },
            { volume: at.dataClaim, path: at.places.data, readOnly: true },
        ],
    };
}

function nodeContainer({ foundation, settings, surroundings, agent }: NodePodArgs): Container {
    // Open from the replay of the commit log on, also while the node joins, which may take hours.
    const alive = { tcpSocket: { port: "storage" }, timeoutSeconds: 5 };
    return {
        name: at.nodeContainerName,
        image: foundation.images.reference("cassandra"),
        command: ["cassandra", "-f"],
        env: [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
        ports: { storage: at.storagePort, cql: at.nativePort, ...agent.ports },
        resources: settings.resources,
        ...(settings.lockMemory && { addedCapabilities: ["IPC_LOCK"] }),
        mounts: [
            { volume: "config", path: at.places.config, readOnly: true },
            scripts,
            { volume: at.dataClaim, path: at.places.data },
            ...(settings.commitlogStorage === undefined
                ? []
                : [{ volume: at.commitlogClaim, path: at.places.commitlog }]),
            ...surroundings.mounts,
            ...agent.mounts,
        ],
        startupProbe: {
            ...alive,
            periodSeconds: startPeriod,
            failureThreshold: Math.ceil(seconds(settings.startTimeout) / startPeriod),
        },
        livenessProbe: { ...alive, periodSeconds: 20, failureThreshold: 6 },
        // nodetool starts a JVM: about a second of a core each time, so not often, and with time.
        readinessProbe: {
            exec: { command: ["bash", `${at.places.scripts}/readiness.sh`] },
            periodSeconds: 30,
            timeoutSeconds: 20,
            failureThreshold: 3,
        },
        // Flushes what is in memory and takes leave, so that the next start has no commit log to read.
        preStop: ["nodetool", "drain"],
    };
}
