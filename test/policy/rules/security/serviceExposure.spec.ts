import assert from "node:assert/strict";
import { serviceExposure } from "../../../../policy/rules/security/serviceExposure";
import { type Fields, judge, messagesOf, object, unknown } from "../../support";

const service = (spec: Fields) => object("v1", "Service", spec);
const redis = (serviceType: unknown) =>
    object("redis.redis.opstreelabs.in/v1beta2", "RedisCluster", {
        kubernetesConfig: { service: { serviceType } },
    });

describe("rule security-service-exposure", () => {
    for (const spec of [{ type: "ClusterIP" }, {}, { clusterIP: "None", externalIPs: [] }]) {
        it(`accepts ${JSON.stringify(spec)}`, () => {
            assert.deepEqual(messagesOf(serviceExposure, service(spec)), []);
        });
    }

    for (const type of ["NodePort", "LoadBalancer", "ExternalName"]) {
        it(`refuses type ${type}`, () => {
            assert.deepEqual(messagesOf(serviceExposure, service({ type })), [
                `Service spec.type: expected ClusterIP, found "${type}"`,
            ]);
            const patch = "kubernetes:core/v1:ServicePatch";
            assert.equal(messagesOf(serviceExposure, service({ type }), {}, patch).length, 1);
        });
        it(`refuses type ${type} of what an operator makes`, () => {
            assert.deepEqual(messagesOf(serviceExposure, redis("ClusterIP")), []);
            assert.deepEqual(messagesOf(serviceExposure, redis(type)), [
                `RedisCluster spec.kubernetesConfig.service.serviceType: expected ClusterIP, found "${type}"`,
            ]);
        });
    }

    it("refuses external addresses", () => {
        assert.deepEqual(messagesOf(serviceExposure, service({ externalIPs: ["203.0.113.1"] })), [
            'Service spec.externalIPs: expected no addresses, found "203.0.113.1"',
        ]);
    });

    it("accepts what the stack allows", () => {
        for (const [allowed, count] of [
            ["dev-kafka/events", 0],
            ["dev-*/ev*", 0],
            ["dev-kafka/other", 1],
            ["events", 1],
        ] as const) {
            const messages = messagesOf(serviceExposure, service({ type: "NodePort" }), { allowed: [allowed] });
            assert.equal(messages.length, count, allowed);
        }
    });

    it("does not judge a type that is not known yet", () => {
        for (const inputs of [service({ type: unknown }), redis(unknown)]) {
            const { messages, unknowns } = judge(serviceExposure, inputs);
            assert.deepEqual([messages.length, unknowns.length], [0, 1]);
        }
    });

    it("has nothing to say of other objects", () => {
        assert.deepEqual(messagesOf(serviceExposure, object("v1", "ConfigMap", { type: "NodePort" })), []);
    });
});
