import * as assert from "node:assert/strict";
import type { Access } from "../../components/foundation/access";
import { configHash } from "../../components/foundation/configFiles";
import { type Container, type Pod, podTemplate } from "../../components/foundation/pods";
import { foundation, type FoundationOverrides, identityLabels } from "../support/foundation";
import { at, listAt } from "../support/plans";

const main: Container = { name: "main", image: "reg.example.com/a:1", resources: { cpu: "1", memory: "1Gi" } };

interface Overrides {
    readonly pod?: Partial<Pod>;
    readonly container?: Partial<Container>;
    readonly mountsToken?: boolean;
    readonly priorityClassName?: string;
    readonly placement?: Parameters<typeof podTemplate>[0]["placement"];
    readonly foundation?: FoundationOverrides;
}

function template(given: Overrides = {}): unknown {
    return podTemplate({
        foundation: foundation(given.foundation),
        access: { serviceAccountName: "account", mountsToken: given.mountsToken ?? false } as unknown as Access,
        labels: identityLabels,
        pod: { containers: [{ ...main, ...given.container }], user: 1000, gracePeriodSeconds: 60, ...given.pod },
        placement: given.placement ?? {},
        priorityClassName: given.priorityClassName,
    });
}

const podSecurity = (user: number) => ({
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
});

const containerSecurity = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
};

describe("the least pod", () => {
    it("is hardened, and has nothing that nobody asked for", () => {
        assert.deepEqual(template(), {
            metadata: { labels: identityLabels },
            spec: {
                serviceAccountName: "account",
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                terminationGracePeriodSeconds: 60,
                securityContext: podSecurity(1000),
                containers: [
                    {
                        name: "main",
                        image: "reg.example.com/a:1",
                        imagePullPolicy: "IfNotPresent",
                        resources: {
                            requests: { cpu: "1", memory: "1Gi", "ephemeral-storage": "512Mi" },
                            limits: { cpu: "4", memory: "1Gi", "ephemeral-storage": "512Mi" },
                        },
                        securityContext: containerSecurity,
                    },
                ],
            },
        });
    });
});

const probe = { httpGet: { path: "/", port: "http" }, periodSeconds: 3 };

