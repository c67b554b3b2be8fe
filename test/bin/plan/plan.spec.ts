import * as assert from "node:assert";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { planProgram, type Plan, type PlannedResource } from "../../../bin/plan/plan";
import { sampleProgram } from "./sample";

const configMap = (name: string, data: Record<string, pulumi.Input<string>> = {}): k8s.core.v1.ConfigMap =>
    new k8s.core.v1.ConfigMap(name, { metadata: { name, namespace: "ns" }, data });

function named(plan: Plan, name: string): PlannedResource {
    const resource = plan.resources.find((candidate) => candidate.name === name);
    assert.ok(resource, `no resource ${name}`);
    return resource;
}

const plan = (program: () => Record<string, unknown> | Promise<Record<string, unknown>>): Promise<Plan> =>
    planProgram(program, { stack: "test" });

describe("planProgram", () => {
    it("records what the SDK's mocks keep to themselves", async () => {
        const recorded = await plan(sampleProgram);
        const component = named(recorded, "zk");
        const set = named(recorded, "zk-set");
        assert.strictEqual(component.custom, false);
        assert.deepStrictEqual(component.inputs, { members: 3 });
        assert.deepStrictEqual(component.outputs, { host: "zk" });
        assert.deepStrictEqual(component.hooks, { beforeUpdate: ["zk-guard"] });
        assert.deepStrictEqual(recorded.hooks, [{ name: "zk-guard", onDryRun: true }]);
        assert.strictEqual(
            set.urn,
            "urn:pulumi:test::data-platform::data-platform:test:Ensemble$kubernetes:apps/v1:StatefulSet::zk-set",
        );
        assert.strictEqual(set.parent, component.urn);
        assert.deepStrictEqual(set.customTimeouts, { create: "10m" });
        assert.deepStrictEqual(set.ignoreChanges, ["spec.replicas"]);
        assert.ok(set.dependencies.includes(named(recorded, "zk-auth").urn));
        assert.deepStrictEqual(set.propertyDependencies.metadata, [named(recorded, "zk-ns").urn]);
        assert.strictEqual(named(recorded, "zk-ns").protect, true);
        assert.strictEqual(set.protect, false);
    });

    it("keeps aliases, by URN and by what was different", async () => {
        const { urn } = named(await plan(() => ({ old: configMap("old").id })), "old");
        const renamed = await plan(() => {
            const data = { metadata: { name: "new", namespace: "ns" } };
            new k8s.core.v1.ConfigMap("new", data, { aliases: [urn, { name: "older" }] });
            return {};
        });
        const [byUrn, byName, ...others] = named(renamed, "new").aliases;
        assert.strictEqual(byUrn, urn);
        assert.strictEqual((JSON.parse(byName!) as { name: string }).name, "older");
        assert.ok(others.every((alias) => typeof alias === "string"));
    });

    it("resolves outputs that follow from inputs", async () => {
        const recorded = await plan(sampleProgram);
        assert.deepStrictEqual(named(recorded, "zk-set").inputs.metadata, { name: "zk", namespace: "zk" });
        assert.strictEqual(recorded.outputs.host, "zk");
    });

    it("holds no secret, and says where they were", async () => {
        const recorded = await plan(sampleProgram);
        assert.doesNotMatch(JSON.stringify(recorded), /hunter2|aHVudGVyMg/);
        const secret = named(recorded, "zk-auth");
        assert.deepStrictEqual(secret.inputs.stringData, { password: "<secret>", url: "<secret>" });
        assert.deepStrictEqual(secret.inputs.data, { "key.pem": Buffer.from("<secret>").toString("base64") });
        assert.deepStrictEqual(secret.secretPaths, ['data["key.pem"]', "stringData.password", "stringData.url"]);
        assert.strictEqual(recorded.outputs.password, "<secret>");
    });

    it("hides every leaf of a secret object", async () => {
        const recorded = await plan(() => {
            new k8s.apiextensions.CustomResource("thing", {
                apiVersion: "example.com/v1",
                kind: "Thing",
                metadata: { name: "thing", namespace: "ns" },
                spec: pulumi.secret({ users: [{ name: "a", uid: 7 }], open: true, none: null }),
            });
            return {};
        });
        const { inputs, secretPaths } = named(recorded, "thing");
        assert.deepStrictEqual(inputs.spec, {
            users: [{ name: "<secret>", uid: "<secret>" }],
            open: "<secret>",
            none: null,
        });
        assert.deepStrictEqual(secretPaths, ["spec.open", "spec.users[0].name", "spec.users[0].uid"]);
    });

    it("is the same to the byte, whatever comes first in time", async () => {
        const later = (milliseconds: number): pulumi.Output<string> =>
            pulumi.output(new Promise<string>((resolve) => setTimeout(() => resolve("x"), milliseconds)));
        const delayed = (a: number, b: number) => () => {
            configMap("a", { text: later(a) });
            configMap("b", { text: later(b) });
            return {};
        };
        const first = await plan(delayed(1, 15));
        const second = await plan(delayed(15, 1));
        assert.strictEqual(JSON.stringify(second), JSON.stringify(first));
        assert.deepStrictEqual(
            first.resources.map(({ name }) => name),
            ["a", "b"],
        );
    });

    it("runs plans one after another even when they are asked for at once", async () => {
        const plans = await Promise.all(
            ["one", "two"].map((stack) => planProgram(() => ({ id: configMap(stack).id }), { stack })),
        );
        assert.deepStrictEqual(
            plans.map(({ stack, resources, outputs }) => [stack, resources.map(({ name }) => name), outputs]),
            [
                ["one", ["one"], { id: "ns/one" }],
                ["two", ["two"], { id: "ns/two" }],
            ],
        );
    });

    it("names an object without a name as the provider would, the same each time", async () => {
        const program = (): Record<string, unknown> => ({ name: new k8s.core.v1.ConfigMap("auto", {}).metadata.name });
        const { outputs } = await plan(program);
        assert.match(String(outputs.name), /^auto-[0-9a-f]{8}$/);
        assert.deepStrictEqual((await plan(program)).outputs, outputs);
    });

    it("puts objects into their provider's namespace, cluster-scoped ones excepted", async () => {
        const recorded = await plan(() => {
            const provider = new k8s.Provider("cluster", { namespace: "team" });
            new k8s.core.v1.ConfigMap("config", { metadata: { name: "config" } }, { provider });
            new k8s.core.v1.Namespace("other", { metadata: { name: "other" } }, { provider });
            return {};
        });
        assert.deepStrictEqual(named(recorded, "config").inputs.metadata, { name: "config", namespace: "team" });
        assert.deepStrictEqual(named(recorded, "other").inputs.metadata, { name: "other" });
    });

    it("marks what only a cluster knows", async () => {
        const recorded = await plan(() => {
            const existing = k8s.core.v1.Secret.get("existing", "ns/existing");
            const service = new k8s.core.v1.Service("s", { metadata: { name: "s", namespace: "ns" }, spec: {} });
            configMap("c", {
                password: existing.data.apply((data) => data.password ?? ""),
                address: service.status.apply((status) => status.loadBalancer.ingress[0]!.ip),
                of: existing.metadata.name,
            });
            return {};
        });
        const { inputs, computedPaths } = named(recorded, "c");
        assert.deepStrictEqual(inputs.data, { password: "<computed>", address: "<computed>", of: "existing" });
        assert.deepStrictEqual(computedPaths, ["data.address", "data.password"]);
        assert.strictEqual(named(recorded, "existing").read, true);
    });

    it("gives generated passwords a placeholder that stays secret", async () => {
        class Password extends pulumi.CustomResource {
            declare public readonly result: pulumi.Output<string>;
            constructor(name: string) {
                super("random:index/randomPassword:RandomPassword", name, { length: 20, result: undefined });
            }
        }
        const recorded = await plan(() => {
            configMap("c", { line: pulumi.interpolate`password=${new Password("p").result}` });
            return {};
        });
        assert.deepStrictEqual(named(recorded, "c").inputs.data, { line: "<secret>" });
        assert.deepStrictEqual(named(recorded, "c").secretPaths, ["data.line"]);
    });

    it("gives certificates a placeholder, so that what stands beside them stays known", async () => {
        class Certificate extends pulumi.CustomResource {
            declare public readonly certPem: pulumi.Output<string>;
            constructor(name: string) {
                super("tls:index/locallySignedCert:LocallySignedCert", name, { certPem: undefined });
            }
        }
        const recorded = await plan(() => {
            const { certPem } = new Certificate("ca");
            configMap("c", { "ca.crt": certPem });
            new k8s.core.v1.Secret("s", {
                metadata: { name: "s", namespace: "ns" },
                stringData: { "ca.crt": certPem, known: "text" },
            });
            return {};
        });
        assert.deepStrictEqual(named(recorded, "c").inputs.data, { "ca.crt": "<computed>" });
        assert.deepStrictEqual(named(recorded, "c").secretPaths, []);
        // The SDK makes a Secret's map one value: with one unknown entry the manifest would lose all of them.
        assert.deepStrictEqual(named(recorded, "s").inputs.stringData, { "ca.crt": "<secret>", known: "<secret>" });
    });

    it("takes another stack's outputs where they are given, and leaves them unknown otherwise", async () => {
        const program = (): Record<string, unknown> => {
            const base = new pulumi.StackReference("organization/data-platform/base");
            configMap("c", { host: base.requireOutput("host") as pulumi.Output<string> });
            return {};
        };
        const known = await planProgram(program, {
            stack: "team",
            stackOutputs: { "organization/data-platform/base": { host: "zk:2181" } },
        });
        assert.deepStrictEqual(named(known, "c").inputs.data, { host: "zk:2181" });
        assert.deepStrictEqual(named(await plan(program), "c").inputs.data, { host: "<computed>" });
    });
});

