import * as assert from "node:assert/strict";
import type { Plan, PlannedResource } from "../../bin/plan/plan";
import { parseQuantity } from "../../components/foundation/quantity";
import { all, at, listAt, mapAt } from "./plans";

/**
 * What must hold for every plan, whatever the component. Two objects of one name the planner itself refuses.
 *
 * @param startedBySystems names of policies whose pods no plan holds, since a system starts them by itself
 */
export function assertSound(plan: Plan, startedBySystems: readonly string[] = []): void {
    assertPlainComponentInputs(plan);
    assertNamedFromParent(plan);
    const withPods = [...workloads(plan), ...all(plan, "Job")];
    withPods.forEach(assertHardened);
    withPods.forEach(assertScratchFits);
    assertSelectors(plan, startedBySystems);
    assertMonitors(plan, startedBySystems);
    assertBudgets(plan, startedBySystems);
    assertHeadlessServices(plan);
}

/** Every Deployment and StatefulSet. */
export function workloads(plan: Plan): readonly PlannedResource[] {
    return [...all(plan, "Deployment"), ...all(plan, "StatefulSet")];
}

/** The containers of a workload, first those that only prepare. */
export function containersOf(workload: PlannedResource): readonly unknown[] {
    const spec = mapAt(workload.inputs, "spec.template.spec");
    return [
        ...(spec["initContainers"] === undefined ? [] : listAt(spec, "initContainers")),
        ...listAt(spec, "containers"),
    ];
}

/** A component's own inputs are stored in state and compared there: no secret and nothing unknown among them. */
export function assertPlainComponentInputs(plan: Plan): void {
    for (const { custom, name, secretPaths, computedPaths } of plan.resources) {
        if (!custom) {
            assert.deepEqual([...secretPaths, ...computedPaths], [], `inputs of ${name}`);
        }
    }
}

/** A child is called after its parent, and nothing but components stands alone. */
export function assertNamedFromParent(plan: Plan): void {
    const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
    for (const { name, parent, custom, type } of plan.resources.filter(({ read }) => !read)) {
        const above = byUrn.get(parent ?? "");
        if (above !== undefined) {
            assert.ok(name.startsWith(`${above.name}-`), `${name} is not named from its parent ${above.name}`);
        } else {
            assert.ok(!custom || type.startsWith("pulumi:providers:"), `${name} has no parent`);
        }
    }
}

/** Pod Security `restricted`, a root that can't be written, bounded resources, and a token only with permissions. */
export function assertHardened(workload: PlannedResource): void {
    const spec = mapAt(workload.inputs, "spec.template.spec");
    const pod = mapAt(spec, "securityContext");
    assert.equal(spec["enableServiceLinks"], false);
    assert.equal(spec["hostNetwork"] ?? spec["hostPID"] ?? spec["hostIPC"], undefined);
    assert.equal(pod["runAsNonRoot"], true);
    assert.ok(typeof pod["runAsUser"] === "number" && pod["runAsUser"] > 0, "a numeric user that is not root");
    assert.equal(pod["runAsGroup"], pod["runAsUser"]);
    assert.equal(pod["fsGroup"], pod["runAsUser"]);
    assert.equal(pod["fsGroupChangePolicy"], "OnRootMismatch");
    assert.deepEqual(pod["seccompProfile"], { type: "RuntimeDefault" });
    assert.equal(typeof spec["serviceAccountName"], "string");
    for (const container of containersOf(workload)) {
        assert.deepEqual(at(container, "securityContext"), {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
        });
        assert.match(String(at(container, "image")), /:(?!latest)[\w][\w.-]*(@sha256:[0-9a-f]{64})?$/);
        for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
            const [request, limit] = ["requests", "limits"].map((bound) =>
                at(container, `resources.${bound}.${resource}`),
            );
            assert.equal(typeof request, "string", `request of ${resource}`);
            assert.equal(typeof limit, "string", `limit of ${resource}`);
            assert.ok(parseQuantity(String(limit)) >= parseQuantity(String(request)), `limit of ${resource}`);
        }
        assert.equal(at(container, "resources.limits.memory"), at(container, "resources.requests.memory"));
    }
    const volumes = spec["volumes"] === undefined ? [] : listAt(spec, "volumes");
    assert.deepEqual(
        volumes.filter((volume) => at(volume, "hostPath") !== undefined),
        [],
    );
}

