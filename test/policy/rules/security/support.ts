import assert from "node:assert/strict";
import type { ResourceRule } from "../../../../policy/rule";
import { type Fields, goodContainer, goodLabels, judge, messagesOf, object, unknown, withField } from "../../support";

type Path = readonly (string | number)[];

export const podSpec = ["spec", "template", "spec"];
export const podLabel = "pod template spec.template";
export const containerLabel = 'container "broker" (spec.template.spec.containers[0])';

/** A container as Pod Security `restricted` and more want it. */
export function secureContainer(): Fields {
    return {
        ...goodContainer(),
        securityContext: {
            runAsNonRoot: true,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        },
    };
}

/** A pod template that no rule of this pack has anything to say about. */
export function secureTemplate(): Fields {
    return {
        metadata: { labels: { ...goodLabels } },
        spec: {
            serviceAccountName: "events",
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: {
                runAsNonRoot: true,
                runAsUser: 1000,
                runAsGroup: 1000,
                fsGroup: 1000,
                seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [secureContainer()],
        },
    };
}

/** A StatefulSet that no rule of this pack has anything to say about. */
export function secureSet(): Fields {
    return object("apps/v1", "StatefulSet", {
        serviceName: "events",
        replicas: 3,
        selector: { matchLabels: { "app.kubernetes.io/name": "kafka" } },
        template: secureTemplate(),
    });
}

/** The good object with one field set, and what is said of it. */
export interface Broken {
    readonly path: Path;
    readonly value: unknown;
    /** The message, without the place of the template or of the container. */
    readonly says: string;
}

/** What a rule over one part of a pod is shown by. */
export interface PodRuleCases {
    readonly rule: ResourceRule;
    /** Where the broken fields lie. */
    readonly of: "pod" | "container" | "either";
    readonly broken: readonly Broken[];
    /** Values that are good too. */
    readonly good?: readonly Omit<Broken, "says">[];
    /** A field that the rule can't judge while it is unknown, in the pod or in the container. */
    readonly unknownField: Path;
    /** What a rule says of a pod that leaves everything out: nothing, unless it requires something. */
    readonly requires?: number;
}

const containerPath = [...podSpec, "containers", 0];

/** A good set, one broken field at a time, and the places in which pods hide. */
export function describePodRule({ rule, of, broken, good = [], unknownField, requires = 0 }: PodRuleCases): void {
    const places = [
        ...(of === "container" ? [] : [{ at: podSpec, label: podLabel }]),
        ...(of === "pod" ? [] : [{ at: containerPath, label: containerLabel }]),
    ];
    describe(`rule ${rule.name}`, () => {
        it("accepts a good set", () => {
            assert.deepEqual(messagesOf(rule, secureSet()), []);
        });
        for (const { at, label } of places) {
            for (const { path, value, says } of broken) {
                it(`refuses ${path.join(".")} ${JSON.stringify(value)} of ${label}`, () => {
                    const set = withField(secureSet(), [...at, ...path], value);
                    assert.deepEqual(messagesOf(rule, set), [`${label}: ${says}`]);
                });
            }
            for (const { path, value } of good) {
                it(`accepts ${path.join(".")} ${JSON.stringify(value)} of ${label}`, () => {
                    assert.deepEqual(messagesOf(rule, withField(secureSet(), [...at, ...path], value)), []);
                });
            }
        }
        it("judges init containers, CronJobs and custom resources alike", () => {
            const template = (): Fields => {
                const [first] = broken;
                const set = withField(secureSet(), [...places[0]!.at, ...first!.path], first!.value);
                return (set.spec as { template: Fields }).template;
            };
            const cronJob = object("batch/v1", "CronJob", { jobTemplate: { spec: { template: template() } } });
            const custom = object("acme.example.com/v1", "Thing", { part: { template: template() } });
            for (const each of [cronJob, custom]) {
                assert.equal(messagesOf(rule, each).length, 1);
            }
            if (of !== "pod") {
                const container = withField(secureContainer(), broken[0]!.path, broken[0]!.value);
                const set = withField(secureSet(), [...podSpec, "initContainers"], [{ ...container, name: "first" }]);
                const messages = messagesOf(rule, set);
                assert.equal(messages.length, 1);
                assert.match(messages[0]!, /^init container "first" \(spec\.template\.spec\.initContainers\[0\]\): /);
            }
        });
        it(`${requires > 0 ? "requires what it judges" : "asks for nothing"}, but never of a patch`, () => {
            const bare = { template: { spec: { containers: [{ name: "broker" }] } } };
            assert.equal(messagesOf(rule, object("apps/v1", "Deployment", bare)).length, requires);
            const type = "kubernetes:apps/v1:DeploymentPatch";
            assert.deepEqual(messagesOf(rule, object("apps/v1", "Deployment", bare), {}, type), []);
        });
        it("judges what a patch does say", () => {
            const said = broken.find(({ value }) => value !== undefined);
            const set = withField(secureSet(), [...places[0]!.at, ...said!.path], said!.value);
            const patch = object("apps/v1", "Deployment", set.spec as Fields);
            assert.equal(messagesOf(rule, patch, {}, "kubernetes:apps/v1:DeploymentPatch").length, 1);
        });
        it("does not judge what is not known yet, but the rest", () => {
            const where = places.at(-1)!.at;
            const set = withField(secureSet(), [...where, ...unknownField], unknown);
            const { messages, unknowns } = judge(rule, set);
            assert.deepEqual(messages, []);
            assert.ok(unknowns.length > 0);
        });
        it("has nothing to say of an object without pods", () => {
            assert.deepEqual(messagesOf(rule, object("v1", "Service", { ports: unknown })), []);
        });
    });
}

/** A Role with one rule, or a ClusterRole. */
export function role(rule: Fields, kind: "Role" | "ClusterRole" = "Role"): Fields {
    return { ...object("rbac.authorization.k8s.io/v1", kind), rules: [rule] };
}

/** A binding of a role in the same namespace. */
export function binding(subjects: readonly Fields[], roleRef: Fields = { kind: "Role", name: "events" }): Fields {
    return { ...object("rbac.authorization.k8s.io/v1", "RoleBinding"), roleRef, subjects };
}

/** The object under another name. */
export function named(inputs: Fields, name: string): Fields {
    return withField(inputs, ["metadata", "name"], name);
}

/** The object in another namespace. */
export function inNamespace(inputs: Fields, namespace: string | undefined): Fields {
    return withField(inputs, ["metadata", "namespace"], namespace);
}

/** A network policy, as those of sets are. */
export function networkPolicy(spec: Fields): Fields {
    return object("networking.k8s.io/v1", "NetworkPolicy", {
        podSelector: { matchLabels: { "app.kubernetes.io/name": "kafka" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [],
        ...spec,
    });
}

/** The way to the cluster's DNS. */
export const dnsEgress: Fields = {
    to: [
        {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
        },
    ],
    ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
    ],
};
