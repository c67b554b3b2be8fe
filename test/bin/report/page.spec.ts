import * as assert from "node:assert/strict";
import { diffPlans } from "../../../bin/diff/diff";
import type { Plan } from "../../../bin/plan/plan";
import { planStack } from "../../../bin/plan/stack";
import { stackFiles } from "../../../bin/project";
import { reportOf } from "../../../bin/report";
import { markdownSummary } from "../../../bin/report/markdown";
import { markup, Markup } from "../../../bin/report/markup";
import { reportPage } from "../../../bin/report/page";
import type { Finding } from "../../../policy/check";
import { object } from "../diff/support";

const finding: Finding = { rule: "r", severity: "high", level: "mandatory", resource: "urn::x", message: "expected y" };
const pageOf = (plan: Plan, findings: readonly Finding[] = [], before?: Plan): string =>
    reportPage({
        plan,
        report: reportOf(plan, "development", findings),
        compared: before && { base: "main", notes: ["a note"], diff: diffPlans(before, plan) },
        apiServer: undefined,
    });

/** Elements that close themselves in HTML; those of SVG are written with a slash. */
const empty = new Set(["meta", "link"]);

/** Whether every element is closed in order; the names of all elements. */
function elementsOf(html: string): string[] {
    const open: string[] = [];
    const names: string[] = [];
    for (const [, slash, name = "", rest = ""] of html.matchAll(/<(\/?)([a-z][\w-]*)((?:[^<>"]|"[^"]*")*)>/g)) {
        if (slash === "/") {
            assert.equal(open.pop(), name);
        } else {
            names.push(name);
            if (!empty.has(name) && !rest.endsWith("/")) {
                open.push(name);
            }
        }
    }
    assert.deepEqual(open, []);
    return names;
}

describe("report page", function () {
    this.timeout(60_000);
    let plan: Plan;
    before(async () => {
        ({ plan } = await planStack("local", stackFiles()));
    });

    it("is well formed, with every section that its navigation names, each id once", () => {
        const html = pageOf(plan, [finding], { ...plan, resources: plan.resources.slice(1), outputs: {} });
        assert.match(html, /^<!doctype html>\n<html lang="en">/);
        elementsOf(html);
        const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
        assert.equal(new Set(ids).size, ids.length);
        const targets = [...html.matchAll(/ (?:href="#|aria-labelledby=")([^"]*)"/g)].flatMap(([, id = ""]) =>
            id.split(" "),
        );
        assert.ok(targets.includes("changes") && targets.includes("topology"));
        targets.forEach((id) => assert.ok(ids.includes(id), id));
    });

    it("needs no network and no script", () => {
        const html = pageOf(plan, [finding]);
        const names = new Set(elementsOf(html));
        ["script", "img", "iframe", "object", "form"].forEach((name) => assert.ok(!names.has(name), name));
        assert.doesNotMatch(html, /<[^>]* (src|on\w+|style)=/);
        const links = [...html.matchAll(/ href="([^"]*)"/g)].map(([, href = ""]) => href);
        links.forEach((href) => assert.match(href, /^(#|data:,$)/));
        assert.doesNotMatch(html, /@import|url\(/);
        assert.match(html, /Content-Security-Policy" content="default-src &#39;none&#39;|default-src 'none'/);
    });

    it("is the same each time", () => {
        assert.equal(pageOf(plan), pageOf(plan));
    });

    it("shows a table of the flows that the drawing shows", () => {
        const html = pageOf(plan);
        const lines = [...html.matchAll(/<g class="flow colour-\d"><title>([^<]*)<\/title>/g)].map(
            ([, text = ""]) => text,
        );
        const rows = [...html.matchAll(/<td role="cell" data-label="who is called"><span>([^<]*)</g)].map(
            ([, to]) => to,
        );
        assert.ok(lines.length > 5 && rows.length >= lines.length);
        lines.forEach((line) => assert.ok(rows.includes(line.split(",")[0]), line));
        assert.match(html, /<svg class="topology" role="img" aria-labelledby="drawing-title drawing-description"/);
    });

    it("leaves the section of changes out where nothing was compared", () => {
        assert.doesNotMatch(pageOf(plan), /id="changes"/);
    });

    it("marks what is protected and what data hangs on, in the tree", () => {
        const set = object("apps/v1:StatefulSet", "a/set", {}, { protect: true });
        const html = pageOf({ ...plan, resources: [set] });
        assert.match(
            html,
            /<code>set<\/code> StatefulSet <span class="mark data">data<\/span> <span class="mark protected">/,
        );
    });

    it("takes whatever a plan, a rule or a revision says as text", () => {
        const evil = `<script>alert("1")</script>'&\u0000`;
        const template = { metadata: { labels: { app: evil } }, spec: { containers: [{ image: evil }] } };
        const resources = [
            object("v1:Namespace", "a", { metadata: { name: evil } }),
            object("apps/v1:Deployment", `${evil}/${evil}`, { metadata: { namespace: evil }, spec: { template } }),
            object("networking.k8s.io/v1:NetworkPolicy", `a/${evil}`, {
                metadata: { namespace: evil },
                spec: {
                    podSelector: { matchLabels: { app: evil } },
                    policyTypes: ["Ingress"],
                    ingress: [{ from: [{ ipBlock: { cidr: evil } }] }],
                },
            }),
        ];
        const outputs = { platform: { dashboards: [{ title: evil, command: evil }] }, [evil]: evil };
        const made = { ...plan, stack: evil, project: evil, resources, outputs };
        const html = reportPage({
            plan: made,
            report: reportOf(made, evil, [{ ...finding, rule: evil, resource: evil, message: evil }]),
            compared: { base: evil, notes: [evil], diff: diffPlans({ resources: [], outputs: { x: evil } }, made) },
            apiServer: [evil],
        });
        assert.ok(!elementsOf(html).includes("script"));
        assert.doesNotMatch(html, /<script|\u0000/);
        assert.match(html, /&lt;script&gt;alert\(&quot;1&quot;\)/);
        const compared = {
            base: evil,
            notes: [evil],
            diff: diffPlans({ resources: [], outputs: {} }, { resources: [], outputs: {} }),
        };
        const summary = markdownSummary(reportOf(made, evil, [{ ...finding, message: evil }]), compared);
        assert.doesNotMatch(summary, /<script/);
    });

    it("escapes what is put into a template, but for markup", () => {
        assert.equal(
            markup`<a b="${'"<'}">${["x&", markup`<i>${1}</i>`, undefined]}</a>`.text,
            '<a b="&quot;&lt;">x&amp;<i>1</i></a>',
        );
        assert.equal(new Markup("<b>").text, "<b>");
    });
});
