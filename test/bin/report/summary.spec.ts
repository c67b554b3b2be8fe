import * as assert from "node:assert";
import { planProgram, type Plan } from "../../../bin/plan/plan";
import { formatReport, headline, isRefused, reportOf } from "../../../bin/report";
import type { Finding } from "../../../policy/check";
import { sampleProgram } from "../plan/sample";

const finding = (rule: string, level: Finding["level"], severity: Finding["severity"] = "low"): Finding => ({
    rule,
    level,
    severity,
    resource: "urn:pulumi:dev::data-platform::kubernetes:apps/v1:StatefulSet::zk-set",
    message: "expected three",
});

describe("reportOf", () => {
    let plan: Plan;
    before(async () => {
        plan = await planProgram(sampleProgram, { stack: "dev" });
    });

    it("counts resources by type", () => {
        const { resources } = reportOf(plan, "development", []);
        assert.strictEqual(resources.total, 7);
        assert.strictEqual(resources.byType["kubernetes:core/v1:Secret"], 1);
        assert.deepStrictEqual(Object.keys(resources.byType), Object.keys(resources.byType).sort());
    });

    it("puts what refuses the change first, then what weighs most", () => {
        const findings = [
            finding("c", "advisory", "critical"),
            finding("b", "mandatory", "low"),
            finding("d", "advisory", "high"),
            finding("a", "mandatory", "low"),
        ];
        const sorted = reportOf(plan, "development", findings).findings.map(({ rule }) => rule);
        assert.deepStrictEqual(sorted, ["a", "b", "c", "d"]);
    });

    it("refuses for a mandatory finding only", () => {
        assert.ok(!isRefused({ findings: [finding("a", "advisory", "critical")] }));
        assert.ok(isRefused({ findings: [finding("a", "mandatory")] }));
    });

    it("prints headline, tree, findings and totals", () => {
        const report = reportOf(plan, "development", [finding("naming-x", "mandatory"), finding("b", "advisory")]);
        assert.strictEqual(
            headline(report),
            "data-platform dev (development): 7 resources, 5 pods, 2 findings, 1 mandatory",
        );
        const printed = formatReport(plan, report);
        assert.match(printed, /^data-platform dev \(development\).*\n\ndata-platform \(dev\)\n├─ /);
        assert.match(printed, /\n {2}mandatory naming-x \(low\) zk-set: expected three\n/);
        assert.match(printed, /\nnamespace +pods/);
    });

    it("holds no secret", () => {
        assert.doesNotMatch(JSON.stringify(reportOf(plan, "development", [])), /hunter2/);
    });
});
