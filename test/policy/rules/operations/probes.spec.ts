import assert from "node:assert/strict";
import { probes } from "../../../../policy/rules/operations/probes";
import { type Fields, judge, messagesOf, object, unknown, withField } from "../../support";
import { containerPath, operatedDeployment, operatedSet, podPath, setLabelsPath } from "./support";

const label = 'container "broker" (spec.template.spec.containers[0])';
const withProbe = (path: readonly string[], value: unknown, set = operatedSet()) =>
    withField(set, [...containerPath, ...path], value);
const alone = (set: Fields) => withField(set, [...setLabelsPath, "app.kubernetes.io/name"], "other");

describe("rule operations-probes", () => {
    it("accepts a server that is probed", () => {
        assert.deepEqual(messagesOf(probes, operatedSet()), []);
        assert.deepEqual(messagesOf(probes, operatedDeployment()), []);
    });

    const bad: readonly (readonly [string, readonly string[], unknown, string])[] = [
        [
            "no readiness",
            ["readinessProbe"],
            undefined,
            `${label}: expected a readinessProbe, for it serves ports, found nothing`,
        ],
        [
            "no liveness",
            ["livenessProbe"],
            undefined,
            `${label}: expected a livenessProbe, for it serves ports, found nothing`,
        ],
        [
            "no startup probe, and a liveness that can't wait for the start",
            ["startupProbe"],
            undefined,
            `${label} livenessProbe: expected at least 300 seconds for a start (a startupProbe with periodSeconds times failureThreshold), found 120`,
        ],
        [
            "a startup probe that gives up early",
            ["startupProbe", "failureThreshold"],
            59,
            `${label} startupProbe: expected at least 300 seconds for a start (periodSeconds times failureThreshold), found 295`,
        ],
        [
            "a liveness that asks what readiness asks and acts soon after",
            ["livenessProbe", "failureThreshold"],
            4,
            `${label} livenessProbe: expected to fail for at least 90 seconds before it acts, for it asks what readiness asks (30), found 80`,
        ],
        [
            "a liveness that acts before readiness",
            ["livenessProbe"],
            { httpGet: { path: "/live", port: "client" }, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
            `${label} livenessProbe: expected to fail for at least 37.5 seconds before it acts, longer than readiness (30), found 30`,
        ],
        [
            "a timeout beyond the period",
            ["readinessProbe", "timeoutSeconds"],
            11,
            `${label} readinessProbe.timeoutSeconds: expected at most periodSeconds (10), found 11`,
        ],
        [
            "a probe that asks nothing",
            ["startupProbe", "tcpSocket"],
            undefined,
            `${label} startupProbe: expected one of exec, httpGet, tcpSocket, grpc, found nothing`,
        ],
    ];
    for (const [what, path, value, message] of bad) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(messagesOf(probes, withProbe(path, value)), [message]);
        });
    }

    for (const command of [
        ["true"],
        ["/bin/true"],
        ["sh", "-c", "exit 0"],
        ["bash", "-ec", "true"],
        [],
        ["echo", "ok"],
    ]) {
        it(`takes the command ${JSON.stringify(command)} for none that asks`, () => {
            assert.equal(messagesOf(probes, withProbe(["readinessProbe"], { exec: { command } })).length, 1);
        });
    }

    it("accepts a command that asks", () => {
        for (const command of [
            ["sh", "-c", "nc -z localhost 1 || exit 0"],
            ["/bin/check", "true"],
            ["sh", "-c", "echo x | nc a 1"],
        ]) {
            assert.deepEqual(messagesOf(probes, withProbe(["readinessProbe"], { exec: { command } })), []);
        }
    });

    it("takes Kubernetes' defaults for what a probe leaves out", () => {
        const bare = { tcpSocket: { port: "client" } };
        // 10 seconds, 3 failures: as long as readiness.
        assert.equal(messagesOf(probes, withProbe(["livenessProbe"], bare)).length, 1);
        assert.deepEqual(messagesOf(probes, withProbe(["readinessProbe"], bare)), []);
    });

    it("lets a liveness probe alone cover a start, with its delay", () => {
        const set = alone(withProbe(["startupProbe"], undefined));
        assert.deepEqual(messagesOf(probes, set), []);
        const kafka = withProbe(["livenessProbe", "initialDelaySeconds"], 180, withProbe(["startupProbe"], undefined));
        assert.deepEqual(messagesOf(probes, kafka), []);
    });

    it("asks nothing of a container without ports, but judges the probes that it has", () => {
        const bare = ["startupProbe", "readinessProbe", "livenessProbe", "ports"].reduce(
            (set, key) => withProbe([key], undefined, set),
            operatedSet(),
        );
        assert.deepEqual(messagesOf(probes, bare), []);
        const slow = { tcpSocket: { port: 1 }, timeoutSeconds: 20 };
        assert.equal(messagesOf(probes, withProbe(["readinessProbe"], slow, bare)).length, 1);
    });

    it("judges sidecars, but neither what prepares a pod nor work that ends", () => {
        const init = (fields: Fields) =>
            withField(
                operatedSet(),
                [...podPath, "initContainers"],
                [{ name: "a", ports: [{ containerPort: 1 }], ...fields }],
            );
        assert.equal(messagesOf(probes, init({ restartPolicy: "Always" })).length, 2);
        assert.deepEqual(messagesOf(probes, init({})), []);
        const { template } = withProbe(["readinessProbe"], undefined).spec as Fields;
        assert.deepEqual(messagesOf(probes, object("batch/v1", "Job", { template })), []);
        assert.deepEqual(messagesOf(probes, object("v1", "Service")), []);
    });

    it("takes patience, start times and what stands beside from the stack", () => {
        const other = withProbe(["livenessProbe", "tcpSocket"], { port: "other" });
        assert.equal(messagesOf(probes, other, { patience: 5 }).length, 1);
        assert.equal(messagesOf(probes, operatedSet(), { patienceSameCheck: 5 }).length, 1);
        assert.equal(messagesOf(probes, operatedSet(), { startSeconds: { "kafka/broker": 901 } }).length, 1);
        assert.equal(messagesOf(probes, operatedSet(), { startSeconds: { kafka: 901 } }).length, 0);
        assert.equal(messagesOf(probes, alone(operatedSet()), { startOtherwise: 901 }).length, 1);
        const unready = withProbe(["startupProbe"], undefined, withProbe(["readinessProbe"], undefined));
        assert.deepEqual(messagesOf(probes, unready, { beside: ["kafka/broker"] }), []);
    });

    it("asks nothing of a patch but what it says", () => {
        const patch = (container: Fields) =>
            object("apps/v1", "Deployment", { template: { spec: { containers: [{ name: "a", ...container }] } } });
        const type = "kubernetes:apps/v1:DeploymentPatch";
        assert.deepEqual(messagesOf(probes, patch({ ports: [{ containerPort: 1 }] }), {}, type), []);
        const slow = { httpGet: { path: "/" }, timeoutSeconds: 20 };
        assert.equal(messagesOf(probes, patch({ readinessProbe: slow }), {}, type).length, 1);
    });

    it("judges what stands beside a value that is not known yet", () => {
        const set = withProbe(["startupProbe"], unknown, withProbe(["readinessProbe", "timeoutSeconds"], 11));
        const { messages, unknowns } = judge(probes, set);
        assert.equal(messages.length, 1);
        assert.ok(unknowns.length > 0);
        const image = withProbe(["livenessProbe"], undefined, withProbe(["image"], unknown));
        assert.deepEqual(judge(probes, image).unknowns, []);
    });
});
