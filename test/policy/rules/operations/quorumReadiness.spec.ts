import assert from "node:assert/strict";
import { quorumReadiness } from "../../../../policy/rules/operations/quorumReadiness";
import { type Fields, judgeStack, object, stackMessagesOf, unknown, withField } from "../../support";
import { containerPath, operatedSet, renamed, setLabelsPath, stackOf } from "./support";

/** A member of a system with these probes. */
function member(system: string, component: string, readinessProbe: unknown, livenessProbe: unknown = tcp): Fields {
    return (
        [
            [[...setLabelsPath, "app.kubernetes.io/name"], system],
            [[...setLabelsPath, "app.kubernetes.io/component"], component],
            [[...containerPath, "readinessProbe"], readinessProbe],
            [[...containerPath, "livenessProbe"], livenessProbe],
        ] as const
    ).reduce<Fields>((set, [path, value]) => withField(set, path, value), operatedSet());
}

const exec = (...command: readonly string[]) => ({ exec: { command } });
const tcp = { tcpSocket: { port: "client" } };
const get = (path: string) => ({ httpGet: { path, port: "http" } });
const script = (text: string) => renamed({ ...object("v1", "ConfigMap"), data: { "ready.sh": text } }, "events-config");

const judged = (objects: readonly Fields[], settings?: Fields) =>
    stackMessagesOf(quorumReadiness, stackOf(...objects), settings);

describe("rule operations-quorum-readiness", () => {
    const mode = exec("bash", "-c", "printf srvr | nc localhost 2181 | grep -E '^Mode: (leader|follower)'");
    const good: readonly (readonly [string, string, unknown])[] = [
        ["zookeeper", "member", mode],
        ["opensearch", "node", get("/_cluster/health?local=true")],
        ["bookkeeper", "bookie", get("/api/v1/bookie/is_ready")],
        ["cassandra", "node", exec("bash", "-c", "nodetool status | grep UN")],
        ["kafka", "broker", tcp],
        ["heron", "tracker", get("/health")],
    ];
    for (const [system, component, probe] of good) {
        it(`accepts ${system}'s ${component} with a check of its own`, () => {
            assert.deepEqual(judged([member(system, component, probe)]), []);
        });
    }

    const bad: readonly (readonly [string, string, unknown, number])[] = [
        ["zookeeper", "member", exec("bash", "-c", "printf ruok | nc localhost 2181"), 3],
        ["zookeeper", "member", exec("bash", "-c", "printf srvr | nc localhost 2181"), 1],
        ["zookeeper", "member", get("/commands/srvr"), 2],
        ["zookeeper", "member", tcp, 2],
        ["opensearch", "manager", tcp, 1],
        ["opensearch", "data", get("/"), 1],
        ["opensearch", "node", get("/_cluster/health?wait_for_status=green"), 1],
        ["bookkeeper", "bookie", get("/heartbeat"), 1],
        ["cassandra", "node", tcp, 1],
        ["kafka", "broker", exec("kafka-topics.sh", "--describe", "--under-replicated-partitions"), 2],
        ["kafka", "controller", exec("kafka-metadata-quorum.sh", "describe"), 1],
    ];
    for (const [system, component, probe, count] of bad) {
        it(`refuses ${JSON.stringify(probe)} of ${system}'s ${component}`, () => {
            assert.equal(judged([member(system, component, probe)]).length, count);
        });
    }

    it("says what it expects and where", () => {
        assert.deepEqual(judged([member("bookkeeper", "bookie", get("/heartbeat"))]), [
            'events: container "broker" (spec.template.spec.containers[0]) readinessProbe: expected to ask for "/api/v1/bookie/is_ready", found "{\\"httpGet\\":{\\"path\\":\\"/heartbeat\\",\\"port\\":\\"http\\"}}"',
        ]);
    });

    it("reads the script that a probe runs", () => {
        const set = member("cassandra", "node", exec("bash", "/config/ready.sh"));
        assert.deepEqual(judged([set, script("nodetool status")]), []);
        assert.equal(judged([set, script("exit 0")]).length, 1);
        assert.equal(judged([set, withField(script("nodetool status"), ["metadata", "namespace"], "other")]).length, 1);
        const other = member("cassandra", "node", exec("bash", "/config/other.sh"));
        assert.equal(judged([other, script("nodetool status")]).length, 1);
    });

    it("refuses a liveness that others decide", () => {
        assert.equal(judged([member("zookeeper", "member", mode, mode)]).length, 1);
        const health = get("/_cluster/health?local=true");
        assert.deepEqual(judged([member("opensearch", "node", health, health)]), [
            'events: container "broker" (spec.template.spec.containers[0]) livenessProbe: expected not to ask for "_cluster/health", which others decide, found "{\\"httpGet\\":{\\"path\\":\\"/_cluster/health?local=true\\",\\"port\\":\\"http\\"}}"',
        ]);
        assert.deepEqual(judged([member("kafka", "broker", tcp, tcp)]), []);
    });

    it("leaves a missing probe to another rule", () => {
        assert.deepEqual(judged([member("zookeeper", "member", undefined, undefined)]), []);
    });

    it("takes further checks from the stack", () => {
        const checks = { etcd: { asks: ["/readyz"] } };
        assert.equal(judged([member("etcd", "member", get("/livez"))], { checks }).length, 1);
        assert.deepEqual(judged([member("etcd", "member", get("/readyz"))], { checks }), []);
        assert.equal(judged([member("zookeeper", "member", tcp)], { checks }).length, 2);
        assert.deepEqual(judged([member("zookeeper", "member", tcp)], { checks: { "zookeeper/member": {} } }), []);
    });

    it("leaves a probe that is not known yet undecided", () => {
        const objects = stackOf(
            member("zookeeper", "member", unknown, mode),
            renamed(member("bookkeeper", "bookie", tcp), "b"),
        );
        const { messages, unknowns } = judgeStack(quorumReadiness, objects);
        assert.deepEqual([messages.length, unknowns.length], [2, 1]);
    });
});
