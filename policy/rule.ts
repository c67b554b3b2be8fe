import type { z } from "zod";
import type { Tier } from "../components/foundation/environment";
import type { ResourceView } from "./view";

/** What happens on a violation: nothing, a warning, or a refused preview and up. */
export const levels = ["disabled", "advisory", "mandatory"] as const;
export type Level = (typeof levels)[number];

/** The packs, each with the prefix of its rules' names. */
export const packNames = ["naming", "resources"] as const;
export type PackName = (typeof packNames)[number];

/** The level of most rules: staging is judged as production is, so that a violation shows before it gets there. */
export const usualLevels: Readonly<Record<Tier, Level>> = {
    development: "advisory",
    staging: "mandatory",
    production: "mandatory",
};

/** One rule, as its file writes it down. `Settings` is the schema of what a stack may set. */
export interface Rule<Settings extends z.ZodObject = z.ZodObject> {
    /** The pack's name, a dash, and what the rule is about: `naming-dns-names`. */
    readonly name: `${PackName}-${string}`;
    /** One sentence that states what must hold. */
    readonly description: string;
    readonly severity: "low" | "medium" | "high" | "critical";
    /** What to do about a violation. */
    readonly remediation: string;
    /** The level in each tier, unless the stack sets another. */
    readonly levels: Readonly<Record<Tier, Level>>;
    /** What a stack may set, every key with its default. CrossGuard's config schema is derived from it. */
    readonly settings: Settings;
    /**
     * Pure: one message for each violation, naming the place, what was found and what was expected there. It touches
     * only the fields that it judges, so that unknown values elsewhere do not stop it.
     */
    // A method, so that rules with different settings fit into one list.
    check(resource: ResourceView, settings: z.output<Settings>): readonly string[];
}

/** Keeps the type of a rule's settings, so that its check is typed by them. */
export function defineRule<Settings extends z.ZodObject>(rule: Rule<Settings>): Rule<Settings> {
    return rule;
}

/** Where a rule is documented, relative to the project. */
export function urlOf(rule: Pick<Rule, "name">): string {
    return `docs/policies.md#${rule.name}`;
}
