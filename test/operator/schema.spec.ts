import * as assert from "node:assert/strict";
import { faultsOf, formatFault } from "../../components/foundation/faults";
import {
    type ChartDefaults,
    operatorDemand,
    operatorSettings,
    peerOperatorSettings,
} from "../../components/operator/schema";

export const defaults: ChartDefaults = {
    chart: "store-operator",
    version: "1.2.3",
    repository: "https://charts.example.com",
    release: "store-operator",
    resources: { cpu: "100m", memory: "256Mi", ephemeralStorage: "256Mi" },
    scratch: "64Mi",
};

const schema = operatorSettings(defaults);

function faults(input: unknown, of: typeof schema | ReturnType<typeof peerOperatorSettings> = schema): string[] {
    const result = of.safeParse(input);
    return result.success ? [] : faultsOf(result.error, input).map(formatFault);
}

describe("operatorSettings", () => {
    it("install nothing unless told to [operator-P1]", () => {
        assert.deepEqual(schema.parse(undefined), { kind: "existing" });
    });

    it("pin the chart, whose custom resources were checked [operator-P2]", () => {
        const chart = schema.parse({ kind: "chart" });
        assert.ok(chart.kind === "chart");
        assert.equal(chart.version, "1.2.3");
        assert.equal(chart.repository, "https://charts.example.com");
        assert.equal(chart.release, "store-operator");
        assert.equal(chart.timeout, "10m");
    });

    const broken: readonly (readonly [string, Record<string, unknown>, string])[] = [
        ["a range of versions", { version: "1.x" }, "version: a chart's whole version, such as 1.2.3"],
        ["the newest version", { version: "latest" }, "version: a chart's whole version, such as 1.2.3"],
        ["a plain repository", { repository: "http://charts.example.com" }, "repository: an https or oci URL"],
        ["a release of no DNS label", { release: "Store" }, "release: a DNS label of at most 32 characters"],
        ["no pods", { replicas: 0 }, "replicas: a whole number from 1 to 5"],
        ["no time", { timeout: "0s" }, "timeout: a time from 1s to 2h"],
        ["a time without end", { timeout: "3h" }, "timeout: a time from 1s to 2h"],
        ["values that are no map", { values: ["a"] }, "values: a map"],
        ["less storage than scratch", { resources: { ephemeralStorage: "32Mi" } }, "at least 64Mi"],
        ["an image, which the catalog has", { image: "ghcr.io/a/b:1" }, "image: one of the known keys"],
        ["an unknown key", { verison: "1.2.3" }, "verison: a known key (did you mean version?)"],
    ];
    for (const [what, change, expected] of broken) {
        it(`refuse ${what}`, () => {
            const found = faults({ kind: "chart", ...change });
            assert.ok(
                found.some((line) => line.replace("expected ", "").includes(expected)),
                found.join("\n"),
            );
        });
    }

    it("refuse a chart's settings for an operator that is there", () => {
        assert.equal(faults({ kind: "existing", replicas: 2 }).length, 1);
    });
});

describe("peerOperatorSettings", () => {
    it("must say where an operator is that connects to what it starts", () => {
        const peers = peerOperatorSettings(defaults);
        assert.equal(faults({ kind: "existing" }, peers).length, 1);
        assert.deepEqual(faults({ kind: "existing", peers: [{ namespace: "operators" }] }, peers), []);
    });
});

describe("operatorDemand", () => {
    it("counts the pods of each part", () => {
        const chart = schema.parse({ kind: "chart", replicas: 3, resources: { memory: "1Gi" } });
        const [demand] = operatorDemand(chart, 2);
        assert.equal(demand?.pods, 6);
        assert.equal(demand.resources.memory, "1Gi");
    });

    it("is nothing where the operator is there", () => {
        assert.deepEqual(operatorDemand({ kind: "existing" }), []);
    });
});
