import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { SecretValue } from "../../components/foundation/secretValue";
import { ConfigFaults } from "../../stacks/faults";
import { readStackText } from "../../stacks/load";
import { parseStack } from "../../stacks/parse";
import { mergeRuntime } from "../../stacks/runtime";
import type { StackConfig } from "../../stacks/schema/sections";

/** A production stack without a fault that has something of everything. */
export const goodFile = `
config:
  data-platform:cluster:
    context: production
    apiServer: { cidrs: [10.43.0.1/32], ports: [443] }
  data-platform:environment: { name: prod, owner: data-team, tier: production }
  data-platform:images:
    registry: registry.example.com/mirror
    pins: { zookeeper: 3.9.5 }
    pullSecrets: [mirror]
    pullCredentials: { mirror: { secure: AAABAcipher } }
  data-platform:targets:
    stateful:
      - { key: pool, value: stateful }
    batch:
      - { key: pool, value: batch }
      - { key: pool, value: batch, constraint: accepted }
      - { key: zone, value: west, constraint: required }
  data-platform:priorityClasses:
    critical: { value: 1000000 }
  data-platform:zookeeper:
    members: 3
    storage: 20Gi
    storageClass: standard
    tickTime: 2s
    targets: stateful
    priority: critical
  data-platform:opensearch:
    kind: external
    nodes: [https://search.example.com:9200]
    peers: [{ cidr: 10.1.0.0/16 }]
  data-platform:systems:
    teraslice: { name: ts-prod, targets: batch, priority: critical }
  kubernetes:namespace: default
  aws:region: eu-west-1
`;

/** One change of the good file: a text that occurs in it once, and what stands there instead. */
export type Edit = readonly [from: string, to: string];

/** The good file with edits. */
export function stackFileWith(...edits: readonly Edit[]): string {
    return edits.reduce((text, [from, to]) => {
        assert.equal(text.split(from).length, 2, `${JSON.stringify(from)} occurs once`);
        // A function, since a text would be searched for $1 and the like.
        return text.replace(from, () => to);
    }, goodFile);
}

/** The configuration that a file's text holds. */
export function configOf(text: string): StackConfig {
    return parseStack(readStackText(text, "Pulumi.test.yaml"));
}

/** The faults that something throws, as printed, one a line; none when it throws nothing. */
export function faultLines(body: () => unknown): readonly string[] {
    try {
        body();
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigFaults, String(error));
        const [first, ...lines] = error.message.split("\n");
        const count = lines.length === 1 ? "1 fault" : `${lines.length} faults`;
        assert.equal(first, `Pulumi.test.yaml has ${count}; nothing was changed:`);
        assert.equal(lines.length, error.faults.length);
        return lines.map((line) => line.replace(/^ {2}/, ""));
    }
}

/** The faults of a file's text. */
export const fileFaults = (text: string): readonly string[] => faultLines(() => configOf(text));

const project = "data-platform:";

/** What the engine hands over for a file: our keys in full, each value as text, encrypted ones decrypted. */
export function runtimeConfig(text: string, decrypt: (cipher: string) => unknown): Record<string, string> {
    const { config } = parse(text) as { config: Record<string, unknown> };
    const decrypted = (value: unknown): unknown => {
        if (Array.isArray(value)) {
            return value.map(decrypted);
        }
        if (typeof value !== "object" || value === null) {
            return value;
        }
        const { secure } = value as { secure?: unknown };
        return typeof secure === "string" && Object.keys(value).length === 1
            ? decrypt(secure)
            : Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, decrypted(entry)]));
    };
    return Object.fromEntries(
        Object.entries(config).map(([key, value]) => {
            const plain = decrypted(value);
            const full = key.includes(":") ? key : `${project}${key}`;
            return [full, typeof plain === "string" ? plain : JSON.stringify(plain)];
        }),
    );
}

/** The configuration that the program gets from the engine for a file's text. */
export function runtimeConfigOf(text: string, decrypt: (cipher: string) => unknown = () => "hunter2"): StackConfig {
    return parseStack(mergeRuntime(readStackText(text, "Pulumi.test.yaml"), runtimeConfig(text, decrypt), []));
}

/** Every secret of a configuration, bare. */
export function secretsIn(value: unknown): readonly string[] {
    if (value instanceof SecretValue) {
        return [value.reveal()];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}
