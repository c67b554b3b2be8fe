import type { ResourceChange } from "../diff/diff";
import { type ComparedWith, diffHeadline, groupsOf, isDanger, remarksOf, shortType, valueLines } from "../diff/format";
import { type Markup, markup } from "./markup";

/** What changes against a revision: what data hangs on first. */
export function diffSection(compared: ComparedWith): Markup {
    const { diff, notes } = compared;
    return markup`<p><strong>${diffHeadline(compared)}</strong></p>
${notes.map((note) => markup`<p class="warn">${note}</p>\n`)}${groupsOf(diff).map(
        ({ title, changes }) => markup`<h3>${title} (${changes.length})</h3>\n${changes.map(changeBlock)}`,
    )}${
        diff.outputs.length === 0
            ? undefined
            : markup`<h3>outputs (${diff.outputs.length})</h3>\n<pre>${diff.outputs.flatMap(valueLines).join("\n")}</pre>\n`
    }`;
}

function changeBlock(change: ResourceChange): Markup {
    return markup`<div class="change${isDanger(change) ? " losing" : ""}"><p><strong class="${isDanger(change) ? "danger" : ""}">${change.action}</strong> ${shortType(change)} <code>${change.name}</code></p>${remarksOf(
        change,
    ).map((remark) => markup`<p class="warn">${remark}</p>`)}${
        change.values.length === 0 ? undefined : markup`<pre>${change.values.flatMap(valueLines).join("\n")}</pre>`
    }</div>
`;
}
