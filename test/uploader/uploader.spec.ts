import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { configHash } from "../../components/foundation/configFiles";
import { demand, uploaderServerSettings, type UploaderSettings } from "../../components/uploader/schema";
import { loginData, Uploader, type UploaderArgs } from "../../components/uploader/uploader";
import { totalsOf } from "../../bin/plan/totals";
import { sumOfDemands } from "../../components/foundation/demand";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, kindsAndNames, listAt, mapAt, planOf } from "../support/plans";

interface Overrides extends Partial<Pick<UploaderArgs, "clients" | "podLabels" | "serviceName">> {
    readonly settings?: UploaderSettings;
    readonly foundation?: FoundationOverrides;
}

const planned = async ({ foundation: overrides, ...given }: Overrides = {}) => {
    let uploader: Uploader | undefined;
    const plan = await planOf(() => {
        uploader = new Uploader("packages", { foundation: foundation(overrides), namespace: "jobs", ...given });
    });
    assertSound(plan);
    assert.ok(uploader !== undefined);
    return { plan, uploader };
};

const pod = "spec.template.spec";
const container = `${pod}.containers[name=uploader]`;
const cleanup = `${pod}.initContainers[name=cleanup]`;
const selector = {
    "app.kubernetes.io/name": "uploader",
    "app.kubernetes.io/instance": "packages",
    "app.kubernetes.io/component": "server",
};
const ports = [{ protocol: "TCP", port: 8080 }];
const inNamespace = (name: string) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});

