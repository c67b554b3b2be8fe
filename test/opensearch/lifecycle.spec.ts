import * as assert from "node:assert/strict";
import { checked } from "../../components/foundation/faults";
import { settings } from "../../components/foundation/values";
import { type Lifecycle, lifecyclePolicies, lifecycleSettings } from "../../components/opensearch/lifecycle";
import { at } from "../support/plans";

const logs: Lifecycle = { name: "logs", patterns: ["logs-*", "audit-*"], deleteAfter: "30d" };
const documentOf = (lifecycle: readonly Lifecycle[], index = 0): unknown =>
    JSON.parse(lifecyclePolicies(lifecycle)[index]?.document ?? "");

describe("lifecycle policies", () => {
    it("keep an index until its age, then delete it", () => {
        const policy = at(documentOf([logs]), "policy");
        assert.equal(at(policy, "default_state"), "keep");
        assert.deepEqual(at(policy, "states"), [
            {
                name: "keep",
                actions: [],
                transitions: [{ state_name: "delete", conditions: { min_index_age: "30d" } }],
            },
            { name: "delete", actions: [{ delete: {} }], transitions: [] },
        ]);
    });

    it("are for the indices of their patterns, each with a priority of its own", () => {
        const two = [logs, { ...logs, name: "more" }];
        assert.deepEqual(at(documentOf(two), "policy.ism_template"), [
            { index_patterns: ["logs-*", "audit-*"], priority: 100 },
        ]);
        assert.equal(at(documentOf(two, 1), "policy.ism_template[0].priority"), 101);
        assert.equal(lifecyclePolicies([logs])[0]?.patterns, "logs-*,audit-*");
    });

    it("carry a mark of their text in it, which changes with each part", () => {
        const markOf = (given: Lifecycle) => lifecyclePolicies([given])[0]?.mark ?? "";
        assert.match(markOf(logs), /^config [0-9a-f]{16}$/);
        assert.ok(String(at(documentOf([logs]), "policy.description")).includes(markOf(logs)));
        const marks = [logs, { ...logs, deleteAfter: "31d" }, { ...logs, patterns: ["logs-*"] }].map(markOf);
        assert.equal(new Set(marks).size, 3);
        assert.equal(markOf({ ...logs }), markOf(logs));
    });

    for (const [what, lifecycle, expected] of [
        ["two of one name", [logs, logs], /lifecycle: expected policies of different names/],
        ["no pattern", [{ ...logs, patterns: [] }], /patterns: expected at least 1 entries/],
        [
            "a pattern that ends the path",
            [{ ...logs, patterns: ["a/b"] }],
            /patterns\[0\]: expected a pattern of index/,
        ],
        ["a pattern of upper case", [{ ...logs, patterns: ["Logs-*"] }], /patterns\[0\]: expected a pattern of index/],
        ["a pattern that ends a quotation", [{ ...logs, patterns: ["a'b"] }], /expected a pattern of index/],
        ["less than an hour", [{ ...logs, deleteAfter: "59m" }], /deleteAfter: expected a time of at least 1h/],
        ["a name that is no label", [{ ...logs, name: "a b" }], /name: expected a DNS label/],
    ] as const) {
        it(`refuse ${what}`, () => {
            const schema = settings({ lifecycle: lifecycleSettings });
            assert.throws(() => checked(schema, "search", { lifecycle }), expected);
        });
    }
});
