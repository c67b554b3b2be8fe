import type { Rule } from "../../rule";
import { childNames } from "./childNames";
import { consistentLabels } from "./consistentLabels";
import { dnsNames } from "./dnsNames";
import { explicitNames } from "./explicitNames";
import { jobNames } from "./jobNames";
import { labelValues } from "./labelValues";
import { namespacePattern } from "./namespacePattern";
import { requiredLabels } from "./requiredLabels";
import { workloadNames } from "./workloadNames";

/** Names and labels: what addresses an object, and what says whose it is. */
export const namingRules: readonly Rule[] = [
    childNames,
    consistentLabels,
    dnsNames,
    explicitNames,
    jobNames,
    labelValues,
    namespacePattern,
    requiredLabels,
    workloadNames,
];
