import { type Fault, faultsOf, unknownKey } from "../components/foundation/faults";
import { SecretReference } from "../components/foundation/secretReference";
import { SecretValue } from "../components/foundation/secretValue";
import { crossFieldFaults, type ReadableSections } from "./crossField";
import { ConfigFaults } from "./faults";
import { plainSecretFaults } from "./plainSecrets";
import { referenceFaults } from "./references";
import { type SectionName, sections, type StackConfig } from "./schema/sections";

/** The prefix of this project's keys in a stack file. */
export const prefix = "data-platform:";

/** A stack's configuration before it is checked. */
export interface RawConfig {
    /** For the first line of the faults: the stack file's path, or the stack's name. */
    readonly source: string;
    /** This project's sections by name; encrypted values are {@link SecretValue}s. */
    readonly sections: Readonly<Record<string, unknown>>;
    /** Faults that were found while reading. */
    readonly faults: readonly Fault[];
    /**
     * Sections whose secrets came encrypted from elsewhere than the stack file.
     *
     * @default none
     */
    readonly encryptedSections?: readonly string[];
}

/**
 * Checks a stack's configuration as a whole and fills in defaults.
 *
 * @throws ConfigFaults with every fault.
 */
export function parseStack(raw: RawConfig): StackConfig {
    const names = Object.keys(sections) as SectionName[];
    const unknown = Object.keys(raw.sections)
        .filter((key) => !(names as string[]).includes(key))
        .map((key) => unknownKey([`${prefix}${key}`], key, names));
    const parsed = names.map((name) => {
        const input = raw.sections[name];
        const result = sections[name].safeParse(input);
        return result.success
            ? { faults: [], content: [name, result.data] as const }
            : { faults: hidden(raw, name, faultsOf(result.error, input, [`${prefix}${name}`])), content: undefined };
    });
    const readable = Object.fromEntries(
        parsed.flatMap(({ content }) => (content === undefined ? [] : [content])),
    ) as ReadableSections;
    const faults = [
        ...raw.faults,
        ...unknown,
        ...parsed.flatMap((section) => section.faults),
        ...referenceFaults(sections, raw.sections, prefix),
        ...crossFieldFaults(readable, prefix),
        ...plainSecretFaults(sections, raw.sections, prefix, readable.environment?.tier, raw.encryptedSections ?? []),
    ];
    if (faults.length > 0) {
        throw new ConfigFaults(raw.source, faults);
    }
    return deepFreeze(readable as StackConfig);
}

/** Faults of a section; of one that came encrypted as a whole they show nothing of its content. */
function hidden(raw: RawConfig, section: string, faults: readonly Fault[]): Fault[] {
    return raw.encryptedSections?.includes(section) === true
        ? faults.map(({ path, expected }) => ({ path, expected, found: "an encrypted value" }))
        : [...faults];
}

function deepFreeze<Value>(value: Value): Value {
    if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
        Object.values(value).forEach(deepFreeze);
        Object.freeze(value);
    }
    return value;
}

/** The same configuration with a marked placeholder for every secret, for plans that are written to files. */
export function redacted(config: StackConfig): StackConfig {
    return deepFreeze(redactTree(config) as StackConfig);
}

function redactTree(value: unknown): unknown {
    if (value instanceof SecretValue) {
        return value.redacted();
    }
    if (value instanceof SecretReference) {
        return value;
    }
    if (Array.isArray(value)) {
        return value.map(redactTree);
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, redactTree(entry)]));
    }
    return value;
}
