import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DashboardBackend } from "../dashboard/dashboard";
import { Access } from "../foundation/access";
import { type Foundation, protection, serviceHost, targetsNamed } from "../foundation/environment";
import { type Labels, objectLabels, selectorLabels } from "../foundation/labels";
import { type Flow, tcp } from "../foundation/networkPolicy";
import type { Container } from "../foundation/pods";
import { priorityNamed } from "../foundation/priorityClasses";
import { heapMebibytes } from "../foundation/quantity";
import { volumeClaim } from "../foundation/volumeClaim";
import { MasterSet } from "../sets/masterSet";
import { jobPodLabels } from "./network";
import type { CheckedTwister2Settings } from "./schema";

/** Settings of a dashboard of the environment's own, checked. */
export type OwnDashboardSettings = Extract<CheckedTwister2Settings["dashboard"], { readonly kind: "own" }>;

export interface Twister2DashboardArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly settings: OwnDashboardSettings;
    /** Names of the namespaces whose job masters report to it. */
    readonly jobNamespaces: readonly string[];
}

/** User `openmpi` of the image (docker/kubernetes/baseimage, SSH_UID): the only one that is not root. */
const user = 1000;
/** Spring's default, which `twister2 dash` does not change. */
const containerPort = 8080;
/** The port of a URL without one. */
const servicePort = 80;
const portName = "http";
/** The Service that the official manifests name. */
const serviceName = "twister2-dashboard";

const dataDirectory = "/persistent";
const configDirectory = "/etc/twister2-dashboard";
const logConfigFile = "log4j2.xml";
const scratchDirectory = "/tmp";

/** Part of the memory that is heap unless the settings say otherwise: metaspace, threads and H2's pages need the rest. */
const heapShare = 0.5;

/** Seconds for Spring and Hibernate to start on a small share of a core. */
const startSeconds = 300;

/**
 * Logs to the console only: the image's configuration also writes files to the folder that the process starts in. `%m` is
 * without lookups, whatever a message holds.
 */
export const logConfig = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
    <Appenders>
        <Console name="console" target="SYSTEM_OUT">
            <PatternLayout pattern="%d{ISO8601} %-5level [%t] %logger{36} %m{nolookups}%n"/>
        </Console>
    </Appenders>
    <Loggers>
        <Root level="info">
            <AppenderRef ref="console"/>
        </Root>
    </Loggers>
</Configuration>
`;

/** The dashboard: one pod, since its database has a single writer, on a volume that outlives it. */
export class Twister2Dashboard extends pulumi.ComponentResource {
    /** URL for job masters, without a slash at its end. */
    public readonly url: string;
    /** The UI, as a stack exposes it. */
    public readonly ui: DashboardBackend;
    /** The way there, for the network policies of job pods. */
    public readonly flow: Flow;

    constructor(name: string, args: Twister2DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, settings } = args;
        const image = foundation.images.reference("twister2");
        super(
            "data-platform:twister2:Twister2Dashboard",
            name,
            { image, storage: settings.storage, storageClass: settings.storageClass ?? null },
            opts,
        );
        const identity = { name: "twister2", instance: name, component: "dashboard" };
        const labels = objectLabels(foundation.environment, identity);
        const podLabels: Labels = selectorLabels(identity);
        this.url = `http://${serviceHost(foundation, serviceName, namespace)}`;
        this.ui = { service: serviceName, port: servicePort, portName, podLabels, containerPort };
        this.flow = { peers: [{ namespace, podLabels }], ports: tcp(containerPort) };

        const inside = { parent: this };
        const config = new k8s.core.v1.ConfigMap(
            `${name}-config`,
            { metadata: { name: `${name}-config`, namespace, labels }, data: { [logConfigFile]: logConfig } },
            inside,
        );
        const claim = volumeClaim(
            `${name}-database`,
            {
                objectName: `${name}-database`,
                namespace,
                labels,
                size: settings.storage,
                storageClass: settings.storageClass,
            },
            { ...inside, ...protection(foundation) },
        );
        new MasterSet(
            `${name}-server`,
            {
                foundation,
                namespace,
                identity,
                objectName: name,
                replicas: 1,
                // H2's file has one writer.
                strategy: "Recreate",
                startSeconds,
                access: new Access(`${name}-access`, { foundation, namespace, identity, objectName: name }, inside),
                pod: {
                    containers: [dashboardContainer(image, settings)],
                    user,
                    volumes: [
                        { name: "config", configMap: { name: `${name}-config` } },
                        { name: "database", persistentVolumeClaim: { claimName: `${name}-database` } },
                    ],
                    scratch: [{ volume: "tmp", path: scratchDirectory, sizeLimit: "64Mi" }],
                    gracePeriodSeconds: 60,
                    configHashes: [logConfig],
                },
                services: [{ objectName: serviceName, ports: { [portName]: servicePort } }],
                targets: targetsNamed(foundation, settings.targets),
                priorityClassName: priorityNamed(foundation, settings.priority),
                ingress: [
                    {
                        peers: [
                            ...args.jobNamespaces.map((each) => ({ namespace: each, podLabels: jobPodLabels })),
                            ...settings.clients,
                        ],
                        ports: tcp(containerPort),
                    },
                ],
                egress: [],
            },
            { parent: this, dependsOn: [config, claim] },
        );
        this.registerOutputs({ url: this.url });
    }
}

/** The server itself: `twister2 dash` would keep its output until it ends, and pass no signals on. */
function dashboardContainer(image: string, settings: OwnDashboardSettings): Container {
    // Not /, which is a page that an image of one's own may lack; this counts what is in the database.
    const answers = { httpGet: { path: "/stats/elements/", port: portName }, timeoutSeconds: 10 };
    return {
        name: "dashboard",
        image,
        command: [
            "java",
            `-Xmx${heapMebibytes(settings.heap, settings.resources.memory, heapShare)}m`,
            "-XX:+ExitOnOutOfMemoryError",
            // log4j-core 2.11.1 looks up what a logged message says (CVE-2021-44228); it knows this switch since 2.10.
            "-Dlog4j2.formatMsgNoLookups=true",
            `-Dlog4j.configurationFile=${configDirectory}/${logConfigFile}`,
            "-Dspring.config.location=file:///twister2/conf/dashboard/application.properties",
            "-jar",
            "/twister2/lib/twister2-dash-server_springboot.jar",
        ],
        workingDir: scratchDirectory,
        // Spring takes a variable before the file's property, whose database lies in the container.
        env: [
            {
                name: "SPRING_DATASOURCE_URL",
                value: `jdbc:h2:file:${dataDirectory}/twister2_db;DB_CLOSE_ON_EXIT=FALSE`,
            },
            { name: "SPRING_H2_CONSOLE_ENABLED", value: "false" },
            { name: "LOG4J_FORMAT_MSG_NO_LOOKUPS", value: "true" },
        ],
        ports: { [portName]: containerPort },
        resources: settings.resources,
        mounts: [
            { volume: "config", path: configDirectory, readOnly: true },
            { volume: "database", path: dataDirectory },
        ],
        startupProbe: { ...answers, periodSeconds: 10, failureThreshold: startSeconds / 10 },
        readinessProbe: { ...answers, periodSeconds: 10, failureThreshold: 3 },
        // A database that is slow for a while is no reason to end its only writer.
        livenessProbe: { tcpSocket: { port: portName }, periodSeconds: 20, failureThreshold: 6 },
    };
}
