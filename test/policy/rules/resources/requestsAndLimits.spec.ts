import assert from "node:assert/strict";
import { requestsAndLimits } from "../../../../policy/rules/resources/requestsAndLimits";
import { goodContainer, goodStatefulSet, judge, messagesOf, object, unknown, withField } from "../../support";

const podSpec = ["spec", "template", "spec"];
const resources = [...podSpec, "containers", 0, "resources"];
const names = ["cpu", "memory", "ephemeral-storage"];

describe("rule resources-requests-and-limits", () => {
    it("accepts a container that states everything", () => {
        assert.deepEqual(messagesOf(requestsAndLimits, goodStatefulSet()), []);
        assert.deepEqual(
            messagesOf(requestsAndLimits, withField(goodStatefulSet(), [...resources, "limits", "cpu"], 2)),
            [],
        );
    });

    for (const key of ["requests", "limits"]) {
        for (const name of names) {
            it(`asks for ${key} of ${name}`, () => {
                for (const [amount, found] of [
                    [undefined, "nothing"],
                    ["0", '"0"'],
                    [0, "0"],
                    ["much", '"much"'],
                ]) {
                    assert.deepEqual(
                        messagesOf(requestsAndLimits, withField(goodStatefulSet(), [...resources, key, name], amount)),
                        [
                            `container "broker" (spec.template.spec.containers[0]): expected a quantity above 0 in resources.${key}.${name}, found ${String(found)}`,
                        ],
                    );
                }
            });
            it(`does not ask for ${key} of ${name} when the stack does not`, () => {
                const set = withField(goodStatefulSet(), [...resources, key, name], undefined);
                assert.deepEqual(
                    messagesOf(requestsAndLimits, set, { [key]: names.filter((other) => other !== name) }),
                    [],
                );
            });
        }
    }

    it("asks a container without resources for all", () => {
        assert.equal(messagesOf(requestsAndLimits, withField(goodStatefulSet(), resources, undefined)).length, 6);
    });

    it("judges init containers, but not ephemeral ones, which can't have resources", () => {
        const bare = [{ name: "other", image: "a:1" }];
        const init = messagesOf(requestsAndLimits, withField(goodStatefulSet(), [...podSpec, "initContainers"], bare));
        assert.equal(init.length, 6);
        assert.match(init[0]!, /^init container "other" \(spec\.template\.spec\.initContainers\[0\]\)/);
        const ephemeral = withField(goodStatefulSet(), [...podSpec, "ephemeralContainers"], bare);
        assert.deepEqual(messagesOf(requestsAndLimits, ephemeral), []);
    });

    it("judges what a partial template does say", () => {
        const patch = (limits: object) =>
            object("apps/v1", "Deployment", {
                template: { spec: { containers: [{ name: "a", resources: { limits } }] } },
            });
        const type = "kubernetes:apps/v1:DeploymentPatch";
        assert.deepEqual(messagesOf(requestsAndLimits, patch({ cpu: "1" }), {}, type), []);
        assert.deepEqual(messagesOf(requestsAndLimits, patch({ cpu: "0" }), {}, type), [
            'container "a" (spec.template.spec.containers[0]): expected a quantity above 0 in resources.limits.cpu, found "0"',
        ]);
    });

    it("asks a TrainJob for all or nothing, since its resources replace the runtime's", () => {
        const job = (resourcesPerNode: unknown) =>
            object("trainer.kubeflow.org/v1alpha1", "TrainJob", { trainer: { resourcesPerNode } });
        const { resources } = goodContainer() as { resources: Record<string, object> };
        assert.deepEqual(messagesOf(requestsAndLimits, job(undefined)), []);
        assert.deepEqual(messagesOf(requestsAndLimits, job(resources)), []);
        assert.equal(messagesOf(requestsAndLimits, job({ limits: resources.limits })).length, 3);
        assert.deepEqual(messagesOf(requestsAndLimits, job({ ...resources, requests: { memory: "1Gi", cpu: "1" } })), [
            'container "node" (spec.trainer): expected a quantity above 0 in resources.requests.ephemeral-storage, found nothing',
        ]);
    });

    it("asks volume claims for their size", () => {
        const claims = (storage: unknown) =>
            withField(
                goodStatefulSet(),
                ["spec", "volumeClaimTemplates"],
                [{ spec: { resources: { requests: { storage } } } }],
            );
        assert.deepEqual(messagesOf(requestsAndLimits, claims("1Gi")), []);
        for (const [storage, found] of [
            [undefined, "nothing"],
            ["0", '"0"'],
        ]) {
            assert.deepEqual(messagesOf(requestsAndLimits, claims(storage)), [
                `StatefulSet spec.volumeClaimTemplates[0].spec.resources.requests.storage: expected a quantity above 0, found ${String(found)}`,
            ]);
        }
        const type = "kubernetes:apps/v1:StatefulSetPatch";
        assert.deepEqual(messagesOf(requestsAndLimits, claims(undefined), {}, type), []);
    });

    it("asks nothing of a patch", () => {
        const patch = object("apps/v1", "Deployment", { template: { spec: { containers: [{ name: "a" }] } } });
        assert.deepEqual(messagesOf(requestsAndLimits, patch, {}, "kubernetes:apps/v1:DeploymentPatch"), []);
    });

    it("asks nothing of an object without pods", () => {
        assert.deepEqual(messagesOf(requestsAndLimits, object("v1", "Service", { ports: unknown })), []);
    });

    it("judges the amounts beside one that is not known yet", () => {
        const set = withField(goodStatefulSet(), resources, {
            requests: { ...(goodContainer().resources as { requests: object }).requests, cpu: unknown },
            limits: { cpu: "1", memory: "1Gi" },
        });
        const { messages, unknowns } = judge(requestsAndLimits, set);
        assert.deepEqual(
            messages.map((message) => message.includes("limits.ephemeral-storage")),
            [true],
        );
        assert.equal(unknowns.length, 1);
    });
});
