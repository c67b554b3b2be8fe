import { type ComparedWith, escapeMarkdown, markdownDiff } from "../diff/format";
import { headline, plural, type Report } from ".";

/** A report in Markdown, for the summary of a pull request: headline, findings, comparison. */
export function markdownSummary(report: Report | Pick<Report, "stack">, compared: ComparedWith | undefined): string {
    const planned = "findings" in report ? [escapeMarkdown(headline(report)), ...findings(report)] : [];
    return [
        `### ${escapeMarkdown(report.stack)}`,
        ...planned,
        ...(compared === undefined ? [] : [markdownDiff(compared)]),
        "",
    ].join("\n\n");
}

function findings({ findings: found }: Pick<Report, "findings">): string[] {
    const lines = found.map(
        ({ rule, level, severity, resource, message }) =>
            `- ${level === "mandatory" ? "**mandatory**" : level} ${rule} (${severity}) ` +
            `${escapeMarkdown(resource.split("::").at(-1) ?? resource)}: ${escapeMarkdown(message)}`,
    );
    return found.length === 0
        ? []
        : [`<details><summary>${plural(found.length, "finding")}</summary>\n\n${lines.join("\n")}\n\n</details>`];
}
