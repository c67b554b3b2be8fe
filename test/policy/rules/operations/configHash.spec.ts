import assert from "node:assert/strict";
import { configHash } from "../../../../policy/rules/operations/configHash";
import { type Fields, judgeStack, object, stackMessagesOf, unknown, withField } from "../../support";
import {
    broken,
    containerPath,
    goodParts,
    operatedDeployment,
    operatedRedis,
    operatedSet,
    podPath,
    stackOf,
} from "./support";

const annotations = ["spec", "template", "metadata", "annotations"];
const key = "data-platform/config-hash";
const { config } = goodParts();
const bare = (set = operatedSet()) => withField(set, annotations, undefined);
const judged = (objects: readonly Fields[], settings?: Fields) =>
    stackMessagesOf(configHash, stackOf(...objects), settings);

describe("rule operations-config-hash", () => {
    it("accepts pods that carry a hash", () => {
        assert.deepEqual(broken(configHash, []), []);
        assert.deepEqual(judged([operatedDeployment(), config]), []);
    });

    it("says what it expects and where", () => {
        assert.deepEqual(broken(configHash, [["set", annotations, undefined]]), [
            "events: spec.template.metadata.annotations: expected data-platform/config-hash… with a hash of ConfigMap events-config, found nothing",
        ]);
    });

    for (const value of ["", "x", undefined, "a b c d e f g"]) {
        it(`takes ${value === undefined ? "nothing" : JSON.stringify(value)} for no hash`, () => {
            assert.equal(broken(configHash, [["set", [...annotations, key], value]]).length, 1);
        });
    }

    const without = withField(bare(), [...podPath, "volumes"], undefined);
    const reads: Record<string, Fields> = {
        "as a volume": bare(),
        "as a part of a volume": withField(
            without,
            [...podPath, "volumes"],
            [
                {
                    name: "all",
                    projected: { sources: [{ secret: { name: "s" } }, { configMap: { name: "events-config" } }] },
                },
            ],
        ),
        "as all variables": withField(
            without,
            [...containerPath, "envFrom"],
            [{ configMapRef: { name: "events-config" } }],
        ),
        "as one variable": withField(
            without,
            [...containerPath, "env"],
            [{ name: "A", valueFrom: { configMapKeyRef: { name: "events-config", key: "a" } } }],
        ),
        "in an init container": withField(
            without,
            [...podPath, "initContainers"],
            [{ name: "a", envFrom: [{ configMapRef: { name: "events-config" } }] }],
        ),
    };
    for (const [what, set] of Object.entries(reads)) {
        it(`sees a ConfigMap that is read ${what}`, () => {
            assert.equal(judged([set, config]).length, 1);
        });
    }

    it("asks a Job too, which a change must start again", () => {
        const { template } = bare().spec as Fields;
        assert.equal(judged([object("batch/v1", "Job", { template }), config]).length, 1);
    });

    it("asks nothing of pods that read no ConfigMap of the stack, and of work that begins anew", () => {
        assert.deepEqual(judged([without, config]), []);
        assert.deepEqual(judged([bare()]), []);
        assert.deepEqual(judged([bare(), withField(config, ["metadata", "namespace"], "other")]), []);
        const { template } = bare().spec as Fields;
        assert.deepEqual(judged([object("batch/v1", "CronJob", { jobTemplate: { spec: { template } } }), config]), []);
    });

    it("asks for the hash of what an operator reads on its custom resource", () => {
        const redis = withField(operatedRedis("RedisReplication"), ["spec", "redisConfig"], {
            additionalRedisConfig: "events-config",
        });
        assert.deepEqual(judged([redis, config]), [
            "events: RedisReplication metadata.annotations: expected data-platform/config-hash… with a hash of ConfigMap events-config, found nothing",
        ]);
        const hashed = withField(redis, ["metadata", "annotations"], { [key]: "0123456789abcdef" });
        assert.deepEqual(judged([hashed, config]), []);
        const cluster = withField(operatedRedis("RedisCluster"), ["spec", "redisFollower", "redisConfig"], {
            additionalRedisConfig: "events-config",
        });
        assert.equal(judged([cluster, config]).length, 1);
    });

    it("takes the annotation's name from the stack", () => {
        const settings = { annotations: ["checksum/"] };
        assert.equal(judged([operatedSet(), config], settings).length, 1);
        const other = withField(operatedSet(), annotations, { "checksum/config": "0123456789abcdef" });
        assert.deepEqual(judged([other, config], settings), []);
    });

    it("leaves annotations that are not known yet undecided", () => {
        const { messages, unknowns } = judgeStack(
            configHash,
            stackOf(withField(operatedSet(), annotations, unknown), config, bare(operatedDeployment())),
        );
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
    });
});
