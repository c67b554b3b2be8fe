import * as assert from "node:assert/strict";
import { checkPlan, type Finding } from "../../../policy/check";
import type { Fields } from "../support";
import { linkedOf } from "../support";
import { labelled, nameOf } from "./fixture";
import { heronManifests } from "./heron";
import { terasliceManifests } from "./teraslice";
import { twister2Manifests } from "./twister2";

const now = new Date("2026-11-01");

/** What every rule finds, each finding with the object's kind and name. */
function findingsOf(objects: readonly Fields[]): readonly (Finding & { readonly object: string })[] {
    const resources = objects.map((object) => linkedOf(object));
    const names = new Map(resources.map(({ urn }, index) => [urn, nameOf(objects[index]!)]));
    return checkPlan(resources, { tier: "production", now }).map((finding) => ({
        ...finding,
        object: names.get(finding.resource) ?? "",
    }));
}

for (const manifests of [heronManifests, terasliceManifests, twister2Manifests]) {
    describe(`the official manifests of ${manifests.system}`, () => {
        const asTheyAre = findingsOf(manifests.objects);
        const onceLabelled = findingsOf(labelled(manifests));

        for (const { defect, object, rule, says, onceLabelled: needsLabels = false } of manifests.defects) {
            it(`${defect}: ${rule}`, () => {
                const findings = needsLabels ? onceLabelled : asTheyAre;
                const messages = findings
                    .filter((finding) => finding.rule === rule && finding.object === object)
                    .map(({ message }) => message);
                assert.ok(
                    messages.some((message) => message.includes(says)),
                    `${object}: expected ${rule} to say ${says}, found ${messages.join("; ") || "nothing"}`,
                );
            });
        }

        it("lack the labels by which rules know a system", () => {
            const unlabelled = asTheyAre.filter(({ rule }) => rule === "naming-required-labels");
            assert.ok(unlabelled.length > 0);
        });

        it("are all refused in production", () => {
            const refused = new Set(asTheyAre.filter(({ level }) => level === "mandatory").map(({ object }) => object));
            assert.deepEqual(
                manifests.objects.map(nameOf).filter((name) => !refused.has(name)),
                [],
            );
        });

        it("show no defect that is said not to show", () => {
            const shown = new Set(manifests.defects.map(({ defect }) => defect));
            assert.deepEqual(
                Object.keys(manifests.unseen).filter((defect) => shown.has(defect)),
                [],
            );
        });
    });
}
