import * as assert from "node:assert/strict";
import { monitoringSettings } from "../../components/monitoring/schema";
import { Uploader, type UploaderArgs } from "../../components/uploader/uploader";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { planOf } from "../support/plans";

describe("a watched uploader", () => {
    const monitoring = monitoringSettings.parse({ scrapers: [{ namespace: "prometheus" }] });
    const kinds = async (settings: UploaderArgs["settings"], watched = true) => {
        const plan = await planOf(() => {
            const environment = watched ? foundation({ monitoring }) : foundation();
            new Uploader("up", { foundation: environment, namespace: "ns", settings: settings ?? {} });
        });
        assertSound(plan);
        return plan.resources
            .filter(({ type }) => type.startsWith("kubernetes:monitoring.coreos.com/"))
            .map(({ type }) => type.split(":").at(-1));
    };

    it("has alerts and nothing to scrape, where the environment is watched", async () => {
        assert.deepEqual(await kinds({}), ["PrometheusRule"]);
        assert.deepEqual(await kinds({ monitoring: { alerts: false } }), []);
        assert.deepEqual(await kinds({ monitoring: { enabled: false } }), []);
        assert.deepEqual(await kinds({}, false), []);
    });
});
