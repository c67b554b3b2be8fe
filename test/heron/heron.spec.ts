import * as assert from "node:assert/strict";
import type { Plan, PlannedResource } from "../../bin/plan/plan";
import { configHash } from "../../components/foundation/configFiles";
import { all, at, find, kindsAndNames, listAt, mapAt } from "../support/plans";
import { onBookies, planned, waitsFor } from "./fixtures";
import { effects, s3 } from "./planEffects";

const pod = "spec.template.spec";
const tools = ["apiserver", "tracker", "ui"] as const;
const deployment = (plan: Plan, tool: string): PlannedResource => find(plan, "Deployment", `heron-${tool}`);
const container = (plan: Plan, tool: string) => at(deployment(plan, tool).inputs, `${pod}.containers[0]`);
const hash = (plan: Plan, tool: string) =>
    at(deployment(plan, tool).inputs, 'spec.template.metadata.annotations["data-platform/config-hash"]');

describe("Heron", () => {
    it("registers three tools, and what topologies find, by default", async () => {
        const { plan, heron } = await planned();
        assert.deepEqual(kindsAndNames(plan), [
            ...["apiserver", "topology", "tracker", "ui"].map((each) => `Access heron-${each}-access`),
            ...["client", "config", "pod-templates", "tracker-config"].map((each) => `ConfigMap heron-${each}`),
            ...tools.map((each) => `Deployment heron-${each}-deployment`),
            "Heron heron",
            ...tools.map((each) => `MasterSet heron-${each}`),
            ...["apiserver", "topology", "tracker", "ui"].map((each) => `NetworkPolicy heron-${each}-network`),
            "PersistentVolumeClaim heron-packages",
            "Role heron-apiserver-access-elsewhere-role",
            "RoleBinding heron-apiserver-access-elsewhere-binding",
            ...tools.map((each) => `Service heron-${each}-service`),
            ...["apiserver", "topology", "tracker", "ui"].map((each) => `ServiceAccount heron-${each}-access-account`),
        ]);
        assert.deepEqual(find(plan, "Heron").inputs, {
            namespace: "dev-heron",
            topologyNamespace: "dev-topologies",
            image: "docker.io/apache/heron:0.20.5-incubating",
            zookeeper: "shared",
            stateRoot: "/heron",
            uploader: "http",
            statefulStorage: "localfs",
            dlogPath: null,
        });
        assert.deepEqual(find(plan, "Heron").outputs, {
            url: "http://heron-apiserver.dev-heron.svc.cluster.local:9000",
            clusterName: "dev-heron",
            namespace: "dev-heron",
            topologyNamespace: "dev-topologies",
        });
        assert.deepEqual([heron.namespaceName, heron.topologyNamespaceName], ["dev-heron", "dev-topologies"]);
    });

    it("keeps topologies, and all that is theirs, in their namespace", async () => {
        const { plan } = await planned();
        const there = plan.resources
            .filter(({ inputs }) => at(inputs, "metadata.namespace") === "dev-topologies")
            .map(({ type, inputs }) => `${type.split(":").at(-1) ?? ""} ${String(at(inputs, "metadata.name"))}`);
        assert.deepEqual(there.sort(), [
            "ConfigMap heron-pods",
            "NetworkPolicy heron-topology",
            "Role heron-apiserver",
            "RoleBinding heron-apiserver",
            "ServiceAccount heron-topology",
        ]);
        assert.deepEqual(at(find(plan, "NetworkPolicy", "heron-topology").inputs, "spec.podSelector"), {
            matchLabels: { app: "heron" },
        });
    });

    it("gives the API server exactly the calls that it makes, there only [heron-P5]", async () => {
        const { plan } = await planned({ settings: { topologies: { podTemplates: false } } });
        assert.deepEqual(all(plan, "ClusterRole"), []);
        assert.deepEqual(all(plan, "ClusterRoleBinding"), []);
        const role = find(plan, "Role");
        assert.equal(at(role.inputs, "metadata.namespace"), "dev-topologies");
        assert.deepEqual(role.inputs["rules"], [
            { apiGroups: ["apps"], resources: ["statefulsets"], verbs: ["create", "get", "patch", "deletecollection"] },
            { apiGroups: [""], resources: ["services"], verbs: ["create", "delete"] },
            { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["deletecollection"] },
            { apiGroups: [""], resources: ["pods"], verbs: ["deletecollection"] },
        ]);
        assert.deepEqual(find(plan, "RoleBinding").inputs["subjects"], [
            { kind: "ServiceAccount", name: "heron-apiserver", namespace: "dev-heron" },
        ]);
    });

    it("keeps submitters to the topology namespace and to its own templates [heron-P3]", async () => {
        const { plan } = await planned();
        // Whatever heron.kubernetes.scheduler.namespace a submitter sends: nothing is allowed elsewhere.
        assert.deepEqual(
            all(plan, "Role").map(({ inputs }) => at(inputs, "metadata.namespace")),
            ["dev-topologies"],
        );
        // And whatever pod template: no other can be read, and without one nothing starts (KubernetesShim.java).
        assert.deepEqual(listAt(find(plan, "Role").inputs, "rules").at(-1), {
            apiGroups: [""],
            resources: ["configmaps"],
            verbs: ["get"],
            resourceNames: ["heron-pods"],
        });
    });

    it("can read the templates that it names, before the first submit [heron-P14]", async () => {
        const { plan } = await planned();
        const rule = listAt(find(plan, "Role").inputs, "rules").find(
            (each) => at(each, "resources[0]") === "configmaps",
        );
        const [name] = rule === undefined ? [] : listAt(rule, "resourceNames");
        const templates = find(plan, "ConfigMap", String(name));
        const scheduler = String(mapAt(find(plan, "ConfigMap", "heron-config").inputs, "data")["scheduler.yaml"]);
        for (const [, map, key] of scheduler.matchAll(/pod\.template: ([^.]+)\.(.+)/g)) {
            assert.equal(map, name);
            assert.equal(typeof mapAt(templates.inputs, "data")[key ?? ""], "string");
        }
        assert.match(scheduler, /pod\.template: heron-pods/);
        assert.ok(waitsFor(plan, find(plan, "MasterSet", "heron-apiserver")).includes(templates.name));
    });

    it("has three deployments of one container, of which one has a token [heron-P11]", async () => {
        const { plan } = await planned();
        assert.deepEqual(
            tools.map((tool) => {
                const { inputs } = deployment(plan, tool);
                const names = listAt(inputs, `${pod}.containers`).map((each) => at(each, "name"));
                return [tool, names, at(inputs, `${pod}.automountServiceAccountToken`)];
            }),
            [
                ["apiserver", ["apiserver"], true],
                ["tracker", ["tracker"], false],
                ["ui", ["ui"], false],
            ],
        );
        const accounts = tools.map((tool) => at(deployment(plan, tool).inputs, `${pod}.serviceAccountName`));
        assert.equal(new Set(accounts).size, 3);
    });

    it("starts each tool directly, with few arguments [heron-P15]", async () => {
        const { plan } = await planned();
        assert.deepEqual(
            tools.map((tool) => at(container(plan, tool), "command")),
            [
                [
                    ...["heron-apiserver", "--cluster", "dev-heron", "--config-path", "/etc/heron/conf"],
                    ...["--port", "9000"],
                    ...["--download-hostname", "heron-apiserver.dev-heron.svc.cluster.local"],
                ],
                ["heron-tracker", "--config-file=/etc/heron/tracker/heron_tracker.yaml", "--port=8888"],
                ["heron-ui", "--tracker-url=http://heron-tracker.dev-heron.svc.cluster.local:8888", "--port=8889"],
            ],
        );
    });

    it("restarts the API server and the tracker with their files, and nothing else [heron-P15]", async () => {
        const { plan } = await planned();
        const { plan: other } = await planned({ settings: { packing: { algorithm: "firstFitDecreasing" } } });
        const { plan: linked } = await planned({ settings: { tracker: { links: { A: "https://a" } } } });
        assert.notEqual(hash(plan, "apiserver"), hash(other, "apiserver"));
        assert.equal(hash(plan, "tracker"), hash(other, "tracker"));
        assert.notEqual(hash(plan, "tracker"), hash(linked, "tracker"));
        assert.equal(hash(plan, "apiserver"), hash(linked, "apiserver"));
        const data = mapAt(find(plan, "ConfigMap", "heron-tracker-config").inputs, "data");
        assert.equal(hash(plan, "tracker"), configHash(String(data["heron_tracker.yaml"])));
    });

    it("asks each tool itself whether it works, and lets requests end [heron-P10]", async () => {
        const { plan } = await planned();
        for (const [tool, path] of [
            ["apiserver", "/api/v1/version"],
            ["tracker", "/health"],
            ["ui", "/health"],
        ] as const) {
            for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
                assert.deepEqual(at(container(plan, tool), `${probe}.httpGet`), { path, port: "http" }, tool + probe);
            }
        }
        assert.deepEqual(at(container(plan, "apiserver"), "lifecycle.preStop.exec.command"), ["sleep", "30"]);
        assert.equal(at(deployment(plan, "apiserver").inputs, `${pod}.terminationGracePeriodSeconds`), 60);
        assert.deepEqual(
            listAt(container(plan, "apiserver"), "env").filter((each) => String(at(each, "name")).includes("MEM")),
            [
                { name: "HERON_APISERVER_MEM_MIN", value: "512m" },
                { name: "HERON_APISERVER_MEM_MAX", value: "512m" },
                { name: "HERON_APISERVER_MEM_DIRECT", value: "256m" },
            ],
        );
        assert.deepEqual(at(deployment(plan, "apiserver").inputs, `${pod}.volumes[name=tmp]`), {
            name: "tmp",
            emptyDir: { sizeLimit: "2Gi" },
        });
    });

    it("mounts the configuration file by file, so that its folder holds nothing else", async () => {
        const { plan } = await planned();
        const files = Object.keys(mapAt(find(plan, "ConfigMap", "heron-config").inputs, "data"));
        assert.equal(files.length, 9);
        assert.deepEqual(
            listAt(container(plan, "apiserver"), "volumeMounts").filter((each) => at(each, "name") === "config"),
            files.map((file) => ({
                name: "config",
                mountPath: `/etc/heron/conf/${file}`,
                readOnly: true,
                subPath: file,
            })),
        );
    });

    it("has one image for tools and topologies, of a fixed version [heron-P12]", async () => {
        const { plan } = await planned({ foundation: { images: { registry: "reg.example.com/m" } } });
        const image = "reg.example.com/m/apache/heron:0.20.5-incubating";
        assert.deepEqual(new Set(tools.map((tool) => at(container(plan, tool), "image"))), new Set([image]));
        const scheduler = String(mapAt(find(plan, "ConfigMap", "heron-config").inputs, "data")["scheduler.yaml"]);
        assert.match(scheduler, new RegExp(`^heron.executor.docker.image: ${image}$`, "m"));
    });

    it("opens no port of a node, and lets in nobody who is not named [heron-P4]", async () => {
        const { plan } = await planned({ settings: onBookies });
        for (const tool of tools) {
            assert.equal(at(find(plan, "Service", `heron-${tool}`).inputs, "spec.type"), "ClusterIP");
        }
        assert.deepEqual(at(find(plan, "NetworkPolicy", "heron-apiserver").inputs, "spec.ingress"), []);
        assert.deepEqual(at(find(plan, "NetworkPolicy", "heron-ui").inputs, "spec.ingress"), []);
        assert.equal(listAt(find(plan, "NetworkPolicy", "heron-tracker").inputs, "spec.ingress").length, 1);
    });

    it("links to the API server of Kubernetes, and opens no port for debuggers [heron-P16]", async () => {
        const { plan } = await planned();
        const scheduler = String(mapAt(find(plan, "ConfigMap", "heron-config").inputs, "data")["scheduler.yaml"]);
        assert.match(scheduler, /^heron\.kubernetes\.scheduler\.uri: https:\/\/kubernetes\.default\.svc$/m);
        const ports = JSON.stringify(find(plan, "NetworkPolicy", "heron-topology").inputs["spec"]).match(/60\d\d/g);
        assert.deepEqual([...new Set(ports)].sort().at(-1), "6009");
    });

    it("shows its parts to dashboards", async () => {
        const { plan, heron } = await planned();
        for (const [ui, tool, port] of [
            [heron.uis.apiServer, "apiserver", 9000],
            [heron.uis.tracker, "tracker", 8888],
            [heron.uis.ui, "ui", 8889],
        ] as const) {
            const service = find(plan, "Service", ui.service);
            assert.deepEqual(at(service.inputs, "spec.selector"), ui.podLabels);
            assert.deepEqual(at(service.inputs, "spec.ports[0]"), {
                name: ui.portName,
                port: ui.port,
                targetPort: "http",
                protocol: "TCP",
            });
            assert.deepEqual([ui.port, ui.containerPort], [port, port]);
            assert.equal(at(container(plan, tool), "ports[0].containerPort"), port);
        }
    });

    it("gives users their files", async () => {
        const { plan, heron } = await planned({ settings: { clusterName: "prod" } });
        assert.deepEqual(find(plan, "ConfigMap", "heron-client").inputs["data"], {
            "cli.prod.cli.yaml": heron.clientFiles["cli/prod/cli.yaml"],
        });
        assert.equal(heron.clusterName, "prod");
        assert.equal(at(container(plan, "apiserver"), "command[2]"), "prod");
    });

    for (const [what, overrides, kind, name, path, expected] of effects) {
        it(`shows ${what}`, async () => {
            const { plan } = await planned(overrides);
            assert.deepEqual(at(find(plan, kind, name).inputs, path), expected);
        });
    }

    it("restarts the API server with credentialsRotation, and nothing else", async () => {
        const { plan } = await planned({ settings: { uploader: s3 } });
        const { plan: rotated } = await planned({ settings: { uploader: s3, credentialsRotation: 1 } });
        assert.notEqual(hash(plan, "apiserver"), hash(rotated, "apiserver"));
        assert.equal(hash(plan, "tracker"), hash(rotated, "tracker"));
    });

    it("keeps the bucket's login out of files and arguments, and from topologies [heron-P2]", async () => {
        const { plan } = await planned({ settings: { uploader: s3 } });
        for (const tool of tools) {
            const command = listAt(container(plan, tool), "command").map(String);
            assert.deepEqual(
                command.filter((argument) => argument.startsWith("-D") || /key|secret/i.test(argument)),
                [],
            );
        }
        const uploader = String(mapAt(find(plan, "ConfigMap", "heron-config").inputs, "data")["uploader.yaml"]);
        assert.deepEqual(
            [...uploader.matchAll(/^([^:]+):/gm)].map(([, key]) => key),
            [
                "heron.class.uploader",
                "heron.uploader.s3.bucket",
                "heron.uploader.s3.path_prefix",
                "heron.uploader.s3.region",
            ],
        );
        const aws = listAt(container(plan, "apiserver"), "env").filter((each) =>
            String(at(each, "name")).startsWith("AWS"),
        );
        assert.equal(aws.length, 2);
        aws.forEach((each) => assert.deepEqual(Object.keys(each as object), ["name", "valueFrom"]));
        const users = [...all(plan, "ConfigMap"), deployment(plan, "tracker"), deployment(plan, "ui")];
        assert.doesNotMatch(JSON.stringify(users.map(({ inputs }) => inputs)), /AWS_|"bucket"/);
    });

    it("has no templates, no account and no monitor of pods where those are off", async () => {
        const { plan } = await planned({ settings: { topologies: { podTemplates: false } } });
        assert.deepEqual(
            plan.resources.map(({ name }) => name).filter((name) => /templates|topology-access/.test(name)),
            [],
        );
    });
});
