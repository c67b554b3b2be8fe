import * as assert from "node:assert/strict";
import type { Cluster } from "./cluster";
import type { Step } from "./events";
import { type KubeObject, nameOf } from "./objects";
import { targetsOf, withConstraint } from "./platform";
import { hiddenPaths, podTemplates } from "./templates";
import type { Operated, Workspace } from "./workspace";

/** Kinds of steps, each once: `create`, `update` … */
export const operations = (steps: readonly Step[]): readonly string[] => [...new Set(steps.map(({ op }) => op))].sort();

/** Kubernetes objects among the steps that were done, not only planned: `update zookeeper-config`. */
export const changedObjects = (steps: readonly Step[]): readonly string[] =>
    steps
        .filter(({ planned, type }) => !planned && type.startsWith("kubernetes:"))
        .map(({ op, name }) => `${op} ${name}`)
        .sort();

/** A stack on its way, as its tests find it when they run. */
export interface Deployment {
    readonly stack: string;
    /** The namespaces that its pods live in. */
    readonly namespaces: readonly string[];
    readonly cluster: Cluster;
    /** Called when a test runs: not there before. */
    readonly workspace: () => Workspace;
}

/** What the first preview of a stack must be like. */
export function itsFirstPreview(preview: () => Operated): void {
    it("only creates, without a warning", () => {
        assert.deepEqual(operations(preview().events.changes), ["create"]);
        assert.deepEqual(preview().events.complaints, []);
    });

    it("knows every pod template in full", () => {
        const templates = preview().events.steps.flatMap(({ name, inputs }) =>
            podTemplates(inputs).map((template) => ({ name, hidden: hiddenPaths(template) })),
        );
        assert.ok(templates.length >= 2, "a stack has pod templates");
        assert.deepEqual(
            templates.filter(({ hidden }) => hidden.length > 0),
            [],
        );
    });

    it("lets every rule judge", () => {
        assert.match(preview().output, /Policies:\n/);
        assert.doesNotMatch(preview().output, /can't (be judged|run)/);
        assert.deepEqual(
            preview().events.violations.filter(({ enforcementLevel }) => enforcementLevel !== "advisory"),
            [],
        );
    });
}

/** What must hold once a stack is up. */
export function itConverged(up: () => Operated, { stack, namespaces, cluster, workspace }: Deployment): void {
    it(`of ${stack} creates, without a warning`, () => {
        assert.deepEqual(operations(up().events.changes), ["create"]);
        assert.deepEqual(up().events.complaints, []);
    });

    it(`of ${stack} leaves every pod ready`, async () => {
        const pods = await cluster.settledPods(...namespaces);
        const inAll = new Set(Object.keys(pods).map((name) => name.split("/")[0]));
        assert.deepEqual([...inAll].sort(), [...namespaces].sort());
    });

    it(`of ${stack} changes nothing when it is repeated`, async () => {
        const again = await workspace().operate("up", stack, "--expect-no-changes", "--skip-preview");
        assert.equal(again.code, 0, again.output);
        assert.deepEqual(again.events.changes, []);
    });

    it(`of ${stack} finds the cluster as it left it`, async () => {
        const refreshed = await workspace().operate("preview", stack, "--refresh", "--expect-no-changes");
        assert.equal(refreshed.code, 0, refreshed.output);
    });

    it(`of ${stack} puts pods only where their targets say`, async () => {
        const nodes = await cluster.nodes();
        for (const pod of await cluster.pods(...namespaces)) {
            const targets = targetsOf(workspace(), stack, pod);
            const labels = nodes[pod.spec.nodeName ?? ""]?.metadata.labels ?? {};
            for (const { key, value } of withConstraint(targets, "required")) {
                assert.equal(labels[key], value, `${nameOf(pod)} on ${pod.spec.nodeName}: ${key}`);
            }
            // Kubernetes itself adds those for nodes that fail.
            const tolerated = (pod.spec.tolerations ?? [])
                .filter(({ key }) => key?.startsWith("node.kubernetes.io/") !== true)
                .map(({ key, operator, value, effect }) => `${key} ${operator} ${value} ${effect}`);
            const accepted = withConstraint(targets, "accepted");
            assert.deepEqual(
                tolerated,
                accepted.map(({ key, value }) => `${key} Equal ${value} NoSchedule`),
                nameOf(pod),
            );
        }
    });
}

/** A level of the Pod Security Standards, as a namespace enforces it. */
export async function assertPodSecurity(
    cluster: Cluster,
    namespace: string,
    level: "restricted" | "baseline" | "privileged",
): Promise<void> {
    const { metadata } = await cluster.json<KubeObject>("get", "namespace", namespace);
    assert.equal(metadata.labels?.["pod-security.kubernetes.io/enforce"], level, namespace);
    assert.equal(level !== "restricted", "data-platform/pod-security-reason" in (metadata.annotations ?? {}));
    const host = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "host", namespace },
        spec: { hostNetwork: true, containers: [{ name: "host", image: "example.com/host:1" }] },
    };
    const refused = await cluster.kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(host));
    assert.match(refused.stderr, new RegExp(`violates PodSecurity "${level}:latest"`));
}
