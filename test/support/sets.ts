import { Access, type AccessRule } from "../../components/foundation/access";
import type { Foundation } from "../../components/foundation/environment";
import type { SetArgs } from "../../components/sets/setParts";
import { foundation, identity } from "./foundation";

/** What a test changes of the good arguments of a set. */
export interface SetOverrides extends Partial<Omit<SetArgs, "access">> {
    readonly rules?: readonly AccessRule[];
}

/** Arguments of a set without a fault, two pods with one container. Registers their Access. */
export function setArgs({ rules, ...overrides }: SetOverrides = {}): SetArgs {
    const given: Foundation = overrides.foundation ?? foundation();
    const where = { foundation: given, namespace: overrides.namespace ?? "ns", identity };
    return {
        ...where,
        objectName: "store",
        replicas: 2,
        pod: {
            containers: [
                {
                    name: "store",
                    image: "reg.example.com/store:1",
                    resources: { cpu: "1", memory: "1Gi" },
                    ports: { client: 80 },
                    mounts: [{ volume: "data", path: "/data" }],
                },
            ],
            user: 1000,
            volumes: [{ name: "data", configMap: { name: "data" } }],
            scratch: [{ volume: "tmp", path: "/tmp", sizeLimit: "64Mi" }],
            gracePeriodSeconds: 30,
        },
        access: new Access("set-access", { ...where, rules: rules ?? [] }),
        ingress: [],
        egress: [],
        ...overrides,
    };
}

/** One argument of every set, and what it shows in the plan: `[argument, value, kind, path, expected]`. */
export const commonArguments: readonly (readonly [string, SetOverrides, string, string, unknown])[] = [
    ["namespace", { namespace: "other" }, "WORKLOAD", "metadata.namespace", "other"],
    ["namespace", { namespace: "other" }, "NetworkPolicy", "metadata.namespace", "other"],
    ["namespace", { namespace: "other" }, "PodDisruptionBudget", "metadata.namespace", "other"],
    ["objectName", { objectName: "other" }, "WORKLOAD", "metadata.name", "other"],
    ["objectName", { objectName: "other" }, "NetworkPolicy", "metadata.name", "other"],
    ["objectName", { objectName: "other" }, "PodDisruptionBudget", "metadata.name", "other"],
    [
        "identity",
        { identity: { ...identity, component: "master" } },
        "WORKLOAD",
        'spec.selector.matchLabels["app.kubernetes.io/component"]',
        "master",
    ],
    ["replicas", { replicas: 5 }, "WORKLOAD", "spec.replicas", 5],
    ["pod", {}, "WORKLOAD", "spec.template.spec.containers[0].image", "reg.example.com/store:1"],
    [
        "podLabels",
        { podLabels: { app: "store-uploader" } },
        "WORKLOAD",
        "spec.template.metadata.labels.app",
        "store-uploader",
    ],
    [
        "podLabels, which select nothing",
        { podLabels: { app: "x" } },
        "WORKLOAD",
        "spec.selector.matchLabels.app",
        undefined,
    ],
    ["selector", { selector: { app: "session" } }, "WORKLOAD", "spec.selector.matchLabels", { app: "session" }],
    ["selector", { selector: { app: "session" } }, "WORKLOAD", "spec.template.metadata.labels.app", "session"],
    ["selector", { selector: { app: "session" } }, "WORKLOAD", "metadata.labels.app", "session"],
    ["selector", { selector: { app: "session" } }, "NetworkPolicy", "spec.podSelector.matchLabels", { app: "session" }],
    [
        "selector",
        { selector: { app: "session" } },
        "PodDisruptionBudget",
        "spec.selector.matchLabels",
        { app: "session" },
    ],
    ["access", {}, "WORKLOAD", "spec.template.spec.serviceAccountName", "set-access"],
    ["access without rules", {}, "WORKLOAD", "spec.template.spec.automountServiceAccountToken", false],
    [
        "access with rules",
        { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
        "WORKLOAD",
        "spec.template.spec.automountServiceAccountToken",
        true,
    ],
    [
        "targets",
        { targets: [{ key: "pool", value: "batch", constraint: "accepted" }] },
        "WORKLOAD",
        "spec.template.spec.tolerations",
        [{ key: "pool", operator: "Equal", value: "batch", effect: "NoSchedule" }],
    ],
    ["targets, none by default", {}, "WORKLOAD", "spec.template.spec.affinity.nodeAffinity", undefined],
    [
        "spread",
        { spread: { zones: "required" } },
        "WORKLOAD",
        "spec.template.spec.topologySpreadConstraints[0].whenUnsatisfiable",
        "DoNotSchedule",
    ],
    [
        "spread, by default over zones where there is room",
        {},
        "WORKLOAD",
        "spec.template.spec.topologySpreadConstraints[0].whenUnsatisfiable",
        "ScheduleAnyway",
    ],
    [
        "the tier",
        { foundation: foundation({ environment: { tier: "production" } }) },
        "WORKLOAD",
        "spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey",
        "kubernetes.io/hostname",
    ],
    [
        "priorityClassName",
        { priorityClassName: "dev-high" },
        "WORKLOAD",
        "spec.template.spec.priorityClassName",
        "dev-high",
    ],
    ["priorityClassName, none by default", {}, "WORKLOAD", "spec.template.spec.priorityClassName", undefined],
    [
        "ingress",
        { ingress: [{ peers: [{ namespace: "team" }], ports: [{ port: 80 }] }] },
        "NetworkPolicy",
        "spec.ingress",
        [
            {
                from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team" } } }],
                ports: [{ protocol: "TCP", port: 80 }],
            },
        ],
    ],
    ["ingress, none", {}, "NetworkPolicy", "spec.ingress", []],
    [
        "egress",
        { egress: [{ peers: [{ cidr: "10.0.0.0/8" }], ports: [{ port: 53, protocol: "UDP" }] }] },
        "NetworkPolicy",
        "spec.egress",
        [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ protocol: "UDP", port: 53 }] }],
    ],
    ["egress, none", {}, "NetworkPolicy", "spec.egress", []],
    ["foundation", {}, "WORKLOAD", 'spec.template.metadata.labels["data-platform/owner"]', "data-team"],
];
