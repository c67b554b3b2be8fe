import type { Rule } from "../../rule";
import { dnsNames } from "./dnsNames";
import { explicitNames } from "./explicitNames";
import { labelValues } from "./labelValues";
import { requiredLabels } from "./requiredLabels";
import { statefulSetNames } from "./statefulSetNames";

/** Names and labels: what addresses an object, and what says whose it is. */
export const namingRules: readonly Rule[] = [dnsNames, explicitNames, labelValues, requiredLabels, statefulSetNames];
