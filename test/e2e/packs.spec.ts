import * as assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { type PackName, packNames } from "../../policy/rule";
import { allRules, packs } from "../../policy/rules";
import { succeeded } from "./support/run";
import { requireTools } from "./support/tools";
import { type Operated, Workspace } from "./support/workspace";

const largest = "data-production";

/** A program that every pack has something to say about, written to a directory: no cluster is asked. */
const badProgram = `import * as k8s from "@pulumi/kubernetes";

const provider = new k8s.Provider("cluster", { renderYamlToDirectory: "rendered" });
new k8s.apps.v1.StatefulSet(
    "bad",
    {
        metadata: { name: "Bad_Name", namespace: "anywhere" },
        spec: {
            replicas: 3,
            serviceName: "missing",
            selector: { matchLabels: { app: "bad" } },
            template: {
                metadata: { labels: { app: "bad" } },
                spec: {
                    hostNetwork: true,
                    containers: [
                        {
                            name: "bad",
                            image: "bad:latest",
                            ports: [{ containerPort: 80 }],
                            securityContext: { privileged: true },
                        },
                    ],
                },
            },
        },
    },
    { provider },
);
`;

const badStack = `config:
  data-platform:environment: { name: bad, owner: nobody, tier: production }
`;

describe("the policy packs", () => {
    let workspace: Workspace;
    before(async function () {
        await requireTools(this, "engine");
        workspace = new Workspace();
    });

    after(() => {
        (workspace as Workspace | undefined)?.remove();
    });

    const pack = (name: string) => ["--policy-pack", workspace.path("policy", name)];

    describe("over a bad stack", () => {
        const previews = new Map<string, Operated>();
        let bad: Workspace;
        before(async () => {
            bad = new Workspace();
            writeFileSync(bad.path("index.ts"), badProgram);
            writeFileSync(bad.stackFile("bad"), badStack);
            succeeded("stack init", await bad.pulumi("stack", "init", "bad", "--no-select"));
            for (const name of ["all", ...packNames]) {
                previews.set(name, await bad.operate("preview", "bad", ...pack(name)));
            }
        });
        after(() => {
            bad.remove();
        });

        for (const name of ["all", ...packNames]) {
            it(`refuse the preview: ${name}`, () => {
                const { code, output, events } = previews.get(name)!;
                assert.notEqual(code, 0, output);
                const rules = name === "all" ? allRules : packs[name as PackName].rules;
                const mandatory = events.violations.filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
                assert.ok(mandatory.length > 0);
                for (const { policyName, message } of mandatory) {
                    const rule = rules.find((each) => each.name === policyName);
                    assert.ok(rule !== undefined, `${policyName} is a rule of ${name}`);
                    assert.ok(message.includes(rule.remediation), `${policyName} says what to do: ${message}`);
                    assert.ok(output.includes(rule.remediation.slice(0, 60)), `${policyName} is printed`);
                }
            });
        }

        it("find together what each finds alone", () => {
            const found = (name: string) =>
                new Set(previews.get(name)!.events.violations.map(({ policyName }) => policyName));
            assert.deepEqual([...found("all")].sort(), packNames.flatMap((name) => [...found(name)]).sort());
        });
    });

    // DESIGN section 12: every rule in a preview takes at most half of the preview without packs.
    it("take at most half as long again as the preview of the largest stack without them", async function () {
        this.timeout(600_000);
        workspace.editStack(largest, ({ set, remove }) => {
            remove("cluster.context");
            set("cluster.render", "rendered");
        });
        succeeded("stack init", await workspace.pulumi("stack", "init", largest, "--no-select"));
        const times = { bare: [] as number[], judged: [] as number[] };
        for (let round = 0; round < 2; round++) {
            for (const [kind, further] of [
                ["bare", []],
                ["judged", pack("all")],
            ] as const) {
                const began = performance.now();
                succeeded("preview", await workspace.operate("preview", largest, ...further));
                times[kind].push(performance.now() - began);
            }
        }
        const [bare, judged] = [Math.min(...times.bare), Math.min(...times.judged)];
        process.stdout.write(`      preview ${Math.round(bare)} ms, with every rule ${Math.round(judged)} ms\n`);
        assert.ok(judged <= 1.5 * bare, `${judged / bare} times`);
    });
});