describe("planProgram's faults", () => {
    class ListedError extends Error {}

    it("rejects with the very error that the program throws", async () => {
        const thrown = new ListedError("three faults");
        await assert.rejects(
            plan(() => {
                configMap("a");
                throw thrown;
            }),
            (error) => error === thrown,
        );
    });

    it("rejects when an apply throws, whether or not anything depends on it", async () => {
        const failing = (): pulumi.Output<string> =>
            configMap("a").metadata.name.apply((): string => {
                throw new ListedError("in apply");
            });
        await assert.rejects(
            plan(() => {
                failing();
                return {};
            }),
            /in apply/,
        );
        await assert.rejects(
            plan(() => {
                configMap("b", { text: failing() });
                return {};
            }),
            /in apply/,
        );
        await assert.rejects(
            plan(() => ({ output: failing() })),
            /in apply/,
        );
    });

    it("shows where a fault is", async () => {
        await assert.rejects(
            plan(() => {
                throw new Error("here");
            }),
            (error) => error instanceof Error && (error.stack ?? "").includes("plan.spec.ts"),
        );
    });

    it("refuses two resources with one URN", async () => {
        const twice = (): Record<string, unknown> => {
            new k8s.core.v1.ConfigMap("a", { metadata: { name: "a1", namespace: "ns" } });
            new k8s.core.v1.ConfigMap("a", { metadata: { name: "a2", namespace: "ns" } });
            return {};
        };
        await assert.rejects(plan(twice), /duplicate URN .*ConfigMap::a/);
    });

    it("refuses two resources for one object, a patch of it excepted", async () => {
        const accounts = (first: string, second: string) => () => {
            new k8s.core.v1.ServiceAccount("a", { metadata: { name: "default", namespace: first } });
            new k8s.core.v1.ServiceAccount("b", { metadata: { name: "default", namespace: second } });
            new k8s.core.v1.ServiceAccountPatch("c", { metadata: { name: "default", namespace: first } });
            return {};
        };
        await assert.rejects(plan(accounts("x", "x")), /ServiceAccount x default is registered twice/);
        assert.strictEqual((await plan(accounts("x", "y"))).resources.length, 3);
    });

    it("refuses an Output that was formatted into a text", async () => {
        const program = (): Record<string, unknown> => {
            // eslint-disable-next-line @typescript-eslint/no-base-to-string -- the mistake that is meant
            configMap("b", { host: `${String(configMap("a").metadata.name)}:80` });
            return {};
        };
        await assert.rejects(plan(program), /b .*data\.host: an Output was put into a text/);
    });

    it("ends when a resource waits for ever", async () => {
        const stuck = (): Record<string, unknown> => {
            configMap("a", { never: pulumi.output(new Promise<string>(() => undefined)) });
            return {};
        };
        await assert.rejects(planProgram(stuck, { stack: "test", timeoutSeconds: 0.05 }), /never ends/);
    });

    it("leaves the process as it was", async () => {
        const before = process.listeners("unhandledRejection");
        await assert.rejects(
            plan(() => {
                throw new Error("x");
            }),
        );
        assert.deepStrictEqual(process.listeners("unhandledRejection"), before);
        assert.ok(Error.stackTraceLimit > 0);
        assert.strictEqual((await plan(sampleProgram)).resources.length, 7);
    });
});
