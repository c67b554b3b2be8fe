import type { Fault, Path } from "../../components/foundation/faults";
import type { SectionName, StackConfig } from "../schema/sections";

/** Sections that could be read; a check that needs another one waits until that has no faults of its own. */
export type ReadableSections = { readonly [Name in SectionName]?: StackConfig[Name] };

/** Prints the path of a setting, whose first part is the section's name. */
export type At = (...path: Path) => string;

/** One rule between sections, or between settings of one section that only a stack can judge. */
export type Check = (config: ReadableSections, at: At) => Fault[];

/** Whether mistakes may cost more than time. */
export const outsideDevelopment = (tier: string) => tier !== "development";

/** An entry of a map that a stack file's own words are the keys of; never what every object inherits. */
export function entryOf<Value>(map: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
    return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Whether a stack has no base, which could hold what its own file lacks; one whose faults hide it may have. */
export const standsAlone = (config: ReadableSections): boolean => "base" in config && config.base === undefined;
