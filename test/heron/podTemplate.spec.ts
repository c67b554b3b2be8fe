import * as assert from "node:assert/strict";
import { parse } from "yaml";
import type { Target } from "../../components/foundation/placement";
import { podTemplates, topologyTargetFaults } from "../../components/heron/podTemplate";
import type { HeronSettings } from "../../components/heron/schema";
import { at } from "../support/plans";
import { given, type Overrides } from "./fixtures";

const template = (overrides: Overrides = {}, part = "executor"): unknown =>
    parse(podTemplates(given(overrides))[`${part}.yaml`] ?? "", { version: "1.1" });
const topologies = (settings: HeronSettings["topologies"]): Overrides => ({ settings: { topologies: settings } });
const required: Target = { key: "pool", value: "batch", constraint: "required" };
const accepted: Target = { key: "pool", value: "batch", constraint: "accepted" };
const preferred: Target = { key: "zone", value: "west", constraint: "preferred" };
const container = "template.spec.containers[0]";

describe("the templates of topologies' pods", () => {
    for (const part of ["executor", "manager"]) {
        it(`of the ${part} harden all that the image allows [heron-P13]`, () => {
            assert.deepEqual(template({}, part), {
                apiVersion: "v1",
                kind: "PodTemplate",
                template: {
                    spec: {
                        serviceAccountName: "heron-topology",
                        automountServiceAccountToken: false,
                        enableServiceLinks: false,
                        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
                        containers: [
                            {
                                name: part,
                                ports: [{ name: "metrics", containerPort: 8080, protocol: "TCP" }],
                                resources: {
                                    requests: { "ephemeral-storage": "4Gi" },
                                    limits: { "ephemeral-storage": "4Gi" },
                                },
                                securityContext: {
                                    allowPrivilegeEscalation: false,
                                    capabilities: { drop: ["ALL"] },
                                },
                            },
                        ],
                    },
                },
            });
        });
    }

    it("give pods no variables of Services, which scripts of the image would read [heron-P17]", () => {
        assert.equal(at(template(), "template.spec.enableServiceLinks"), false);
    });

    const cases: readonly (readonly [string, Overrides, string, unknown])[] = [
        [
            "required targets",
            { ...topologies({ targets: "batch" }), foundation: { targets: { batch: [required] } } },
            "template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution",
            { nodeSelectorTerms: [{ matchExpressions: [{ key: "pool", operator: "In", values: ["batch"] }] }] },
        ],
        [
            "preferred targets",
            { ...topologies({ targets: "batch" }), foundation: { targets: { batch: [preferred] } } },
            "template.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution",
            [
                {
                    weight: 1,
                    preference: { matchExpressions: [{ key: "zone", operator: "In", values: ["west"] }] },
                },
            ],
        ],
        [
            "accepted targets",
            { ...topologies({ targets: "batch" }), foundation: { targets: { batch: [accepted] } } },
            "template.spec.tolerations",
            [{ key: "pool", operator: "Equal", value: "batch", effect: "NoSchedule" }],
        ],
        ["priority", topologies({ priority: "batch" }), "template.spec.priorityClassName", "dev-batch"],
        [
            "pull secrets",
            { foundation: { images: { pullSecrets: ["mirror"] } } },
            "template.spec.imagePullSecrets",
            [{ name: "mirror" }],
        ],
        [
            "ephemeralStorage",
            topologies({ ephemeralStorage: "9Gi" }),
            `${container}.resources.limits`,
            { "ephemeral-storage": "9Gi" },
        ],
        [
            "capabilities",
            topologies({ capabilities: ["CHOWN"] }),
            `${container}.securityContext.capabilities`,
            { drop: ["ALL"], add: ["CHOWN"] },
        ],
        ["no port without metrics", { settings: { metrics: { prometheus: false } } }, `${container}.ports`, undefined],
    ];
    for (const [what, overrides, path, expected] of cases) {
        for (const part of ["executor", "manager"]) {
            it(`have ${what}: ${part}`, () => assert.deepEqual(at(template(overrides, part), path), expected));
        }
    }
});

describe("topologyTargetFaults", () => {
    const expected =
        "a target set with one accepted target a key, and none of those that Heron sets itself, since it keeps one toleration a key";
    const cases: readonly (readonly [string, readonly Target[], readonly string[]])[] = [
        ["nothing", [], []],
        ["each constraint", [required, accepted, preferred], []],
        ["two required targets of one key", [required, { ...required, value: "other" }], []],
        ["two accepted targets of one key", [accepted, { ...accepted, value: "other" }], ["accepted pool=other"]],
        [
            "a taint that Heron tolerates for ten seconds",
            [{ ...accepted, key: "node.kubernetes.io/not-ready" }],
            ["accepted node.kubernetes.io/not-ready=batch"],
        ],
    ];
    for (const [what, targets, found] of cases) {
        it(`judges ${what}`, () => {
            assert.deepEqual(
                topologyTargetFaults(targets),
                found.map((each) => ({ expected, found: each })),
            );
        });
    }

    it("is asked by the templates", () => {
        const targets = { batch: [accepted, { ...accepted, value: "other" }] };
        assert.throws(
            () => template({ ...topologies({ targets: "batch" }), foundation: { targets } }),
            /topologies\.targets: expected a target set with one accepted target a key/,
        );
    });
});
