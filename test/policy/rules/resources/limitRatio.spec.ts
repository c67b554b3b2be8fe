import assert from "node:assert/strict";
import { limitRatio } from "../../../../policy/rules/resources/limitRatio";
import { goodStatefulSet, judge, messagesOf, unknown, withField } from "../../support";

const resources = ["spec", "template", "spec", "containers", 0, "resources"];
const place = 'container "broker" (spec.template.spec.containers[0]) resources.limits';
const of = (name: string, request: unknown, limit: unknown) =>
    withField(
        withField(goodStatefulSet(), [...resources, "requests", name], request),
        [...resources, "limits", name],
        limit,
    );

describe("rule resources-limit-ratio", () => {
    for (const [name, request, limit] of [
        ["cpu", "500m", "500m"],
        ["cpu", "500m", "5"],
        ["cpu", "10m", "1"],
        ["memory", "1Gi", "1536Mi"],
        ["ephemeral-storage", "2Gi", "3Gi"],
        // Missing ones, and zero, are another rule's concern.
        ["cpu", "0", "5"],
        ["cpu", undefined, "5"],
        ["memory", "1Gi", undefined],
        ["memory", "1Gi", "much"],
    ] as const) {
        it(`accepts ${name} ${request} of ${limit}`, () => {
            assert.deepEqual(messagesOf(limitRatio, of(name, request, limit)), []);
        });
    }

    for (const [name, request, limit, expected] of [
        ["cpu", "2", "1", "at least the request, 2"],
        ["memory", "2Gi", "1Gi", "at least the request, 2Gi"],
        ["cpu", "500m", "6", "at most 10 times the request, 500m"],
        ["memory", "1Gi", "2Gi", "at most 1.5 times the request, 1Gi"],
        ["ephemeral-storage", "1Gi", "4Gi", "at most 1.5 times the request, 1Gi"],
    ] as const) {
        it(`refuses ${name} ${request} of ${limit}`, () => {
            assert.deepEqual(messagesOf(limitRatio, of(name, request, limit)), [
                `${place}.${name}: expected ${expected}, found "${limit}"`,
            ]);
        });
    }

    for (const [key, name, request, limit, value] of [
        ["cpu", "cpu", "500m", "6", 12],
        ["memory", "memory", "1Gi", "2Gi", 2],
        ["ephemeralStorage", "ephemeral-storage", "1Gi", "4Gi", 4],
        ["freeCpu", "cpu", "10m", "2", "2"],
    ] as const) {
        it(`goes by the stack's ${key}`, () => {
            assert.equal(messagesOf(limitRatio, of(name, request, limit)).length, 1);
            assert.deepEqual(messagesOf(limitRatio, of(name, request, limit), { [key]: value }), []);
        });
    }

    it("judges init containers, and the amounts beside one that is not known yet", () => {
        const init = [
            { name: "init", resources: { requests: { memory: unknown, cpu: "2" }, limits: { memory: "1", cpu: "1" } } },
        ];
        const { messages, unknowns } = judge(
            limitRatio,
            withField(goodStatefulSet(), ["spec", "template", "spec", "initContainers"], init),
        );
        assert.match(messages.join(), /^init container "init"/);
        assert.equal(unknowns.length, 1);
    });
});
