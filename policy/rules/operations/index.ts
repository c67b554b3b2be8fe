import type { Rule } from "../../rule";
import { budgets } from "./budgets";
import { chainedSets } from "./chainedSets";
import { configHash } from "./configHash";
import { hostsApart } from "./hostsApart";
import { jobLimits } from "./jobLimits";
import { oddQuorums } from "./oddQuorums";
import { probes } from "./probes";
import { protectedState } from "./protected";
import { quorumReadiness } from "./quorumReadiness";
import { retainedVolumes } from "./retainedVolumes";
import { selectors } from "./selectors";
import { spread } from "./spread";
import { terminationGrace } from "./terminationGrace";
import { updateStrategy } from "./updateStrategy";

/** What keeps a system operating: quorums, probes, budgets, spread, orderly stops and volumes. */
export const operationsRules: readonly Rule[] = [
    budgets,
    chainedSets,
    configHash,
    hostsApart,
    jobLimits,
    oddQuorums,
    probes,
    protectedState,
    quorumReadiness,
    retainedVolumes,
    selectors,
    spread,
    terminationGrace,
    updateStrategy,
];
