import assert from "node:assert/strict";
import { volumeTypes } from "../../../../policy/rules/security/volumeTypes";
import { messagesOf, withField } from "../../support";
import { describePodRule, podSpec, secureSet } from "./support";

const allowed = "configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, projected, secret";

describePodRule({
    rule: volumeTypes,
    of: "pod",
    broken: ["hostPath", "nfs", "gitRepo", "iscsi", "image"].map((type) => ({
        path: ["volumes"],
        value: [
            { name: "a", emptyDir: {} },
            { name: "b", [type]: { path: "/" } },
        ],
        says: `expected a volume of type ${allowed} in volumes[1], found "${type}"`,
    })),
    good: [
        ...allowed.split(", ").map((type) => ({ path: ["volumes"], value: [{ name: "a", [type]: {} }] })),
        // A volume without a type is an emptyDir.
        { path: ["volumes"], value: [{ name: "a", hostPath: null }] },
    ],
    unknownField: ["volumes"],
});

describe("settings of rule security-volume-types", () => {
    it("name the types", () => {
        const set = withField(secureSet(), [...podSpec, "volumes"], [{ name: "a", nfs: {} }]);
        assert.deepEqual(messagesOf(volumeTypes, set, { allowed: ["nfs"] }), []);
    });
});