describe("Uploader", () => {
    it("registers one server with a volume and a login by default", async () => {
        const { plan, uploader } = await planned();
        assert.deepEqual(kindsAndNames(plan), [
            "Access packages-access",
            "ConfigMap packages-config",
            "NetworkPolicy packages-server-network",
            "PersistentVolumeClaim packages-packages",
            "RandomPassword packages-password",
            "Secret packages-login",
            "Service packages-server-headless",
            "Service packages-server-service",
            "ServiceAccount packages-access-account",
            "StatefulSet packages-server-set",
            "Uploader packages",
            "WorkerSet packages-server",
        ]);
        assert.deepEqual(
            {
                kind: uploader.kind,
                url: uploader.url,
                service: uploader.service,
                podLabels: uploader.podLabels,
                directory: uploader.directory,
                login: uploader.login,
                flow: uploader.flow,
            },
            {
                kind: "server",
                url: "http://packages.jobs.svc.cluster.local",
                service: { name: "packages", namespace: "jobs", port: 80 },
                podLabels: selector,
                directory: "/usr/share/nginx/html",
                login: {
                    username: "uploader",
                    secretName: "packages-login",
                    usernameKey: "username",
                    passwordKey: "password",
                },
                flow: { peers: [{ namespace: "jobs", podLabels: selector }], ports: [{ port: 8080, protocol: "TCP" }] },
            },
        );
        assert.deepEqual(find(plan, "Uploader").outputs, { url: uploader.url });
        assert.equal(at(find(plan, "StatefulSet").inputs, "spec.replicas"), 1);
    });

    const conf = 'data["nginx.conf"]';
    const cases: readonly (readonly [string, Overrides, string, string, unknown])[] = [
        [
            "storage",
            { settings: { storage: "7Gi" } },
            "PersistentVolumeClaim",
            "spec.resources.requests",
            { storage: "7Gi" },
        ],
        [
            "storageClass",
            { settings: { storageClass: "fast" } },
            "PersistentVolumeClaim",
            "spec.storageClassName",
            "fast",
        ],
        ["no storageClass by default", {}, "PersistentVolumeClaim", "spec.storageClassName", undefined],
        [
            "transferTimeout",
            { settings: { transferTimeout: "10m" } },
            "StatefulSet",
            `${pod}.terminationGracePeriodSeconds`,
            615,
        ],
        ["a transferTimeout of 5m by default", {}, "StatefulSet", `${pod}.terminationGracePeriodSeconds`, 315],
        [
            "keepFor",
            { settings: { keepFor: "7d" } },
            "StatefulSet",
            `${cleanup}.command`,
            ["bash", "/etc/uploader/cleanup.sh", "/usr/share/nginx/html", "604800", "3600"],
        ],
        [
            "keepFor, beside the server",
            { settings: { keepFor: "7d" } },
            "StatefulSet",
            `${cleanup}.restartPolicy`,
            "Always",
        ],
        ["everything kept by default", {}, "StatefulSet", `${pod}.initContainers`, undefined],
        ["everything kept by default", {}, "ConfigMap", 'data["cleanup.sh"]', undefined],
        [
            "resources",
            { settings: { resources: { cpu: "2", cpuLimit: "3", memory: "4Gi", ephemeralStorage: "1Gi" } } },
            "StatefulSet",
            `${container}.resources`,
            {
                requests: { cpu: "2", memory: "4Gi", "ephemeral-storage": "1Gi" },
                limits: { cpu: "3", memory: "4Gi", "ephemeral-storage": "1Gi" },
            },
        ],
        [
            "targets",
            { settings: { targets: "stateful" } },
            "StatefulSet",
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`,
            [{ matchExpressions: [{ key: "pool", operator: "In", values: ["stateful"] }] }],
        ],
        ["no targets by default", {}, "StatefulSet", `${pod}.affinity`, undefined],
        ["priority", { settings: { priority: "critical" } }, "StatefulSet", `${pod}.priorityClassName`, "dev-critical"],
        ["no priority by default", {}, "StatefulSet", `${pod}.priorityClassName`, undefined],
        [
            "settings.clients, settings.writers and clients, on the one port",
            {
                settings: { clients: [{ cidr: "10.0.0.0/8" }], writers: [{ namespace: "build" }] },
                clients: [{ namespace: "team" }],
            },
            "NetworkPolicy",
            "spec.ingress",
            [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }, inNamespace("build"), inNamespace("team")], ports }],
        ],
        ["no clients by default", {}, "NetworkPolicy", "spec.ingress", []],
        ["no way out", {}, "NetworkPolicy", "spec.egress", []],
        [
            "writing.rotation",
            { settings: { writing: { kind: "generated", rotation: 3 } } },
            "RandomPassword",
            "keepers",
            { rotation: "3" },
        ],
        [
            "writing: existing",
            { settings: { writing: { kind: "existing", secretName: "users", htpasswdKey: "file" } } },
            "StatefulSet",
            `${pod}.volumes[name=login].secret`,
            { secretName: "users", items: [{ key: "file", path: "htpasswd" }], defaultMode: 0o440 },
        ],
        [
            "writing: none",
            { settings: { writing: { kind: "none" } } },
            "StatefulSet",
            `${pod}.volumes[name=login]`,
            undefined,
        ],
        [
            "podLabels",
            { podLabels: { app: "twister2-uploader" } },
            "StatefulSet",
            "spec.template.metadata.labels.app",
            "twister2-uploader",
        ],
        [
            "podLabels, which select nothing",
            { podLabels: { app: "twister2-uploader" } },
            "StatefulSet",
            "spec.selector.matchLabels",
            selector,
        ],
        [
            "the environment's registry",
            { foundation: { images: { registry: "reg.example.com" } } },
            "StatefulSet",
            `${container}.image`,
            "reg.example.com/nginxinc/nginx-unprivileged:1.28.0",
        ],
    ];
    for (const [what, given, kind, path, expected] of cases) {
        it(`shows ${what} in its ${kind}`, async () => {
            assert.deepEqual(at(find((await planned(given)).plan, kind).inputs, path), expected);
        });
    }

    for (const [what, settings, line, without] of [
        ["maxUploadSize", { maxUploadSize: "3Mi" }, "client_max_body_size 3145728;", "client_max_body_size 536870912;"],
        [
            "transferTimeout",
            { transferTimeout: "10m" },
            "worker_shutdown_timeout 600s;",
            "worker_shutdown_timeout 300s;",
        ],
        [
            "writing",
            { writing: { kind: "none" } },
            "limit_except GET { deny all; }\n        }\n    }",
            "dav_methods PUT DELETE;",
        ],
    ] as const) {
        it(`shows ${what} in its nginx.conf`, async () => {
            const [given, byDefault] = await Promise.all(
                [settings, {}].map(async (each) =>
                    String(at(find((await planned({ settings: each })).plan, "ConfigMap").inputs, conf)),
                ),
            );
            assert.ok(given!.includes(line), given);
            assert.ok(!byDefault!.includes(line));
            assert.ok(byDefault!.includes(without), byDefault);
            assert.ok(!given!.includes(without));
        });
    }

    it("names its Service as asked, in the cluster's own domain", async () => {
        const { plan, uploader } = await planned({
            serviceName: "twister2-uploader",
            foundation: { dns: { domain: "c.example" } },
        });
        assert.equal(uploader.url, "http://twister2-uploader.jobs.svc.c.example");
        assert.deepEqual(find(plan, "Service", "twister2-uploader").inputs["spec"], {
            selector,
            type: "ClusterIP",
            ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
        });
        assert.deepEqual(listAt(find(plan, "StatefulSet").inputs, `${container}.ports`), [
            { name: "http", containerPort: 8080, protocol: "TCP" },
        ]);
    });

    it("gives the server a hash, clients a password, and nobody else either", async () => {
        const { plan } = await planned();
        const secret = find(plan, "Secret");
        assert.deepEqual(Object.keys(mapAt(secret.inputs, "stringData")).sort(), ["htpasswd", "password", "username"]);
        const generated = { password: pulumi.output("plain"), bcryptHash: pulumi.output("$2a$10$hash") };
        const data = pulumi.output(loginData("build", generated));
        assert.deepEqual(await new Promise((resolve) => data.apply(resolve)), {
            username: "build",
            password: "plain",
            htpasswd: "build:$2a$10$hash\n",
        });
        assert.equal(await pulumi.isSecret(data), true);
        const set = find(plan, "StatefulSet");
        assert.deepEqual(at(set.inputs, `${pod}.volumes[name=login].secret`), {
            secretName: "packages-login",
            items: [{ key: "htpasswd", path: "htpasswd" }],
            defaultMode: 0o440,
        });
        // A folder follows the Secret, so that a new password needs no restart; a single file would not.
        assert.deepEqual(at(set.inputs, `${container}.volumeMounts[name=login]`), {
            name: "login",
            mountPath: "/etc/uploader-login",
            readOnly: true,
        });
        assert.deepEqual(
            plan.resources
                .filter(({ secretPaths }) => secretPaths.length > 0)
                .map(({ name }) => name)
                .sort(),
            ["packages-login"],
        );
    });

    it("calls the writer as asked", async () => {
        const { uploader } = await planned({ settings: { writing: { kind: "generated", username: "build" } } });
        assert.equal(uploader.login?.username, "build");
    });

    for (const writing of [{ kind: "none" }, { kind: "existing", secretName: "users" }] as const) {
        it(`makes no login where writing is ${writing.kind}`, async () => {
            const { plan, uploader } = await planned({ settings: { writing } });
            assert.deepEqual([all(plan, "Secret"), all(plan, "RandomPassword")], [[], []]);
            assert.equal(uploader.login, undefined);
        });
    }

    it("is restarted by a change of its files, and by no new password", async () => {
        const hashOf = async (settings: UploaderSettings) => {
            const { plan } = await planned({ settings });
            const { inputs } = find(plan, "StatefulSet");
            const files = Object.values(mapAt(find(plan, "ConfigMap").inputs, "data")).map(String);
            const hash = at(inputs, 'spec.template.metadata.annotations["data-platform/config-hash"]');
            assert.ok(hash === configHash(...files) || hash === configHash(...[...files].reverse()));
            return hash;
        };
        const before = await hashOf({});
        assert.notEqual(await hashOf({ maxUploadSize: "1Gi" }), before);
        assert.notEqual(await hashOf({ keepFor: "7d" }), before);
        assert.equal(await hashOf({ writing: { kind: "generated", rotation: 1 } }), before);
    });

    it("has one volume, which nothing waits for and the set does not own", async () => {
        const { plan } = await planned({ settings: { keepFor: "7d" } });
        const claim = find(plan, "PersistentVolumeClaim");
        assert.deepEqual(at(claim.inputs, "spec.accessModes"), ["ReadWriteOnce"]);
        assert.equal(at(claim.inputs, 'metadata.annotations["pulumi.com/skipAwait"]'), "true");
        const set = find(plan, "StatefulSet").inputs;
        assert.equal(at(set, `${pod}.volumes[name=packages].persistentVolumeClaim.claimName`), "packages-packages");
        for (const path of [container, cleanup]) {
            assert.equal(at(set, `${path}.volumeMounts[name=packages].mountPath`), "/usr/share/nginx/html", path);
            assert.equal(at(set, `${path}.volumeMounts[name=config].mountPath`), "/etc/uploader", path);
        }
        assert.ok(find(plan, "WorkerSet").dependencies.includes(claim.urn));
        for (const kind of ["ConfigMap", "Secret"]) {
            assert.ok(find(plan, "WorkerSet").dependencies.includes(find(plan, kind).urn), kind);
        }
    });

    it("is the only regular container, asks itself on an empty volume, and lets transfers end", async () => {
        const set = find((await planned({ settings: { keepFor: "7d" } })).plan, "StatefulSet").inputs;
        assert.equal(listAt(set, `${pod}.containers`).length, 1);
        for (const probe of ["readinessProbe", "livenessProbe"]) {
            assert.deepEqual(at(set, `${container}.${probe}.httpGet`), { path: "/healthz", port: "http" });
        }
        assert.deepEqual(at(set, `${container}.lifecycle.preStop.exec.command`), ["sleep", "5"]);
        assert.equal(at(set, `${pod}.securityContext.runAsUser`), 101);
    });

    it("asks the quota for what its pod really asks for", async () => {
        for (const settings of [{}, { keepFor: "7d" }]) {
            const { plan } = await planned({ settings });
            const { requests, limits, ...others } = totalsOf(plan.resources).all;
            const asked = sumOfDemands(demand(uploaderServerSettings.parse(settings)));
            const { cpu, memory, cpuLimit, memoryLimit, ...rest } = asked;
            assert.deepEqual(
                [
                    { cpu, memory },
                    { cpu: cpuLimit, memory: memoryLimit },
                ],
                [requests, limits],
            );
            assert.deepEqual(rest, { pods: others.pods, storage: others.storage });
        }
    });

    it("calls no API and has no token", async () => {
        const { plan } = await planned();
        assert.deepEqual(all(plan, "Role"), []);
        assert.equal(at(find(plan, "StatefulSet").inputs, `${pod}.automountServiceAccountToken`), false);
    });

    it("keeps its inputs to what a guard compares", async () => {
        assert.deepEqual(find((await planned()).plan, "Uploader").inputs, {
            storage: "20Gi",
            storageClass: null,
            image: "docker.io/nginxinc/nginx-unprivileged:1.28.0",
        });
        const settings = { storage: "1Gi", storageClass: "fast" };
        assert.deepEqual(find((await planned({ settings })).plan, "Uploader").inputs, {
            ...settings,
            image: "docker.io/nginxinc/nginx-unprivileged:1.28.0",
        });
    });

    it("stands beside another one in the same namespace", async () => {
        const given = { foundation: foundation(), namespace: "jobs" };
        const plan = await planOf(() => [new Uploader("packages", given), new Uploader("other", given)]);
        assertSound(plan);
        assert.equal(all(plan, "StatefulSet").length, 2);
    });

    it("refuses settings that can't work, and a target set that is not there", async () => {
        await assert.rejects(
            planned({ settings: { storage: "1" } }),
            /packages can't be used as given:\n {2}storage: expected/,
        );
        await assert.rejects(planned({ settings: { targets: "nowhere" } }), /there is no target set "nowhere"/);
    });
});
