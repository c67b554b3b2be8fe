import * as assert from "node:assert";
import { planProgram } from "../../../bin/plan/plan";
import { formatTree, shortImage, sizesOf } from "../../../bin/plan/tree";
import { sampleProgram } from "./sample";

describe("formatTree", () => {
    it("shows components, their children and the sizes that matter", async () => {
        const plan = await planProgram(sampleProgram, { stack: "dev" });
        assert.strictEqual(
            formatTree(plan),
            [
                "data-platform (dev)",
                "├─ check  Job  2 × busybox:1.37  cpu –/500m",
                "└─ zk  Ensemble",
                "   ├─ zk-auth  Secret",
                "   ├─ zk-ns  Namespace  zk  protected",
                "   ├─ zk-pdb  PodDisruptionBudget  maxUnavailable 1",
                "   ├─ zk-service  Service  headless  client 2181, 53/UDP",
                "   └─ zk-set  StatefulSet  3 × zookeeper:3.9.4  cpu 250m/–  memory 1Gi/1Gi  storage 10Gi",
            ].join("\n"),
        );
    });
});

describe("sizesOf", () => {
    const cases: readonly [string, string, Record<string, unknown>, readonly string[]][] = [
        [
            "a claim",
            "core/v1:PersistentVolumeClaim",
            { spec: { resources: { requests: { storage: "5Gi" } } } },
            ["storage 5Gi"],
        ],
        ["a priority class", "scheduling.k8s.io/v1:PriorityClass", { value: 1000 }, ["value 1000"]],
        ["a budget", "policy/v1:PodDisruptionBudget", { spec: { minAvailable: "50%" } }, ["minAvailable 50%"]],
        [
            "a load balancer",
            "core/v1:Service",
            { spec: { type: "LoadBalancer", ports: [{ port: 80 }] } },
            ["LoadBalancer", "80"],
        ],
        ["a patch, which makes no pods", "apps/v1:DeploymentPatch", { spec: { template: { spec: {} } } }, []],
        ["config files", "core/v1:ConfigMap", { data: { "zoo.cfg": "", "a.xml": "" } }, ["a.xml zoo.cfg"]],
    ];
    for (const [what, type, inputs, expected] of cases) {
        it(`of ${what}`, () => {
            const resource = { urn: "u", name: "n", type: `kubernetes:${type}`, inputs };
            assert.deepStrictEqual(sizesOf(resource), expected);
        });
    }
});

describe("shortImage", () => {
    const cases = [
        ["registry.example.com:5000/a/b:1@sha256:00", "b:1"],
        ["zookeeper", "zookeeper"],
        ["localhost:5000/flink", "flink"],
    ] as const;
    for (const [image, short] of cases) {
        it(`${image} is ${short}`, () => assert.strictEqual(shortImage(image), short));
    }
});
