import type { Box, End, Flow, Topology } from "./topology";

/** A rectangle, in pixels. */
export interface Rectangle {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
}

/** A text at a place, cut to what fits. */
export interface PlacedText {
    readonly x: number;
    /** Its baseline. */
    readonly y: number;
    readonly text: string;
    readonly full: string;
    readonly align: "start" | "end";
    /** Height of the letters. */
    readonly size: number;
}

/** An end of flows, drawn. */
export interface PlacedEnd extends Rectangle {
    readonly end: End;
    readonly texts: readonly PlacedText[];
}

/** A namespace, drawn. */
export interface PlacedBox extends Rectangle {
    readonly box: Box;
    readonly title: PlacedText;
    readonly ends: readonly PlacedEnd[];
}

/** A flow, drawn as one vertical line that its sources join and that ends in an arrow. */
export interface PlacedFlow {
    readonly flow: Flow;
    /** Place of the vertical line. */
    readonly x: number;
    readonly top: number;
    readonly bottom: number;
    /** Where the arrow comes in. */
    readonly into: { readonly x: number; readonly y: number };
    /** Where each source joins. */
    readonly joins: readonly { readonly from: string; readonly x: number; readonly y: number }[];
    /** Which of the colours. */
    readonly colour: number;
}

/** The whole drawing. */
export interface Layout {
    readonly width: number;
    readonly height: number;
    readonly boxes: readonly PlacedBox[];
    readonly flows: readonly PlacedFlow[];
}

/** Number of colours that lines take in turn. */
export const colours = 6;

const margin = 8;
const padding = 8;
const gap = 12;
const titleSize = 13;
const textSize = 11;
const line = 17;
const laneGap = 11;
/** A monospaced letter is about 0.6 of its height wide in every common font; a little more, to be safe. */
const letter = 0.62;
/** Narrow enough that a phone shows the boxes whole; the lines are to their right. */
const widest = 336;

/** Width of a text in a monospaced font. */
export function textWidth(text: string, size: number): number {
    return lettersOf(text).length * size * letter;
}

/** By code points: what joins several of them only makes a text narrower. */
function lettersOf(text: string): string[] {
    return Array.from(text);
}

/** The text, its middle cut out where it is too long: both ends of a name tell most. */
export function fitted(text: string, size: number, width: number): string {
    const room = Math.floor(width / (size * letter));
    const letters = lettersOf(text);
    if (letters.length <= room) {
        return text;
    }
    const tail = Math.floor((room - 1) / 3);
    return `${letters.slice(0, room - 1 - tail).join("")}…${tail > 0 ? letters.slice(-tail).join("") : ""}`;
}

/** Ports for people: runs of three and more as a range. */
export function portsText(ports: readonly string[]): string {
    const runs: string[][] = [];
    for (const port of ports.map(wholeProtocol)) {
        const run = runs.at(-1);
        const last = run?.at(-1);
        if (run !== undefined && /^\d+$/.test(port) && last !== undefined && Number(last) + 1 === Number(port)) {
            run.push(port);
        } else {
            runs.push([port]);
        }
    }
    return runs.flatMap((run) => (run.length > 2 ? [`${run[0] ?? ""}–${run.at(-1) ?? ""}`] : run)).join(" ");
}

