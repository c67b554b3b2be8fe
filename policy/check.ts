import type { Tier } from "../components/foundation/environment";
import { type Exemption, isExempt, refusePast } from "./exemptions";
import { isFields, propertyPath } from "./raw";
import type { Level, Rule } from "./rule";
import { allRules } from "./rules";
import { outcomeOf, unknownCheckingProxy, unknownValue } from "./unknown";
import { type JudgedResource, viewOf } from "./view";

/** One violation, or one rule that could not judge a resource before the change. */
export interface Finding {
    readonly rule: string;
    readonly severity: Rule["severity"];
    readonly level: "advisory" | "mandatory";
    /** URN of the resource. */
    readonly resource: string;
    readonly message: string;
}

/** A resource of a plan: what rules judge, and what of it nobody knows yet. */
export interface PlannedResource extends JudgedResource {
    /**
     * Paths of inputs that are only known after the change, such as `spec.template.spec.containers[0].image`.
     * @default none
     */
    readonly computedPaths?: readonly string[];
}

/** What a stack says about rules. */
export interface CheckOptions {
    /** Decides the level of each rule. */
    readonly tier: Tier;
    /**
     * Levels by rule, instead of the tier's.
     * @default {}
     */
    readonly levels?: Readonly<Record<string, Level | undefined>>;
    /**
     * Settings by rule.
     * @default {}
     */
    readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
    /** @default [] */
    readonly exemptions?: readonly Exemption[];
    /** The clock that end dates of exemptions are compared with. */
    readonly now: Date;
}

/** The level of a rule in a stack. */
export function levelOf(rule: Rule, { tier, levels }: Pick<CheckOptions, "tier" | "levels">): Level {
    return levels?.[rule.name] ?? rule.levels[tier];
}

/**
 * Judges a plan by every rule, without an engine.
 *
 * The order of the findings depends on the plan's order only: by resource, then by rule.
 *
 * @throws SettingsFaults when an exemption's end date is past.
 */
export function checkPlan(
    resources: readonly PlannedResource[],
    options: CheckOptions,
    rules: readonly Rule[] = allRules,
): Finding[] {
    const exemptions = options.exemptions ?? [];
    refusePast(exemptions, options.now);
    const active = rules.flatMap((rule) => {
        const level = levelOf(rule, options);
        return level === "disabled"
            ? []
            : [{ rule, level, settings: rule.settings.parse(options.settings?.[rule.name] ?? {}) }];
    });
    return resources.flatMap((resource) => {
        const view = viewOf({ ...resource, inputs: inputsOf(resource) });
        if (view === undefined) {
            return [];
        }
        return active.flatMap(({ rule, level, settings }): Finding[] => {
            if (isExempt(exemptions, rule.name, resource.name)) {
                return [];
            }
            const { messages, unknowns } = outcomeOf(() => rule.check(view, settings));
            const finding = { rule: rule.name, severity: rule.severity, resource: resource.urn };
            return [
                ...messages.map((message) => ({ ...finding, level, message })),
                ...unknowns.map(({ message }) => ({
                    ...finding,
                    level: "advisory" as const,
                    message: unjudged(message),
                })),
            ];
        });
    });
}

/** What is said of a value that a rule needs and that is only known after the change. */
function unjudged(reason: string): string {
    return `can't be judged before the change: ${reason}`;
}

/** The inputs as CrossGuard would hand them over in a preview. */
function inputsOf({ inputs, computedPaths = [] }: PlannedResource): Readonly<Record<string, unknown>> {
    if (computedPaths.length === 0) {
        return inputs;
    }
    const computed = new Set(computedPaths);
    const visit = (value: unknown, path: string): unknown => {
        if (computed.has(path)) {
            return unknownValue;
        }
        if (Array.isArray(value)) {
            return value.map((item: unknown, index) => visit(item, propertyPath(path, index)));
        }
        return isFields(value) ? visitFields(value, path) : value;
    };
    const visitFields = (fields: Readonly<Record<string, unknown>>, path: string): Record<string, unknown> =>
        Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, visit(item, propertyPath(path, key))]));
    return unknownCheckingProxy(visitFields(inputs, ""));
}
