import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import { SecretValue } from "../../components/foundation/secretValue";
import { ConfigFaults } from "../../stacks/faults";
import { parseStack, type RawConfig, redacted } from "../../stacks/parse";
import { configOf, faultLines, goodFile, runtimeConfigOf, secretsIn, stackFileWith } from "../support/stackFiles";

const minimal: RawConfig["sections"] = {
    cluster: { context: "kind-dev" },
    environment: { name: "dev", owner: "data-team", tier: "development" },
};

const raw = (sections: RawConfig["sections"], more: Partial<RawConfig> = {}): RawConfig => ({
    source: "Pulumi.test.yaml",
    sections: { ...minimal, ...sections },
    faults: [],
    ...more,
});

describe("a parsed stack", () => {
    it("needs a cluster and an environment, and has defaults for all else", () => {
        const { zookeeper, opensearch, systems, targets, priorityClasses, images, cluster } = parseStack(raw({}));
        assert.deepEqual(
            [zookeeper, opensearch, systems, targets, priorityClasses],
            [undefined, undefined, {}, {}, {}],
        );
        assert.deepEqual(images, { repositories: {}, pins: {}, pullSecrets: [], pullCredentials: {} });
        assert.equal(cluster.dns.domain, "cluster.local");
    });

    it("is frozen, all of it", () => {
        const config = configOf(goodFile);
        const loose: string[] = [];
        const visit = (value: unknown, path: string): void => {
            if (typeof value === "object" && value !== null) {
                if (!Object.isFrozen(value)) {
                    loose.push(path);
                }
                Object.entries(value).forEach(([key, entry]) => visit(entry, `${path}.${key}`));
            }
        };
        visit(config, "config");
        visit(redacted(config), "redacted");
        assert.deepEqual(loose, []);
        assert.throws(() => {
            (config.targets as Record<string, unknown>)["more"] = [];
        }, TypeError);
    });

    it("keeps target sets and references that are there", () => {
        const config = configOf(goodFile);
        assert.equal(config.zookeeper?.kind !== "external" && config.zookeeper?.targets, "stateful");
        assert.deepEqual(config.targets["batch"]?.[1], { key: "pool", value: "batch", constraint: "accepted" });
    });

    it("has the faults that were found while reading before all others", () => {
        const early = { path: "early", expected: "this", found: "that" };
        assert.deepEqual(
            faultLines(() => parseStack(raw({ zookeeper: { members: 2 } }, { faults: [early] }))),
            [
                "early: expected this, found that",
                "data-platform:zookeeper.members: expected 1, 3, 5 or 7: an even ensemble tolerates no more losses than one member fewer, found 2",
            ],
        );
    });

    it("has faults that carry their parts, and one line each when printed", () => {
        assert.throws(
            () => parseStack(raw({ targets: { batch: [{ key: "a", value: "b", constraint: "requird" }] } })),
            (error) => {
                assert.ok(error instanceof ConfigFaults);
                assert.equal(error.name, "ConfigFaults");
                assert.equal(error.source, "Pulumi.test.yaml");
                assert.deepEqual(error.faults, [
                    {
                        path: "data-platform:targets.batch[0].constraint",
                        expected: "required | preferred | accepted",
                        found: '"requird"',
                    },
                ]);
                return true;
            },
        );
    });
});

describe("checks between sections", () => {
    const teraslice = { systems: { teraslice: {} } };
    const apiServer = { cluster: { context: "a", apiServer: { cidrs: ["10.0.0.1/32"] } } };
    const single = { opensearch: { kind: "single" } };

    it("leave a development stack what only development may have", () => {
        const sections = { ...teraslice, ...apiServer, ...single, zookeeper: { members: 1 } };
        assert.deepEqual(
            faultLines(() => parseStack(raw(sections))),
            [],
        );
    });

    it("refuse a single node in staging, but not a single member", () => {
        const environment = { name: "s", owner: "o", tier: "staging" };
        assert.deepEqual(
            faultLines(() => parseStack(raw({ environment, ...single, zookeeper: { members: 1 } }))),
            [
                'data-platform:opensearch.kind: expected cluster or external in a staging environment, since a single node has neither replicas nor security, found "single"',
            ],
        );
    });

    it("wait for a section that has faults of its own", () => {
        const sections = {
            ...teraslice,
            cluster: { context: 5, render: "a" },
            opensearch: { kind: "single", heap: 5 },
        };
        assert.deepEqual(
            faultLines(() => parseStack(raw(sections))).map((line) => line.split(":").slice(0, 2).join(":")),
            ["data-platform:cluster.context", "data-platform:opensearch.heap"],
        );
    });

    it("keep namespaces apart that are named alike, each with the first", () => {
        const namespace = { name: "shared" };
        const sections = {
            ...apiServer,
            zookeeper: { namespace },
            opensearch: { kind: "single", namespace },
            systems: { teraslice: { namespace: { name: "dev-other" } } },
        };
        assert.deepEqual(
            faultLines(() => parseStack(raw(sections))),
            [
                'data-platform:opensearch.namespace.name: expected a namespace of its own, not the one of zookeeper, found "shared"',
            ],
        );
    });
});

