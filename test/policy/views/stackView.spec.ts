import assert from "node:assert/strict";
import { type LinkedResource, type StackView, stackViewOf } from "../../../policy/views/stackView";
import { linkedOf, object } from "../support";

const named = (kind: string, name: string) => ({ ...object("v1", kind), metadata: { name } });
const component = (name: string, links: Partial<LinkedResource> = {}): LinkedResource => ({
    urn: `urn:pulumi:dev::data-platform::data-platform:test:Part::${name}`,
    type: "data-platform:test:Part",
    name,
    inputs: {},
    ...links,
});
const found = (stack: StackView, name: string) => stack.resources.find((each) => each.name === name)!;

describe("the view of a stack", () => {
    it("has objects by kind, and knows components without taking them for objects", () => {
        const stack = stackViewOf([
            component("a"),
            linkedOf(named("Service", "one")),
            linkedOf(named("Secret", "two")),
        ]);
        assert.deepEqual(
            stack.objects.map(({ name }) => name),
            ["one", "two"],
        );
        assert.deepEqual(
            stack.ofKind("Service").map(({ view }) => view.metadata.name),
            ["one"],
        );
        assert.deepEqual(stack.ofKind("Part"), []);
        assert.equal(stack.resources.length, 3);
        assert.equal(found(stack, "a").view, undefined);
    });

    it("does not take a patch for the object that it changes", () => {
        const patch = linkedOf(named("ServiceAccount", "default"), { type: "kubernetes:core/v1:ServiceAccountPatch" });
        const stack = stackViewOf([patch]);
        assert.deepEqual(stack.ofKind("ServiceAccount"), []);
        assert.equal(stack.objects.length, 1);
    });

    it("finds parents whatever the order", () => {
        const parent = component("a");
        const stack = stackViewOf([linkedOf(named("Service", "one"), { parent: parent.urn }), parent]);
        assert.equal(found(stack, "one").parent, found(stack, "a"));
        assert.equal(found(stack, "a").parent, undefined);
        const lost = stackViewOf([linkedOf(named("Service", "one"), { parent: "urn:unknown" })]);
        assert.equal(found(lost, "one").parent, undefined);
    });

    it("follows what is waited for, through parents and further on", () => {
        const first = component("first");
        const child = linkedOf(named("Service", "one"), { parent: first.urn });
        const second = component("second", { dependencies: [child.urn] });
        const below = component("below", { parent: second.urn });
        const last = linkedOf(named("Service", "two"), { dependencies: [below.urn] });
        const stack = stackViewOf([first, child, second, below, last]);
        assert.deepEqual([...stack.waitsFor(found(stack, "below"))], [child.urn]);
        assert.deepEqual([...stack.waitsFor(found(stack, "two"))], [below.urn, child.urn]);
        assert.deepEqual([...stack.waitsFor(found(stack, "one"))], []);
    });

    it("ends where resources wait for each other", () => {
        const [a, b] = [component("a"), component("b")];
        const stack = stackViewOf([
            { ...a, dependencies: [b.urn] },
            { ...b, dependencies: [a.urn] },
        ]);
        assert.deepEqual([...stack.waitsFor(found(stack, "a"))].sort(), [a.urn, b.urn]);
    });

    it("knows what is protected", () => {
        const stack = stackViewOf([component("a", { protect: true }), component("b")]);
        assert.deepEqual(
            stack.resources.map(({ protect }) => protect),
            [true, false],
        );
    });
});
