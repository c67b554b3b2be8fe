import * as assert from "node:assert/strict";
import type { Plan, PlannedResource } from "../../bin/plan/plan";
import { rackLabel } from "../../components/foundation/labels";
import { parseQuantity } from "../../components/foundation/quantity";
import { all, at, listAt, mapAt } from "./plans";
import { startedPods } from "./startedPods";

/**
 * What must hold for every plan, whatever the component. Two objects of one name the planner itself refuses.
 *
 * @param elsewhere names of what selects pods that are none of this plan's
 */
export function assertSound(plan: Plan, elsewhere: readonly string[] = []): void {
    assertPlainComponentInputs(plan);
    assertNamedFromParent(plan);
    const withPods = [...workloads(plan), ...jobs(plan)];
    withPods.forEach(assertHardened);
    withPods.forEach(assertScratchFits);
    assertSelectors(plan, elsewhere);
    assertPeers(plan);
    assertMonitors(plan, elsewhere);
    assertBudgets(plan, elsewhere);
    assertHeadlessServices(plan);
}

/** Every Deployment and StatefulSet. */
export function workloads(plan: Plan): readonly PlannedResource[] {
    return [...all(plan, "Deployment"), ...all(plan, "StatefulSet")];
}

/** Every Job and CronJob. */
export function jobs(plan: Plan): readonly PlannedResource[] {
    return [...all(plan, "Job"), ...all(plan, "CronJob")];
}

/** The pod template of a workload, a Job or a CronJob. */
function templateOf({ type, inputs }: PlannedResource): Readonly<Record<string, unknown>> {
    return mapAt(inputs, type.endsWith(":CronJob") ? "spec.jobTemplate.spec.template" : "spec.template");
}

