import { statefulUrns } from "../diff/stateful";
import { childrenByParent, type Plan, type PlannedResource } from "../plan/plan";
import { sizesOf } from "../plan/tree";
import { type Markup, markup } from "./markup";

/** The tree of components, each top one folded, with the marks of what is protected and what data hangs on. */
export function treeSection({ resources }: Pick<Plan, "resources">): Markup {
    const children = childrenByParent(resources);
    const stateful = statefulUrns(resources);
    const countBelow = ({ urn }: PlannedResource): number =>
        (children.get(urn) ?? []).reduce((sum, child) => sum + 1 + countBelow(child), 0);
    const line = (resource: PlannedResource): Markup =>
        markup`<code>${resource.name}</code> ${
            resource.type.split(":").at(-1) ?? resource.type
        } ${marksOf(resource, stateful)} <span class="muted">${sizesOf(resource).join("  ")}</span>`;
    const below = (resource: PlannedResource): Markup | undefined => {
        const own = children.get(resource.urn) ?? [];
        return own.length === 0
            ? undefined
            : markup`<ul>${own.map((child) => markup`<li>${line(child)}${below(child)}</li>\n`)}</ul>`;
    };
    return markup`<div class="tree">${(children.get("") ?? []).map((resource) => {
        const count = countBelow(resource);
        return count === 0
            ? markup`<p>${line(resource)}</p>\n`
            : markup`<details><summary>${line(resource)} <span class="muted">(${count})</span></summary>${below(resource)}</details>\n`;
    })}</div>
`;
}

function marksOf({ urn, protect, read }: PlannedResource, stateful: ReadonlySet<string>): Markup[] {
    const marks = [
        ...(stateful.has(urn) ? ["data"] : []),
        ...(protect ? ["protected"] : []),
        ...(read ? ["existing"] : []),
    ];
    return marks.map((mark) => markup`<span class="mark ${mark}">${mark}</span> `);
}
