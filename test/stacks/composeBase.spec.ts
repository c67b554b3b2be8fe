import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../bin/plan/plan";
import { planStack, type PlannedStack } from "../../bin/plan/stack";
import { valueAt } from "../../components/foundation/faults";
import { sharesOf } from "../../stacks/base/uses";
import { ConfigFaults } from "../../stacks/faults";
import { stackFile, stackNames } from "../../stacks/load";
import { baseContract, platformSchema } from "../../stacks/platform";
import { assertSound } from "../support/invariants";
import { all, at, find, listAt } from "../support/plans";
import { configOf } from "../support/stackFiles";
import { planOnBase } from "./onBase";

const shipped = ["base", "team-streaming", "team-batch"] as const;
const plans = new Map<string, PlannedStack>();
const planOf = (stack: (typeof shipped)[number]): Plan => plans.get(stack)!.plan;

before(async () => {
    for (const stack of shipped) {
        plans.set(stack, await planStack(stack));
    }
});

/** Namespaces of what a policy lets in or out to, by port. */
const peersOf = (plan: Plan, policy: string, way: "ingress" | "egress"): unknown[] =>
    listAt(find(plan, "NetworkPolicy", policy).inputs, `spec.${way}`).flatMap((rule) =>
        listAt(rule, way === "ingress" ? "from" : "to").map((peer) => at(peer, "namespaceSelector.matchLabels")),
    );

const edited = (stack: string, ...edits: readonly (readonly [RegExp, string])[]): string =>
    edits.reduce(
        (text, [from, to]) => {
            assert.match(text, from);
            return text.replace(from, to);
        },
        readFileSync(stackFile(stack), "utf8"),
    );

describe("a base and its teams", () => {
    for (const stack of shipped) {
        it(`${stack} is sound`, () => assertSound(planOf(stack)));
    }

    it("puts out what its consumers read, as every stack does", async () => {
        for (const stack of stackNames()) {
            const { plan, config } = await planStack(stack);
            const platform = valueAt(plan.outputs, ["platform"]);
            assert.deepEqual(platformSchema.parse(platform), platform, stack);
            assert.equal(at(platform, "sharing") !== undefined, config.sharing !== undefined);
        }
    });

    it("shares exactly what its outputs tell", () => {
        const platform = baseContract.parse(valueAt(planOf("base").outputs, ["platform"]));
        assert.deepEqual(
            sharesOf(plans.get("base")!.config),
            [
                "opensearch",
                ...Object.keys(platform.priorityClasses).map((name) => `priorityClasses.${name}`),
                "sharing.namespace base-consumers",
                "uploader",
                "zookeeper",
            ].sort(),
        );
        const [guarded] = all(planOf("base"), "Sharing");
        assert.deepEqual(guarded!.inputs["shares"], sharesOf(plans.get("base")!.config));
        assert.deepEqual(guarded!.hooks, { beforeUpdate: ["data-platform-sharing"] });
    });

    it("has a guard in every stack, since a section that goes would take it along", () => {
        for (const stack of shipped) {
            assert.equal(all(planOf(stack), "Sharing").length, 1);
            assert.deepEqual(planOf(stack).hooks, [{ name: "data-platform-sharing", onDryRun: true }]);
        }
    });

    it("lets in the pods of namespaces that carry its name, and teams' namespaces of systems do", () => {
        const label = { "data-platform/base": "base" };
        for (const policy of ["zookeeper", "opensearch", "uploader"]) {
            const policies = all(planOf("base"), "NetworkPolicy").filter(
                ({ inputs }) => at(inputs, "metadata.namespace") === `base-${policy}`,
            );
            const letIn = policies.flatMap(({ name }) => peersOf(planOf("base"), name, "ingress"));
            assert.ok(
                letIn.some((labels) => JSON.stringify(labels) === JSON.stringify(label)),
                policy,
            );
        }
        const labelled = (plan: Plan) =>
            all(plan, "Namespace")
                .filter(({ inputs }) => at(inputs, 'metadata.labels["data-platform/base"]') === "base")
                .map(({ inputs }) => at(inputs, "metadata.name"));
        assert.deepEqual(labelled(planOf("team-streaming")), [
            "streaming-flink-streams",
            "streaming-heron",
            "streaming-heron-topologies",
        ]);
        assert.deepEqual(labelled(planOf("base")), []);
    });

    it("opens the teams' way to the base's parts, and to its uploader only where asked for", async () => {
        const towards = (plan: Plan, namespace: string) =>
            all(plan, "NetworkPolicy")
                .filter(({ name }) =>
                    peersOf(plan, name, "egress").some(
                        (labels) => at(labels, '["kubernetes.io/metadata.name"]') === namespace,
                    ),
                )
                .map(({ inputs }) => at(inputs, "metadata.namespace"));
        assert.ok(towards(planOf("team-streaming"), "base-zookeeper").includes("streaming-flink-streams"));
        assert.deepEqual(towards(planOf("team-streaming"), "base-uploader"), []);
        assert.ok(towards(planOf("team-batch"), "base-opensearch").includes("batch-teraslice"));
        const downloading = new Set(towards(planOf("team-batch"), "base-uploader"));
        assert.deepEqual([...downloading].sort(), ["batch-teraslice", "batch-twister2-research"]);
        const without = await planOnBase(configOf(edited("team-batch", [/, uploader: true/, ""])), "team-batch");
        assert.deepEqual(towards(without, "base-uploader"), []);
    });

    it("uses the base's priority classes, but its own where it has one of that name", () => {
        const priorities = (plan: Plan) =>
            JSON.stringify(plan.resources.map(({ inputs }) => inputs)).match(
                /(?:base|batch|streaming)-(?:critical|batch)\b/g,
            );
        assert.deepEqual([...new Set(priorities(planOf("team-streaming")))].sort(), ["base-batch", "base-critical"]);
        assert.deepEqual(
            all(planOf("team-batch"), "PriorityClass").map(({ inputs }) => at(inputs, "metadata.name")),
            ["batch-batch"],
        );
    });

    it("leaves an entry in the base's namespace, which the base's plan lists too", () => {
        const entry = find(planOf("team-batch"), "ConfigMap", "base-consumer-entry").inputs;
        assert.equal(at(entry, "metadata.namespace"), "base-consumers");
        assert.equal(at(entry, "metadata.name"), "batch");
        assert.equal(at(entry, 'metadata.labels["data-platform/consumer-of"]'), "base");
        const uses = [
            "opensearch",
            "opensearch.logins.batch",
            "priorityClasses.critical",
            "sharing.namespace base-consumers",
            "uploader",
            "zookeeper",
        ];
        assert.deepEqual(at(entry, "data"), {
            stack: "team-batch",
            environment: "batch",
            owner: "batch",
            uses: uses.join("\n"),
            schema: "2",
        });
        assert.deepEqual(
            plans.get("base")!.consumers.map(({ stack }) => stack),
            ["team-batch", "team-streaming"],
        );
        assert.deepEqual(plans.get("base")!.consumers[0]?.uses, uses);
        assert.deepEqual(plans.get("team-batch")!.consumers, []);
    });

    it("wins over the base with a part of its own", async () => {
        const own = edited("team-batch", [
            /  data-platform:systems:/,
            "  data-platform:zookeeper: { members: 1, storage: 1Gi }\n  data-platform:systems:",
        ]);
        const plan = await planOnBase(configOf(own), "team-batch");
        assert.equal(all(plan, "ZooKeeper").length, 1);
        const entry = find(plan, "ConfigMap", "base-consumer-entry").inputs;
        assert.doesNotMatch(String(at(entry, "data.uses")), /zookeeper/);
        assert.doesNotMatch(JSON.stringify(plan.resources.filter(({ read }) => !read)), /base-zookeeper/);
    });

    it("gives each team a login of its own, in the namespace for consumers, and the team reads it there", async () => {
        const secured = edited(
            "base",
            [
                /sharing: \{\}/,
                'sharing: { opensearchUsers: { batch: { indexPatterns: ["ts-batch__*"], rotation: 2 } } }',
            ],
            [/kind: single\n[^]*?priority: critical/, "kind: cluster"],
        );
        const base = await planOnBase(configOf(secured), "base");
        const secret = find(base, "Secret", "opensearch-login-batch-secret");
        assert.equal(at(secret.inputs, "metadata.namespace"), "base-consumers");
        assert.deepEqual(Object.keys(at(secret.inputs, "stringData") as object).sort(), [
            "ca.crt",
            "password",
            "username",
        ]);
        assert.deepEqual(at(base.outputs, "platform.opensearch.logins.batch"), {
            namespace: "base-consumers",
            secretName: "opensearch-login-batch",
            usernameKey: "username",
            passwordKey: "password",
            authorityKey: "ca.crt",
            indexPatterns: ["ts-batch__*"],
            rotation: 2,
        });
        const text = readFileSync(stackFile("team-batch"), "utf8");
        const team = await planOnBase(configOf(text), "team-batch", base.outputs);
        const read = team.resources.filter((resource) => resource.read && resource.type.endsWith(":Secret"));
        assert.deepEqual(
            read.map(({ inputs }) => [at(inputs, "metadata.namespace"), at(inputs, "metadata.name")]),
            [["base-consumers", "opensearch-login-batch"]],
        );
        assertSound(team);
    });
});

