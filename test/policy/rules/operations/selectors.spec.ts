import assert from "node:assert/strict";
import { selectors } from "../../../../policy/rules/operations/selectors";
import { type Fields, judgeStack, object, stackMessagesOf, unknown, withField } from "../../support";
import {
    broken,
    type Change,
    clusterLabels,
    goodParts,
    operatedDeployment,
    operatedRedis,
    operatedSet,
    partsWith,
    renamed,
    setLabelsPath,
    stackOf,
} from "./support";

const judged = (...objects: readonly Fields[]) => stackMessagesOf(selectors, stackOf(...objects));
const annotation = { "data-platform/selects": "pods that Spark's operator starts" };
const { set, service } = goodParts();

const podMonitor = (spec: Fields = {}): Fields =>
    object("monitoring.coreos.com/v1", "PodMonitor", {
        selector: { matchLabels: { ...clusterLabels } },
        podMetricsEndpoints: [{ port: "client" }],
        ...spec,
    });
const serviceMonitor = (spec: Fields = {}): Fields =>
    object("monitoring.coreos.com/v1", "ServiceMonitor", {
        selector: { matchLabels: { ...clusterLabels } },
        endpoints: [{ port: "client" }],
        ...spec,
    });

describe("rule operations-selectors", () => {
    it("accepts what finds its pods", () => {
        assert.deepEqual(broken(selectors, []), []);
        assert.deepEqual(judged(operatedDeployment()), []);
        assert.deepEqual(judged(set, service, podMonitor(), serviceMonitor()), []);
    });

    const bad: readonly (readonly [string, readonly Change[], string])[] = [
        [
            "a Service that selects nothing",
            [
                ["service", ["spec", "selector", "a"], "b"],
                ["set", ["spec", "serviceName"], "other"],
            ],
            "events: Service spec.selector: expected the labels of pods of the stack, found ",
        ],
        [
            "a Service that leads to a port that no container has",
            [["service", ["spec", "ports", 0, "targetPort"], "other"]],
            'events: Service port other: expected a container port of that name in StatefulSet events, found "client"',
        ],
        [
            "a set whose Service is missing",
            [["set", ["spec", "serviceName"], "other"]],
            'events: StatefulSet spec.serviceName: expected a Service of the stack in the same namespace, found "other"',
        ],
        [
            "a set without a Service",
            [["set", ["spec", "serviceName"], undefined]],
            "events: StatefulSet spec.serviceName: expected the name of a headless Service, which gives the pods their names, found nothing",
        ],
        [
            "a set whose Service has an address of its own",
            [["service", ["spec", "clusterIP"], undefined]],
            "events: StatefulSet spec.serviceName events: expected a Service with clusterIP None, found nothing",
        ],
        [
            "a set whose Service names only pods that are ready",
            [["service", ["spec", "publishNotReadyAddresses"], false]],
            "events: StatefulSet spec.serviceName events: expected a Service with publishNotReadyAddresses, found false",
        ],
        [
            "a set that does not select its own pods",
            [["set", ["spec", "selector", "matchLabels", "a"], "b"]],
            "events: StatefulSet spec.selector: expected labels of its own pod template, found ",
        ],
    ];
    for (const [what, changes, message] of bad) {
        it(`refuses ${what}`, () => {
            const messages = broken(selectors, changes);
            assert.ok(
                messages.some((each) => each.startsWith(message)),
                messages.join("\n"),
            );
        });
    }

    it("refuses a workload that selects everything or nothing", () => {
        for (const selector of [{}, undefined, { matchLabels: {} }]) {
            assert.equal(judged(withField(operatedDeployment(), ["spec", "selector"], selector)).length, 1);
        }
    });

    it("looks for pods in the Service's own namespace", () => {
        const elsewhere = withField(renamed(service, "other"), ["metadata", "namespace"], "elsewhere");
        assert.equal(judged(set, service, elsewhere).length, 1);
    });

    it("knows the name of a set's pod as a label of it", () => {
        const ofPod = (pod: string) =>
            withField(renamed(service, "pod"), ["spec", "selector", "statefulset.kubernetes.io/pod-name"], pod);
        assert.deepEqual(judged(set, service, ofPod("events-2")), []);
        assert.equal(judged(set, service, ofPod("events-3")).length, 1);
        const later = withField(set, ["spec", "ordinals"], { start: 1 });
        assert.deepEqual(judged(later, service, ofPod("events-3")), []);
    });

    it("asks a Service without selector for endpoints in the stack", () => {
        const bare = withField(service, ["spec", "selector"], undefined);
        assert.deepEqual(judged(bare), [
            "events: Service spec.selector: expected the labels of pods, or Endpoints of that name in the stack, found nothing",
        ]);
        assert.deepEqual(judged(bare, object("v1", "Endpoints")), []);
        const slice = renamed(object("discovery.k8s.io/v1", "EndpointSlice"), "events-1");
        assert.equal(judged(bare, slice).length, 1);
        const owned = withField(slice, ["metadata", "labels", "kubernetes.io/service-name"], "events");
        assert.deepEqual(judged(bare, owned), []);
        assert.deepEqual(judged(withField(bare, ["metadata", "annotations"], annotation)), []);
    });

    it("asks nothing of a name for something outside", () => {
        const external = withField(
            withField(service, ["spec", "type"], "ExternalName"),
            ["spec", "clusterIP"],
            undefined,
        );
        assert.deepEqual(judged(external), []);
    });

    const other = { matchLabels: { a: "b" } };
    const monitors: readonly (readonly [string, Fields])[] = [
        ["a PodMonitor that selects nothing", podMonitor({ selector: other })],
        ["a PodMonitor of another namespace", podMonitor({ namespaceSelector: { matchNames: ["other"] } })],
        ["a PodMonitor of a port that no container has", podMonitor({ podMetricsEndpoints: [{ port: "other" }] })],
        ["a ServiceMonitor that selects nothing", serviceMonitor({ selector: other })],
        ["a ServiceMonitor of another namespace", serviceMonitor({ namespaceSelector: { matchNames: ["other"] } })],
        ["a ServiceMonitor of a port that no Service has", serviceMonitor({ endpoints: [{ port: "other" }] })],
    ];
    for (const [what, monitor] of monitors) {
        it(`refuses ${what}`, () => {
            assert.equal(judged(set, service, monitor).length, 1);
        });
    }

    it("lets a monitor look into every namespace", () => {
        const anywhere = { namespaceSelector: { any: true } };
        const moved = (monitor: Fields) => withField(monitor, ["metadata", "namespace"], "monitoring");
        assert.deepEqual(judged(set, service, moved(podMonitor(anywhere)), moved(serviceMonitor(anywhere))), []);
    });

    it("believes who says that a system starts the pods", () => {
        const marked = (inputs: Fields) => withField(inputs, ["metadata", "annotations"], annotation);
        const lost = withField(service, ["spec", "selector"], { a: "b" });
        assert.deepEqual(
            judged(marked(lost), marked(podMonitor({ selector: other })), marked(serviceMonitor({ selector: other }))),
            [],
        );
        assert.equal(judged(withField(lost, ["metadata", "annotations"], { "data-platform/selects": "" })).length, 1);
    });

    it("wants to be told who gives an operator's pods the labels that are asked for", () => {
        const redis = operatedRedis("RedisReplication");
        const monitor = podMonitor({ selector: { matchLabels: { role: "replication" } } });
        assert.equal(judged(redis, monitor).length, 1);
        assert.deepEqual(judged(redis, withField(monitor, ["metadata", "annotations"], annotation)), []);
    });

    it("ignores patches", () => {
        const type = "kubernetes:core/v1:ServicePatch";
        const [patch] = stackOf(withField(service, ["spec", "selector"], { a: "b" }));
        assert.deepEqual(stackMessagesOf(selectors, [{ ...patch!, type }]), []);
    });

    it("leaves labels that are not known yet undecided", () => {
        const parts = partsWith(["set", [...setLabelsPath, "app.kubernetes.io/name"], unknown]);
        const { messages, unknowns } = judgeStack(selectors, stackOf(operatedSet(), ...Object.values(parts)).slice(1));
        assert.deepEqual(messages, []);
        assert.ok(unknowns.length > 0);
    });
});
