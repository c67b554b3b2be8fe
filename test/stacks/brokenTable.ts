import * as assert from "node:assert/strict";
import { type Edit, fileFaults, faultLines, runtimeConfigOf, stackFileWith } from "../support/stackFiles";

/** One way to break the good file, and every line that is printed for it. */
export type Broken = readonly [what: string, edits: readonly Edit[], lines: readonly string[]];

/** Tests of broken stack files, each as it is read and as the engine hands it over. */
export function itFindsEach(table: readonly Broken[]): void {
    after(() => console.log(`      ${table.length} broken files`));

    for (const [what, edits, lines] of table) {
        it(`with ${what}`, () => {
            assert.deepEqual([...fileFaults(stackFileWith(...edits))].sort(), [...lines].sort());
        });

        it(`with ${what}: has the very same faults when the engine reads it`, () => {
            const text = stackFileWith(...edits);
            const decrypted = faultLines(() => runtimeConfigOf(text, (cipher) => `hunter2 ${cipher}`));
            assert.deepEqual(decrypted, fileFaults(text));
            assert.doesNotMatch(decrypted.join("\n"), /hunter2/);
        });
    }
}

/** Tests of good stack files next to the broken ones: what a check must leave alone. */
export function itLeavesAlone(table: readonly (readonly [what: string, edits: readonly Edit[]])[]): void {
    for (const [what, edits] of table) {
        it(`leaves alone ${what}`, () => assert.deepEqual(fileFaults(stackFileWith(...edits)), []));
    }
}

/** Makes the good file one of a development environment. */
export const inDevelopment: Edit = ["tier: production", "tier: development"];

/** Settings of ZooKeeper beside those of the good file. */
export const zookeeperWith = (...lines: readonly string[]): Edit => ["tickTime: 2s", lines.join("\n    ")];

/** Settings of Teraslice beside those of the good file. */
export const terasliceWith = (settings: string): Edit => [
    "teraslice: { name: ts-prod, ",
    `teraslice: { ${settings}, name: ts-prod, `,
];

/** Settings of the cluster beside those of the good file. */
export const clusterWith = (...lines: readonly string[]): Edit => [
    "    context: production\n",
    ["    context: production", ...lines.map((line) => `    ${line}`), ""].join("\n"),
];

/** The store of the good file. */
export const externalStore =
    "kind: external\n    nodes: [https://search.example.com:9200]\n    peers: [{ cidr: 10.1.0.0/16 }]";

/** A cluster of OpenSearch in the place of the good file's store, with settings beside the class of its volumes. */
export const clusterStore = (...lines: readonly string[]): Edit => [
    externalStore,
    [
        "kind: cluster",
        ...(lines.some((line) => line.startsWith("data:")) ? [] : ["data: { storageClass: standard }"]),
        ...lines,
    ].join("\n    "),
];

/** An uploader beside the parts of the good file. */
export const uploaderWith = (settings: string): Edit => [
    "  data-platform:systems:\n",
    `  data-platform:uploader: { ${settings} }\n  data-platform:systems:\n`,
];

/** An Ingress of a host, with TLS; further settings may follow. */
export const ingressOf = (host: string, further = "authentication: { kind: proxy }"): string =>
    `exposure: { kind: ingress, host: ${host}, from: [{ namespace: ingress }], tls: { kind: secret, secretName: tls }, ${further} }`;

/** An HTTPRoute of host names, with TLS; further settings may follow. */
export const routeOf = (hosts: string, further = "authentication: { kind: proxy }"): string =>
    `exposure: { kind: httpRoute, gateway: { namespace: gateways, name: public }, hostnames: [${hosts}], from: [{ namespace: gateways }], tls: { kind: listener }, ${further} }`;

/** A load balancer of a host, with TLS. */
export const balancerOf = (host: string): string =>
    `exposure: { kind: loadBalancer, host: ${host}, sourceRanges: [10.0.0.0/8], tls: { kind: generated } }`;

/** A system beside that of the good file, as a flow map. */
export const systemWith = (name: string, settings: string): Edit => [
    "  data-platform:systems:\n",
    `  data-platform:systems:\n    ${name}: ${settings}\n`,
];
