import type * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import type { Foundation } from "../foundation/environment";
import { type Identity, selectorLabels } from "../foundation/labels";
import type { Flow, Peer } from "../foundation/networkPolicy";
import type { Target } from "../foundation/placement";
import type { Resources } from "../foundation/resources";
import { MasterSet } from "../sets/masterSet";
import type { KafkaUser } from "./declaredSchema";
import { exporterPort } from "./places";
import { userFiles } from "./users";

/** The identity of the exporter's pod. */
export function exporterIdentity(instance: string): Identity {
    return { name: "kafka", instance, component: "exporter" };
}

/** What the exporter may do: see topics and groups (kafka_exporter's README, "Required permissions"). */
export const exporterPermissions: KafkaUser = {
    reads: [],
    writes: [],
    acls: [
        { resource: "topic", name: "*", operations: ["Describe"] },
        { resource: "group", name: "*", operations: ["Describe"] },
    ],
    rotation: 0,
};

/** User and group nobody: the image is one static binary. */
const nobody = 65534;
/** Where the certificate is mounted. */
const certificates = "/certificates";

export interface ExporterArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    /** The component that the cluster belongs to. */
    readonly instance: string;
    /** `host:port` of the brokers. */
    readonly bootstrapServers: string;
    readonly flow: Flow;
    /** Secret with the exporter's certificate, and a plain text that changes with it; undefined without TLS. */
    readonly certificate: { readonly secretName: string; readonly hash: string } | undefined;
    readonly resources: Resources;
    readonly scrapers: readonly Flow[];
    readonly targets: readonly Target[];
    readonly priorityClassName: string | undefined;
}

/** The exporter's pod, for the network policy of the brokers. */
export function exporterPeer(instance: string): Peer {
    return { podLabels: selectorLabels(exporterIdentity(instance)) };
}

/** What the exporter is started with. */
function exporterArguments(bootstrapServers: string, secure: boolean): readonly string[] {
    return [
        `--kafka.server=${bootstrapServers}`,
        // Its default, 2.0.0, speaks versions of the protocol that Kafka 4 has dropped (KIP-896).
        "--kafka.version=3.9.0",
        `--web.listen-address=:${exporterPort}`,
        ...(secure
            ? [
                  "--tls.enabled",
                  `--tls.ca-file=${certificates}/${userFiles.authorities}`,
                  `--tls.cert-file=${certificates}/${userFiles.certificate}`,
                  `--tls.key-file=${certificates}/${userFiles.key}`,
              ]
            : []),
    ];
}

/** Tells Prometheus of the cluster's partitions and groups: the image of Kafka has no endpoint for it. */
export function exporter(name: string, args: ExporterArgs, opts: pulumi.ComponentResourceOptions): void {
    const { foundation, namespace, certificate } = args;
    const identity = exporterIdentity(args.instance);
    const page = { httpGet: { path: "/", port: "metrics" }, timeoutSeconds: 5 };
    new MasterSet(
        name,
        {
            foundation,
            namespace,
            identity,
            objectName: name,
            replicas: 1,
            access: new Access(`${name}-access`, { foundation, namespace, identity, objectName: name }, opts),
            strategy: "RollingUpdate",
            pod: {
                containers: [
                    {
                        name: "exporter",
                        image: foundation.images.reference("kafka-exporter"),
                        args: exporterArguments(args.bootstrapServers, certificate !== undefined),
                        ports: { metrics: exporterPort },
                        resources: args.resources,
                        mounts:
                            certificate === undefined
                                ? []
                                : [{ volume: "certificates", path: certificates, readOnly: true }],
                        readinessProbe: { ...page, periodSeconds: 10, failureThreshold: 3 },
                        livenessProbe: { ...page, periodSeconds: 20, failureThreshold: 6 },
                    },
                ],
                user: nobody,
                volumes:
                    certificate === undefined
                        ? []
                        : [
                              {
                                  name: "certificates",
                                  secret: {
                                      secretName: certificate.secretName,
                                      items: [userFiles.authorities, userFiles.certificate, userFiles.key].map(
                                          (key) => ({ key, path: key }),
                                      ),
                                  },
                              },
                          ],
                gracePeriodSeconds: 10,
                configHashes: certificate === undefined ? [] : [certificate.hash],
            },
            targets: args.targets,
            priorityClassName: args.priorityClassName,
            ingress: args.scrapers,
            egress: [args.flow],
        },
        opts,
    );
}
