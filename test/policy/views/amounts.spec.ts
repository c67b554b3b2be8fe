import assert from "node:assert/strict";
import { amountOf, podAmount, statedAmount } from "../../../policy/views/amounts";
import type { PodTemplateView } from "../../../policy/views/podTemplates";

const pod = (spec: object) => ({ spec }) as unknown as Pick<PodTemplateView, "spec">;
const container = (cpu: unknown, limit?: unknown) => ({
    resources: { requests: { cpu }, ...(limit !== undefined && { limits: { cpu: limit } }) },
});

describe("amountOf", () => {
    for (const [value, amount] of [
        ["500m", 0.5],
        [2, 2],
        ["1Ki", 1024],
        ["much", undefined],
        [undefined, undefined],
        [null, undefined],
        ["-1", undefined],
    ] as const) {
        it(String(value), () => assert.equal(amountOf(value), amount));
    }
});

describe("statedAmount", () => {
    it("is what stands there, or undefined", () => {
        assert.equal(statedAmount(container("1"), "requests", "cpu"), "1");
        assert.equal(statedAmount(container("1"), "limits", "cpu"), undefined);
        assert.equal(statedAmount({}, "limits", "cpu"), undefined);
    });
});

describe("podAmount", () => {
    const cases: [string, object, number][] = [
        ["adds up containers", { containers: [container("1"), container("500m")] }, 1.5],
        ["takes a limit for a missing request", { containers: [container(undefined, "2")] }, 2],
        ["counts a start that is larger", { initContainers: [container("3")], containers: [container("1")] }, 3],
        ["counts a start that is smaller", { initContainers: [container("1")], containers: [container("2")] }, 2],
        [
            "counts sidecars beside what starts after them and what runs",
            {
                initContainers: [{ ...container("1"), restartPolicy: "Always" }, container("3")],
                containers: [container("2")],
            },
            4,
        ],
        ["adds the overhead", { overhead: { cpu: "250m" }, containers: [container("1")] }, 1.25],
        ["prefers what the pod says as a whole", { ...container("5"), containers: [container("1")] }, 5],
        ["is nothing without containers", {}, 0],
    ];
    for (const [what, spec, amount] of cases) {
        it(what, () => assert.equal(podAmount(pod(spec), "requests", "cpu"), amount));
    }

    it("takes no request for a limit", () => {
        assert.equal(podAmount(pod({ containers: [container("1")] }), "limits", "cpu"), 0);
    });
});
