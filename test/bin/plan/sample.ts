import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** A component of the smallest useful kind: a namespace, a quorum of three with storage, a budget, a service. */
export class Ensemble extends pulumi.ComponentResource {
    public readonly host: pulumi.Output<string>;

    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        const guard = new pulumi.ResourceHook(`${name}-guard`, () => undefined, { onDryRun: true });
        super("data-platform:test:Ensemble", name, { members: 3 }, { ...opts, hooks: { beforeUpdate: [guard] } });
        const child = { parent: this };
        const namespace = new k8s.core.v1.Namespace(`${name}-ns`, { metadata: { name } }, { ...child, protect: true });
        const metadata = { name, namespace: namespace.metadata.name };
        const secret = new k8s.core.v1.Secret(
            `${name}-auth`,
            {
                metadata: {
                    ...metadata,
                    name: `${name}-auth`,
                    annotations: { "pulumi.com/skipAwait": "true", team: "a" },
                },
                stringData: {
                    password: pulumi.secret("hunter2"),
                    url: pulumi.interpolate`x:${pulumi.secret("hunter2")}`,
                },
                data: { "key.pem": pulumi.secret("aHVudGVyMg==") },
            },
            child,
        );
        const service = new k8s.core.v1.Service(
            `${name}-service`,
            {
                metadata,
                spec: {
                    clusterIP: "None",
                    ports: [
                        { name: "client", port: 2181 },
                        { port: 53, protocol: "UDP" },
                    ],
                },
            },
            child,
        );
        new k8s.policy.v1.PodDisruptionBudget(`${name}-pdb`, { metadata, spec: { maxUnavailable: 1 } }, child);
        new k8s.apps.v1.StatefulSet(
            `${name}-set`,
            {
                metadata,
                spec: {
                    serviceName: service.metadata.name,
                    replicas: 3,
                    selector: { matchLabels: { app: name } },
                    template: { metadata: { labels: { app: name } }, spec: podSpec(secret.metadata.name) },
                    volumeClaimTemplates: [
                        { metadata: { name: "data" }, spec: { resources: { requests: { storage: "10Gi" } } } },
                    ],
                },
            },
            { ...child, dependsOn: secret, customTimeouts: { create: "10m" }, ignoreChanges: ["spec.replicas"] },
        );
        this.host = service.metadata.name;
        this.registerOutputs({ host: this.host });
    }
}

function podSpec(secretName: pulumi.Input<string>): k8s.types.input.core.v1.PodSpec {
    return {
        initContainers: [
            { name: "setup", image: "busybox:1.37", resources: { requests: { cpu: "1", memory: "64Mi" } } },
            {
                name: "exporter",
                image: "exporter:1",
                restartPolicy: "Always",
                resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "100m", memory: "128Mi" } },
            },
        ],
        containers: [
            {
                name: "zookeeper",
                image: "registry.example.com/mirror/zookeeper:3.9.4@sha256:0123",
                envFrom: [{ secretRef: { name: secretName } }],
                resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { memory: "1Gi" } },
            },
        ],
    };
}

/** A program with the ensemble, a job outside it and an output. */
export function sampleProgram(): Record<string, unknown> {
    const ensemble = new Ensemble("zk");
    new k8s.batch.v1.Job("check", {
        metadata: { name: "check", namespace: "zk" },
        spec: {
            parallelism: 4,
            completions: 2,
            template: {
                spec: {
                    containers: [{ name: "check", image: "busybox:1.37", resources: { limits: { cpu: "500m" } } }],
                },
            },
        },
    });
    return { host: ensemble.host, password: pulumi.secret("hunter2") };
}
