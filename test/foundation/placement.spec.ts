import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { parse } from "yaml";
import {
    podPlacement,
    spreadPlacement,
    spreadSettings,
    type Target,
    targetPlacement,
    targetSettings,
} from "../../components/foundation/placement";
import { at } from "../support/plans";

const selector = { app: "zk" };
const zone = { key: "zone", value: "west" } as const;
const region = { key: "region", value: "texas" } as const;

/** What Teraslice's documentation says that two targets become, word for word. */
const documented = {
    required: `
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - key: zone
                    operator: In
                    values:
                      - west
                  - key: region
                    operator: In
                    values:
                      - texas
`,
    preferred: `
      affinity:
        nodeAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 1
              preference:
                matchExpressions:
                  - key: zone
                    operator: In
                    values:
                      - west
            - weight: 1
              preference:
                matchExpressions:
                  - key: region
                    operator: In
                    values:
                      - texas
`,
    accepted: `
      tolerations:
        - key: zone
          operator: Equal
          value: west
          effect: NoSchedule
        - key: region
          operator: Equal
          value: texas
          effect: NoSchedule
`,
} as const;

const placed = (targets: readonly Target[], replicas = 1) =>
    podPlacement({ targets, spread: {}, tier: "development", several: replicas > 1, selector });

describe("targets", () => {
    for (const constraint of ["required", "preferred", "accepted"] as const) {
        it(`that are ${constraint} become what the documentation shows`, () => {
            assert.deepEqual(
                placed([
                    { ...zone, constraint },
                    { ...region, constraint },
                ]),
                parse(documented[constraint]),
            );
        });
    }

    it("are required by default", () => {
        assert.deepEqual(targetSettings.parse(zone), { ...zone, constraint: "required" });
    });

    it("of all kinds stand side by side", () => {
        const { nodeAffinity, tolerations } = targetPlacement([
            { ...zone, constraint: "preferred" },
            { ...region, constraint: "accepted" },
            { ...region, constraint: "required" },
        ]);
        assert.deepEqual(Object.keys(nodeAffinity ?? {}).sort(), [
            "preferredDuringSchedulingIgnoredDuringExecution",
            "requiredDuringSchedulingIgnoredDuringExecution",
        ]);
        assert.deepEqual(tolerations, [{ key: "region", operator: "Equal", value: "texas", effect: "NoSchedule" }]);
    });

    it("that there are none of leave the pod alone", () => assert.deepEqual(placed([]), {}));

    const anyTarget: fc.Arbitrary<Target> = fc.record({
        key: fc.constantFrom("zone", "region", "pool", "example.com/disk"),
        value: fc.stringMatching(/^[a-z]{1,4}$/),
        constraint: fc.constantFrom("required", "preferred", "accepted"),
    });

    /** What the scheduler is told, one text for each target. */
    const parts = (targets: readonly Target[]): string[] => {
        const { affinity, tolerations } = placed(targets);
        const required = "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
        const preferred = "nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution";
        const terms = (at(affinity, `${required}.nodeSelectorTerms`) ?? []) as readonly unknown[];
        assert.ok(terms.length <= 1, "a second term would be an alternative to the first");
        const expressions = (at(terms[0], "matchExpressions") ?? []) as readonly unknown[];
        const preferences = (at(affinity, preferred) ?? []) as readonly unknown[];
        return [...expressions, ...preferences, ...((tolerations ?? []) as readonly unknown[])].map((part) =>
            JSON.stringify(part),
        );
    };

    it("add one part each, and never change another target's part", () => {
        fc.assert(
            fc.property(fc.array(anyTarget, { maxLength: 6 }), anyTarget, fc.nat(), (targets, added, position) => {
                const index = targets.length === 0 ? 0 : position % targets.length;
                const more = [...targets.slice(0, index), added, ...targets.slice(index)];
                const after = parts(more);
                assert.equal(after.length, more.length);
                const [own] = parts([added]);
                after.splice(after.indexOf(own ?? ""), 1);
                assert.deepEqual(after.sort(), parts(targets).sort());
            }),
        );
    });
});

describe("replicas of one set", () => {
    const term = { labelSelector: { matchLabels: selector }, topologyKey: "kubernetes.io/hostname" };
    const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] };
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] };

    for (const [tier, hosts, expected] of [
        ["production", undefined, required],
        ["staging", undefined, preferred],
        ["development", undefined, preferred],
        ["production", "preferred", preferred],
        ["development", "required", required],
    ] as const) {
        it(`keep apart by host in ${tier}${hosts === undefined ? "" : `, set to ${hosts}`}`, () => {
            const spread = spreadSettings.parse({ hosts });
            assert.deepEqual(spreadPlacement(selector, spread, tier).podAntiAffinity, expected);
        });
    }

    for (const [zones, action] of [
        [undefined, "ScheduleAnyway"],
        ["preferred", "ScheduleAnyway"],
        ["required", "DoNotSchedule"],
    ] as const) {
        it(`spread over zones, ${zones ?? "by default"}: ${action}`, () => {
            assert.deepEqual(spreadPlacement(selector, { zones }, "production").topologySpreadConstraints, [
                {
                    maxSkew: 1,
                    topologyKey: "topology.kubernetes.io/zone",
                    whenUnsatisfiable: action,
                    labelSelector: { matchLabels: selector },
                },
            ]);
        });
    }

    it("keep apart beside their targets", () => {
        const { affinity } = placed([{ ...zone, constraint: "required" }], 2);
        assert.deepEqual(Object.keys(affinity ?? {}).sort(), ["nodeAffinity", "podAntiAffinity"]);
    });

    it("have nothing to keep apart from when there is one", () => {
        const args = {
            targets: [],
            spread: { hosts: "required", zones: "required" },
            tier: "production",
            selector,
        } as const;
        assert.deepEqual(podPlacement({ ...args, several: false }), {});
        assert.deepEqual(Object.keys(podPlacement({ ...args, several: true })), [
            "affinity",
            "topologySpreadConstraints",
        ]);
    });
});
