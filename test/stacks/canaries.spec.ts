import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { z } from "zod";
import { manifestsOf } from "../../bin/plan/manifests";
import type { Plan } from "../../bin/plan/plan";
import { formatReport, reportOf } from "../../bin/report";
import { checkPlan } from "../../policy/check";
import { stackFile, stackNames } from "../../stacks/load";
import { parseStack, redacted } from "../../stacks/parse";
import { ruleOptionsOf } from "../../stacks/ruleOptions";
import { mergeRuntime } from "../../stacks/runtime";
import { readStackText } from "../../stacks/load";
import { sections, type StackConfig } from "../../stacks/schema/sections";
import { runtimeConfig, secretsIn } from "../support/stackFiles";
import { planOnBase } from "./onBase";

/*
 * Every field that the schema calls secret gets a text that occurs nowhere else, in every stack, encrypted as
 * `pulumi config set --secret` would. Then nothing that a plan shows or writes may hold one of them.
 */

/** Paths of all fields that the schema calls secret; `*` for the keys of a map. */
function secretFields(node: unknown, path: string): string[] {
    if (typeof node !== "object" || node === null) {
        return [];
    }
    const schema = node as z.core.JSONSchema.BaseSchema & { secret?: boolean };
    if (schema.secret === true) {
        return [path];
    }
    const inner = [
        ...Object.entries(schema.properties ?? {}).map(([key, child]) => [`${path}.${key}`, child] as const),
        [`${path}.*`, schema.additionalProperties] as const,
        ...[...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])].map(
            (option) => [path, option] as const,
        ),
    ];
    return inner.flatMap(([below, child]) => secretFields(child, below));
}

const allSecretFields = Object.entries(sections)
    .flatMap(([section, schema]) =>
        secretFields(z.toJSONSchema(schema as z.ZodType, { io: "input", unrepresentable: "any" }), section),
    )
    .filter((path, index, paths) => paths.indexOf(path) === index);

/** What each of them needs around it, and a place for the canary, by field. `*` stands for the key `canary`. */
const surroundings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "cluster.kubeconfig": { "cluster.context": undefined, "cluster.render": undefined },
    "images.pullCredentials.*": { "images.pullSecrets": ["canary"] },
    "systems.teraslice.connectors.elasticsearchNext.*.password": {
        "systems.teraslice.connectors.elasticsearchNext.canary.node": ["https://search.example.com:443"],
        "systems.teraslice.connectors.elasticsearchNext.canary.username": "reader",
    },
    "systems.teraslice.connectors.s3.*.accessKeyId": {
        "systems.teraslice.connectors.s3.canary.endpoint": "https://s3.example.com",
        "systems.teraslice.egress": [
            { to: [{ cidr: "192.0.2.0/24" }], ports: [{ port: 443 }, { port: 6379 }, { port: 9093 }] },
        ],
    },
    "systems.teraslice.connectors.s3.*.secretAccessKey": {},
    "systems.teraslice.connectors.kafka.*.sslKeyPassword": {
        "systems.teraslice.connectors.kafka.canary.brokers": ["kafka.example.com:9093"],
        "systems.teraslice.connectors.kafka.canary.securityProtocol": "ssl",
        "systems.teraslice.connectors.kafka.canary.sslCertificateLocation": "/tls/tls.crt",
        "systems.teraslice.connectors.kafka.canary.sslKeyLocation": "/tls/tls.key",
    },
    "systems.teraslice.connectors.valkey.*.password": {
        "systems.teraslice.connectors.valkey.canary.addresses": [{ host: "valkey.example.com" }],
        "systems.teraslice.connectors.valkey.canary.useTls": true,
    },
};

const canaryOf = (field: string) => `canary-${Buffer.from(field).toString("hex")}`;

const keysOf = (path: string): string[] => {
    const [section = "", ...rest] = path.replaceAll("*", "canary").split(".");
    return ["config", `data-platform:${section}`, ...rest];
};

