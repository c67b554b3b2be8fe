import type { PackName, Rule } from "../rule";
import { namingRules } from "./naming";
import { operationsRules } from "./operations";
import { resourcesRules } from "./resources";
import { securityRules } from "./security";

/** One set of rules that runs as one policy pack. */
export interface Pack {
    readonly description: string;
    readonly rules: readonly Rule[];
}

/** Every pack by its name. */
export const packs: Readonly<Record<PackName, Pack>> = {
    naming: {
        description: "Names and labels: what addresses an object, and what says whose it is.",
        rules: namingRules,
    },
    resources: { description: "What a container takes: of its node, and of a registry.", rules: resourcesRules },
    security: { description: "What pods and accounts may do, and who may reach them.", rules: securityRules },
    operations: {
        description: "What keeps a system operating: quorums, probes, budgets, spread, orderly stops and volumes.",
        rules: operationsRules,
    },
};

/** Every rule there is. */
export const allRules: readonly Rule[] = Object.values(packs).flatMap(({ rules }) => rules);