describe("references", () => {
    it("are found in every place that has one, beside faults of the same section", () => {
        const sections = {
            targets: { batch: [{ key: "a", value: "b" }] },
            cluster: { context: "a", apiServer: { cidrs: ["10.0.0.1/32"] } },
            zookeeper: { kind: "ensemble", targets: "bacth", priority: "p1", members: 2 },
            opensearch: { kind: "single", targets: "t2", priority: "p2" },
            systems: {
                teraslice: {
                    targets: "t3",
                    executionControllerTargets: "t4",
                    jobDefaults: { targets: "t5" },
                    priority: "p3",
                },
            },
        };
        const lines = faultLines(() => parseStack(raw(sections)));
        const missing = lines.filter((line) => line.includes("expected a name from"));
        assert.deepEqual(missing.map((line) => /found "(.*)"$/.exec(line)?.[1]).sort(), [
            "bacth",
            "p1",
            "p2",
            "p3",
            "t2",
            "t3",
            "t4",
            "t5",
        ]);
        assert.equal(lines.length, missing.length + 1);
        assert.ok(
            lines.includes(
                'data-platform:zookeeper.targets: expected a name from data-platform:targets (did you mean batch?), found "bacth"',
            ),
        );
    });
});

describe("secrets of a stack", () => {
    const credentials = (content: unknown) => ({ images: { pullSecrets: ["m"], pullCredentials: { m: content } } });
    const production = { environment: { name: "p", owner: "o", tier: "production" } };
    const plain =
        "data-platform:images.pullCredentials.m: expected an encrypted value in a production environment (pulumi config set --secret --path), found plain text";

    it("may stand in plain text in development only", () => {
        const config = parseStack(raw(credentials("hunter2")));
        assert.equal(config.images.pullCredentials["m"]?.reveal(), "hunter2");
        assert.deepEqual(
            faultLines(() => parseStack(raw({ ...production, ...credentials("hunter2") }))),
            [plain],
        );
        const staging = { environment: { name: "s", owner: "o", tier: "staging" } };
        assert.equal(faultLines(() => parseStack(raw({ ...staging, ...credentials("hunter2") }))).length, 1);
    });

    it("may stand encrypted everywhere that a secret belongs", () => {
        const config = parseStack(raw({ ...production, ...credentials(new SecretValue("hunter2", true)) }));
        assert.equal(config.images.pullCredentials["m"]?.reveal(), "hunter2");
        const cluster = { cluster: { kubeconfig: new SecretValue("hunter2", true) } };
        assert.equal(parseStack(raw({ ...production, ...cluster })).cluster.kubeconfig?.reveal(), "hunter2");
    });

    it("count as encrypted in a section that came encrypted as a whole", () => {
        const sections = { ...production, ...credentials("hunter2") };
        assert.deepEqual(
            faultLines(() => parseStack(raw(sections, { encryptedSections: ["images"] }))),
            [],
        );
        assert.deepEqual(
            faultLines(() => parseStack(raw(sections, { encryptedSections: ["cluster"] }))),
            [plain],
        );
    });

    it("show nothing of a section that came encrypted as a whole, whatever is wrong with it", () => {
        const sections = { images: { registry: "https://hunter2", pullSecrets: "hunter2" }, targets: "hunter2" };
        const lines = faultLines(() => parseStack(raw(sections, { encryptedSections: ["images", "targets"] })));
        assert.deepEqual(lines, [
            "data-platform:images.registry: expected a registry host with an optional path and no scheme, such as registry.example.com/mirror, found an encrypted value",
            "data-platform:images.pullSecrets: expected a list, found an encrypted value",
            "data-platform:targets: expected a map, found an encrypted value",
        ]);
    });

    it("are shown by nothing that prints a configuration", () => {
        const config = runtimeConfigOf(goodFile);
        assert.deepEqual(secretsIn(config), ["hunter2"]);
        for (const printed of [JSON.stringify(config), inspect(config, { depth: 9, showHidden: true })]) {
            assert.equal(printed.includes("hunter2"), false);
        }
    });

    it("are placeholders in a redacted configuration, which is else the same", () => {
        const config = runtimeConfigOf(stackFileWith(["context: production", "kubeconfig: { secure: b }"]));
        assert.deepEqual(secretsIn(config), ["hunter2", "hunter2"]);
        assert.deepEqual(secretsIn(redacted(config)), ["<secret>", "<secret>"]);
        assert.equal(JSON.stringify(redacted(config)), JSON.stringify(config));
        assert.deepEqual(redacted(config).zookeeper, config.zookeeper);
    });
});
