import { type Fault, faultsOf, unknownKey } from "../components/foundation/faults";
import { SecretReference } from "../components/foundation/secretReference";
import { SecretValue } from "../components/foundation/secretValue";
import { crossFieldFaults, type ReadableSections } from "./crossField";
import { ConfigFaults } from "./faults";
import { plainSecretFaults, urlPasswordFaults } from "./plainSecrets";
import { prototypeKeyFaults } from "./plainTree";
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
        const { faults, data } = checkedSection(name, input);
        return faults.length === 0
            ? { faults, content: [name, data] as const }
            : { faults: hidden(raw, name, faults), content: undefined };
    });
    const readable = Object.fromEntries(
        parsed.flatMap(({ content }) => (content === undefined ? [] : [content])),
    ) as ReadableSections;
    const inherited = names.flatMap((name) => prototypeKeyFaults(raw.sections[name], [`${prefix}${name}`]));
    // Which classes a base has is known only when its outputs have been read: stacks/base/checks.ts.
    const hasBase = raw.sections["base"] !== undefined;
    const references = referenceFaults(sections, raw.sections, prefix, hasBase ? { priorityClasses: "unknown" } : {});
    const passwords = names.flatMap((name) => urlPasswordFaults(raw.sections[name], [`${prefix}${name}`]));
    // Words that say more of the same value, or show less of it: a name that is not there need not be told its grammar.
    const told = new Set([...inherited, ...references, ...passwords].map(({ path }) => path));
    const faults = [
        ...raw.faults,
        ...unknown,
        ...inherited,
        ...parsed.flatMap((section) => section.faults).filter(({ path }) => !told.has(path)),
        ...references,
        ...passwords,
        ...crossFieldFaults(readable, prefix),
        ...plainSecretFaults(sections, raw.sections, prefix, readable.environment?.tier, raw.encryptedSections ?? []),
    ];
    if (faults.length > 0) {
        throw new ConfigFaults(raw.source, faults);
    }
    return deepFreeze(readable as StackConfig);
}

/** What a fault expects where a check ended in an error of its own: a defect, which must not hide what was wrong. */
export const readableExpected = "settings that the checks can read";

/** A section by its schema. */
function checkedSection(name: SectionName, input: unknown): { faults: readonly Fault[]; data: unknown } {
    const path = `${prefix}${name}`;
    try {
        const result = sections[name].safeParse(input);
        return result.success
            ? { faults: [], data: result.data }
            : { faults: faultsOf(result.error, input, [path]), data: undefined };
    } catch (error) {
        const found = error instanceof Error ? error.message : String(error);
        return { faults: [{ path, expected: readableExpected, found }], data: undefined };
    }
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
