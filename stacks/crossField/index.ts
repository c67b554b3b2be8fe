import { type Fault, formatPath, type Path } from "../../components/foundation/faults";
import type { At, Check, ReadableSections } from "./check";
import { clusterChecks } from "./cluster";
import { dataSystemChecks } from "./dataSystems";
import { exposureChecks } from "./exposure";
import { imageChecks } from "./images";
import { namespaceChecks } from "./namespaces";
import { placementChecks } from "./placement";
import { quotaChecks } from "./quotas";
import { sharingChecks } from "./sharing";
import { storageChecks } from "./storage";
import { systemChecks } from "./systems";
import { terasliceChecks } from "./teraslice";
import { tierChecks } from "./tiers";

export { outsideDevelopment, type ReadableSections } from "./check";

const checks: readonly Check[] = [
    ...tierChecks,
    ...clusterChecks,
    ...imageChecks,
    ...namespaceChecks,
    ...placementChecks,
    ...storageChecks,
    ...quotaChecks,
    ...systemChecks,
    ...dataSystemChecks,
    ...terasliceChecks,
    ...exposureChecks,
    ...sharingChecks,
];

const pathsBelow =
    (prefix: string): At =>
    (...[first, ...rest]: Path) =>
        formatPath([`${prefix}${String(first)}`, ...rest]);

/** Faults between the sections of a stack file. */
export function crossFieldFaults(config: ReadableSections, prefix: string): Fault[] {
    return checks.flatMap((check) => check(config, pathsBelow(prefix)));
}
