import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { RedisInstance, type RedisInstanceArgs } from "../../components/redis/redisInstance";
import type { RedisInstanceInput } from "../../components/redis/schema";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { at, find, mapAt, planOf } from "../support/plans";
import { assertSound } from "../support/invariants";

export interface Overrides extends Partial<Pick<RedisInstanceArgs, "clients">> {
    readonly settings?: RedisInstanceInput;
    readonly foundation?: FoundationOverrides;
}

/** The operator's pods in tests. */
export const operatorPeer = { namespace: "operators", podLabels: { name: "redis-operator" } };

/** An instance named `cache`, planned. */
export async function planned({ foundation: overrides, ...given }: Overrides = {}) {
    let instance: RedisInstance | undefined;
    const plan = await planOf(() => {
        instance = new RedisInstance("cache", {
            foundation: foundation(overrides),
            namespace: "dev-cache",
            operator: [operatorPeer],
            ...given,
        });
    });
    assertSound(plan);
    assert.ok(instance !== undefined);
    return { plan, instance };
}

/** The whole of the operator's resource of a kind. */
export const resource = (plan: Plan, kind: string) => find(plan, kind).inputs;

/** The spec of the operator's resource of a kind. */
export const spec = (plan: Plan, kind: string) => mapAt(find(plan, kind).inputs, "spec");

/** What stands behind the generated redis.conf. */
export const configOf = (plan: Plan): string =>
    String(at(find(plan, "ConfigMap", "cache-config").inputs, 'data["redis-additional.conf"]'));

export const production: FoundationOverrides = { environment: { tier: "production" } };

export const watched: FoundationOverrides = {
    monitoring: {
        labels: {},
        interval: "30s",
        scrapers: [{ namespace: "monitoring", podLabels: { app: "prometheus" } }],
        alerts: true,
        alertLabels: {},
    },
};

export const cluster = { kind: "cluster" } as const;
