import { formatBytes, formatCpu } from "../../components/foundation/quantity";
import { type ComparedWith, diffHeadline } from "../diff/format";
import type { Plan } from "../plan/plan";
import type { Totals } from "../plan/totals";
import { diffSection } from "./diffSection";
import { endName } from "./flows";
import { layoutOf, portsText } from "./layout";
import { type Content, Markup, markup } from "./markup";
import { style } from "./style";
import { svgOf } from "./svg";
import { table } from "./table";
import { type Flow, type Topology, topologyOf } from "./topology";
import { treeSection } from "./treeSection";
import { headline, plural, type Report } from ".";

/** What a page shows. */
export interface PageContent {
    readonly plan: Plan;
    readonly report: Report;
    /** Undefined where nothing was compared. */
    readonly compared: ComparedWith | undefined;
    /** Addresses of the API server, undefined where the stack does not say. */
    readonly apiServer: readonly string[] | undefined;
}

/** One page that shows a plan: it needs no network and no script. */
export function reportPage({ plan, report, compared, apiServer }: PageContent): string {
    const topology = topologyOf(plan.resources, apiServer);
    const sections: readonly (readonly [id: string, title: string, content: Markup])[] = [
        ...(compared === undefined ? [] : [["changes", "Changes", diffSection(compared)] as const]),
        ["findings", "Findings", findingsSection(report)],
        ["topology", "Topology", topologySection(topology)],
        ["totals", "Requests and limits", totalsSection(report)],
        ["dashboards", "Dashboards", dashboardsSection(plan.outputs)],
        ["components", "Components", treeSection(plan)],
        ["outputs", "Outputs", outputsSection(plan.outputs)],
    ];
    return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<link rel="icon" href="data:,">
<title>${report.project} ${report.stack}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header>
<h1>${report.stack}</h1>
<p class="muted">${headline(report)}</p>
${compared && markup`<p>${diffHeadline(compared)}</p>`}
${figures(report)}
<nav aria-label="Sections"><ul>${sections.map(([id, title]) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(([id, title, content]) => markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${content}</section>\n`)}
</main>
</body>
</html>
`.text;
}

function figures({ resources, totals: { all }, findings }: Report): Markup {
    const mandatory = findings.filter(({ level }) => level === "mandatory").length;
    const shown: readonly (readonly [string, string])[] = [
        ["resources", String(resources.total)],
        ["pods", String(all.pods)],
        ["CPU requested", formatCpu(all.requests.cpu)],
        ["memory requested", formatBytes(all.requests.memory)],
        ["storage", formatBytes(all.storage)],
        ["findings", mandatory === 0 ? String(findings.length) : `${findings.length}, ${mandatory} mandatory`],
    ];
    return markup`<dl class="figures">${shown.map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function findingsSection({ findings }: Report): Markup {
    return findings.length === 0
        ? markup`<p class="good">The rules find nothing.</p>`
        : table(
              ["level", "rule", "resource", "finding"],
              findings.map(({ level, rule, severity, resource, message }) => [
                  markup`<span class="${level === "mandatory" ? "danger" : "warn"}">${level}</span>`,
                  `${rule} (${severity})`,
                  resource.split("::").at(-1) ?? resource,
                  message,
              ]),
          );
}

function totalsSection({ totals }: Report): Markup {
    const row = (name: string, { pods, requests, limits, unlimited, storage }: Totals): readonly Content[] => [
        name,
        pods,
        formatCpu(requests.cpu),
        limit(formatCpu(limits.cpu), unlimited.cpu, pods),
        formatBytes(requests.memory),
        limit(formatBytes(limits.memory), unlimited.memory, pods),
        formatBytes(storage),
    ];
    const rows = Object.entries(totals.namespaces).map(([name, one]) => row(name, one));
    const notes = [
        ...(totals.all.unlimited.cpu + totals.all.unlimited.memory > 0
            ? ["+ some pods, – all pods have no such limit."]
            : []),
        ...(totals.uncounted.length > 0
            ? [`Not counted: pods that operators make of ${totals.uncounted.join(", ")}.`]
            : []),
    ];
    return markup`${table(
        ["namespace", "pods", "CPU", "CPU limit", "memory", "memory limit", "storage"],
        [...rows, row("all", totals.all)],
        1,
    )}${notes.map((note) => markup`<p class="muted">${note}</p>`)}`;
}

function limit(text: string, unlimited: number, pods: number): string {
    return unlimited === 0 ? text : unlimited === pods ? "–" : `${text}+`;
}

function topologySection(topology: Topology): Markup {
    const rows = (flows: readonly Flow[]): readonly (readonly Content[])[] =>
        flows.map(({ from, to, ports }) => [
            endName(to, topology),
            portsText(ports),
            markup`<div>${from.map((id) => markup`<div>${id === to ? "itself" : endName(id, topology)}</div>`)}</div>`,
        ]);
    const head = ["who is called", "ports", "by whom"];
    return markup`<p class="muted">A line begins at the dots of those who call and ends in an arrow at the port that they may reach.
Dashed: pods that a system starts itself, and what the stack does not make. Thick: pods that hold data. A loop: pods of one set among themselves.</p>
<div class="beside">
<div class="drawing" tabindex="0" role="region" aria-label="Drawing of the topology">${svgOf(layoutOf(topology), topology)}</div>
<div><h3>The same as a table</h3>
${table(head, rows(topology.flows))}</div>
</div>
${
    topology.closed.length === 0
        ? undefined
        : markup`<h3>Open at one end only</h3>
<p class="warn">These may be sent, and no policy lets them in.</p>
${table(head, rows(topology.closed))}`
}`;
}

function dashboardsSection(outputs: Plan["outputs"]): Markup {
    const lines = dashboardLines(outputs);
    return lines.length === 0
        ? markup`<p class="muted">None.</p>`
        : table(
              ["UI", "how to open it"],
              lines.map(([title, how]) => [title, markup`<code>${how}</code>`]),
          );
}

/** The UIs of a stack: each is an object with a title and what opens it. */
function dashboardLines(outputs: Plan["outputs"]): readonly (readonly [string, string])[] {
    const platform = outputs["platform"] as { readonly dashboards?: unknown } | undefined;
    const dashboards = Array.isArray(platform?.dashboards) ? (platform.dashboards as readonly unknown[]) : [];
    return dashboards.map((each) => {
        const { title, ...rest } = each as Readonly<Record<string, unknown>>;
        return [
            String(title),
            Object.values(rest)
                .filter((value) => typeof value === "string")
                .join("  "),
        ] as const;
    });
}

function outputsSection(outputs: Plan["outputs"]): Markup {
    return markup`${Object.entries(outputs).map(
        ([name, value]) =>
            markup`<details><summary><code>${name}</code> <span class="muted">${plural(JSON.stringify(value).length, "character")}</span></summary><pre>${JSON.stringify(value, undefined, 2)}</pre></details>`,
    )}`;
}
