import * as assert from "node:assert/strict";
import { viewOf } from "../../policy/views/view";
import { goodStatefulSet, linkedOf, object, withField } from "../policy/support";
import { configOf, goodFile } from "../support/stackFiles";
import { exclusionOf, type Mutant, mutantsOf, placesOf, type Subject, weakeningsOf } from "./mutants";
import { families } from "./operator";
import { scoreOf, subjects } from "./score";
import { excluded, territories } from "./territories";
import { changedAt, nodesOf, removed } from "./tree";

const config = configOf(goodFile);

const stackOf = (...objects: readonly Record<string, unknown>[]): Subject => ({
    name: "test",
    config,
    resources: objects.map((each) => linkedOf(each)),
});

const idsOf = (mutants: readonly Mutant[]): readonly string[] => mutants.map(({ id }) => id);

describe("the generator of mutants", () => {
    describe("on trees", () => {
        const tree = { a: [{ b: 1 }, { b: 2 }], "c.d": { e: {} } };

        it("finds every place, with and without indices", () => {
            assert.deepEqual(
                nodesOf(tree).map(({ path, pattern, leaf }) => [path, pattern, leaf]),
                [
                    ["", "", false],
                    ["a", "a", false],
                    ["a[0]", "a[]", false],
                    ["a[0].b", "a[].b", true],
                    ["a[1]", "a[]", false],
                    ["a[1].b", "a[].b", true],
                    ['["c.d"]', '["c.d"]', false],
                    ['["c.d"].e', '["c.d"].e', true],
                ],
            );
        });

        it("changes and takes away one place, and leaves the given tree as it was", () => {
            const before = structuredClone(tree);
            assert.deepEqual(changedAt(tree, ["a", 1, "b"], 3), { ...tree, a: [{ b: 1 }, { b: 3 }] });
            assert.deepEqual(changedAt(tree, ["a", 0], removed), { ...tree, a: [{ b: 2 }] });
            assert.deepEqual(changedAt(tree, ["c.d"], removed), { a: tree.a });
            assert.equal(changedAt(tree, [], removed), removed);
            assert.deepEqual(tree, before);
        });
    });

    describe("on objects", () => {
        it("weakens one thing at a time, and says where and how", () => {
            const set = withField(
                goodStatefulSet(),
                ["spec", "template", "spec", "automountServiceAccountToken"],
                false,
            );
            const mutants = mutantsOf(stackOf(set));
            const id = "test/StatefulSet events/spec.template.spec.automountServiceAccountToken: true";
            const [mutant] = mutants.filter((each) => each.id === id);
            assert.ok(mutant !== undefined, idsOf(mutants).join("\n"));
            assert.equal(mutant.family, "tokens");
            assert.deepEqual(
                mutant.weakened()?.inputs,
                withField(set, ["spec", "template", "spec", "automountServiceAccountToken"], true),
            );
        });

        it("has another id for each mutant", () => {
            const ids = idsOf(mutantsOf(stackOf(goodStatefulSet())));
            assert.equal(new Set(ids).size, ids.length);
        });

        it("never changes what it starts from", () => {
            const set = goodStatefulSet();
            const before = structuredClone(set);
            mutantsOf(stackOf(set)).forEach((mutant) => mutant.resources());
            assert.deepEqual(set, before);
        });

        it("counts what stays as strong as it was apart", () => {
            const path = ["spec", "template", "spec"];
            const both = withField(
                withField(goodStatefulSet(), [...path, "securityContext"], { runAsNonRoot: true }),
                [...path, "containers", 0, "securityContext"],
                { runAsNonRoot: true },
            );
            const mutants = mutantsOf(stackOf(both)).filter(({ id }) =>
                id.endsWith("securityContext.runAsNonRoot: deleted"),
            );
            assert.equal(mutants.length, 2);
            for (const mutant of mutants) {
                assert.match(mutant.equivalent() ?? "", /^pod and container set the same/);
            }
            const everywhere = mutantsOf(stackOf(both)).find(
                ({ operator }) => operator === "runAsNonRoot deleted everywhere",
            );
            assert.equal(everywhere?.equivalent(), undefined);
            assert.doesNotMatch(JSON.stringify(everywhere?.weakened()), /runAsNonRoot/);
        });

        it("takes whole objects away", () => {
            const subject = stackOf(
                object("policy/v1", "PodDisruptionBudget", { maxUnavailable: 1 }),
                goodStatefulSet(),
            );
            const [mutant] = mutantsOf(subject).filter(({ operator }) => operator === "object deleted");
            assert.deepEqual(mutant?.resources(), subject.resources.slice(1));
        });
    });

    describe("on links", () => {
        const set = (name: string): Record<string, unknown> => withField(goodStatefulSet(), ["metadata", "name"], name);
        const first = linkedOf(set("first"), { protect: true });
        const second = linkedOf(set("second"), { dependencies: [first.urn] });
        const subject: Subject = { name: "test", config, resources: [first, second] };

        it("takes protection away", () => {
            const [mutant, ...others] = mutantsOf(subject).filter(({ family }) => family === "protection");
            assert.deepEqual(mutant?.resources(), [{ ...first, protect: false }, second]);
            assert.deepEqual(others, []);
        });

        it("cuts a chain", () => {
            const [mutant, ...others] = mutantsOf(subject).filter(({ family }) => family === "chains");
            assert.deepEqual(mutant?.resources(), [first, { ...second, dependencies: [] }]);
            assert.deepEqual(others, []);
        });
    });

    it("kills a mutant only by a finding that was not there before", () => {
        const subject = stackOf(goodStatefulSet());
        const wanted = ({ operator }: Mutant): boolean => operator === ":latest";
        const rule = scoreOf([subject], { wanted }).verdicts.map((verdict) => verdict.rule);
        assert.deepEqual(rule, ["resources-image-digest"]);
        // The same image, latest from the start: the mutant is the object itself.
        const latest = withField(
            goodStatefulSet(),
            ["spec", "template", "spec", "containers", 0, "image"],
            "registry.example.com/kafka:latest",
        );
        assert.deepEqual(
            scoreOf([stackOf(latest)], { wanted: ({ operator }) => operator === "no tag" }).verdicts.map((v) => v.rule),
            [undefined],
        );
    });

    describe("on every stack", function () {
        this.timeout(120_000);
        let stacks: readonly Subject[];
        before(async () => {
            stacks = await subjects();
        });

        const eachObject = (
            visit: (kind: string, fields: Readonly<Record<string, unknown>>, of: Subject) => void,
        ): void => {
            for (const stack of stacks) {
                for (const resource of stack.resources) {
                    const view = viewOf(resource);
                    if (view !== undefined) {
                        visit(view.patch ? `${view.kind}Patch` : view.kind, view.object, stack);
                    }
                }
            }
        };

        it("weakens every leaf of every object, or says why not", () => {
            const missed = new Set<string>();
            eachObject((kind, fields, stack) => {
                const hit = new Set(weakeningsOf(kind, fields, stack.config).map(({ node }) => node.path));
                placesOf(fields)
                    .filter(
                        ({ leaf, path, pattern }) => leaf && !hit.has(path) && exclusionOf(kind, pattern) === undefined,
                    )
                    .forEach(({ pattern }) => missed.add(`${kind} ${pattern}`));
            });
            assert.deepEqual([...missed], []);
        });

        it("needs every exclusion and every territory", () => {
            const places = new Map<string, Set<string>>();
            eachObject((kind, fields) => {
                const patterns = places.get(kind) ?? new Set();
                placesOf(fields).forEach(({ pattern }) => patterns.add(pattern));
                places.set(kind, patterns);
            });
            const unused = [...excluded, ...territories].filter(
                ({ at, kinds }) =>
                    ![...places].some(
                        ([kind, patterns]) =>
                            (kinds?.includes(kind) ?? true) && [...patterns].some((pattern) => at.test(pattern)),
                    ),
            );
            assert.deepEqual(
                unused.map(({ at }) => String(at)),
                [],
            );
        });

        it("has mutants of every family", () => {
            const found = new Set(stacks.flatMap(mutantsOf).map(({ family }) => family));
            assert.deepEqual(
                families.filter((family) => !found.has(family)),
                [],
            );
        });
    });
});
