import type { z } from "zod";
import type { Tier } from "../components/foundation/environment";
import type { StackResource, StackView } from "./views/stackView";
import type { ResourceView } from "./views/view";

/** What happens on a violation: nothing, a warning, or a refused preview and up. */
export const levels = ["disabled", "advisory", "mandatory"] as const;
export type Level = (typeof levels)[number];

/** The packs, each with the prefix of its rules' names. */
export const packNames = ["naming", "resources", "security", "operations"] as const;
export type PackName = (typeof packNames)[number];

/** The level of most rules: staging is judged as production is, so that a violation shows before it gets there. */
export const usualLevels: Readonly<Record<Tier, Level>> = {
    development: "advisory",
    staging: "mandatory",
    production: "mandatory",
};

/** What every rule says of itself. `Settings` is the schema of what a stack may set. */
interface RuleText<Settings extends z.ZodObject> {
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
}

/** A rule that judges each object by itself. */
export interface ResourceRule<Settings extends z.ZodObject = z.ZodObject> extends RuleText<Settings> {
    /**
     * Pure: one message for each violation, naming the place, what was found and what was expected there. It touches
     * only the fields that it judges, so that unknown values elsewhere do not stop it.
     */
    // A method, so that rules with different settings fit into one list.
    check(resource: ResourceView, settings: z.output<Settings>): readonly string[];
}

/** A rule that judges objects by what else is in their stack. */
export interface StackRule<Settings extends z.ZodObject = z.ZodObject> extends RuleText<Settings> {
    /** Pure, as {@link ResourceRule.check}; each message belongs to the resource that has to change. */
    checkStack(stack: StackView, settings: z.output<Settings>): readonly StackMessage[];
}

/** A violation that a stack rule found. */
export interface StackMessage {
    readonly resource: StackResource;
    readonly message: string;
}

/** One rule, as its file writes it down. */
export type Rule<Settings extends z.ZodObject = z.ZodObject> = ResourceRule<Settings> | StackRule<Settings>;

export function isStackRule(rule: Rule): rule is StackRule {
    return "checkStack" in rule;
}

/** Keeps the type of a rule's settings, so that its check is typed by them. */
export function defineRule<Settings extends z.ZodObject>(rule: ResourceRule<Settings>): ResourceRule<Settings> {
    return rule;
}

/** As {@link defineRule}, for a rule over the whole stack. */
export function defineStackRule<Settings extends z.ZodObject>(rule: StackRule<Settings>): StackRule<Settings> {
    return rule;
}

/** Where a rule is documented, relative to the project. */
export function urlOf(rule: Pick<Rule, "name">): string {
    return `docs/policies.md#${rule.name}`;
}
