import * as assert from "node:assert/strict";
import { countActions, diffPlans, noPlan, type PlanDiff } from "../../../bin/diff/diff";
import { diffHeadline, formatDiff, markdownDiff } from "../../../bin/diff/format";
import type { PlannedResource } from "../../../bin/plan/plan";
import { object, planned } from "./support";

const diff = (before: readonly PlannedResource[], after: readonly PlannedResource[]): PlanDiff =>
    diffPlans({ resources: before, outputs: {} }, { resources: after, outputs: {} });
const actionsOf = ({ resources }: PlanDiff): readonly string[] =>
    resources.map(({ action, name }) => `${action} ${name}`);
const compared = (given: PlanDiff) => ({ base: "main (abc)", notes: [], diff: given });

const service = object("v1:Service", "a/web", { spec: { ports: [{ name: "http", port: 80 }] } });
const set = object("apps/v1:StatefulSet", "a/zk", { spec: { serviceName: "zk", replicas: 3 } });
const space = object("v1:Namespace", "a");

describe("plan diff", () => {
    it("finds nothing between equal plans", () => {
        assert.deepEqual(diff([service, set], [service, set]), { resources: [], renames: [], outputs: [] });
        assert.equal(diffHeadline(compared(diff([set], [set]))), "against main (abc): nothing changes");
    });

    it("adds everything of a new stack and deletes everything of one that is gone", () => {
        const plan = { resources: [service, set], outputs: { url: "x" } };
        assert.deepEqual(countActions(diffPlans(noPlan, plan)), { replaced: 0, deleted: 0, changed: 0, added: 2 });
        assert.deepEqual(countActions(diffPlans(plan, noPlan)), { replaced: 0, deleted: 2, changed: 0, added: 0 });
        assert.deepEqual(diffPlans(plan, noPlan).outputs, [{ path: "url", before: "x", after: undefined }]);
    });

    it("tells which values change, items of named lists by their name", () => {
        const after = object("v1:Service", "a/web", {
            spec: {
                ports: [
                    { name: "admin", port: 81 },
                    { name: "http", port: 8080 },
                ],
            },
        });
        assert.deepEqual(diff([service], [after]).resources[0]?.values, [
            { path: "spec.ports[admin]", before: undefined, after: { name: "admin", port: 81 } },
            { path: "spec.ports[http].port", before: 80, after: 8080 },
        ]);
    });

    it("leaves out what is only read", () => {
        assert.deepEqual(actionsOf(diff([], [{ ...set, read: true }])), []);
    });

    it("tells when an object is protected no more", () => {
        const [change] = diff([{ ...set, protect: true }], [set]).resources;
        assert.deepEqual(change?.values, [{ path: "options.protect", before: true, after: false }]);
    });

    const spec = (kind: string, before: object, after: object) =>
        [kind, object(kind, "a/x", before as never), object(kind, "a/x", after as never)] as const;
    const cases: readonly (readonly [string, readonly [string, PlannedResource, PlannedResource], string[]])[] = [
        [
            "another name",
            ["", service, { ...object("v1:Service", "a/other"), urn: service.urn }],
            ["metadata.name", "spec.ports"],
        ],
        ["another namespace", ["", space, { ...object("v1:Namespace", "b"), urn: space.urn }], ["metadata.name"]],
        [
            "a set's service",
            spec("apps/v1:StatefulSet", { spec: { serviceName: "a" } }, { spec: { serviceName: "b" } }),
            ["spec.serviceName"],
        ],
        [
            "a claim template",
            spec(
                "apps/v1:StatefulSet",
                { spec: { volumeClaimTemplates: [{ metadata: { name: "d" }, spec: { storageClassName: "a" } }] } },
                { spec: { volumeClaimTemplates: [{ metadata: { name: "d" }, spec: { storageClassName: "b" } }] } },
            ),
            ["spec.volumeClaimTemplates[0].spec.storageClassName"],
        ],
        [
            "a selector",
            spec(
                "apps/v1:Deployment",
                { spec: { selector: { matchLabels: { a: "1" } } } },
                { spec: { selector: { matchLabels: { a: "2" } } } },
            ),
            ["spec.selector.matchLabels.a"],
        ],
        [
            "a Job's template",
            spec(
                "batch/v1:Job",
                { spec: { template: { spec: { a: 1 } } } },
                { spec: { template: { spec: { a: 2 } } } },
            ),
            ["spec.template.spec.a"],
        ],
        [
            "a binding's role",
            spec("rbac.authorization.k8s.io/v1:RoleBinding", { roleRef: { name: "a" } }, { roleRef: { name: "b" } }),
            ["roleRef.name"],
        ],
        [
            "a password's length",
            [
                "",
                planned("random:index/randomPassword:RandomPassword", "p", { length: 8 }),
                planned("random:index/randomPassword:RandomPassword", "p", { length: 9 }),
            ],
            ["length"],
        ],
        [
            "another cluster",
            [
                "",
                planned("pulumi:providers:kubernetes", "c", { context: "a" }),
                planned("pulumi:providers:kubernetes", "c", { context: "b" }),
            ],
            ["context"],
        ],
        ["replicas", spec("apps/v1:StatefulSet", { spec: { replicas: 1 } }, { spec: { replicas: 2 } }), []],
        [
            "a Deployment's template",
            spec("apps/v1:Deployment", { spec: { template: { a: 1 } } }, { spec: { template: { a: 2 } } }),
            [],
        ],
        ["data of a ConfigMap", spec("v1:ConfigMap", { data: { a: "1" } }, { data: { a: "2" } }), []],
        [
            "a component's size",
            ["", planned("data-platform:x:X", "x", { members: 1 }), planned("data-platform:x:X", "x", { members: 3 })],
            [],
        ],
    ];
    for (const [what, [, before, after], because] of cases) {
        it(`${because.length === 0 ? "updates" : "replaces"} for ${what}`, () => {
            const [change] = diff([before], [after]).resources;
            assert.equal(change?.action, because.length === 0 ? "changed" : "replaced");
            assert.deepEqual(
                change.because,
                because.filter((path) => path !== "spec.ports"),
            );
        });
    }

    it("puts what data hangs on first, the namespace around it too", () => {
        const redis = object("redis.redis.opstreelabs.in/v1beta2:Redis", "c/r", { spec: { storage: {} } });
        const removed = diff(
            [service, space, object("v1:Namespace", "b"), set, redis, object("v1:Namespace", "c")],
            [object("v1:ConfigMap", "z/new")],
        );
        assert.deepEqual(actionsOf(removed), [
            "deleted a",
            "deleted zk",
            "deleted r",
            "deleted c",
            "deleted web",
            "deleted b",
            "added new",
        ]);
        assert.equal(
            diffHeadline(compared(removed)),
            "against main (abc): 6 deleted, 1 added; 4 of them stateful, 4 of those deleted or replaced",
        );
    });

    describe("secrets", () => {
        const secret = (value: string, secretPaths: string[]) =>
            object(
                "v1:ConfigMap",
                "a/s",
                {
                    data: {
                        list: [
                            { name: "x", value: "0" },
                            { name: "k", value },
                        ],
                    },
                },
                { secretPaths },
            );
        it("are hidden on both sides where either has one", () => {
            const change = diff([secret("canary", [])], [secret("<secret>", ["data.list[1].value"])]).resources[0];
            assert.deepEqual(change?.values, [{ path: "data.list[k].value", before: "<secret>", after: "<secret>" }]);
        });
        it("are hidden inside of what is new as a whole", () => {
            const change = diff([object("v1:ConfigMap", "a/s")], [secret("canary", ["data.list[1].value"])]);
            assert.doesNotMatch(JSON.stringify(change) + formatDiff(compared(change)), /canary/);
        });
        it("are hidden in a Secret whatever the program said", () => {
            const of = (password: string) => object("v1:Secret", "a/s", { stringData: { password, [password]: "y" } });
            const change = diff([of("one")], [object("v1:Secret", "a/s", { stringData: { other: "canary" } })]);
            assert.doesNotMatch(JSON.stringify(change.resources[0]?.values), /canary/);
            assert.deepEqual(change.resources[0]?.values.at(-1), {
                path: "stringData.password",
                before: "<secret>",
                after: undefined,
            });
        });
    });

    describe("a rename", () => {
        const labelled = (name: string, more = {}) =>
            object("v1:Service", `a/${name}`, { spec: { a: 1, b: 2, c: 3 } }, more);
        it("is pointed out where both look alike in one place", () => {
            const found = diff([labelled("old")], [labelled("new")]);
            assert.deepEqual(
                found.renames.map(({ before, after }) => [before.name, after.name]),
                [["old", "new"]],
            );
            assert.match(formatDiff(compared(found)), /Service new\n +! looks like old renamed: needs an alias/);
        });
        it("is seen by the object, however different the rest", () => {
            const [before, after] = [
                object("v1:Service", "a/x", { a: 1, b: 2, c: 3, d: 4, e: 5 }, { name: "old" }),
                object("v1:Service", "a/x", {}, { name: "new" }),
            ];
            assert.equal(diff([before], [after]).renames[0]?.sameObject, true);
            assert.match(formatDiff(compared(diff([before], [after]))), /deleting that one takes this one away/);
        });
        it("of a component takes its children along", () => {
            const tree = (name: string) => {
                const parent = planned("data-platform:x:X", name);
                return [
                    parent,
                    ...["a", "b"].map((part) =>
                        object("v1:ConfigMap", `n/${name}-${part}`, { data: { [name]: part } }, { parent: parent.urn }),
                    ),
                ];
            };
            const found = diff(tree("old"), tree("new"));
            assert.deepEqual(
                found.renames.map(({ before, after }) => `${before.name} ${after.name}`),
                ["old new", "old-a new-a", "old-b new-b"],
            );
        });
        it("is none between different things, or kinds", () => {
            const other = object("v1:Service", "a/new", { spec: { x: 1, y: 2, z: 3, v: 4, w: 5 } });
            assert.deepEqual(diff([labelled("old")], [other]).renames, []);
            assert.deepEqual(diff([labelled("old")], [set]).renames, []);
        });
        it("is an update with an alias, by URN or by name, children too", () => {
            const parent = (name: string, aliases: string[] = []) =>
                planned("data-platform:x:X", name, {}, { aliases });
            const child = (of: PlannedResource) =>
                object("v1:Service", "a/x", {}, { name: `${of.name}-x`, parent: of.urn });
            const old = parent("old");
            for (const alias of [old.urn, JSON.stringify({ name: "old", type: "", parenturn: "", noparent: false })]) {
                const renamed = parent("new", [alias]);
                assert.deepEqual(diff([old, child(old)], [renamed, child(renamed)]).resources, []);
            }
        });
    });

    describe("in text and Markdown", () => {
        it("shows of a long text only the lines that differ", () => {
            const map = (line: string) => object("v1:ConfigMap", "a/m", { data: { f: `one\n${line}\nthree\n` } });
            assert.match(formatDiff(compared(diff([map("2")], [map("two")]))), /data\.f:\n +- 2\n +\+ two$/);
        });
        it("keeps whatever a plan holds from becoming markup", () => {
            const evil = "```\n<script>alert(1)</script>\n````";
            const name = "x`<b>";
            const of = (text: string) => ({ ...object("v1:ConfigMap", "a/m", { data: { f: text } }), name });
            const shown = markdownDiff(compared(diff([of("a")], [of(evil)])));
            assert.match(shown, /`x'<b>`/);
            // The fence is longer than any run of backticks inside it.
            assert.match(shown, /\n {2}`{5}diff\n[^]*\n {2}`{5}$/);
        });
        it("says that the engine refuses to delete what is protected", () => {
            assert.match(
                formatDiff(compared(diff([{ ...set, protect: true }], []))),
                /! protected: the engine refuses this/,
            );
        });
    });
});
