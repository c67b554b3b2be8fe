import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachTemplate, elements, isAbsent, podFields } from "../../views/podSecurity";
import { isFields } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

/** Those of level restricted; hostPath, which baseline refuses too, is not among them. */
const restrictedTypes = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

export const volumeTypes = defineRule({
    name: "security-volume-types",
    description:
        "Pods mount neither paths of their node nor storage past a claim (Pod Security: HostPath Volumes, Volume Types).",
    severity: "high",
    remediation: "Ask for the storage with a persistent volume claim, or use an emptyDir for what may be lost.",
    levels: usualLevels,
    settings: settings({
        allowed: z.array(words()).default(restrictedTypes).describe("Types of volume that pods may have."),
    }),
    check: (resource, { allowed }) =>
        eachTemplate(resource, (template, label) =>
            collect(elements(podFields(template), "volumes").entries(), ([index, volume]) =>
                isFields(volume)
                    ? Object.keys(volume)
                          .filter((type) => type !== "name" && !allowed.includes(type) && !isAbsent(volume[type]))
                          .map((type) =>
                              violation(label, `a volume of type ${allowed.join(", ")} in volumes[${index}]`, type),
                          )
                    : [],
            ),
        ),
});