/** The text of a stack file with a canary in every secret field. */
function planted(stack: string): string {
    const document = parseDocument(readFileSync(stackFile(stack), "utf8"));
    if (!document.hasIn(keysOf("opensearch"))) {
        // Teraslice, whose connectors have most of the secrets, keeps its state in one.
        const store = { kind: "external", nodes: ["https://search.example.com"], peers: [{ cidr: "10.1.0.0/16" }] };
        document.setIn(keysOf("opensearch"), store);
    }
    if (!document.hasIn(keysOf("cluster.apiServer"))) {
        document.setIn(keysOf("cluster.apiServer"), { cidrs: ["10.96.0.1/32"] });
    }
    for (const [field, around] of Object.entries(surroundings)) {
        for (const [path, value] of Object.entries(around)) {
            if (value === undefined) {
                document.deleteIn(keysOf(path));
            } else {
                document.setIn(keysOf(path), value);
            }
        }
        document.setIn(keysOf(field), { secure: canaryOf(field) });
    }
    return document.toString();
}

/** A secret in plain text, as base64 and as a part of JSON in base64, wherever it stands in a text. */
const revealedIn = (text: string): string[] =>
    Object.keys(surroundings).filter((field) => {
        const canary = canaryOf(field);
        return [0, 1, 2].some((shift) => {
            const encoded = Buffer.from(`${" ".repeat(shift)}${canary}`).toString("base64");
            return text.includes(canary) || text.includes(encoded.slice(4, -4));
        });
    });

describe("secret fields", () => {
    it("are these, and no other", () => {
        assert.deepEqual(allSecretFields.sort(), Object.keys(surroundings).sort());
    });
});

for (const stack of stackNames()) {
    describe(`the plan of ${stack} with a canary in every secret field`, () => {
        let config: StackConfig;
        let plan: Plan;
        before(async () => {
            const text = planted(stack);
            const raw = mergeRuntime(
                readStackText(text, "Pulumi.test.yaml"),
                runtimeConfig(text, (cipher) => cipher),
                [],
            );
            config = parseStack(raw);
            plan = await planOnBase(config, stack);
        });

        it("has every one of them in its configuration, where nothing prints it", () => {
            assert.deepEqual([...secretsIn(config)].sort(), Object.keys(surroundings).map(canaryOf).sort());
            assert.deepEqual(revealedIn(JSON.stringify(config)), []);
            assert.deepEqual(secretsIn(redacted(config)).flatMap(revealedIn), []);
        });

        it("shows none of them: resources, tree, totals, findings, manifests", () => {
            const { tier } = config.environment;
            const own = plan.resources.filter(({ read }) => !read);
            const findings = checkPlan(own, ruleOptionsOf(config, new Date("2026-11-01")));
            const report = reportOf(plan, tier, findings);
            const texts = {
                plan: JSON.stringify(plan),
                report: JSON.stringify(report),
                printed: formatReport(plan, report),
                manifests: JSON.stringify(manifestsOf(plan.resources)),
            };
            for (const [what, text] of Object.entries(texts)) {
                assert.ok(text.length > 1000, what);
                assert.deepEqual(revealedIn(text), [], what);
            }
        });

        it("marks what holds them as secret", () => {
            const holders = plan.resources
                .filter(({ secretPaths }) => secretPaths.length > 0)
                .map(({ name, secretPaths }) => `${name}: ${secretPaths.join(", ")}`);
            for (const holder of [
                "cluster: kubeconfig",
                'teraslice-master-config: stringData["teraslice.yaml"]',
                'teraslice-worker-config: data["teraslice.yaml"]',
                'teraslice-namespace-pull-canary: stringData[".dockerconfigjson"]',
            ]) {
                assert.ok(holders.includes(holder) || computed(plan, holder), `${holder} among ${holders.join("; ")}`);
            }
        });
    });
}

/** Whether what holds a secret is known to the cluster alone, as with the credentials of an external OpenSearch. */
function computed(plan: Plan, holder: string): boolean {
    const [name = ""] = holder.split(":");
    return plan.resources.some((each) => each.name === name && each.computedPaths.length > 0);
}
