import type { z } from "zod";
import type { Foundation } from "../foundation/environment";
import type { Container, Pod } from "../foundation/pods";
import { heapMebibytes } from "../foundation/quantity";
import type { zookeeperSettings } from "./schema";
import * as files from "./securityFiles";
import * as cfg from "./zooCfg";

type Settings = z.output<typeof zookeeperSettings>;

/** User and group `zookeeper` of the official image. */
const user = 1000;

/**
 * The pod of a member.
 *
 * @param name the component's name, which its ConfigMap and Secrets are called after
 * @param zooCfg text of the configuration that the ConfigMap holds
 */
export function memberPod(name: string, foundation: Foundation, settings: Settings, zooCfg: string): Pod {
    const secure = files.needsSecrets(settings);
    return {
        ...(secure && { initContainers: [securityContainer(name, foundation, settings)] }),
        containers: [memberContainer(name, foundation, settings)],
        user,
        volumes: [
            { name: "config", configMap: { name: `${name}-config` } },
            ...(secure
                ? [
                      files.secretsVolume(name, settings),
                      { name: "security", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
                  ]
                : []),
        ],
        scratch: [
            { volume: "logs", path: "/logs", sizeLimit: "64Mi" },
            { volume: "tmp", path: "/tmp", sizeLimit: "64Mi" },
        ],
        gracePeriodSeconds: 60,
        configHashes: [zooCfg, ...(secure ? [files.securityScript(name, settings), ...files.rotations(settings)] : [])],
    };
}

/** Turns Secrets into the files that the server reads, once for each pod: what it serves changes only with a roll. */
function securityContainer(name: string, foundation: Foundation, settings: Settings): Container {
    return {
        name: "security",
        image: foundation.images.reference("zookeeper"),
        command: ["bash", "-c", files.securityScript(name, settings)],
        // As much as the member itself: a pod's request is the larger of the two, so it costs nothing.
        resources: settings.resources,
        mounts: [
            { volume: "secrets", path: files.secretsDirectory, readOnly: true },
            { volume: "security", path: files.securityDirectory },
        ],
    };
}

function memberContainer(name: string, foundation: Foundation, settings: Settings): Container {
    const heap = heapMebibytes(settings.heap, settings.resources.memory, cfg.heapShare);
    const alive = { exec: { command: [...cfg.livenessCommand] }, timeoutSeconds: 5 };
    const { authentication } = settings;
    const superUser = authentication && files.loginSource(authentication.superUser, files.secretNames.superUser(name));
    return {
        name: "zookeeper",
        image: foundation.images.reference("zookeeper"),
        env: [
            // The ordinals begin at 1 (firstOrdinal), so the pod's index is its server number. The image writes it to
            // /data/myid once; a volume keeps its number.
            {
                name: "ZOO_MY_ID",
                valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
            },
            { name: "ZK_SERVER_HEAP", value: String(heap) },
            ...(superUser === undefined
                ? []
                : [
                      // The name only; an existing login's name is known to its Secret alone.
                      {
                          name: "SUPER_USER",
                          valueFrom: { secretKeyRef: { name: superUser.secretName, key: superUser.usernameKey } },
                      },
                  ]),
            {
                name: "SERVER_JVMFLAGS",
                value: [
                    `-Xms${heap}m`,
                    "-XX:+ExitOnOutOfMemoryError",
                    // 0: retry for ever, since DNS may not know a new pod's name for half a minute.
                    "-Dzookeeper.electionPortBindRetry=0",
                    ...(superUser === undefined
                        ? []
                        : [
                              `-Djava.security.auth.login.config=${files.jaasFile}`,
                              "-Dzookeeper.superUser=$(SUPER_USER)",
                          ]),
                ].join(" "),
            },
            { name: "JMXDISABLE", value: "true" },
        ],
        ports: {
            ...cfg.clientPorts(settings.tls),
            server: cfg.serverPort,
            election: cfg.electionPort,
            ...(settings.metrics && { metrics: cfg.metricsPort }),
        },
        resources: settings.resources,
        mounts: [
            // One file only: the folder holds the image's logging configuration too.
            { volume: "config", path: "/conf/zoo.cfg", subPath: "zoo.cfg", readOnly: true },
            { volume: "data", path: cfg.dataDirectory },
            ...(settings.logStorage === undefined ? [] : [{ volume: "datalog", path: cfg.logDirectory }]),
            ...(files.needsSecrets(settings)
                ? [{ volume: "security", path: files.securityDirectory, readOnly: true }]
                : []),
        ],
        // Loading a large snapshot takes minutes: 30 x 10 s.
        startupProbe: { ...alive, periodSeconds: 10, failureThreshold: 30 },
        livenessProbe: { ...alive, periodSeconds: 15, failureThreshold: 6 },
        readinessProbe: {
            exec: { command: [...cfg.readinessCommand(settings.members)] },
            timeoutSeconds: 5,
            periodSeconds: 10,
            failureThreshold: 3,
        },
    };
}