/** A port that stands for all of its protocol, in words. */
function wholeProtocol(port: string): string {
    return port === "all" ? "all TCP" : port.replace(/^all\//, "all ");
}

/** Lays a topology out: namespaces below each other, one line a flow to their right, the shorter ones nearer. */
export function layoutOf({ boxes, flows }: Topology): Layout {
    const width = columnWidth(boxes, flows);
    const joinAt = new Map<string, { x: number; y: number }>();
    const intoAt = new Map<Flow, { x: number; y: number }>();
    let y = margin;
    const placed = boxes.map((box): PlacedBox => {
        const top = y;
        const inner = { x: margin + padding, width: width - 2 * padding };
        const own = incoming(flows, box.id);
        const title = placeText(box.title, titleSize, margin + padding, top + 19, width - 2 * padding);
        joinAt.set(box.id, { x: margin + width, y: top + 14 });
        own.forEach((flow, index) => intoAt.set(flow, { x: margin + width, y: top + 14 + (index + 1) * line }));
        y += 28 + own.length * line;
        const ends = box.ends.map((end) => {
            const drawn = placeEnd(end, incoming(flows, end.id), { ...inner, y });
            joinAt.set(end.id, { x: inner.x + inner.width, y: y + 13 });
            drawn.into.forEach((at, flow) => intoAt.set(flow, at));
            y += drawn.placed.height + padding;
            return drawn.placed;
        });
        const height = y - top;
        y += gap;
        return { box, title, ends, x: margin, y: top, width, height };
    });
    const drawn = placeFlows(flows, intoAt, joinAt, margin + width + gap);
    const right = Math.max(margin + width, ...drawn.map((flow) => flow.x)) + margin;
    return { width: Math.ceil(right), height: Math.ceil(y - gap + margin), boxes: placed, flows: drawn };
}

/** The flows that lead to an end, from others or among its own pods. */
function incoming(flows: readonly Flow[], id: string): readonly Flow[] {
    return flows.filter(({ to }) => to === id);
}

function isAmong({ from, to }: Flow): boolean {
    return from.every((id) => id === to);
}

/** What an end says of a flow that leads to it. */
function incomingText(flow: Flow): string {
    const ports = portsText(flow.ports);
    if (isAmong(flow)) {
        return `⟲ ${ports} among themselves`;
    }
    return flow.from.includes(flow.to) ? `⟲ ${ports}` : ports;
}

/** The marks of an end, and what it is. */
export function detailOf({ detail, stateful, protect }: End): string {
    return [detail, ...(stateful ? ["data"] : []), ...(protect ? ["protected"] : [])].join(" · ");
}

function columnWidth(boxes: readonly Box[], flows: readonly Flow[]): number {
    const needs = boxes.flatMap((box) => [
        textWidth(box.title, titleSize) + 2 * padding,
        ...box.ends.flatMap((end) => [
            textWidth(end.title, titleSize) + 4 * padding,
            textWidth(detailOf(end), textSize) + 4 * padding,
        ]),
    ]);
    const ports = flows.map((flow) => textWidth(incomingText(flow), textSize) + 4 * padding);
    return Math.min(widest, Math.max(200, ...needs, ...ports));
}

function placeText(full: string, size: number, x: number, y: number, width: number): PlacedText {
    return { x, y, text: fitted(full, size, width), full, align: "start", size };
}

function placeEnd(
    end: End,
    flows: readonly Flow[],
    { x, y, width }: Pick<Rectangle, "x" | "y" | "width">,
): { readonly placed: PlacedEnd; readonly into: ReadonlyMap<Flow, { x: number; y: number }> } {
    const room = width - 2 * padding;
    const into = new Map<Flow, { x: number; y: number }>();
    const ports = flows.map((flow, index): PlacedText => {
        const baseline = y + 34 + (index + 1) * line;
        into.set(flow, { x: x + width, y: baseline - 4 });
        const full = incomingText(flow);
        return isAmong(flow)
            ? placeText(full, textSize, x + padding, baseline, room)
            : { ...placeText(full, textSize, x + width - padding, baseline, room), align: "end" };
    });
    const texts = [
        placeText(end.title, titleSize, x + padding, y + 17, room),
        placeText(detailOf(end), textSize, x + padding, y + 33, room),
        ...ports,
    ];
    return { placed: { end, texts, x, y, width, height: 41 + flows.length * line }, into };
}

function placeFlows(
    flows: readonly Flow[],
    intoAt: ReadonlyMap<Flow, { x: number; y: number }>,
    joinAt: ReadonlyMap<string, { x: number; y: number }>,
    left: number,
): PlacedFlow[] {
    const spans = flows
        .filter((flow) => !isAmong(flow))
        .flatMap((flow) => {
            const into = intoAt.get(flow);
            const joins = flow.from.flatMap((from) => {
                const at = joinAt.get(from);
                return at === undefined || from === flow.to ? [] : [{ from, ...at }];
            });
            const ys = [...joins.map(({ y }) => y), ...(into === undefined ? [] : [into.y])];
            return into === undefined ? [] : [{ flow, into, joins, top: Math.min(...ys), bottom: Math.max(...ys) }];
        })
        .sort((a, b) => a.bottom - a.top - (b.bottom - b.top) || a.top - b.top);
    const lanes: { top: number; bottom: number }[][] = [];
    const placed = spans.map((span, index): PlacedFlow => {
        const free = lanes.findIndex((lane) =>
            lane.every((other) => other.bottom + 6 < span.top || span.bottom + 6 < other.top),
        );
        const lane = free === -1 ? lanes.push([]) - 1 : free;
        lanes[lane]?.push(span);
        return { ...span, x: left + lane * laneGap, colour: index % colours };
    });
    return placed.sort((a, b) => flows.indexOf(a.flow) - flows.indexOf(b.flow));
}
