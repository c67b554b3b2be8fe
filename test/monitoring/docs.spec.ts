import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { everyAlert, selectorsIn } from "./fixtures";

const page = readFileSync(join(__dirname, "../../docs/monitoring.md"), "utf8");

/** Rows of the table below a heading: alert, severity, time, what it reads. */
function rows(heading: string): string[][] {
    const section = page.split(`### ${heading}\n`)[1]?.split(/\n##/)[0] ?? "";
    return [...section.matchAll(/^\| `(\w+)` +\| (\w+) +\| (\w+) +\| ([^|]+?) +\|/gm)].map((match) => match.slice(1));
}

function source(metric: string): string {
    return metric.startsWith("kubelet_") ? "kubelet" : metric.startsWith("kube_") ? "kube-state-metrics" : "own";
}

describe("The page on monitoring", () => {
    for (const [system, { prefix, alerts }] of Object.entries(everyAlert)) {
        it(`lists the alerts of ${system} as they are`, () => {
            const expected = alerts.map((alert) => [
                alert.name,
                alert.severity,
                alert.for,
                [...new Set(selectorsIn(alert.expr).map(({ metric }) => source(metric)))].join(", "),
            ]);
            assert.deepEqual(rows(prefix).sort(), expected.sort());
        });
    }
});
