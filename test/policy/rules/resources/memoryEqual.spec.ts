import assert from "node:assert/strict";
import { memoryEqual } from "../../../../policy/rules/resources/memoryEqual";
import {
    type Fields,
    goodContainer,
    goodStatefulSet,
    goodTemplate,
    judge,
    messagesOf,
    object,
    unknown,
    withField,
} from "../../support";

const podSpec = ["spec", "template", "spec"];
const limit = [...podSpec, "containers", 0, "resources", "limits", "memory"];
const deployment = (volumes: Fields[]) =>
    withField(object("apps/v1", "Deployment", { template: goodTemplate() }), [...podSpec, "volumes"], volumes);
const redis = (resources: Fields) =>
    object("redis.redis.opstreelabs.in/v1beta2", "RedisReplication", { kubernetesConfig: { resources } });

describe("rule resources-memory-equal", () => {
    it("accepts equal amounts, however they are written", () => {
        assert.deepEqual(messagesOf(memoryEqual, goodStatefulSet()), []);
        assert.deepEqual(messagesOf(memoryEqual, withField(goodStatefulSet(), limit, "1024Mi")), []);
    });

    for (const more of ["2Gi", "512Mi"]) {
        it(`refuses a limit of ${more}`, () => {
            assert.deepEqual(messagesOf(memoryEqual, withField(goodStatefulSet(), limit, more)), [
                `container "broker" (spec.template.spec.containers[0]): expected resources.limits.memory equal to the request, 1Gi, found "${more}"`,
            ]);
        });
    }

    it("leaves a missing one to resources-requests-and-limits", () => {
        assert.deepEqual(messagesOf(memoryEqual, withField(goodStatefulSet(), limit, undefined)), []);
    });

    it("judges pods with claims, whatever makes them, and no others", () => {
        const judged = (volume: Fields) =>
            messagesOf(memoryEqual, withField(deployment([volume]), limit, "2Gi")).length;
        assert.equal(judged({ emptyDir: {} }), 0);
        assert.equal(judged({ persistentVolumeClaim: { claimName: "data" } }), 1);
        assert.equal(judged({ ephemeral: { volumeClaimTemplate: {} } }), 1);
    });

    it("judges what the Redis operator makes, and the kinds that the stack names", () => {
        const uneven = { requests: { memory: "1Gi" }, limits: { memory: "2Gi" } };
        assert.equal(messagesOf(memoryEqual, redis(uneven)).length, 1);
        assert.deepEqual(messagesOf(memoryEqual, redis(uneven), { kinds: [] }), []);
        const cached = withField(deployment([]), limit, "2Gi");
        assert.equal(messagesOf(memoryEqual, cached, { kinds: ["Deployment"] }).length, 1);
    });

    it("judges init containers, but not ephemeral ones", () => {
        const uneven = { ...goodContainer(), resources: { requests: { memory: "1" }, limits: { memory: "2" } } };
        const of = (list: string) =>
            messagesOf(memoryEqual, withField(goodStatefulSet(), [...podSpec, list], [uneven]));
        assert.equal(of("initContainers").length, 1);
        assert.equal(of("ephemeralContainers").length, 0);
    });

    it("can't judge an unknown limit", () => {
        assert.equal(judge(memoryEqual, withField(goodStatefulSet(), limit, unknown)).unknowns.length, 1);
    });
});