/** The containers of a workload, first those that only prepare. */
export function containersOf(workload: PlannedResource): readonly unknown[] {
    const spec = mapAt(templateOf(workload), "spec");
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
    const spec = mapAt(templateOf(workload), "spec");
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
        const added = at(container, "securityContext.capabilities.add");
        assert.ok(added === undefined || JSON.stringify(added) === '["IPC_LOCK"]', JSON.stringify(added));
        assert.deepEqual(at(container, "securityContext"), {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"], ...(added !== undefined && { add: added }) },
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
    const spec = mapAt(templateOf(workload), "spec");
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
export function assertSelectors(plan: Plan, elsewhere: readonly string[] = []): void {
    const placed = [
        ...workloads(plan).map(({ name, inputs }) => ({
            what: name,
            labels: mapAt(inputs, "spec.template.metadata.labels"),
            selector: at(inputs, "spec.selector.matchLabels"),
            spec: at(inputs, "spec.template.spec"),
        })),
        ...startedPods(plan).map((started) => ({ selector: undefined, spec: undefined, ...started })),
    ];
    for (const { what, labels, selector, spec } of placed) {
        const anti = "affinity.podAntiAffinity";
        const own = [
            selector,
            at(spec, `${anti}.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels`),
            at(
                spec,
                `${anti}.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchLabels`,
            ),
            at(spec, "topologySpreadConstraints[0].labelSelector.matchLabels"),
        ].filter((each) => each !== undefined);
        own.forEach((each) => assert.ok(selects(each, labels), `${what}: ${JSON.stringify(each)}`));
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
    for (const [resource, selector] of selectors.filter(([{ name }]) => !elsewhere.includes(name))) {
        const namespace = at(resource.inputs, "metadata.namespace");
        const chosen = podsOf(plan).filter((pods) => pods.namespace === namespace && selectsPods(selector, pods));
        assert.ok(
            chosen.length === 1 || (chosen.length > 1 && areOneCluster(chosen)),
            `${resource.name} selects the pods of one workload, or of all sets of one cluster`,
        );
    }
}

/** Pods of one kind, and where they are. */
interface Pods {
    readonly namespace: unknown;
    readonly labels: Readonly<Record<string, unknown>>;
    /** Their names, where they have lasting ones. */
    readonly names?: readonly string[];
}

/** The pods of everything that a plan holds, and those that its systems start by themselves. */
function podsOf(plan: Plan): readonly Pods[] {
    const own = [...workloads(plan), ...jobs(plan)].flatMap((resource) => {
        const pods = {
            namespace: at(resource.inputs, "metadata.namespace"),
            labels: mapAt(templateOf(resource), "metadata.labels"),
        };
        return resource.type.endsWith(":StatefulSet") ? [{ ...pods, names: podNames(resource) }] : [pods];
    });
    return [...own, ...startedPods(plan)];
}

/** The label by which Kubernetes tells the pods of a StatefulSet apart. */
const podNameLabel = "statefulset.kubernetes.io/pod-name";

function podNames({ inputs }: PlannedResource): readonly string[] {
    const first = Number(at(inputs, "spec.ordinals.start") ?? 0);
    return Array.from(
        { length: Number(at(inputs, "spec.replicas")) },
        (_, index) => `${String(at(inputs, "metadata.name"))}-${first + index}`,
    );
}

/** Whether pods differ in nothing but the rack that they stand in. */
function areOneCluster(pods: readonly Pods[]): boolean {
    const racks = new Set(pods.map(({ labels }) => labels[rackLabel]));
    const others = new Set(
        pods.map(({ labels }) =>
            JSON.stringify(
                Object.entries(labels)
                    .filter(([key]) => key !== rackLabel)
                    .sort(),
            ),
        ),
    );
    return !racks.has(undefined) && racks.size === pods.length && others.size === 1;
}

/** Whoever a policy lets in or out to, in a namespace that the plan makes, is there. */
export function assertPeers(plan: Plan): void {
    const made = all(plan, "Namespace").map(({ inputs }) => at(inputs, "metadata.name"));
    const pods = podsOf(plan);
    for (const { name, inputs } of all(plan, "NetworkPolicy")) {
        const rules = [...listAt(inputs, "spec.ingress"), ...listAt(inputs, "spec.egress")];
        const peers = rules.flatMap((rule) => [at(rule, "from"), at(rule, "to")].flat());
        for (const peer of peers) {
            const namespaces = at(peer, "namespaceSelector.matchLabels");
            const namespace =
                namespaces === undefined
                    ? at(inputs, "metadata.namespace")
                    : at(namespaces, '["kubernetes.io/metadata.name"]');
            const selector = at(peer, "podSelector.matchLabels");
            if (selector !== undefined && made.includes(namespace)) {
                const there = pods.some((each) => each.namespace === namespace && selects(selector, each.labels));
                assert.ok(there, `${name}: ${JSON.stringify(selector)} in ${String(namespace)} are no pods`);
            }
        }
    }
}

function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
    const entries = Object.entries(selector as Record<string, unknown>);
    return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

/** The same, where one pod of a StatefulSet may be asked for by its name. */
function selectsPods(selector: unknown, { labels, names }: Pods): boolean {
    const { [podNameLabel]: podName, ...rest } = selector as Record<string, unknown>;
    return selects(rest, labels) && (podName === undefined || names?.some((name) => name === podName) === true);
}

/** Every monitor reads the pods of one workload, by a port that they have. */
export function assertMonitors(plan: Plan, elsewhere: readonly string[] = []): void {
    for (const monitor of all(plan, "PodMonitor").filter(({ name }) => !elsewhere.includes(name))) {
        const chosen = workloads(plan).filter(
            (workload) =>
                at(workload.inputs, "metadata.namespace") === at(monitor.inputs, "metadata.namespace") &&
                selects(
                    at(monitor.inputs, "spec.selector.matchLabels"),
                    mapAt(workload.inputs, "spec.template.metadata.labels"),
                ),
        );
        const namespace = at(monitor.inputs, "metadata.namespace");
        const started = startedPods(plan).filter(
            (pods) =>
                pods.namespace === namespace && selects(at(monitor.inputs, "spec.selector.matchLabels"), pods.labels),
        );
        assert.ok(chosen.length + started.length > 0, `${monitor.name} selects the pods of a workload`);
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
export function assertBudgets(plan: Plan, elsewhere: readonly string[] = []): void {
    const ofStarted = ({ inputs }: PlannedResource): boolean =>
        startedPods(plan).some(
            ({ namespace, labels }) =>
                namespace === at(inputs, "metadata.namespace") &&
                selects(at(inputs, "spec.selector.matchLabels"), labels),
        );
    const budgets = all(plan, "PodDisruptionBudget").filter(
        (budget) => !elsewhere.includes(budget.name) && !ofStarted(budget),
    );
    const replicas = (workload: PlannedResource): number => Number(at(workload.inputs, "spec.replicas"));
    const chosenBy = ({ inputs }: PlannedResource): readonly PlannedResource[] =>
        workloads(plan).filter(
            (workload) =>
                at(workload.inputs, "metadata.namespace") === at(inputs, "metadata.namespace") &&
                selects(at(inputs, "spec.selector.matchLabels"), mapAt(templateOf(workload), "metadata.labels")),
        );
    for (const budget of budgets) {
        assert.ok(sum(chosenBy(budget).map(replicas)) > 1, `${budget.name} would block the drain of a single pod`);
        assert.equal(at(budget.inputs, "spec.maxUnavailable"), 1);
        const work = jobs(plan).filter(
            ({ inputs }) => at(inputs, "metadata.namespace") === at(budget.inputs, "metadata.namespace"),
        );
        for (const job of work) {
            const chosen = selects(
                at(budget.inputs, "spec.selector.matchLabels"),
                mapAt(templateOf(job), "metadata.labels"),
            );
            assert.ok(!chosen, `${budget.name} selects pods of ${job.name}, which a budget can't count`);
        }
    }
    for (const workload of workloads(plan).filter((each) => sum(clusterOf(plan, each).map(replicas)) > 1)) {
        const own = budgets.filter((budget) => chosenBy(budget).includes(workload));
        assert.equal(own.length, 1, `${workload.name} has one budget`);
    }
}

/** The sets that are one cluster with a workload, itself among them: they differ in their rack. */
function clusterOf(plan: Plan, workload: PlannedResource): readonly PlannedResource[] {
    const key = (each: PlannedResource): string => {
        const { [rackLabel]: rack, ...others } = mapAt(templateOf(each), "metadata.labels");
        const where = [at(each.inputs, "metadata.namespace"), Object.entries(others).sort()];
        return JSON.stringify(rack === undefined ? each.urn : where);
    };
    return workloads(plan).filter((each) => key(each) === key(workload));
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
