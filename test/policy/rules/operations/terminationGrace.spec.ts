import assert from "node:assert/strict";
import { terminationGrace } from "../../../../policy/rules/operations/terminationGrace";
import { type Fields, judge, messagesOf, object, unknown, withField } from "../../support";
import { containerPath, operatedRedis, operatedSet, podPath, setLabelsPath } from "./support";

const gracePath = [...podPath, "terminationGracePeriodSeconds"];
const preStop = [...containerPath, "lifecycle", "preStop"];

/** A set of a system's component with this grace. */
function set(system: string, component: string, grace: unknown): Fields {
    return (
        [
            [[...setLabelsPath, "app.kubernetes.io/name"], system],
            [[...setLabelsPath, "app.kubernetes.io/component"], component],
            [gracePath, grace],
        ] as const
    ).reduce<Fields>((each, [path, value]) => withField(each, path, value), operatedSet());
}

const exec = (...command: readonly string[]) => ({ exec: { command } });

describe("rule operations-termination-grace", () => {
    it("accepts a set with time enough and its gate", () => {
        assert.deepEqual(messagesOf(terminationGrace, operatedSet()), []);
    });

    for (const [system, component, least] of [
        ["bookkeeper", "bookie", 60],
        ["flink", "jobmanager", 60],
        ["flink", "taskmanager", 30],
        ["heron", "tracker", 30],
        ["kafka", "broker", 300],
        ["kafka", "controller", 120],
        ["opensearch", "data", 120],
        ["opensearch", "manager", 120],
        ["teraslice", "master", 75],
        ["twister2", "dashboard", 30],
        ["zookeeper", "member", 60],
        ["other", "part", 5],
    ] as const) {
        it(`gives ${system}'s ${component} at least ${least} seconds`, () => {
            assert.deepEqual(messagesOf(terminationGrace, set(system, component, least)), []);
            assert.deepEqual(messagesOf(terminationGrace, set(system, component, least - 1)), [
                `spec.template.spec.terminationGracePeriodSeconds: expected at least ${least}, found ${least - 1}`,
            ]);
        });
    }

    it("takes Kubernetes' 30 seconds where nothing is said", () => {
        assert.deepEqual(messagesOf(terminationGrace, set("other", "part", undefined)), []);
        assert.deepEqual(messagesOf(terminationGrace, set("zookeeper", "member", undefined)), [
            "spec.template.spec.terminationGracePeriodSeconds: expected at least 60, found nothing",
        ]);
    });

    const stops: readonly (readonly [string, string, unknown, unknown])[] = [
        ["cassandra", "node", exec("nodetool", "drain"), exec("true")],
        ["dashboard", "proxy", exec("sleep", "5"), undefined],
        ["heron", "apiserver", exec("sleep", "30"), undefined],
        ["kafka", "broker", exec("bash", "/scripts/gate.sh"), exec("sleep", "5")],
        ["kafka", "controller", exec("bash", "/scripts/gate.sh"), undefined],
        ["uploader", "server", { sleep: { seconds: 5 } }, undefined],
    ];
    for (const [system, component, good, bad] of stops) {
        it(`asks for what ${system}'s ${component} must do before it stops`, () => {
            assert.deepEqual(messagesOf(terminationGrace, withField(set(system, component, 1800), preStop, good)), []);
            const messages = messagesOf(terminationGrace, withField(set(system, component, 1800), preStop, bad));
            assert.equal(messages.length, 1);
            assert.match(
                messages[0]!,
                /^spec\.template\.spec\.containers: expected a container whose lifecycle\.preStop/,
            );
        });
    }

    it("counts the time that preStop sleeps", () => {
        for (const hook of [exec("sleep", "60"), exec("sh", "-c", "touch /x; sleep 60"), { sleep: { seconds: 60 } }]) {
            assert.deepEqual(messagesOf(terminationGrace, withField(set("other", "part", 60), preStop, hook)), [
                "spec.template.spec.terminationGracePeriodSeconds: expected more than the 60 seconds that preStop sleeps, found 60",
            ]);
            assert.deepEqual(messagesOf(terminationGrace, withField(set("other", "part", 61), preStop, hook)), []);
        }
    });

    it("judges custom resources, and work that ends only by a kill at once", () => {
        const redis = operatedRedis("RedisReplication");
        assert.deepEqual(messagesOf(terminationGrace, redis), []);
        assert.equal(
            messagesOf(terminationGrace, withField(redis, ["spec", "terminationGracePeriodSeconds"], 10)).length,
            1,
        );
        const job = (grace: unknown) => {
            const { template } = withField(operatedSet(), preStop, undefined).spec as Fields;
            return object("batch/v1", "Job", {
                template: withField(template as Fields, ["spec", "terminationGracePeriodSeconds"], grace),
            });
        };
        assert.deepEqual(messagesOf(terminationGrace, job(1)), []);
        assert.equal(messagesOf(terminationGrace, job(0)).length, 1);
        assert.deepEqual(messagesOf(terminationGrace, object("v1", "Service")), []);
    });

    it("takes times and commands from the stack, beside its own", () => {
        const judged = (settings: Fields) => messagesOf(terminationGrace, operatedSet(), settings).length;
        assert.equal(judged({ seconds: { "kafka/broker": 481 } }), 1);
        assert.equal(judged({ seconds: { "etcd/member": 481 } }), 0);
        assert.equal(judged({ preStop: { "kafka/broker": "handover" } }), 1);
        const without = withField(operatedSet(), preStop, undefined);
        assert.equal(messagesOf(terminationGrace, without, { preStop: { other: "x" } }).length, 1);
        assert.equal(messagesOf(terminationGrace, without, { preStop: { "kafka/broker": "" } }).length, 0);
        assert.equal(messagesOf(terminationGrace, set("other", "part", 10), { otherwise: 11 }).length, 1);
    });

    it("judges of a patch only what it says", () => {
        const type = "kubernetes:apps/v1:StatefulSetPatch";
        const patch = withField(withField(operatedSet(), gracePath, undefined), preStop, undefined);
        assert.deepEqual(messagesOf(terminationGrace, patch, {}, type), []);
        assert.equal(messagesOf(terminationGrace, withField(patch, gracePath, 1), {}, type).length, 1);
    });

    it("judges what stands beside a value that is not known yet", () => {
        const { messages, unknowns } = judge(
            terminationGrace,
            withField(withField(operatedSet(), gracePath, unknown), preStop, undefined),
        );
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
    });
});
