import * as assert from "node:assert/strict";
import type { z } from "zod";
import type { Plan } from "../../bin/plan/plan";
import { SettingsFaults, checked } from "../../components/foundation/faults";
import {
    jobNamespaceSettings,
    Namespace,
    type NamespaceArgs,
    namespaceSettings,
    quotaHard,
} from "../../components/foundation/namespace";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, kindsAndNames, planOf } from "../support/plans";

interface Overrides {
    readonly foundation?: FoundationOverrides;
    readonly settings?: z.input<typeof namespaceSettings>;
    readonly podSecurity?: NamespaceArgs["podSecurity"];
}

function planned({ foundation: overrides, settings, podSecurity }: Overrides = {}): Promise<Plan> {
    return planOf(
        () =>
            new Namespace("team", {
                foundation: foundation(overrides),
                namespace: "dev-team",
                settings: namespaceSettings.parse(settings ?? {}),
                ...(podSecurity && { podSecurity }),
            }),
    );
}

const labels = {
    "app.kubernetes.io/name": "namespace",
    "app.kubernetes.io/instance": "team",
    "app.kubernetes.io/component": "namespace",
    "app.kubernetes.io/part-of": "data-platform",
    "app.kubernetes.io/managed-by": "pulumi",
    "data-platform/environment": "dev",
    "data-platform/owner": "data-team",
};