describe("every argument of a pod", () => {
    const cases: readonly (readonly [string, Overrides, string, unknown])[] = [
        ["user", { pod: { user: 999 } }, "spec.securityContext", podSecurity(999)],
        ["gracePeriodSeconds", { pod: { gracePeriodSeconds: 1800 } }, "spec.terminationGracePeriodSeconds", 1800],
        [
            "addedCapabilities, beside the drop of all",
            { container: { addedCapabilities: ["IPC_LOCK"] } },
            "spec.containers[0].securityContext.capabilities",
            { drop: ["ALL"], add: ["IPC_LOCK"] },
        ],
        ["volumes", { pod: { volumes: [{ name: "v", emptyDir: {} }] } }, "spec.volumes", [{ name: "v", emptyDir: {} }]],
        ["restartPolicy", { pod: { restartPolicy: "Never" } }, "spec.restartPolicy", "Never"],
        ["restartPolicy, the kubelet's own by default", {}, "spec.restartPolicy", undefined],
        [
            "an init container that runs beside the others",
            {
                pod: {
                    initContainers: [
                        {
                            name: "sweep",
                            image: "reg.example.com/a:1",
                            resources: { cpu: "1", memory: "1Gi" },
                            sidecar: true,
                        },
                    ],
                },
            },
            "spec.initContainers[0].restartPolicy",
            "Always",
        ],
        [
            "scratch, a volume",
            { pod: { scratch: [{ volume: "tmp", path: "/tmp", sizeLimit: "64Mi" }] } },
            "spec.volumes",
            [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
        ],
        [
            "scratch, mounted",
            { pod: { scratch: [{ volume: "tmp", path: "/tmp", sizeLimit: "64Mi" }] } },
            "spec.containers[0].volumeMounts",
            [{ name: "tmp", mountPath: "/tmp" }],
        ],
        ["annotations", { pod: { annotations: { a: "b" } } }, "metadata.annotations", { a: "b" }],
        [
            "configHashes",
            { pod: { configHashes: ["one", "two"], annotations: { a: "b" } } },
            "metadata.annotations",
            { a: "b", "data-platform/config-hash": configHash("one", "two") },
        ],
        [
            "initContainers",
            { pod: { initContainers: [{ ...main, name: "first" }] } },
            "spec.initContainers[0].name",
            "first",
        ],
        ["several containers", { pod: { containers: [main, { ...main, name: "b" }] } }, "spec.containers[1].name", "b"],
        ["access", { mountsToken: true }, "spec.automountServiceAccountToken", true],
        ["priorityClassName", { priorityClassName: "dev-batch" }, "spec.priorityClassName", "dev-batch"],
        ["placement", { placement: { tolerations: [{ key: "a" }] } }, "spec.tolerations", [{ key: "a" }]],
        [
            "the environment's pull secrets",
            { foundation: { images: { pullSecrets: ["mirror"] } } },
            "spec.imagePullSecrets",
            [{ name: "mirror" }],
        ],
        ["workingDir", { container: { workingDir: "/work" } }, "spec.containers[0].workingDir", "/work"],
        ["command", { container: { command: ["a", "b"] } }, "spec.containers[0].command", ["a", "b"]],
        ["args", { container: { args: ["a", "b"] } }, "spec.containers[0].args", ["a", "b"]],
        [
            "env, in its order",
            {
                container: {
                    env: [
                        { name: "B", value: "1" },
                        { name: "A", value: "$(B)" },
                    ],
                },
            },
            "spec.containers[0].env",
            [
                { name: "B", value: "1" },
                { name: "A", value: "$(B)" },
            ],
        ],
        [
            "ports",
            { container: { ports: { http: 80, admin: 81 } } },
            "spec.containers[0].ports",
            [
                { name: "http", containerPort: 80, protocol: "TCP" },
                { name: "admin", containerPort: 81, protocol: "TCP" },
            ],
        ],
        [
            "mounts",
            {
                container: {
                    mounts: [
                        { volume: "data", path: "/data" },
                        { volume: "config", path: "/conf/a", subPath: "a", readOnly: true },
                        { volume: "more", path: "/more", readOnly: false },
                    ],
                },
            },
            "spec.containers[0].volumeMounts",
            [
                { name: "data", mountPath: "/data" },
                { name: "config", mountPath: "/conf/a", readOnly: true, subPath: "a" },
                { name: "more", mountPath: "/more" },
            ],
        ],
        ["startupProbe", { container: { startupProbe: probe } }, "spec.containers[0].startupProbe", probe],
        ["readinessProbe", { container: { readinessProbe: probe } }, "spec.containers[0].readinessProbe", probe],
        ["livenessProbe", { container: { livenessProbe: probe } }, "spec.containers[0].livenessProbe", probe],
        [
            "preStop",
            { container: { preStop: ["drain"] } },
            "spec.containers[0].lifecycle",
            { preStop: { exec: { command: ["drain"] } } },
        ],
        [
            "resources",
            { container: { resources: { cpu: "1", cpuLimit: "2", memory: "3Gi", ephemeralStorage: "4Gi" } } },
            "spec.containers[0].resources.limits",
            { cpu: "2", memory: "3Gi", "ephemeral-storage": "4Gi" },
        ],
    ];
    for (const [argument, given, path, expected] of cases) {
        it(`shows: ${argument}`, () => assert.deepEqual(at(template(given), path), expected));
    }

    it("leaves no container unhardened, nor without scratch space", () => {
        const given = template({
            pod: {
                initContainers: [{ ...main, name: "first" }],
                containers: [main, { ...main, name: "second" }],
                scratch: [{ volume: "tmp", path: "/tmp", sizeLimit: "64Mi" }],
            },
        });
        const containers = [...listAt(given, "spec.initContainers"), ...listAt(given, "spec.containers")];
        assert.equal(containers.length, 3);
        for (const each of containers) {
            assert.deepEqual(at(each, "securityContext"), containerSecurity);
            assert.deepEqual(at(each, "volumeMounts"), [{ name: "tmp", mountPath: "/tmp" }]);
        }
    });
});
