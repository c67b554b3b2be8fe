import * as assert from "node:assert/strict";
import { checked, SettingsFaults } from "../../components/foundation/faults";
import { monitoringSettings, monitorSettings, ownAlertLabels } from "../../components/monitoring/schema";

const scrapers = [{ namespace: "monitoring" }];
const faultsOf = (schema: typeof monitoringSettings | typeof monitorSettings, input: unknown): string => {
    try {
        checked(schema, "monitoring", input);
        return "";
    } catch (error) {
        assert.ok(error instanceof SettingsFaults, String(error));
        return error.message;
    }
};

describe("Settings of monitoring", () => {
    it("need nothing but who reads the metrics", () => {
        assert.deepEqual(monitoringSettings.parse({ scrapers }), {
            scrapers,
            labels: {},
            interval: "30s",
            alerts: true,
            alertLabels: {},
        });
        assert.match(faultsOf(monitoringSettings, {}), /scrapers: expected a list/);
        assert.match(faultsOf(monitoringSettings, { scrapers: [] }), /scrapers: expected at least 1/);
    });
    it("of a system need nothing", () => {
        assert.deepEqual(monitorSettings.parse(undefined), { enabled: true, alerts: true });
    });

    const intervals: readonly (readonly [string, boolean])[] = [
        ["1s", true],
        ["30s", true],
        ["120s", true],
        ["2m", true],
        ["0s", false],
        ["500ms", false],
        ["121s", false],
        ["5m", false],
    ];
    for (const [interval, good] of intervals) {
        it(`${good ? "take" : "refuse"} an interval of ${interval}`, () => {
            const expected = good ? /^$/ : /interval: expected a time from 1s to 2m/;
            assert.match(faultsOf(monitoringSettings, { scrapers, interval }), expected);
            assert.match(faultsOf(monitorSettings, { interval }), expected);
        });
    }

    const labels: readonly (readonly [string, RegExp])[] = [
        ["team", /^$/],
        ["Team_2", /^$/],
        ["app.kubernetes.io/team", /expected a key that is a Prometheus label name/],
        ["__team", /expected a key that is a Prometheus label name/],
        ["alertname", /expected a key that is a label name other than alertname/],
        ...ownAlertLabels.map((key) => [key, /expected a key that is a label name other than/] as const),
    ];
    for (const [key, expected] of labels) {
        it(`${key === "team" ? "take" : "judge"} ${key} as a label of alerts`, () => {
            assert.match(faultsOf(monitoringSettings, { scrapers, alertLabels: { [key]: "x" } }), expected);
        });
    }
});