describe("Namespace", () => {
    it("registers a namespace that is closed until opened", async () => {
        const plan = await planned();
        assertSound(plan);
        assert.deepEqual(kindsAndNames(plan), [
            "LimitRange team-limits",
            "Namespace team",
            "Namespace team-namespace",
            "NetworkPolicy team-default-deny",
            "ServiceAccountPatch team-default-account",
        ]);
        assert.deepEqual(find(plan, "NetworkPolicy").inputs["spec"], {
            podSelector: { matchLabels: {} },
            policyTypes: ["Ingress", "Egress"],
            ingress: [],
            egress: [
                {
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
                },
            ],
        });
    });

    it("puts everything inside, after the namespace itself", async () => {
        const plan = await planned({
            settings: { quota: { pods: 5 } },
            foundation: { images: { pullSecrets: ["mirror"], pullCredentials: { mirror: "hunter2" } } },
        });
        const object = find(plan, "Namespace", "team-namespace");
        assert.deepEqual(object.inputs["metadata"], {
            name: "dev-team",
            labels: {
                ...labels,
                "pod-security.kubernetes.io/enforce": "restricted",
                "pod-security.kubernetes.io/audit": "restricted",
                "pod-security.kubernetes.io/warn": "restricted",
            },
        });
        const inside = plan.resources.filter(({ custom, urn }) => custom && urn !== object.urn);
        assert.equal(inside.length, 5);
        for (const { name, inputs, dependencies } of inside) {
            assert.equal(at(inputs, "metadata.namespace"), "dev-team", name);
            assert.ok(dependencies.includes(object.urn), name);
        }
        for (const kind of ["ResourceQuota", "LimitRange", "NetworkPolicy", "Secret"]) {
            assert.deepEqual(at(find(plan, kind).inputs, "metadata.labels"), labels, kind);
        }
    });

    it("has its name as the only input, and as output", async () => {
        const component = find(await planned(), "Namespace", "team");
        assert.deepEqual(component.inputs, { namespace: "dev-team" });
        assert.deepEqual(component.outputs, { name: "dev-team" });
    });

    const hard = "spec.hard";
    const limits = "spec.limits[0]";
    for (const [what, settings, kind, path, expected] of [
        ["quota.cpu", { quota: { cpu: 4 } }, "ResourceQuota", hard, { "requests.cpu": "4" }],
        ["quota.cpuLimit", { quota: { cpuLimit: "8" } }, "ResourceQuota", hard, { "limits.cpu": "8" }],
        [
            "quota.memory",
            { quota: { memory: "8Gi" } },
            "ResourceQuota",
            hard,
            { "requests.memory": "8Gi", "limits.memory": "8Gi" },
        ],
        ["quota.storage", { quota: { storage: "1Ti" } }, "ResourceQuota", hard, { "requests.storage": "1Ti" }],
        ["quota.pods", { quota: { pods: 7 } }, "ResourceQuota", hard, { pods: "7" }],
        [
            "quota.memoryLimit",
            { quota: { memory: "8Gi", memoryLimit: "20Gi" } },
            "ResourceQuota",
            "spec.hard",
            { "requests.memory": "8Gi", "limits.memory": "20Gi" },
        ],
        [
            "containerDefaults.memoryLimit",
            { containerDefaults: { memoryLimit: "4Gi" } },
            "LimitRange",
            "spec.limits[0].default.memory",
            "4Gi",
        ],
        [
            "the default containerDefaults",
            {},
            "LimitRange",
            "spec.limits",
            [
                {
                    type: "Container",
                    default: { cpu: "1", memory: "512Mi", "ephemeral-storage": "1Gi" },
                    defaultRequest: { cpu: "100m", memory: "512Mi", "ephemeral-storage": "1Gi" },
                },
            ],
        ],
        [
            "containerDefaults.cpu",
            { containerDefaults: { cpu: "0.5" } },
            "LimitRange",
            `${limits}.defaultRequest.cpu`,
            "0.5",
        ],
        [
            "containerDefaults.cpuLimit",
            { containerDefaults: { cpuLimit: "3" } },
            "LimitRange",
            `${limits}.default.cpu`,
            "3",
        ],
        [
            "containerDefaults.memory",
            { containerDefaults: { memory: "2Gi" } },
            "LimitRange",
            `${limits}.default`,
            { cpu: "1", memory: "2Gi", "ephemeral-storage": "1Gi" },
        ],
        [
            "containerDefaults.ephemeralStorage",
            { containerDefaults: { ephemeralStorage: "3Gi" } },
            "LimitRange",
            `${limits}.defaultRequest`,
            { cpu: "100m", memory: "512Mi", "ephemeral-storage": "3Gi" },
        ],
        ["the default defaultAccountToken", {}, "ServiceAccountPatch", "automountServiceAccountToken", false],
        [
            "defaultAccountToken",
            { defaultAccountToken: true },
            "ServiceAccountPatch",
            "automountServiceAccountToken",
            true,
        ],
    ] as const) {
        it(`shows ${what} in its ${kind}`, async () => {
            assert.deepEqual(at(find(await planned({ settings }), kind).inputs, path), expected);
        });
    }

    for (const level of ["baseline", "privileged"] as const) {
        it(`enforces ${level} with its reason where a system needs that`, async () => {
            const plan = await planned({ podSecurity: { level, reason: "IPC_LOCK" } });
            const object = find(plan, "Namespace", "team-namespace").inputs;
            for (const mode of ["enforce", "audit", "warn"]) {
                assert.equal(at(object, `metadata.labels["pod-security.kubernetes.io/${mode}"]`), level);
            }
            assert.deepEqual(at(object, "metadata.annotations"), { "data-platform/pod-security-reason": "IPC_LOCK" });
        });
    }

    it("opens the way to name resolution wherever the environment has it", async () => {
        const plan = await planned({
            foundation: { dns: { namespace: "dns", podLabels: { a: "b" }, cidrs: ["169.254.20.10/32"] } },
        });
        assert.deepEqual(at(find(plan, "NetworkPolicy").inputs, "spec.egress[0].to"), [
            {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "dns" } },
                podSelector: { matchLabels: { a: "b" } },
            },
            { ipBlock: { cidr: "169.254.20.10/32" } },
        ]);
    });

    it("creates the pull secrets whose contents it has, and gives all to the default account", async () => {
        const plan = await planned({
            foundation: { images: { pullSecrets: ["mirror", "other"], pullCredentials: { mirror: "hunter2" } } },
        });
        const secret = find(plan, "Secret");
        assert.equal(secret.name, "team-pull-mirror");
        assert.equal(at(secret.inputs, "metadata.name"), "mirror");
        assert.equal(secret.inputs["type"], "kubernetes.io/dockerconfigjson");
        assert.deepEqual(secret.secretPaths, ['stringData[".dockerconfigjson"]']);
        assert.equal(JSON.stringify(plan).includes("hunter2"), false);
        const account = find(plan, "ServiceAccountPatch");
        assert.equal(at(account.inputs, "metadata.name"), "default");
        assert.deepEqual(account.inputs["imagePullSecrets"], [{ name: "mirror" }, { name: "other" }]);
    });

    it("has no quota and no pull secrets unless asked for", async () => {
        const plan = await planned();
        assert.deepEqual([all(plan, "ResourceQuota"), all(plan, "Secret")], [[], []]);
        assert.deepEqual(quotaHard({}), {});
    });

    it("refuses a memory limit below the request", () => {
        assert.throws(
            () => checked(namespaceSettings, "ns", { containerDefaults: { memory: "2Gi", memoryLimit: "1Gi" } }),
            /containerDefaults\.memoryLimit: expected a memory limit of at least the request/,
        );
    });

    it("knows namespaces for the pods of a system, with defaults of the system's own and no word on the token", () => {
        const jobs = jobNamespaceSettings({ cpuLimit: "8", memoryLimit: "16Gi" });
        assert.deepEqual(jobs.parse({}).containerDefaults, {
            cpu: "100m",
            cpuLimit: "8",
            memory: "512Mi",
            memoryLimit: "16Gi",
            ephemeralStorage: "1Gi",
        });
        assert.equal(jobs.parse({ containerDefaults: { memoryLimit: "1Gi" } }).containerDefaults.memoryLimit, "1Gi");
        assert.equal(jobs.safeParse({ defaultAccountToken: true }).success, false);
    });

    it("refuses defaults that the API server would refuse: a request above its limit", () => {
        assert.throws(
            () => checked(namespaceSettings, "ns", { containerDefaults: { cpu: "2" } }),
            (error) => {
                assert.ok(error instanceof SettingsFaults);
                assert.deepEqual(error.faults, [
                    {
                        path: "containerDefaults.cpuLimit",
                        expected: "a CPU limit of at least the request",
                        found: "nothing",
                    },
                ]);
                return true;
            },
        );
        assert.equal(
            namespaceSettings.parse({ containerDefaults: { cpu: "2", cpuLimit: "2" } }).containerDefaults.cpu,
            "2",
        );
    });
});
