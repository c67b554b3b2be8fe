import type { Finding } from "../../policy/check";
import { countBy } from "../plan/objects";
import type { Plan } from "../plan/plan";
import { formatTotals, totalsOf, type PlanTotals } from "../plan/totals";
import { formatTree } from "../plan/tree";
import { compareText } from "../plan/values";

/** What `<out>.report.json` holds: enough to compare two renders, and to gate a pipeline on. */
export interface Report {
    readonly project: string;
    readonly stack: string;
    readonly tier: string;
    readonly resources: {
        readonly total: number;
        /** Number of resources by type, sorted. */
        readonly byType: Readonly<Record<string, number>>;
    };
    readonly hooks: Plan["hooks"];
    readonly outputs: Plan["outputs"];
    /** Mandatory ones first, then by severity, rule and resource. CPU in cores, memory and storage in bytes below. */
    readonly findings: readonly Finding[];
    readonly totals: PlanTotals;
}

const severities: readonly Finding["severity"][] = ["critical", "high", "medium", "low"];

/** Sums up a plan and what the rules say about it. */
export function reportOf(plan: Plan, tier: string, findings: readonly Finding[]): Report {
    return {
        project: plan.project,
        stack: plan.stack,
        tier,
        resources: { total: plan.resources.length, byType: countBy(plan.resources.map(({ type }) => type)) },
        hooks: plan.hooks,
        outputs: plan.outputs,
        findings: [...findings].sort(compareFindings),
        totals: totalsOf(plan.resources),
    };
}

function compareFindings(a: Finding, b: Finding): number {
    const levels = Number(b.level === "mandatory") - Number(a.level === "mandatory");
    const severity = severities.indexOf(a.severity) - severities.indexOf(b.severity);
    const text = ({ rule, resource, message }: Finding): string => [rule, resource, message].join("\n");
    return levels || severity || compareText(text(a), text(b));
}

/** True when a finding refuses the change, as it would in `preview` and `up`. */
export function isRefused(report: Pick<Report, "findings">): boolean {
    return report.findings.some(({ level }) => level === "mandatory");
}

/** What `render` prints: a headline, the tree, the findings and the totals. */
export function formatReport(plan: Plan, report: Report): string {
    return [headline(report), formatTree(plan), formatFindings(report.findings), formatTotals(report.totals)].join(
        "\n\n",
    );
}

/** One line that says what was planned and whether the rules let it pass. */
export function headline({ project, stack, tier, resources, totals, findings }: Report): string {
    const mandatory = findings.filter(({ level }) => level === "mandatory").length;
    const rules =
        findings.length === 0
            ? "no findings"
            : `${plural(findings.length, "finding")}${mandatory === 0 ? "" : `, ${mandatory} mandatory`}`;
    const planned = `${plural(resources.total, "resource")}, ${plural(totals.all.pods, "pod")}`;
    return `${project} ${stack} (${tier}): ${planned}, ${rules}`;
}

function formatFindings(findings: readonly Finding[]): string {
    return findings.length === 0
        ? "rules: no findings"
        : [
              "rules:",
              ...findings.map(
                  ({ rule, severity, level, resource, message }) =>
                      `  ${level} ${rule} (${severity}) ${resource.split("::").at(-1) ?? resource}: ${message}`,
              ),
          ].join("\n");
}

/** A number with its noun. */
export function plural(count: number, noun: string): string {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
