import * as assert from "node:assert/strict";
import { jobRules, nodeReaderRules, submitterRules } from "../../components/twister2/rules";
import type { AccessRule } from "../../components/foundation/access";
import { jobNamespace, type JobNamespaceInput } from "./fixtures";

const lines = (rules: readonly AccessRule[]) =>
    rules.map(({ apiGroups, resources, verbs }) => `${apiGroups.join()}/${resources.join()}: ${verbs.join(" ")}`);

const plain = [
    "/pods: get list watch",
    "/pods/exec: get create",
    "/services: list create delete",
    "/configmaps: list create patch delete",
    "/persistentvolumeclaims: list create delete",
    "apps/statefulsets: list create delete",
];

describe("What Twister2 may do", () => {
    it("in the pods of jobs, is what they call and nothing else", () => {
        assert.deepEqual(lines(jobRules), [
            "/pods: list watch",
            "/configmaps: list watch patch delete",
            "/services: delete",
            "/persistentvolumeclaims: delete",
            "apps/statefulsets: list delete",
            "apps/statefulsets/scale: patch",
        ]);
    });

    it("for nodes, is to list them", () => assert.deepEqual(lines(nodeReaderRules), ["/nodes: list"]));

    const cases: readonly (readonly [string, JobNamespaceInput, readonly string[]])[] = [
        ["by default", {}, plain],
        ["with logs in the client", { logInClient: true }, [...plain, "/pods/log: get"]],
        [
            "with a bucket, without kubectl cp",
            { uploader: { kind: "s3", bucket: "jobs", peers: [{ cidr: "0.0.0.0/0" }] } },
            plain.filter((each) => !each.includes("exec")),
        ],
        ["with OpenMPI", { openMpi: { kind: "generated" } }, [...plain, "/secrets: list"]],
        [
            "with the job master in the client",
            { jobMaster: { runsInClient: true } },
            [...plain, "apps/statefulsets/scale: patch"],
        ],
    ];
    for (const [what, given, expected] of cases) {
        it(`for those who submit, ${what}`, () => {
            assert.deepEqual([...lines(submitterRules(jobNamespace(given)))].sort(), [...expected].sort());
        });
    }
});
