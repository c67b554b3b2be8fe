import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { flinkAlerts } from "../../components/flink/alerts";
import { configEntries } from "../../components/flink/config";
import { freeKeyFault } from "../../components/flink/keys";
import type { FlinkSessionSettings } from "../../components/flink/schema";
import { imageFaults } from "../../components/flink/storage";
import { all, at, find, listAt, mapAt } from "../support/plans";
import {
    available,
    config,
    electedByZooKeeper,
    foundation,
    jobManager,
    mainContainer,
    sessionOf,
    sessionPlan,
    store,
    template,
    textOf,
} from "./fixtures";

/** The rules of the Role with a name. */
function rules(plan: Plan, role: string): readonly unknown[] {
    return listAt(find(plan, "Role", role).inputs, "rules");
}

const refused = (settings: unknown, message: RegExp) =>
    assert.throws(() => sessionOf(settings as FlinkSessionSettings), message);

/** Defects of Flink's own way to deploy a session, and traps of the system: section 13 of its fact sheet. */
describe("pitfalls of Flink", () => {
    let plan: Plan;
    let withElection: Plan;
    before(async () => {
        plan = await sessionPlan();
        withElection = await sessionPlan({ ...available, jobManager: { replicas: 2 } });
    });

    it("gives the JobManager an account that may make pods, in its namespace alone [flink-P1]", () => {
        assert.equal(jobManager(plan, "spec.template.spec.serviceAccountName"), "flink-team");
        assert.equal(jobManager(plan, "spec.template.spec.automountServiceAccountToken"), true);
        assert.deepEqual(rules(plan, "flink-team")[0], {
            apiGroups: [""],
            resources: ["pods"],
            verbs: ["get", "list", "watch", "create", "delete"],
        });
        assert.deepEqual([...all(plan, "ClusterRole"), ...all(plan, "ClusterRoleBinding")], []);
        for (const role of [...all(plan, "Role"), ...all(withElection, "Role")]) {
            assert.doesNotMatch(JSON.stringify(role.inputs), /"\*"|"edit"/);
        }
    });

    it("tells Flink its namespace [flink-P2]", () => {
        assert.equal(config(plan)["kubernetes.namespace"], jobManager(plan, "metadata.namespace"));
        assert.equal(jobManager(plan, "metadata.namespace"), "dev-flink-team");
    });

    it("names what Flink finds by name after the cluster id [flink-P3]", () => {
        const id = String(config(plan)["kubernetes.cluster-id"]);
        assert.equal(jobManager(plan, "metadata.name"), id);
        const maps = all(plan, "ConfigMap").map(({ inputs }) => String(at(inputs, "metadata.name")));
        assert.deepEqual(maps.sort(), [`flink-config-${id}`, `${id}-client`, `pod-template-${id}`]);
        const services = all(plan, "Service").map(({ inputs }) => String(at(inputs, "metadata.name")));
        assert.deepEqual(services.sort(), [id, `${id}-rest`]);
        refused({ clusterId: "Team" }, /clusterId: expected a cluster id/);
        assert.throws(() => sessionOf({}, { name: "a".repeat(46) }), /clusterId: expected a cluster id of at most 45/);
    });

    it("keeps what must outlive pods in an object store that a plugin reaches [flink-P4]", () => {
        const highAvailability = { kind: "kubernetes", storageDir: "s3://bucket/ha" };
        refused(
            { ...store, highAvailability, plugins: [] },
            /storageDir: expected a directory whose scheme one of plu/,
        );
        refused({ ...available, highAvailability: { ...highAvailability, storageDir: "file:///ha" } }, /object store/);
        assert.match(
            String(mainContainer(withElection, "env[name=ENABLE_BUILT_IN_PLUGINS].value")),
            /^flink-s3-fs-presto-2\.2\.1\.jar$/,
        );
    });

    it("never lets two JobManagers lead [flink-P5]", () => {
        refused({ jobManager: { replicas: 2 } }, /jobManager.replicas: expected 1/);
        assert.deepEqual(jobManager(plan, "spec.strategy"), { type: "Recreate" });
        assert.equal(jobManager(withElection, "spec.strategy.type"), "RollingUpdate");
    });

    it("has checkpoints where jobs are to be recovered [flink-P6]", () => {
        refused({ ...available, checkpointing: undefined }, /checkpointing: expected checkpointing with highAvail/);
        const keys = config(withElection);
        assert.equal(keys["execution.checkpointing.interval"], "1 min");
        assert.equal(keys["execution.checkpointing.dir"], "s3://bucket/checkpoints");
    });

    it("starts the JobManager again with a changed configuration or template, not with a changed log [flink-P7]", async () => {
        const hash = async (settings: FlinkSessionSettings) =>
            mapAt(jobManager(await sessionPlan(settings), "spec.template.metadata"), "annotations")[
                "data-platform/config-hash"
            ];
        const first = await hash({});
        assert.notEqual(await hash({ slotRequestTimeout: "6m" }), first);
        assert.notEqual(await hash({ taskManager: { labels: { team: "a" } } }), first);
        assert.notEqual(await hash({ credentialsRotation: 1 }), first);
        assert.equal(await hash({ logLevel: "DEBUG" }), first);
    });

    it("brings along what the mount hides of the image's own configuration [flink-P8]", () => {
        const keys = config(plan);
        assert.match(String(keys["env.java.default-opts.all"]), /--add-opens=java\.base\/java\.util\.concurrent=ALL-/);
        assert.match(textOf(plan, "flink-config-flink-team", "log4j-console.properties"), /ConsoleAppender/);
        for (const address of ["rest.bind-address", "jobmanager.bind-host", "taskmanager.bind-host"]) {
            assert.equal(keys[address], "0.0.0.0");
        }
        assert.deepEqual(jobManager(plan, "spec.template.spec.volumes[name=flink-config-volume].configMap.items"), [
            { key: "config.yaml", path: "config.yaml" },
            { key: "log4j-console.properties", path: "log4j-console.properties" },
        ]);
    });

    it("lets a leader outlast a slow API server [flink-P9]", () => {
        const election = (setting: string) =>
            config(withElection)[`high-availability.kubernetes.leader-election.${setting}`];
        assert.deepEqual(["lease-duration", "renew-deadline", "retry-period"].map(election), ["30 s", "20 s", "5 s"]);
        const with_ = (times: object) => ({
            ...available,
            highAvailability: { ...available.highAvailability, ...times },
        });
        refused(with_({ renewDeadline: "30s" }), /renewDeadline: expected a time below leaseDuration/);
        refused(with_({ retryPeriod: "20s" }), /retryPeriod: expected a time below renewDeadline/);
    });

    it("gives Java the memory that the container has [flink-P10]", async () => {
        const given = await sessionPlan({
            jobManager: { resources: { memory: "3Gi" } },
            taskManager: { resources: { memory: "6Gi" }, overhead: "1Gi" },
        });
        assert.equal(config(given)["jobmanager.memory.process.size"], "3072m");
        assert.equal(mainContainer(given, "resources.limits.memory"), "3Gi");
        assert.equal(config(given)["taskmanager.memory.process.size"], "6144m");
        assert.equal(at(template(given), "spec.containers[0].resources.limits.memory"), "6Gi");
        assert.equal(config(given)["taskmanager.memory.jvm-overhead.min"], "1024m");
        assert.equal(config(plan)["taskmanager.memory.jvm-metaspace.size"], "512m");
        refused({ taskManager: { resources: { memory: "1Gi" } } }, /taskManager.resources.memory: expected enough/);
    });

    it("waits for the workers of an earlier JobManager, and says where some are left [flink-P11]", () => {
        assert.equal(config(plan)["resourcemanager.previous-worker.recovery.timeout"], "1 min");
        assert.ok(flinkAlerts(sessionOf()).some(({ name }) => name === "FlinkTaskManagersLeft"));
    });

    it("stops asking before a quota does, and says what waits [flink-P12]", () => {
        assert.equal(config(plan)["slotmanager.number-of-slots.max"], 20);
        const names = flinkAlerts(sessionOf()).map(({ name }) => name);
        assert.ok(["FlinkTaskManagerPending", "FlinkTaskManagersMissing"].every((each) => names.includes(each)));
    });

    it("may block the deletion of its pods' owner, and runs as the image's user [flink-P13]", () => {
        assert.deepEqual(rules(plan, "flink-team")[2], {
            apiGroups: ["apps"],
            resources: ["deployments/finalizers"],
            verbs: ["update"],
            resourceNames: ["flink-team"],
        });
        assert.equal(jobManager(plan, "spec.template.spec.securityContext.runAsUser"), 9999);
        assert.equal(at(template(plan), "spec.securityContext.runAsUser"), 9999);
    });

    it("shows the REST API to nobody who is not named [flink-P14]", async () => {
        assert.deepEqual(at(find(plan, "Service", "flink-team-rest").inputs, "spec.type"), "ClusterIP");
        refused({ rest: { kind: "loadBalancer" } }, /rest.sourceRanges/);
        const balanced = await sessionPlan({ rest: { kind: "loadBalancer", sourceRanges: ["192.0.2.0/24"] } });
        const service = find(balanced, "Service", "flink-team-rest").inputs;
        assert.deepEqual(at(service, "spec.loadBalancerSourceRanges"), ["192.0.2.0/24"]);
        assert.equal(at(service, "spec.externalTrafficPolicy"), "Local");
        assert.equal(config(plan)["web.submit.enable"], false);
    });

    it("starts what the image brings, and configures nothing that it would ignore [flink-P15]", () => {
        assert.deepEqual(mainContainer(plan, "command"), ["/docker-entrypoint.sh"]);
        assert.deepEqual(mainContainer(plan, "args"), ["bash", "-c", "kubernetes-jobmanager.sh kubernetes-session "]);
        for (const name of ["FLINK_PROPERTIES", "PATH"]) {
            refused({ env: { [name]: "x" } }, /env.*expected/);
        }
    });

    it("names the template's container as Flink does, and puts no other beside it [flink-P16]", () => {
        const names = listAt(template(plan), "spec.containers").map((each) => at(each, "name"));
        assert.deepEqual(names, ["flink-main-container"]);
        assert.equal(mainContainer(plan, "name"), "flink-main-container");
    });

    it("keeps idle TaskManagers long enough to read their logs [flink-P17]", () => {
        assert.equal(config(plan)["resourcemanager.taskmanager-timeout"], "5 min");
        assert.match(textOf(plan, "flink-config-flink-team", "log4j-console.properties"), /type = CONSOLE/);
    });

    it("lets few jobs share a process [flink-P18]", () => {
        assert.equal(config(plan)["taskmanager.numberOfTaskSlots"], 2);
    });

    it("runs one release everywhere [flink-P19]", async () => {
        const image = "reg.example.com/flink:2.3.0-java17";
        const images = { repositories: { flink: "reg.example.com/flink" }, pins: { flink: "2.3.0-java17" } };
        const pinned = await sessionPlan({}, { foundation: foundation({ images }) });
        assert.equal(mainContainer(pinned, "image"), image);
        assert.equal(config(pinned)["kubernetes.container.image.ref"], image);
        assert.equal(at(template(pinned), "spec.containers[0].image"), image);
        assert.equal(imageFaults("reg.example.com/flink:1.20.4").length, 1);
    });

    it("writes the tree of keys that Flink 2 reads [flink-P20]", () => {
        for (const settings of [{}, available, electedByZooKeeper]) {
            const keys = Object.keys(configEntries(sessionOf(settings)));
            const inner = keys.filter((key) => keys.some((other) => other.startsWith(`${key}.`)));
            assert.deepEqual(inner, []);
        }
        assert.match(freeKeyFault("state.backend") ?? "", /one of Flink 2/);
        refused({ config: { "a.b": 1, "a.b.c": 1 } }, /no key below a\.b/);
    });

    it("leaves no way around the program: no wait on the Service, no deletion by the JobManager, no secret in a file [flink-P21]", () => {
        const annotations = mapAt(find(plan, "Service", "flink-team-rest").inputs, "metadata.annotations");
        assert.equal(annotations["pulumi.com/skipAwait"], "true");
        const ofDeployments = rules(plan, "flink-team").filter((rule) =>
            listAt(rule, "resources").includes("deployments"),
        );
        assert.deepEqual(
            ofDeployments.map((rule) => at(rule, "verbs")),
            [["get"]],
        );
        for (const key of ["my.password", "some.api-key", "x.access-key"]) {
            refused({ config: { [key]: "x" } }, /not one of a secret/);
        }
    });

    it("tries changes of ConfigMaps often enough [flink-P22]", () => {
        assert.equal(config(withElection)["kubernetes.transactional-operation.max-retries"], 15);
    });
});
