import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Plan, planProgram } from "../../bin/plan/plan";
import { cassandraSettings } from "../../components/cassandra/schema";
import { program } from "../../stacks/program";
import { inDevelopment, systemWith } from "../stacks/brokenTable";
import { docsPage, keyTable, settingPaths } from "../support/docsTables";
import { assertSound } from "../support/invariants";
import { at, find } from "../support/plans";
import { configOf, stackFileWith } from "../support/stackFiles";

/*
 * The StatefulSet of the talk, as a stack file: each of its settings is in the plan, or its absence is explained on the
 * page.
 */
const talk = systemWith(
    "cassandra",
    `
      clusterName: chicago
      datacenter: DC1-chicago
      racks: { rack1: { nodes: 5, rack: Rack1-chicago } }
      gracePeriod: 1800s
      lockMemory: true
      resources: { cpu: "2", cpuLimit: "2", memory: 3.5Gi }
      heap: 512Mi
      storage: 1Gi
      storageClass: managed-premium`,
);

const document = join(__dirname, "../../../shared/spec/data-systems-talk.txt");

/** Keys and variables that the slides show. */
function slides(): string[] {
    const text = readFileSync(document, "utf8");
    const from = text.indexOf("! cassandra-statefulset.yaml");
    const shown = text.slice(from, text.indexOf("OPERATING CORRECTLY", from));
    const found = [/^\d+ +(?:- )?([A-Za-z]+):/gm, /- name: ([A-Z][A-Z_]+)$/gm].flatMap((pattern) =>
        [...shown.matchAll(pattern)].map(([, key]) => key ?? ""),
    );
    return [...new Set(found)].sort();
}

describe("the example of the talk", () => {
    const table = keyTable(docsPage("cassandra.md"), "The talk's example");
    let plan: Plan;
    before(async () => {
        const file = stackFileWith(inDevelopment, talk);
        plan = await planProgram(() => ({ ...program(configOf(file)) }), { stack: "test" });
    });

    (existsSync(document) ? it : it.skip)("is on the page, key by key", () => {
        assert.deepEqual([...table.keys()].sort(), slides());
        assert.ok(slides().length > 40);
    });

    it("has settings that there are, or reasons for what there is not", () => {
        const settings = settingPaths(cassandraSettings);
        for (const [key, { here, note, paths }] of table) {
            if (paths.length === 0) {
                assert.match(here, /^(always|computed|not offered)$/, key);
                assert.ok(note.length > 20, `${key} is explained`);
            }
            const known = (path: string) => settings.some((each) => each === path || each.startsWith(`${path}.`));
            assert.deepEqual(
                paths.filter((path) => !known(path)),
                [],
                key,
            );
        }
    });

    it("is planned, and sound", () => assertSound(plan));

    const set = () => find(plan, "StatefulSet", "cassandra-rack1").inputs;
    const config = () => find(plan, "ConfigMap", "cassandra-config").inputs;
    const container = "spec.template.spec.containers[name=cassandra]";
    const shown: readonly (readonly [key: string, of: () => unknown, path: string, expected: unknown])[] = [
        ["replicas", set, "spec.replicas", 5],
        ["serviceName", set, "spec.serviceName", "cassandra"],
        ["terminationGracePeriodSeconds", set, "spec.template.spec.terminationGracePeriodSeconds", 1800],
        ["limits", set, `${container}.resources.limits.cpu`, "2"],
        ["limits", set, `${container}.resources.limits.memory`, "3.5Gi"],
        ["requests", set, `${container}.resources.requests.cpu`, "2"],
        ["requests", set, `${container}.resources.requests.memory`, "3.5Gi"],
        ["capabilities", set, `${container}.securityContext.capabilities.add`, ["IPC_LOCK"]],
        ["preStop", set, `${container}.lifecycle.preStop.exec.command`, ["nodetool", "drain"]],
        ["POD_IP", set, `${container}.env[name=POD_IP].valueFrom.fieldRef.fieldPath`, "status.podIP"],
        ["readinessProbe", set, `${container}.readinessProbe.exec.command`, ["bash", "/scripts/readiness.sh"]],
        ["storageClassName", set, "spec.volumeClaimTemplates[0].spec.storageClassName", "managed-premium"],
        ["storage", set, "spec.volumeClaimTemplates[0].spec.resources.requests.storage", "1Gi"],
        ["accessModes", set, "spec.volumeClaimTemplates[0].spec.accessModes", ["ReadWriteOnce"]],
        ["MAX_HEAP_SIZE", config, 'data["jvm-options"]', /^-Xms512M\n-Xmx512M\n/],
        ["CASSANDRA_CLUSTER_NAME", config, 'data["cassandra.yaml"]', /^cluster_name: chicago$/m],
        [
            "CASSANDRA_SEEDS",
            config,
            "data.seeds",
            / cassandra-rack1-0\.cassandra\.prod-cassandra\.svc\.cluster\.local\n$/,
        ],
        [
            "CASSANDRA_DC",
            () => find(plan, "ConfigMap", "cassandra-rack1-rackdc").inputs,
            'data["cassandra-rackdc.properties"]',
            "dc=DC1-chicago\nrack=Rack1-chicago\n",
        ],
        [
            "securityContext",
            () => find(plan, "Namespace", "prod-cassandra").inputs,
            'metadata.labels["pod-security.kubernetes.io/enforce"]',
            "privileged",
        ],
    ];
    for (const [key, of, path, expected] of shown) {
        it(`has ${key} at ${path}`, () => {
            const found = at(of(), path);
            if (expected instanceof RegExp) {
                assert.match(String(found), expected);
            } else {
                assert.deepEqual(found, expected);
            }
        });
    }
});
