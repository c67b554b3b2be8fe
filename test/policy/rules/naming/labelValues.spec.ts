import assert from "node:assert/strict";
import { labelValues } from "../../../../policy/rules/naming/labelValues";
import { goodStatefulSet, judge, messagesOf, object, unknown, withField } from "../../support";

describe("rule naming-label-values", () => {
    it("accepts valid keys and values", () => {
        assert.deepEqual(messagesOf(labelValues, goodStatefulSet()), []);
        const labels = { a: "", "b.c_d-E": "A.b_c-1", "example.com/x": "a".repeat(63) };
        assert.deepEqual(
            messagesOf(labelValues, withField(object("v1", "Secret"), ["metadata", "labels"], labels)),
            [],
        );
    });

    const places: [string, string[]][] = [
        ["metadata.labels", ["metadata", "labels"]],
        ["spec.template.metadata.labels", ["spec", "template", "metadata", "labels"]],
        ["spec.selector.matchLabels", ["spec", "selector", "matchLabels"]],
    ];
    for (const [place, path] of places) {
        it(`names a bad value at ${place}`, () => {
            assert.deepEqual(messagesOf(labelValues, withField(goodStatefulSet(), path, { a: "b c" })), [
                `StatefulSet ${place}["a"]: expected text of at most 63 letters, digits, - _ and ., starting and ending with a letter or digit, found "b c"`,
            ]);
        });
        it(`names a bad key at ${place}`, () => {
            const messages = messagesOf(labelValues, withField(goodStatefulSet(), path, { "a b": "c" }));
            assert.equal(messages.length, 1);
            assert.match(messages[0]!, /expected keys of the form .* found "a b"$/);
        });
    }

    const selector = { matchLabels: { a: "b c" } };
    const term = { labelSelector: selector, topologyKey: "zone" };
    const affinities: [string, Record<string, unknown>][] = [
        [
            "requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector",
            { requiredDuringSchedulingIgnoredDuringExecution: [term] },
        ],
        [
            "preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector",
            { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }] },
        ],
        [
            "requiredDuringSchedulingIgnoredDuringExecution[0].namespaceSelector",
            {
                requiredDuringSchedulingIgnoredDuringExecution: [
                    { ...term, labelSelector: {}, namespaceSelector: selector },
                ],
            },
        ],
    ];
    const podSpec = ["spec", "template", "spec"];
    const selectors: [string, Record<string, unknown>][] = [
        ...["podAffinity", "podAntiAffinity"].flatMap((kind) =>
            affinities.map(([path, terms]): [string, Record<string, unknown>] => [
                `StatefulSet spec.template.spec.affinity.${kind}.${path}.matchLabels["a"]`,
                withField(goodStatefulSet(), [...podSpec, "affinity"], { [kind]: terms }),
            ]),
        ),
        [
            'StatefulSet spec.template.spec.topologySpreadConstraints[0].labelSelector.matchLabels["a"]',
            withField(goodStatefulSet(), [...podSpec, "topologySpreadConstraints"], [{ labelSelector: selector }]),
        ],
        [
            'StatefulSet spec.template.spec.nodeSelector["a"]',
            withField(goodStatefulSet(), [...podSpec, "nodeSelector"], { a: "b c" }),
        ],
        [
            'StatefulSet spec.volumeClaimTemplates[0].metadata.labels["a"]',
            withField(goodStatefulSet(), ["spec", "volumeClaimTemplates"], [{ metadata: { labels: { a: "b c" } } }]),
        ],
        [
            'NetworkPolicy spec.podSelector.matchLabels["a"]',
            object("networking.k8s.io/v1", "NetworkPolicy", { podSelector: selector }),
        ],
        [
            'NetworkPolicy spec.egress[0].to[0].namespaceSelector.matchLabels["a"]',
            object("networking.k8s.io/v1", "NetworkPolicy", { egress: [{ to: [{ namespaceSelector: selector }] }] }),
        ],
        [
            'PodDisruptionBudget spec.selector.matchLabels["a"]',
            object("policy/v1", "PodDisruptionBudget", { selector }),
        ],
        [
            'RedisCluster spec.redisLeader.affinity.x.matchLabels["a"]',
            object("redis.redis.opstreelabs.in/v1beta2", "RedisCluster", {
                redisLeader: { affinity: { x: selector } },
            }),
        ],
        [
            'SparkApplication spec.driver.labels["a"]',
            object("sparkoperator.k8s.io/v1beta2", "SparkApplication", { driver: { labels: { a: "b c" } } }),
        ],
    ];
    for (const [place, inputs] of selectors) {
        it(`names a bad value at ${place}`, () => {
            const messages = messagesOf(labelValues, inputs);
            assert.equal(messages.length, 1);
            assert.equal(messages[0]!.startsWith(`${place}: expected text of`), true, messages[0]);
        });
    }

    it("judges keys and values of expressions", () => {
        const budget = (term: object) =>
            object("policy/v1", "PodDisruptionBudget", { selector: { matchExpressions: [term] } });
        const place = "PodDisruptionBudget spec.selector.matchExpressions[0]";
        assert.deepEqual(messagesOf(labelValues, budget({ key: "a", operator: "In", values: ["b"] })), []);
        assert.deepEqual(messagesOf(labelValues, budget({ key: "a", operator: "Exists" })), []);
        const [key = ""] = messagesOf(labelValues, budget({ key: "a b", operator: "Exists" }));
        assert.match(key, /^PodDisruptionBudget spec.selector.matchExpressions\[0\].key: expected keys of the form/);
        const [value = ""] = messagesOf(labelValues, budget({ key: "a", operator: "In", values: ["b", "b c"] }));
        assert.equal(value.startsWith(`${place}.values[1]: expected text`), true, value);
    });

    it("judges keys of annotations, but not their values", () => {
        const annotated = (annotations: object) =>
            withField(object("v1", "Secret"), ["metadata", "annotations"], annotations);
        assert.deepEqual(messagesOf(labelValues, annotated({ "Example.com/a": "any text: {}", b: "" })), []);
        assert.match(
            messagesOf(labelValues, annotated({ "a b": "" })).join(),
            /^Secret metadata.annotations: expected keys of the form .* found "a b"$/,
        );
    });

    it("takes no schema of a definition for labels", () => {
        const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
            properties: { matchLabels: { type: "object" }, metadata: { labels: { type: {} } } },
        });
        assert.deepEqual(messagesOf(labelValues, definition), []);
        assert.equal(messagesOf(labelValues, withField(definition, ["metadata", "labels", "a"], "-")).length, 1);
    });

    it("needs no other field", () => {
        const set = withField(goodStatefulSet(), [...podSpec, "containers"], unknown);
        assert.deepEqual(judge(labelValues, withField(set, ["spec", "replicas"], unknown)), {
            messages: [],
            unknowns: [],
        });
    });

    it("judges the selector of a Service", () => {
        assert.equal(messagesOf(labelValues, object("v1", "Service", { selector: { a: "-" } })).length, 1);
    });

    for (const value of ["-a", "a-", "a/b", "é", "a".repeat(64), true, 1, null]) {
        it(`refuses the value ${JSON.stringify(value).slice(0, 20)}`, () => {
            const secret = withField(object("v1", "Secret"), ["metadata", "labels"], { a: value });
            assert.equal(messagesOf(labelValues, secret).length, 1);
        });
    }
    for (const key of ["", "/a", "a/", "a/b/c", "Upper.com/a", "-a", "a".repeat(64), `${"a.".repeat(127)}/b`]) {
        it(`refuses the key ${key.slice(0, 20)}`, () => {
            const secret = withField(object("v1", "Secret"), ["metadata", "labels"], { [key]: "b" });
            assert.equal(messagesOf(labelValues, secret).length, 1);
        });
    }

    it("judges the labels around one that is not known yet", () => {
        const secret = withField(object("v1", "Secret"), ["metadata", "labels"], { a: unknown, b: "-" });
        const { messages, unknowns } = judge(labelValues, secret);
        assert.equal(messages.length, 1);
        assert.equal(unknowns.length, 1);
    });
});
