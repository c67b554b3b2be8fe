import * as assert from "node:assert/strict";
import { at, find } from "../support/plans";
import { type Overrides, planned } from "./fixtures";

const pod = "spec.template.spec";
const container = `${pod}.containers[name=cassandra]`;

describe("the arguments of Cassandra", () => {
    const config = 'data["cassandra.yaml"]';
    const options = 'data["jvm-options"]';
    const policy = "spec.ingress";
    const team = [{ namespace: "team" }];
    const fromTeam = [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team" } } }];
    const east = [{ ipBlock: { cidr: "10.9.0.0/16" } }];
    const externalSeeds = { hosts: ["10.9.0.1"], peers: [{ cidr: "10.9.0.0/16" }] };
    type Case = readonly [string, Overrides, kind: string, name: string | undefined, path: string, expected: unknown];
    const cases: readonly Case[] = [
        ["racks.nodes", { settings: { racks: { a: { nodes: 5 } } } }, "StatefulSet", "ring-a", "spec.replicas", 5],
        [
            "racks.rack",
            { settings: { racks: { a: { nodes: 1, rack: "R" } } } },
            "ConfigMap",
            "ring-a-rackdc",
            'data["cassandra-rackdc.properties"]',
            "dc=dc1\nrack=R\n",
        ],
        [
            "datacenter",
            { settings: { datacenter: "east" } },
            "ConfigMap",
            "ring-rack1-rackdc",
            'data["cassandra-rackdc.properties"]',
            "dc=east\nrack=rack1\n",
        ],
        [
            "racks.zone",
            { settings: { racks: { a: { nodes: 1, zone: "west" } } } },
            "StatefulSet",
            "ring-a",
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions`,
            [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["west"] }],
        ],
        [
            "racks.targets",
            { settings: { racks: { a: { nodes: 1, targets: "stateful" } } } },
            "StatefulSet",
            "ring-a",
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions`,
            [{ key: "pool", operator: "In", values: ["stateful"] }],
        ],
        [
            "targets",
            { settings: { targets: "stateful" } },
            "StatefulSet",
            undefined,
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions`,
            [{ key: "pool", operator: "In", values: ["stateful"] }],
        ],
        [
            "spread",
            { settings: { spread: { zones: "required" } } },
            "StatefulSet",
            undefined,
            `${pod}.topologySpreadConstraints[0].whenUnsatisfiable`,
            "DoNotSchedule",
        ],
        [
            "priority",
            { settings: { priority: "high" } },
            "StatefulSet",
            undefined,
            `${pod}.priorityClassName`,
            "dev-high",
        ],
        [
            "clusterName",
            { settings: { clusterName: "a b" } },
            "ConfigMap",
            "ring-config",
            config,
            /cluster_name: a b\n/,
        ],
        ["clusterName, by default", {}, "ConfigMap", "ring-config", config, /cluster_name: dev-ring\n/],
        ["numTokens", { settings: { numTokens: 4 } }, "ConfigMap", "ring-config", config, /num_tokens: 4\n/],
        [
            "seedsPerRack",
            { settings: { seedsPerRack: 2 } },
            "ConfigMap",
            "ring-config",
            "data.seeds",
            "ring-rack1-0 rack1 ring-rack1-0.ring.store.svc.cluster.local\nring-rack1-1 rack1 ring-rack1-1.ring.store.svc.cluster.local\n",
        ],
        [
            "externalSeeds.hosts",
            { settings: { externalSeeds } },
            "ConfigMap",
            "ring-config",
            'data["external-seeds"]',
            "10.9.0.1\n",
        ],
        [
            "externalSeeds.peers, in",
            { settings: { externalSeeds } },
            "NetworkPolicy",
            "ring-rack1",
            `${policy}[0].from[1]`,
            east[0],
        ],
        [
            "externalSeeds.peers, out",
            { settings: { externalSeeds } },
            "NetworkPolicy",
            "ring-rack1",
            "spec.egress[0].to[1]",
            east[0],
        ],
        [
            "storage",
            { settings: { storage: "7Gi" } },
            "StatefulSet",
            undefined,
            "spec.volumeClaimTemplates[0].spec.resources.requests.storage",
            "7Gi",
        ],
        [
            "commitlogStorage",
            { settings: { commitlogStorage: "7Gi" } },
            "StatefulSet",
            undefined,
            "spec.volumeClaimTemplates[1].spec.resources.requests.storage",
            "7Gi",
        ],
        [
            "commitlogStorage, mounted",
            { settings: { commitlogStorage: "7Gi" } },
            "StatefulSet",
            undefined,
            `${container}.volumeMounts[name=commitlog].mountPath`,
            "/commitlog",
        ],
        [
            "storageClass",
            { settings: { storageClass: "fast", commitlogStorage: "7Gi" } },
            "StatefulSet",
            undefined,
            "spec.volumeClaimTemplates[1].spec.storageClassName",
            "fast",
        ],
        [
            "resources",
            { settings: { resources: { memory: "8Gi" } } },
            "StatefulSet",
            undefined,
            `${container}.resources.limits.memory`,
            "8Gi",
        ],
        ["heap", { settings: { heap: "1Gi" } }, "ConfigMap", "ring-config", options, /^-Xms1024M\n-Xmx1024M\n/],
        ["jvmOptions", { settings: { jvmOptions: ["-Da=b"] } }, "ConfigMap", "ring-config", options, /\n-Da=b\n$/],
        [
            "lockMemory",
            { settings: { lockMemory: true } },
            "StatefulSet",
            undefined,
            `${container}.securityContext.capabilities`,
            { drop: ["ALL"], add: ["IPC_LOCK"] },
        ],
        [
            "gracePeriod",
            { settings: { gracePeriod: "600s" } },
            "StatefulSet",
            undefined,
            `${pod}.terminationGracePeriodSeconds`,
            600,
        ],
        [
            "startTimeout",
            { settings: { startTimeout: "1h" } },
            "StatefulSet",
            undefined,
            `${container}.startupProbe.failureThreshold`,
            360,
        ],
        ["config", { settings: { config: { cas: [1] } } }, "ConfigMap", "ring-config", config, /\ncas:\n {2}- 1\n/],
        [
            "authentication",
            { settings: { authentication: { kind: "none" } } },
            "ConfigMap",
            "ring-config",
            config,
            /authenticator: AllowAllAuthenticator/,
        ],
        [
            "internodeEncryption",
            { settings: { internodeEncryption: { mode: "dc" } } },
            "ConfigMap",
            "ring-config",
            config,
            /internode_encryption: dc/,
        ],
        [
            "clientEncryption",
            { settings: { clientEncryption: { mode: "required" } } },
            "ConfigMap",
            "ring-config",
            config,
            /client_encryption_options:\n {2}enabled: true/,
        ],
        [
            "repair",
            { settings: { repair: { schedule: "0 2 * * 3" } } },
            "CronJob",
            "ring-repair",
            "spec.schedule",
            "0 2 * * 3",
        ],
        [
            "snapshots",
            { settings: { snapshots: { incrementalBackups: true } } },
            "ConfigMap",
            "ring-config",
            config,
            /incremental_backups: true/,
        ],
        [
            "replace",
            { settings: { replace: { "ring-rack1-2": "10.0.0.9" } } },
            "ConfigMap",
            "ring-config",
            "data.replace",
            "ring-rack1-2 10.0.0.9\n",
        ],
        [
            "settings.clients",
            { settings: { clients: team } },
            "NetworkPolicy",
            "ring-rack1",
            `${policy}[1].from`,
            fromTeam,
        ],
        ["clients", { clients: team }, "NetworkPolicy", "ring-rack1", `${policy}[1].from`, fromTeam],
        [
            "egress",
            { settings: { egress: [{ to: team, ports: [{ port: 8080 }] }] } },
            "NetworkPolicy",
            "ring-rack1",
            "spec.egress[1]",
            { to: fromTeam, ports: [{ protocol: "TCP", port: 8080 }] },
        ],
        ["namespace", { namespace: "other" }, "StatefulSet", undefined, "metadata.namespace", "other"],
    ];
    for (const [argument, overrides, kind, name, path, expected] of cases) {
        it(`shows ${argument} in ${kind} at ${path}`, async () => {
            const { plan } = await planned(overrides);
            const found = at(find(plan, kind, name).inputs, path);
            if (expected instanceof RegExp) {
                assert.match(String(found), expected);
            } else {
                assert.deepEqual(found, expected);
            }
        });
    }
});