/** What the containers may write together covers every scratch volume of the pod. */
export function assertScratchFits(workload: PlannedResource): void {
    const spec = mapAt(workload.inputs, "spec.template.spec");
    const sizes = (spec["volumes"] === undefined ? [] : listAt(spec, "volumes"))
        .filter((volume) => at(volume, "emptyDir") !== undefined)
        .map((volume) => parseQuantity(String(at(volume, "emptyDir.sizeLimit"))));
    const allowed = listAt(spec, "containers").map((each) =>
        parseQuantity(String(at(each, "resources.limits.ephemeral-storage"))),
    );
    assert.ok(sum(allowed) > sum(sizes), `${workload.name}: ${sum(sizes)} bytes of scratch in ${sum(allowed)}`);
    const mounts = new Set(
        containersOf(workload).flatMap((each) =>
            (at(each, "volumeMounts") === undefined ? [] : listAt(each, "volumeMounts")).map((mount) =>
                at(mount, "name"),
            ),
        ),
    );
    const claims = at(workload.inputs, "spec.volumeClaimTemplates");
    const offered = [
        ...(spec["volumes"] === undefined ? [] : listAt(spec, "volumes")).map((volume) => at(volume, "name")),
        ...(Array.isArray(claims) ? claims : []).map((claim) => at(claim, "metadata.name")),
    ];
    assert.deepEqual([...mounts].sort(), [...new Set(offered)].sort(), "mounts and volumes of a pod");
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Every selector chooses pods that exist: those of workloads, services, budgets, policies, affinity and spread. */
export function assertSelectors(plan: Plan, startedBySystems: readonly string[] = []): void {
    for (const workload of workloads(plan)) {
        const labels = mapAt(workload.inputs, "spec.template.metadata.labels");
        const template = at(workload.inputs, "spec.template.spec");
        const anti = "affinity.podAntiAffinity";
        const own = [
            at(workload.inputs, "spec.selector.matchLabels"),
            at(template, `${anti}.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels`),
            at(
                template,
                `${anti}.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchLabels`,
            ),
            at(template, "topologySpreadConstraints[0].labelSelector.matchLabels"),
        ].filter((selector) => selector !== undefined);
        own.forEach((selector) =>
            assert.ok(selects(selector, labels), `${workload.name}: ${JSON.stringify(selector)}`),
        );
    }
    const selectors = [
        ...all(plan, "Service").map((each) => [each, at(each.inputs, "spec.selector")] as const),
        ...all(plan, "PodDisruptionBudget").map(
            (each) => [each, at(each.inputs, "spec.selector.matchLabels")] as const,
        ),
        ...all(plan, "NetworkPolicy")
            .filter((each) => Object.keys(mapAt(each.inputs, "spec.podSelector.matchLabels")).length > 0)
            .map((each) => [each, at(each.inputs, "spec.podSelector.matchLabels")] as const),
    ];
    for (const [resource, selector] of selectors.filter(([{ name }]) => !startedBySystems.includes(name))) {
        const chosen = [...workloads(plan), ...all(plan, "Job")].filter(
            (workload) =>
                at(workload.inputs, "metadata.namespace") === at(resource.inputs, "metadata.namespace") &&
                selects(selector, mapAt(workload.inputs, "spec.template.metadata.labels")),
        );
        assert.equal(chosen.length, 1, `${resource.name} selects the pods of one workload`);
    }
}

function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
    const entries = Object.entries(selector as Record<string, unknown>);
    return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

/** Every monitor reads the pods of one workload, by a port that they have. */
export function assertMonitors(plan: Plan, startedBySystems: readonly string[] = []): void {
    for (const monitor of all(plan, "PodMonitor").filter(({ name }) => !startedBySystems.includes(name))) {
        const chosen = workloads(plan).filter(
            (workload) =>
                at(workload.inputs, "metadata.namespace") === at(monitor.inputs, "metadata.namespace") &&
                selects(
                    at(monitor.inputs, "spec.selector.matchLabels"),
                    mapAt(workload.inputs, "spec.template.metadata.labels"),
                ),
        );
        assert.ok(chosen.length > 0, `${monitor.name} selects the pods of a workload`);
        const port = at(monitor.inputs, "spec.podMetricsEndpoints[0].port");
        for (const workload of chosen) {
            const ports = listAt(workload.inputs, "spec.template.spec.containers").flatMap((each) =>
                at(each, "ports") === undefined ? [] : listAt(each, "ports").map((entry) => at(entry, "name")),
            );
            assert.ok(ports.includes(port), `${workload.name} has the port ${String(port)} of ${monitor.name}`);
        }
    }
}

/** A budget of one pod for each workload with several, and none that would block the drain of a single pod. */
export function assertBudgets(plan: Plan, startedBySystems: readonly string[] = []): void {
    const several = workloads(plan).filter(({ inputs }) => Number(at(inputs, "spec.replicas")) > 1);
    const budgets = all(plan, "PodDisruptionBudget").filter(({ name }) => !startedBySystems.includes(name));
    const chosen = (resources: readonly PlannedResource[]): string[] =>
        resources.map(({ inputs }) => JSON.stringify(at(inputs, "spec.selector.matchLabels"))).sort();
    assert.deepEqual(chosen(budgets), chosen(several));
    budgets.forEach(({ inputs }) => assert.equal(at(inputs, "spec.maxUnavailable"), 1));
}

/** A StatefulSet's pods have names: its Service is there, headless, and answers for pods that are not ready. */
export function assertHeadlessServices(plan: Plan): void {
    for (const set of all(plan, "StatefulSet")) {
        const named = all(plan, "Service").filter(
            ({ inputs }) =>
                at(inputs, "metadata.name") === at(set.inputs, "spec.serviceName") &&
                at(inputs, "metadata.namespace") === at(set.inputs, "metadata.namespace"),
        );
        assert.equal(named.length, 1, `the headless Service of ${set.name}`);
        assert.equal(at(named[0]?.inputs, "spec.clusterIP"), "None");
        assert.equal(at(named[0]?.inputs, "spec.publishNotReadyAddresses"), true);
    }
}
