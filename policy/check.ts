import type { Tier } from "../components/foundation/environment";
import { type Exemption, isExempt, refusePast } from "./exemptions";
import { isFields, propertyPath } from "./views/raw";
import { isStackRule, type Level, type ResourceRule, type Rule, type StackRule } from "./rule";
import { allRules } from "./rules";
import { type LinkedResource, type StackResource, stackViewOf } from "./views/stackView";
import { type Outcome, outcomeOf, unknownCheckingProxy, unknownValue } from "./views/unknown";

/** One violation, or one rule that could not judge a resource before the change. */
export interface Finding {
    readonly rule: string;
    readonly severity: Rule["severity"];
    readonly level: "advisory" | "mandatory";
    /** URN of the resource; of the first one where a rule over the whole stack could not judge it. */
    readonly resource: string;
    readonly message: string;
}

/** A resource of a plan: what rules judge, and what of it nobody knows yet. */
export interface PlannedResource extends LinkedResource {
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

/** A rule that a stack does not switch off, with the stack's settings. */
interface ActiveRule<Kind extends Rule> {
    readonly rule: Kind;
    readonly level: Finding["level"];
    readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Judges a plan by every rule, without an engine.
 *
 * The order of the findings depends on the plan's order only: by resource, then by rule; rules over the whole stack
 * come last.
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
    const active = rules.flatMap((rule): ActiveRule<Rule>[] => {
        const level = levelOf(rule, options);
        return level === "disabled"
            ? []
            : [{ rule, level, settings: rule.settings.parse(options.settings?.[rule.name] ?? {}) }];
    });
    const stack = stackViewOf(resources.map((resource) => ({ ...resource, inputs: inputsOf(resource) })));
    const exempt = (rule: Rule, { name }: StackResource): boolean => isExempt(exemptions, rule.name, name);
    const ofResources = active.filter((each): each is ActiveRule<ResourceRule> => !isStackRule(each.rule));
    const ofStack = active.filter((each): each is ActiveRule<StackRule> => isStackRule(each.rule));
    return [
        ...stack.objects.flatMap((object) =>
            ofResources
                .filter(({ rule }) => !exempt(rule, object))
                .flatMap((each) => {
                    const outcome = outcomeOf(() => each.rule.check(object.view, each.settings));
                    return findings(each, outcome, (message) => ({ resource: object.urn, message }), object.urn);
                }),
        ),
        ...ofStack.flatMap((each) => {
            const { messages, unknowns } = outcomeOf(() => each.rule.checkStack(stack, each.settings));
            const judged = messages.filter(({ resource }) => !exempt(each.rule, resource));
            return findings(
                each,
                { messages: judged, unknowns },
                ({ resource, message }) => ({ resource: resource.urn, message }),
                resources[0]?.urn ?? "",
            );
        }),
    ];
}

/** An outcome as findings: what was found, and what could not be judged. */
function findings<Message>(
    { rule: { name, severity }, level }: ActiveRule<Rule>,
    { messages, unknowns }: Outcome<Message>,
    told: (message: Message) => Pick<Finding, "resource" | "message">,
    unjudgedResource: string,
): Finding[] {
    return [
        ...messages.map((message): Finding => ({ rule: name, severity, level, ...told(message) })),
        ...unknowns.map(({ message }): Finding => ({
            rule: name,
            severity,
            level: "advisory",
            resource: unjudgedResource,
            message: unjudged(message),
        })),
    ];
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