describe("a plan of a stack with a base", () => {
    const directory = mkdtempSync(join(tmpdir(), "stacks-"));
    after(() => rmSync(directory, { recursive: true }));
    const file = (stack: string, base?: string) =>
        writeFileSync(
            join(directory, `Pulumi.${stack}.yaml`),
            [
                "config:",
                "  data-platform:cluster: { context: a }",
                `  data-platform:environment: { name: ${stack}, owner: o, tier: development }`,
                "  data-platform:sharing: {}",
                ...(base === undefined ? [] : [`  data-platform:base: { stack: ${base} }`]),
            ].join("\n"),
        );
    const fails = (stack: string, expected: RegExp) =>
        assert.rejects(
            planStack(stack, directory),
            (error) => error instanceof ConfigFaults && expected.test(error.message),
        );

    it("plans the base from the file beside, and that one's base too", async () => {
        file("one");
        file("two", "organization/data-platform/one");
        file("three", "organization/data-platform/two");
        const { plan } = await planStack("three", directory);
        assert.equal(find(plan, "ConfigMap").inputs["metadata"] !== undefined, true);
        assert.deepEqual(
            (await planStack("two", directory)).consumers.map(({ stack }) => stack),
            ["three"],
        );
    });

    it("refuses a base without a file, or of another project", async () => {
        file("a", "organization/data-platform/nowhere");
        file("b", "organization/other/one");
        const expected = /base\.stack: expected organization\/data-platform\/<stack> with a file /;
        await fails("a", expected);
        await fails("b", expected);
    });

    it("refuses a stack that stands on itself", async () => {
        file("x", "organization/data-platform/y");
        file("y", "organization/data-platform/x");
        await fails("x", /base\.stack: expected a stack that does not stand on this one \(x on y on x\)/);
        file("z", "organization/data-platform/z");
        await fails("z", /\(z on z\)/);
    });
});
