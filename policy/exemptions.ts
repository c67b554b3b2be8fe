import { type Fault, formatFound, SettingsFaults } from "../components/foundation/faults";
import { matchesGlob } from "./glob";

/** Lets one rule pass on some resources, for a stated reason and time. */
export interface Exemption {
    /** Pulumi's name of the resource; `*` stands for any text. */
    readonly resource: string;
    readonly rule: string;
    readonly reason: string;
    /** The last day on which it holds (UTC), or `permanent`. */
    readonly until: string;
}

/** Whether an exemption lets the rule pass on the resource of this name. */
export function isExempt(exemptions: readonly Exemption[], rule: string, resource: string): boolean {
    return exemptions.some((exemption) => exemption.rule === rule && matchesGlob(exemption.resource, resource));
}

/**
 * Refuses exemptions whose last day is over: either the fault is mended and the exemption goes, or somebody answers
 * for a new date.
 *
 * @throws SettingsFaults with every such exemption.
 */
export function refusePast(exemptions: readonly Exemption[], now: Date): void {
    const today = now.toISOString().slice(0, 10);
    const faults = exemptions.flatMap(({ until, rule, resource }, index): Fault[] =>
        until === "permanent" || until >= today
            ? []
            : [
                  {
                      path: `exemptions[${index}].until`,
                      expected: `today (${today}) or later, or no exemption of ${resource} from ${rule} any more`,
                      found: formatFound(until),
                  },
              ],
    );
    if (faults.length > 0) {
        throw new SettingsFaults("data-platform:policies", faults);
    }
}
