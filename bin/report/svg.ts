import { detailOf, type Layout, type PlacedBox, type PlacedEnd, type PlacedFlow, type PlacedText } from "./layout";
import { type Markup, markup } from "./markup";
import { flowText } from "./flows";
import type { Topology } from "./topology";

/** How far an arrow's head reaches back. */
const head = 7;

/**
 * The drawing as inline SVG: colours come from the page's style sheet, so that it follows light and dark. What is cut
 * short is whole in a `<title>`, which browsers show under the pointer and readers read.
 */
export function svgOf(layout: Layout, topology: Topology): Markup {
    const { width, height, boxes, flows } = layout;
    return markup`<svg class="topology" role="img" aria-labelledby="drawing-title drawing-description" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg">
<title id="drawing-title">Namespaces, their pods, and the flows that network policies open</title>
<desc id="drawing-description">${topology.boxes.length} boxes and ${topology.flows.length} flows; the table below lists the same flows.</desc>
${boxes.map(svgBox)}
${stubsOf(flows).map(svgStub)}
${flows.map((flow) => svgFlow(flow, topology))}
</svg>`;
}

function svgBox({ box, title, ends, ...rectangle }: PlacedBox): Markup {
    return markup`<g class="${box.made ? "box" : "box outside"}">${svgRectangle(rectangle, 6)}${svgText(title, "title")}
${ends.map(svgEnd)}</g>
`;
}

function svgEnd({ end, texts, ...rectangle }: PlacedEnd): Markup {
    const classes = ["end", end.kind, ...(end.stateful ? ["data"] : [])].join(" ");
    const [title, detail, ...ports] = texts;
    return markup`<g class="${classes}"><title>${end.title}: ${detailOf(end)}</title>${svgRectangle(rectangle, 4)}${
        title && svgText(title, "title")
    }${detail && svgText(detail, "detail")}${ports.map((port) => svgText(port, "port"))}</g>
`;
}

function svgRectangle(
    { x, y, width, height }: Pick<PlacedBox, "x" | "y" | "width" | "height">,
    radius: number,
): Markup {
    return markup`<rect x="${x}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

function svgText({ x, y, text, full, align, size }: PlacedText, kind: string): Markup {
    const whole = text === full ? undefined : markup`<title>${full}</title>`;
    return markup`<text class="${kind}" x="${round(x)}" y="${round(y)}" font-size="${size}"${
        align === "end" ? markup` text-anchor="end"` : undefined
    }>${text}${whole}</text>`;
}

/** A source's way to the lines that it joins. */
interface Stub {
    readonly x: number;
    readonly y: number;
    readonly to: number;
}

/** One way a source, however many lines it joins: ways of several colours would lie on top of each other. */
function stubsOf(flows: readonly PlacedFlow[]): Stub[] {
    const stubs = new Map<string, Stub>();
    for (const { joins, x: to } of flows) {
        for (const { from, x, y } of joins) {
            stubs.set(from, { x, y, to: Math.max(to, stubs.get(from)?.to ?? 0) });
        }
    }
    return [...stubs.values()];
}

function svgStub({ x, y, to }: Stub): Markup {
    return markup`<path class="stub" d="M${round(x)} ${round(y)}H${round(to)}"/>
`;
}

function svgFlow({ flow, x, top, bottom, into, joins, colour }: PlacedFlow, topology: Topology): Markup {
    const [end, back] = [round(into.x) + 1, round(into.x) + 1 + head];
    const y = round(into.y);
    return markup`<g class="flow colour-${colour}"><title>${flowText(flow, topology)}</title><path d="M${round(x)} ${round(top)}V${round(bottom)}M${round(x)} ${y}H${back}"/><path class="head" d="M${end} ${y}l${head} -4v8z"/>${joins.map(
        (join) => markup`<circle cx="${round(x)}" cy="${round(join.y)}" r="3"/>`,
    )}</g>
`;
}

function round(length: number): number {
    return Math.round(length * 10) / 10;
}
