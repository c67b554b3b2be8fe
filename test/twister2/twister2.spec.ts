import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { configHash } from "../../components/foundation/configFiles";
import { logConfig } from "../../components/twister2/dashboard";
import { Twister2 } from "../../components/twister2/twister2";
import { all, at, find, kindsAndNames, listAt, planOf } from "../support/plans";
import { dashboardLabels, ensemble, good, type Overrides, peerOf, planned, tcp } from "./fixtures";

const pod = "spec.template.spec";
const dashboard = `${pod}.containers[name=dashboard]`;

describe("Twister2", () => {
    it("registers a dashboard, and in a job namespace an uploader, rights and policies", async () => {
        const { plan, twister2 } = await planned();
        assert.deepEqual(kindsAndNames(plan), [
            "Access twister2-dash-access",
            "Access twister2-research-jobs",
            "Access twister2-research-uploader-access",
            "ConfigMap twister2-dash-config",
            "ConfigMap twister2-research-client",
            "ConfigMap twister2-research-uploader-config",
            "Deployment twister2-dash-server-deployment",
            "MasterSet twister2-dash-server",
            "NetworkPolicy twister2-dash-server-network",
            "NetworkPolicy twister2-research-jobs-among",
            "NetworkPolicy twister2-research-jobs-network",
            "NetworkPolicy twister2-research-uploader-server-network",
            "PersistentVolumeClaim twister2-dash-database",
            "PersistentVolumeClaim twister2-research-uploader-packages",
            "Role twister2-research-jobs-role",
            "RoleBinding twister2-research-jobs-binding",
            "Service twister2-dash-server-service",
            "Service twister2-research-uploader-server-headless",
            "Service twister2-research-uploader-server-service",
            "ServiceAccount twister2-dash-access-account",
            "ServiceAccount twister2-research-uploader-access-account",
            "StatefulSet twister2-research-uploader-server-set",
            "Twister2 twister2",
            "Twister2Dashboard twister2-dash",
            "Twister2JobNamespace twister2-research",
            "Uploader twister2-research-uploader",
            "WorkerSet twister2-research-uploader-server",
        ]);
        assert.deepEqual(twister2.ui, {
            service: "twister2-dashboard",
            port: 80,
            portName: "http",
            podLabels: dashboardLabels,
            containerPort: 8080,
        });
        assert.equal(twister2.dashboardUrl, "http://twister2-dashboard.dev-twister2.svc.cluster.local");
        assert.deepEqual(find(plan, "Twister2").inputs, {
            dashboard: "own",
            jobNamespaces: { research: "dev-research" },
        });
        assert.deepEqual(find(plan, "Twister2JobNamespace").inputs, {
            namespace: "dev-research",
            uploader: "server",
            openMpi: "none",
        });
        assert.deepEqual(find(plan, "Twister2Dashboard").inputs, {
            image: "docker.io/twister2/twister2-k8s:0.8.0",
            storage: "1Gi",
            storageClass: null,
        });
    });

    const cases: readonly (readonly [string, Overrides, string, string | undefined, string, unknown])[] = [
        [
            "dashboard.storage",
            { dashboard: { kind: "own", storage: "3Gi" } },
            "PersistentVolumeClaim",
            "twister2-dash-database",
            "spec.resources.requests.storage",
            "3Gi",
        ],
        [
            "dashboard.storageClass",
            { dashboard: { kind: "own", storageClass: "fast" } },
            "PersistentVolumeClaim",
            "twister2-dash-database",
            "spec.storageClassName",
            "fast",
        ],
        [
            "dashboard.resources",
            { dashboard: { kind: "own", resources: { cpu: "2", memory: "4Gi" } } },
            "Deployment",
            undefined,
            `${dashboard}.resources.requests`,
            { cpu: "2", memory: "4Gi", "ephemeral-storage": "512Mi" },
        ],
        ["half of the memory as heap", {}, "Deployment", undefined, `${dashboard}.command[1]`, "-Xmx512m"],
        [
            "dashboard.heap",
            { dashboard: { kind: "own", heap: "600Mi" } },
            "Deployment",
            undefined,
            `${dashboard}.command[1]`,
            "-Xmx600m",
        ],
        [
            "dashboard.targets",
            { dashboard: { kind: "own", targets: "stateful" } },
            "Deployment",
            undefined,
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`,
            [{ matchExpressions: [{ key: "pool", operator: "In", values: ["stateful"] }] }],
        ],
        [
            "dashboard.priority",
            { dashboard: { kind: "own", priority: "critical" } },
            "Deployment",
            undefined,
            `${pod}.priorityClassName`,
            "dev-critical",
        ],
        [
            "dashboard.clients, beside the pods of jobs",
            { dashboard: { kind: "own", clients: [{ namespace: "ingress" }] } },
            "NetworkPolicy",
            "twister2-dash",
            "spec.ingress",
            [{ from: [peerOf("dev-research", { app: "twister2" }), peerOf("ingress")], ports: tcp(8080) }],
        ],
        ["no way out for the dashboard", {}, "NetworkPolicy", "twister2-dash", "spec.egress", []],
        [
            "the hash of the log's configuration",
            {},
            "Deployment",
            undefined,
            'spec.template.metadata.annotations["data-platform/config-hash"]',
            configHash(logConfig),
        ],
        [
            "probes that ask the API, never /",
            {},
            "Deployment",
            undefined,
            `${dashboard}.readinessProbe.httpGet.path`,
            "/stats/elements/",
        ],
        [
            "uploader.storage",
            { research: { uploader: { kind: "server", storage: "7Gi" } } },
            "PersistentVolumeClaim",
            "twister2-research-uploader-packages",
            "spec.resources.requests.storage",
            "7Gi",
        ],
        [
            "the label that the client looks for, at the uploader's pod",
            {},
            "StatefulSet",
            undefined,
            "spec.template.metadata.labels.app",
            "twister2-uploader",
        ],
        [
            "jobs as clients of the uploader",
            {},
            "NetworkPolicy",
            "twister2-research-uploader",
            "spec.ingress[0].from",
            [{ podSelector: { matchLabels: { app: "twister2" } } }],
        ],
        [
            "clients, on the ports of workers",
            {
                research: {
                    clients: [{ cidr: "10.0.0.0/8" }],
                    jobDefaults: {
                        additionalPorts: ["a"],
                        computeResources: [{ cpu: "1", memory: "1Gi", instances: 1, workersPerPod: 2 }],
                    },
                    workers: { basePort: 9100 },
                },
            },
            "NetworkPolicy",
            "twister2-jobs",
            "spec.ingress",
            [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: tcp(9100, 9101, 9102, 9103) }],
        ],
        ["no clients by default", {}, "NetworkPolicy", "twister2-jobs", "spec.ingress", []],
        [
            "workers.transportProtocol, among the pods of jobs",
            { research: { workers: { transportProtocol: "UDP" } } },
            "NetworkPolicy",
            "twister2-jobs-among",
            "spec.egress[0].ports",
            [{ protocol: "TCP" }, { protocol: "UDP" }],
        ],
        [
            "submitters",
            { research: { submitters: ["scientists", "students"] } },
            "RoleBinding",
            "twister2-submitters",
            "subjects[1].name",
            "students",
        ],
        [
            "nodeLocations.nodes",
            { nodeLocations: { kind: "labels", nodes: [{ node: "n1", rack: "blue", datacenter: "dc1" }] } },
            "NodePatch",
            "n1",
            "metadata.labels",
            { rack: "blue", datacenter: "dc1" },
        ],
        [
            "nodeLocations' keys",
            {
                nodeLocations: {
                    kind: "labels",
                    rackKey: "example.com/rack",
                    datacenterKey: "example.com/dc",
                    nodes: [{ node: "n1", rack: "blue", datacenter: "dc1" }],
                },
            },
            "NodePatch",
            "n1",
            "metadata.labels",
            { "example.com/rack": "blue", "example.com/dc": "dc1" },
        ],
    ];
    for (const [what, overrides, kind, name, path, expected] of cases) {
        it(`shows ${what}`, async () => {
            const { plan } = await planned(overrides);
            assert.deepEqual(at(find(plan, kind, name).inputs, path), expected);
        });
    }

    const file = (plan: Plan, name: string) =>
        String(at(find(plan, "ConfigMap", "twister2-client").inputs, `data["${name}"]`));

    it("names web servers of others in the client's files", async () => {
        const uploader = {
            kind: "existing",
            url: "http://web",
            directory: "/srv/www",
            label: { key: "example.com/app", value: "web" },
        } as const;
        const { plan } = await planned({ research: { uploader } });
        assert.match(file(plan, "resource.yaml"), /uploader.web.server: http:\/\/web$/m);
        assert.match(file(plan, "resource.yaml"), /uploader.web.server.directory: \/srv\/www$/m);
        assert.match(file(plan, "resource.yaml"), /uploader.web.server.label: example.com\/app=web$/m);
        assert.equal(all(plan, "Uploader").length, 0);
    });

    it("names no web server where the client copies to the pods of jobs", async () => {
        const { plan } = await planned({ research: { uploader: { kind: "none" } } });
        assert.doesNotMatch(file(plan, "resource.yaml"), /uploader\.web\.server/);
        assert.match(file(plan, "resource.yaml"), /K8sUploader/);
    });

    it("names ZooKeeper only in namespaces of fault-tolerant jobs", async () => {
        const { plan } = await planned({
            zookeeper: { kind: "shared" },
            ensemble,
            others: { teaching: { faultTolerance: { enabled: false } } },
        });
        const files = all(plan, "ConfigMap").filter(({ inputs }) => at(inputs, "metadata.name") === "twister2-client");
        assert.deepEqual(
            files.map(({ inputs }) => [
                at(inputs, "metadata.namespace"),
                /zookeeper.server.addresses: zk:2181$/m.test(String(at(inputs, 'data["resource.yaml"]'))),
            ]),
            [
                ["dev-research", true],
                ["dev-teaching", false],
            ],
        );
    });

    it("has no dashboard of its own beside somebody else's", async () => {
        const { plan, twister2 } = await planned({
            dashboard: { kind: "external", host: "http://dash:8080", peers: [{ cidr: "10.8.0.0/16" }] },
        });
        assert.equal(twister2.ui, undefined);
        assert.equal(twister2.dashboardUrl, "http://dash:8080");
        assert.match(file(plan, "core.yaml"), /^twister2.dashboard.host: http:\/\/dash:8080$/m);
        assert.equal(all(plan, "Deployment").length, 0);
    });

    it("makes an RSA key of 4096 bits, and a Secret with exactly the files of OpenMPI's pods", async () => {
        const { plan } = await planned({ research: { openMpi: { kind: "generated" } } });
        assert.deepEqual(find(plan, "PrivateKey").inputs, { algorithm: "RSA", rsaBits: 4096 });
        const secret = find(plan, "Secret");
        assert.equal(at(secret.inputs, "metadata.name"), "twister2-openmpi-ssh-key");
        assert.equal(at(secret.inputs, "type"), "Opaque");
        const entries = at(secret.inputs, "stringData") as object;
        assert.deepEqual(Object.keys(entries).sort(), ["authorized_keys", "id_rsa", "id_rsa.pub"]);
        assert.ok(secret.secretPaths.some((path) => path.includes("id_rsa")));
    });

    it("makes a new key when its counter is raised, and only then", async () => {
        const names = async (rotation: number, pullPolicy: "Always" | "IfNotPresent") => {
            const openMpi = { kind: "generated", rotation } as const;
            return all((await planned({ research: { openMpi, pullPolicy } })).plan, "PrivateKey").map(
                ({ name }) => name,
            );
        };
        assert.deepEqual(await names(0, "Always"), await names(0, "IfNotPresent"));
        assert.deepEqual(await names(1, "Always"), ["twister2-research-ssh-key-1"]);
    });

    it("makes no key where a Secret exists", async () => {
        const { plan } = await planned({ research: { openMpi: { kind: "existing", secretName: "ssh" } } });
        assert.equal(all(plan, "Secret").length + all(plan, "PrivateKey").length, 0);
    });

    it("lets the submitters of all namespaces list nodes, once", async () => {
        const { plan } = await planned({
            research: { submitters: ["scientists", "both"] },
            others: { teaching: { submitters: ["students", "both"] } },
        });
        const subjects = listAt(find(plan, "ClusterRoleBinding").inputs, "subjects").map((each) => at(each, "name"));
        assert.deepEqual(subjects, ["scientists", "both", "students"]);
        assert.equal(at(find(plan, "ClusterRole").inputs, "metadata.name"), "dev-twister2-node-readers");
    });

    it("lets nobody list nodes where racks come from the client's configuration", async () => {
        const { plan } = await planned({
            nodeLocations: { kind: "config" },
            research: { submitters: ["scientists"] },
        });
        assert.equal(all(plan, "ClusterRole").length, 0);
    });

    it("makes the workers' one target Twister2's own mapping", async () => {
        const { plan } = await planned({ research: { jobTargets: "stateful" } });
        assert.match(file(plan, "resource.yaml"), /worker.mapping.key: pool$/m);
    });

    const refused: readonly (readonly [string, Overrides, RegExp])[] = [
        [
            "targets that Twister2 can't have",
            {
                research: { jobTargets: "spot" },
                foundation: { targets: { spot: [{ key: "spot", value: "yes", constraint: "accepted" }] } },
            },
            /jobTargets: expected no preferred and no accepted target/,
        ],
        ["a target set that is none", { research: { jobTargets: "none" } }, /no target set "none"/],
        ["another domain", { foundation: { dns: { domain: "a.b" } } }, /cluster.dns.domain: expected cluster.local/],
        [
            "no API server",
            { foundation: { apiServer: undefined } },
            /cluster.apiServer: expected where the API server is/,
        ],
        ["no ensemble where it is shared", { zookeeper: { kind: "shared" } }, /there is none/],
        [
            "an ensemble that requires TLS",
            {
                zookeeper: { kind: "shared" },
                ensemble: { ...ensemble, tls: { connectionString: "zk:2281", required: true, rotation: 0 } },
            },
            /neither TLS nor logins/,
        ],
        [
            "an ensemble that requires a login",
            {
                zookeeper: { kind: "shared" },
                ensemble: { ...ensemble, authentication: { required: true, logins: {} } },
            },
            /neither TLS nor logins/,
        ],
    ];
    for (const [what, overrides, message] of refused) {
        it(`refuses ${what}`, () => assert.rejects(planned(overrides), message));
    }

    it("refuses a job namespace that it is not told the name of", async () => {
        const plan = planOf(
            () =>
                new Twister2("twister2", {
                    foundation: good(),
                    namespace: "dev-twister2",
                    jobNamespaces: {},
                    settings: { jobNamespaces: { research: {} } },
                }),
        );
        await assert.rejects(plan, /no namespace for the jobs of "research"/);
    });
});
