import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { sumOfDemands } from "../../components/foundation/demand";
import { Namespace, type NamespaceSettings } from "../../components/foundation/namespace";
import { parseQuantity } from "../../components/foundation/quantity";
import { leastJobDemand } from "../../components/twister2/demand";
import { submitterRules } from "../../components/twister2/rules";
import { jobPodSecurity, twister2Settings } from "../../components/twister2/schema";
import { foundation } from "../support/foundation";
import { containersOf, workloads } from "../support/invariants";
import { all, at, find, listAt, mapAt, planOf } from "../support/plans";
import { jobNamespace, planned } from "./fixtures";

const clientFile = (plan: Plan, file: string, name = "twister2-research-client"): string =>
    String(at(find(plan, "ConfigMap", name).inputs, `data["${file}"]`));

/** A namespace for jobs, as a stack makes it of their settings. */
const jobsNamespace = (images: { pullSecrets?: string[] } = {}): Promise<Plan> => {
    const settings: NamespaceSettings = { ...jobNamespace().namespace, defaultAccountToken: true };
    return planOf(() => {
        new Namespace("jobs", {
            foundation: foundation({ images }),
            namespace: "dev-research",
            settings,
            podSecurity: jobPodSecurity,
        });
    });
};

describe("The defects of Twister2's official manifests", () => {
    it("binds the role of jobs to one account, and others to named groups [twister2-P1]", async () => {
        const { plan } = await planned({ research: { submitters: ["scientists"] } });
        const subjects = [...all(plan, "RoleBinding"), ...all(plan, "ClusterRoleBinding")].map(({ name, inputs }) => [
            name,
            ...listAt(inputs, "subjects").map((each) => `${String(at(each, "kind"))} ${String(at(each, "name"))}`),
        ]);
        assert.deepEqual(subjects.sort(), [
            ["twister2-node-readers-cluster-binding", "Group scientists"],
            ["twister2-research-jobs-binding", "ServiceAccount default"],
            ["twister2-research-submitters-binding", "Group scientists"],
        ]);
    });

    it("gives pods of its own accounts of their own, without a token [twister2-P2]", async () => {
        const { plan } = await planned();
        const accounts = workloads(plan).map(({ inputs }) => mapAt(inputs, "spec.template.spec"));
        assert.deepEqual(
            accounts.map((spec) => [spec["serviceAccountName"], spec["automountServiceAccountToken"]]).sort(),
            [
                ["twister2-dash", false],
                ["twister2-research-uploader", false],
            ],
        );
    });

    it("lets submitters list nodes, without which the client ends in an error [twister2-P3]", async () => {
        const { plan } = await planned({ research: { submitters: ["scientists"] } });
        assert.deepEqual(at(find(plan, "ClusterRole").inputs, "rules"), [
            { apiGroups: [""], resources: ["nodes"], verbs: ["list"] },
        ]);
        assert.deepEqual(
            at(find(plan, "ClusterRoleBinding").inputs, "roleRef.name"),
            at(find(plan, "ClusterRole").inputs, "metadata.name"),
        );
    });

    it("sets up every namespace of jobs wholly [twister2-P4]", async () => {
        const space = { submitters: ["scientists"], openMpi: { kind: "generated" as const } };
        const { plan } = await planned({ research: space, others: { teaching: space } });
        const inNamespace = (namespace: string) =>
            plan.resources
                .filter(({ inputs }) => at(inputs, "metadata.namespace") === namespace)
                .map(({ type, inputs }) => `${type.split(":").at(-1) ?? ""} ${String(at(inputs, "metadata.name"))}`)
                .map((each) => each.replace(/twister2-(research|teaching)/, "twister2-SHORT"))
                .sort();
        assert.deepEqual(inNamespace("dev-teaching"), inNamespace("dev-research"));
        for (const present of [
            "ConfigMap twister2-client",
            "Role twister2-jobs",
            "Role twister2-submitters",
            "Secret twister2-openmpi-ssh-key",
            "Service twister2-uploader",
        ]) {
            assert.ok(inNamespace("dev-teaching").includes(present), present);
        }
    });

    it("names the uploader of the job namespace, the dashboard and the cluster's one domain [twister2-P5]", async () => {
        const { plan } = await planned();
        const url = "http://twister2-uploader.dev-research.svc.cluster.local";
        assert.match(
            clientFile(plan, "resource.yaml"),
            new RegExp(`^twister2.kubernetes.uploader.web.server: ${url}$`, "m"),
        );
        const service = find(plan, "Service", "twister2-uploader").inputs;
        assert.equal(at(service, "metadata.namespace"), "dev-research");
        assert.equal(at(service, "spec.ports[0].port"), 80);
        assert.match(
            clientFile(plan, "core.yaml"),
            /^twister2.dashboard.host: http:\/\/twister2-dashboard\.dev-twister2\.svc\.cluster\.local$/m,
        );
        await assert.rejects(
            planned({ foundation: { dns: { domain: "example.internal" } } }),
            /expected cluster\.local/,
        );
    });

    it("names a version of every image, the client's one too [twister2-P6]", async () => {
        const { plan } = await planned();
        const images = workloads(plan).flatMap((each) => containersOf(each).map((one) => String(at(one, "image"))));
        const [inFile] =
            /^twister2.resource.kubernetes.docker.image: .*$/m.exec(clientFile(plan, "resource.yaml")) ?? [];
        for (const image of [...images, String(inFile)]) {
            assert.match(image, /:[0-9][^:]*$/);
            assert.doesNotMatch(image, /SNAPSHOT|latest/);
        }
        assert.equal(images.length, 2);
    });

    it("probes the dashboard, bounds it, and gives it time to end [twister2-P7]", async () => {
        const { plan } = await planned();
        const spec = at(find(plan, "Deployment").inputs, "spec.template.spec");
        const container = at(spec, "containers[name=dashboard]");
        for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
            assert.ok(at(container, probe) !== undefined, probe);
        }
        assert.ok(Number(at(spec, "terminationGracePeriodSeconds")) >= 30);
        assert.equal(at(container, "resources.limits.memory"), "1Gi");
        assert.equal(at(spec, "securityContext.runAsNonRoot"), true);
    });

    it("keeps the dashboard's database on its volume, of one writer [twister2-P8]", async () => {
        const { plan } = await planned();
        const container = at(find(plan, "Deployment").inputs, "spec.template.spec.containers[name=dashboard]");
        const [, path] =
            /^jdbc:h2:file:([^;]*);/.exec(String(at(container, "env[name=SPRING_DATASOURCE_URL].value"))) ?? [];
        const mount = String(at(container, "volumeMounts[name=database].mountPath"));
        assert.ok(path?.startsWith(`${mount}/`), `${path} below ${mount}`);
        assert.equal(at(find(plan, "Deployment").inputs, "spec.replicas"), 1);
        assert.equal(at(find(plan, "Deployment").inputs, "spec.strategy.type"), "Recreate");
        const claim = find(plan, "PersistentVolumeClaim", "twister2-dash-database").inputs;
        assert.deepEqual(at(claim, "spec.accessModes"), ["ReadWriteOnce"]);
        assert.equal(at(claim, 'metadata.annotations["volume.beta.kubernetes.io/storage-class"]'), undefined);
    });

    it("closes the dashboard: no console, no look-ups in messages, java itself, and known clients [twister2-P9]", async () => {
        const { plan } = await planned();
        const container = at(find(plan, "Deployment").inputs, "spec.template.spec.containers[name=dashboard]");
        assert.equal(at(container, "env[name=SPRING_H2_CONSOLE_ENABLED].value"), "false");
        assert.equal(at(container, "env[name=LOG4J_FORMAT_MSG_NO_LOOKUPS].value"), "true");
        const command = listAt(container, "command");
        assert.equal(command[0], "java");
        assert.ok(command.includes("-Dlog4j2.formatMsgNoLookups=true"));
        assert.equal(at(find(plan, "Service", "twister2-dashboard").inputs, "spec.type"), "ClusterIP");
        assert.deepEqual(at(find(plan, "NetworkPolicy", "twister2-dash").inputs, "spec.ingress[0].from"), [
            {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "dev-research" } },
                podSelector: { matchLabels: { app: "twister2" } },
            },
        ]);
    });

    it("makes no ZooKeeper of its own, and names every member of the ensemble [twister2-P10]", async () => {
        const connectionString = "zk-1.zk:2181,zk-2.zk:2181,zk-3.zk:2181";
        const flow = { peers: [{ namespace: "dev-zookeeper" }], ports: [{ port: 2181 }] };
        const { plan } = await planned({ zookeeper: { kind: "shared" }, ensemble: { connectionString, flow } });
        assert.deepEqual(
            workloads(plan)
                .map(({ name }) => name)
                .sort(),
            ["twister2-dash-server-deployment", "twister2-research-uploader-server-set"],
        );
        assert.match(
            clientFile(plan, "resource.yaml"),
            new RegExp(`^twister2.resource.zookeeper.server.addresses: ${connectionString}$`, "m"),
        );
    });

    it("keeps packages on a volume, removes old ones, and labels no other pod as uploader [twister2-P11]", async () => {
        const { plan } = await planned({ research: { uploader: { kind: "server", keepFor: "7d" } } });
        const template = at(find(plan, "StatefulSet").inputs, "spec.template");
        assert.equal(
            at(template, "spec.containers[name=uploader].volumeMounts[name=packages].mountPath"),
            "/usr/share/nginx/html",
        );
        assert.ok(at(template, "spec.initContainers[name=cleanup]") !== undefined);
        // kubectl cp and the client's exec name no container.
        assert.equal(listAt(template, "spec.containers").length, 1);
        const labelled = workloads(plan).filter(
            ({ inputs }) => at(inputs, "spec.template.metadata.labels.app") === "twister2-uploader",
        );
        assert.deepEqual(
            labelled.map(({ name }) => name),
            ["twister2-research-uploader-server-set"],
        );
    });

    it("asks of the namespaces of jobs no more than baseline, with the reason [twister2-P12]", () => {
        assert.equal(jobPodSecurity.level, "baseline");
        assert.match(jobPodSecurity.reason, /root/);
    });

    it("gives containers without limits such as no job comes near, and refuses jobs above them [twister2-P13]", () => {
        const { containerDefaults } = jobNamespace().namespace;
        assert.ok(parseQuantity(containerDefaults.cpuLimit) >= 16);
        assert.ok(parseQuantity(containerDefaults.memoryLimit ?? "0") >= parseQuantity("32Gi"));
        const large = { cpu: "1", memory: "33Gi", instances: 1 };
        assert.throws(
            () =>
                twister2Settings.parse({ jobNamespaces: { research: { jobDefaults: { computeResources: [large] } } } }),
            /at most namespace.containerDefaults.memoryLimit, 32Gi/,
        );
    });

    it("lets jobs pull from a private registry [twister2-P14]", async () => {
        const plan = await jobsNamespace({ pullSecrets: ["mirror"] });
        const account = find(plan, "ServiceAccountPatch").inputs;
        assert.equal(at(account, "metadata.name"), "default");
        assert.deepEqual(at(account, "imagePullSecrets"), [{ name: "mirror" }]);
        assert.equal(at(account, "automountServiceAccountToken"), true);
    });

    it("names the uploader's pod by a headless Service, beside the one that clients use [twister2-P15]", async () => {
        const { plan } = await planned();
        const named = String(at(find(plan, "StatefulSet").inputs, "spec.serviceName"));
        assert.equal(at(find(plan, "Service", named).inputs, "spec.clusterIP"), "None");
        assert.equal(at(find(plan, "Service", "twister2-uploader").inputs, "spec.clusterIP"), undefined);
    });

    it("opens to jobs all that they need where everything is closed [twister2-P16]", async () => {
        const { plan } = await planned();
        const among = [{ podSelector: { matchLabels: { app: "twister2" } } }];
        assert.deepEqual(at(find(plan, "NetworkPolicy", "twister2-jobs-among").inputs, "spec"), {
            podSelector: { matchLabels: { app: "twister2" } },
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: among, ports: [{ protocol: "TCP" }] }],
            egress: [{ to: among, ports: [{ protocol: "TCP" }] }],
        });
        const egress = listAt(find(plan, "NetworkPolicy", "twister2-jobs").inputs, "spec.egress");
        assert.deepEqual(
            egress.map((each) => listAt(each, "ports").map((port) => at(port, "port"))),
            [[443], [8080], [8080]],
        );
    });

    it("demands nothing of the pods of jobs that Twister2 can't give them [twister2-P17]", async () => {
        const plan = await jobsNamespace();
        const labels = mapAt(find(plan, "Namespace", "dev-research").inputs, "metadata.labels");
        assert.equal(labels["pod-security.kubernetes.io/enforce"], "baseline");
        // What a quota asks of every container, a container that has none gets.
        const limits = at(find(plan, "LimitRange").inputs, "spec.limits[0]");
        assert.deepEqual(Object.keys(mapAt(limits, "default")).sort(), ["cpu", "ephemeral-storage", "memory"]);
        assert.equal(at(limits, "min"), undefined);
    });

    it("lets clients leave after they have submitted, and remove what they left [twister2-P18]", () => {
        const settings = jobNamespace();
        assert.equal(settings.uploader.kind, "server");
        const rules = submitterRules(settings);
        const made = rules.filter(
            ({ verbs, resources }) => verbs.includes("create") && !resources.includes("pods/exec"),
        );
        assert.deepEqual(made.flatMap(({ resources }) => resources).sort(), [
            "configmaps",
            "persistentvolumeclaims",
            "services",
            "statefulsets",
        ]);
        made.forEach(({ verbs, resources }) => assert.ok(verbs.includes("delete"), resources.join()));
    });

    it("gives nothing of its own the label by which clearall removes claims [twister2-P18b]", async () => {
        const { plan } = await planned({ research: { submitters: ["scientists"], openMpi: { kind: "generated" } } });
        for (const { name, inputs } of plan.resources) {
            assert.notEqual(at(inputs, "metadata.labels.app"), "twister2", name);
            assert.notEqual(at(inputs, "spec.template.metadata.labels.app"), "twister2", name);
        }
    });

    it("leaves jobs the account whose token the cluster prolongs by itself [twister2-P19]", async () => {
        const { plan } = await planned();
        const binding = find(plan, "RoleBinding").inputs;
        assert.deepEqual(at(binding, "subjects"), [
            { kind: "ServiceAccount", name: "default", namespace: "dev-research" },
        ]);
        assert.deepEqual(
            all(plan, "ServiceAccount")
                .map(({ name }) => name)
                .sort(),
            ["twister2-dash-access-account", "twister2-research-uploader-access-account"],
        );
    });

    it("counts a whole job against the quota, since nothing schedules its pods together [twister2-P20]", () => {
        const research = jobNamespace({
            jobDefaults: { computeResources: [{ cpu: "2", memory: "4Gi", instances: 4 }] },
            jobMaster: { cpu: "1", memory: "2Gi" },
        });
        const { pods, cpu, memory } = sumOfDemands(leastJobDemand(research));
        assert.deepEqual(
            { pods, cpu, memory },
            { pods: 2, cpu: 3, memory: parseQuantity("6Gi") + parseQuantity("128Mi") },
        );
    });
});
