import { plural } from "../report";
import { type Action, actions, countActions, type PlanDiff, type ResourceChange } from "./diff";
import type { ValueChange } from "./values";

/** A comparison with what it compares with. */
export interface ComparedWith {
    /** The revision as the user gave it, with its commit. */
    readonly base: string;
    /** What a reader must know to judge the comparison. */
    readonly notes: readonly string[];
    readonly diff: PlanDiff;
}

/** Longest text of one value; a longer one is cut, for the whole file shows in the manifests. */
const longestValue = 100;

/** Lines of a text value that are shown on each side. */
const mostLines = 12;

/** One line that says how much changes, and how much of it data hangs on. */
export function diffHeadline({ base, diff }: Pick<ComparedWith, "base" | "diff">): string {
    const counts = countActions(diff);
    const told = actions.filter((action) => counts[action] > 0).map((action) => `${counts[action]} ${action}`);
    const stateful = diff.resources.filter((change) => change.stateful).length;
    const endangered = diff.resources.filter(isDanger).length;
    const parts = [
        told.length === 0 ? "nothing changes" : told.join(", "),
        ...(stateful > 0
            ? [`${stateful} of them stateful${endangered > 0 ? `, ${endangered} of those deleted or replaced` : ""}`]
            : []),
        ...(diff.renames.length > 0 ? [`${plural(diff.renames.length, "rename")} without an alias`] : []),
        ...(diff.outputs.length > 0 ? [`${plural(diff.outputs.length, "output")} changed`] : []),
    ];
    return `against ${base}: ${parts.join("; ")}`;
}

/** Whether a change takes something away that data hangs on. */
export function isDanger({ stateful, action }: Pick<ResourceChange, "stateful" | "action">): boolean {
    return stateful && (action === "replaced" || action === "deleted");
}

/** The changes by heading, in the order in which a reviewer should read them; empty groups are left out. */
export function groupsOf(
    diff: PlanDiff,
): readonly { readonly title: string; readonly changes: readonly ResourceChange[] }[] {
    const others = diff.resources.filter(({ stateful }) => !stateful);
    return [
        { title: "stateful", changes: diff.resources.filter(({ stateful }) => stateful) },
        ...actions.map((action) => ({ title: action, changes: others.filter((change) => change.action === action) })),
    ].filter(({ changes }) => changes.length > 0);
}

/** Short form of Pulumi's type: `StatefulSet`, `ZooKeeper`. */
export function shortType({ type }: Pick<ResourceChange, "type">): string {
    return type.split(":").at(-1) ?? type;
}

/** What is to be said of a change beside its values. */
export function remarksOf(change: ResourceChange): readonly string[] {
    const { action, because, protect, renamed } = change;
    return [
        ...(because.length > 0 ? [`made anew because of ${because.join(", ")}`] : []),
        ...(protect && (action === "deleted" || action === "replaced") ? ["protected: the engine refuses this"] : []),
        ...(renamed === undefined ? [] : [renamedText(action, renamed)]),
    ];
}

function renamedText(action: Action, { name, sameObject }: NonNullable<ResourceChange["renamed"]>): string {
    if (action === "deleted") {
        return `looks renamed to ${name}: needs an alias there`;
    }
    const otherwise = sameObject
        ? "both are one object of the cluster, and deleting that one takes this one away"
        : "that one is deleted and this one created";
    return `looks like ${name} renamed: needs an alias, or ${otherwise}`;
}

/** The lines that a value change is shown by. */
export function valueLines({ path, before, after }: ValueChange): readonly string[] {
    if (typeof before === "string" && typeof after === "string" && (before.includes("\n") || after.includes("\n"))) {
        return [`${path}:`, ...lineChanges(before, after).map((line) => `  ${line}`)];
    }
    return [`${path}: ${shown(before)} → ${shown(after)}`];
}

/** A value in one line. */
function shown(value: unknown): string {
    const text = value === undefined ? "none" : JSON.stringify(value);
    return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

/** The lines in which two texts differ, between the lines that they begin and end with alike. */
function lineChanges(before: string, after: string): readonly string[] {
    const [old, now] = [before.split("\n"), after.split("\n")];
    const shorter = Math.min(old.length, now.length);
    let start = 0;
    while (start < shorter && old[start] === now[start]) {
        start++;
    }
    let end = 0;
    while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) {
        end++;
    }
    const part = (sign: string, lines: readonly string[]): string[] => {
        const middle = lines.slice(start, lines.length - end).map((line) => `${sign} ${line}`);
        const rest = middle.length - mostLines;
        return rest > 0 ? [...middle.slice(0, mostLines), `${sign} … ${plural(rest, "line")} more`] : middle;
    };
    return [...part("-", old), ...part("+", now)];
}

/** The comparison for people at a terminal. */
export function formatDiff(compared: ComparedWith): string {
    const { diff, notes } = compared;
    const lines = (change: ResourceChange, inStateful: boolean): string[] => [
        `  ${inStateful ? `${change.action} ` : ""}${shortType(change)} ${change.name}`,
        ...remarksOf(change).map((remark) => `    ! ${remark}`),
        ...change.values.flatMap(valueLines).map((line) => `    ${line}`),
    ];
    return [
        diffHeadline(compared),
        ...notes.map((note) => `note: ${note}`),
        ...groupsOf(diff).flatMap(({ title, changes }) => [
            `${title}:`,
            ...changes.flatMap((change) => lines(change, title === "stateful")),
        ]),
        ...(diff.outputs.length > 0
            ? ["outputs:", ...diff.outputs.flatMap(valueLines).map((line) => `  ${line}`)]
            : []),
    ].join("\n");
}

/** The comparison in Markdown, for the summary of a pull request. */
export function markdownDiff(compared: ComparedWith): string {
    const { diff, notes } = compared;
    return [
        `**${escapeMarkdown(diffHeadline(compared))}**`,
        ...notes.map((note) => `> ${escapeMarkdown(note)}`),
        ...groupsOf(diff).map(({ title, changes }) =>
            [
                `#### ${title} (${changes.length})`,
                ...changes.map((change) => markdownChange(change, title === "stateful")),
            ].join("\n\n"),
        ),
        ...(diff.outputs.length > 0 ? [`#### outputs (${diff.outputs.length})`, fenced(diff.outputs)] : []),
    ].join("\n\n");
}

function markdownChange(change: ResourceChange, inStateful: boolean): string {
    const title = `${inStateful ? `**${change.action}** ` : ""}${shortType(change)} ${inlineCode(change.name)}`;
    const remarks = remarksOf(change).map((remark) => `  - ⚠ ${escapeMarkdown(remark)}`);
    return [`- ${title}`, ...remarks, ...(change.values.length > 0 ? ["", indented(fenced(change.values))] : [])].join(
        "\n",
    );
}

/** Values come from stack files: in a fence longer than any in them they can't be anything but text. */
function fenced(changes: readonly ValueChange[]): string {
    const body = changes.flatMap(valueLines).join("\n");
    const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${fence}diff\n${body}\n${fence}`;
}

function indented(text: string): string {
    return text.replace(/^(?=.)/gm, "  ");
}

function inlineCode(text: string): string {
    return `\`${text.replaceAll("`", "'")}\``;
}

/** Text that Markdown and the HTML inside it take literally. */
export function escapeMarkdown(text: string): string {
    return text
        .replace(/[\\`*_[\]|#]/g, "\\$&")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll("@", "@\u200b");
}
