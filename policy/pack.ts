import {
    PolicyPack,
    type Policies,
    type PolicyResource,
    type ResourceValidationPolicy,
    type StackValidationPolicy,
} from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Tier } from "../components/foundation/environment";
import { checked, SettingsFaults } from "../components/foundation/faults";
import { type CheckOptions, levelOf } from "./check";
import { isExempt, refusePast } from "./exemptions";
import { isStackRule, type Level, type ResourceRule, type Rule, type StackRule, urlOf } from "./rule";
import type { Pack } from "./rules";
import { policySettings } from "./schema";
import { settingsFromStack } from "./stackSettings";
import { type LinkedResource, stackViewOf } from "./views/stackView";
import { type Outcome, outcomeOf } from "./views/unknown";
import { viewOf } from "./views/view";

type ConfigSchema = NonNullable<ResourceValidationPolicy["configSchema"]>;

/**
 * Serves rules as one CrossGuard pack. Levels, settings and exemptions come from the config of the stack that is
 * previewed, so that no config file need be passed; one that is passed (`--policy-pack-config`) has the last word.
 *
 * The engine starts the pack's process with the stack's config in its environment, so all of it is known here.
 */
export function servePack(name: string, { description, rules }: Pack): PolicyPack {
    const options = optionsOf(new pulumi.Config("data-platform"), new Date());
    return new PolicyPack(
        `data-platform-${name}`,
        {
            description,
            policies: policiesOf(rules, options),
        },
        initialConfigOf(rules, options),
    );
}

/** A stack that names no tier is judged as production is: what is not known must not lower the bar. */
const tierSchema = z.object({ tier: z.enum(["development", "staging", "production"]).default("production") });

/** The one thing that is needed of a `pulumi.Config`. */
interface ConfigReader {
    getObject(key: string): unknown;
}

/**
 * What a stack's config says about rules.
 *
 * @throws pulumi.RunError that lists every fault of the section, without a stack trace.
 */
export function optionsOf(config: ConfigReader, now: Date): CheckOptions {
    try {
        const { tier }: { tier: Tier } = checked(
            tierSchema,
            "data-platform:environment",
            config.getObject("environment") ?? {},
        );
        const policies = checked(policySettings, "data-platform:policies", config.getObject("policies") ?? {});
        refusePast(policies.exemptions, now);
        const stack = Object.fromEntries(
            ["cluster", "images", "environment"].map((section) => [section, config.getObject(section)]),
        );
        return { tier, ...policies, settings: settingsFromStack(stack, policies.settings), now };
    } catch (error) {
        throw error instanceof SettingsFaults ? new pulumi.RunError(error.message) : error;
    }
}

/** Rules as CrossGuard policies: the same checks that `checkPlan` runs, on what the engine sends. */
export function policiesOf(rules: readonly Rule[], options: CheckOptions): Policies {
    return rules.map((rule) => ({
        name: rule.name,
        description: rule.description,
        severity: rule.severity,
        remediationSteps: rule.remediation,
        url: urlOf(rule),
        enforcementLevel: levelOf(rule, options),
        configSchema: configSchemaOf(rule),
        ...(isStackRule(rule) ? stackValidation(rule, options) : resourceValidation(rule, options)),
    }));
}

function resourceValidation(
    rule: ResourceRule,
    { exemptions = [] }: CheckOptions,
): Pick<ResourceValidationPolicy, "validateResource"> {
    return {
        validateResource: (args, report) => {
            const view = viewOf({ type: args.type, name: args.name, urn: args.urn, inputs: args.props });
            if (view === undefined || isExempt(exemptions, rule.name, args.name)) {
                return;
            }
            const settings = rule.settings.parse(args.getConfig());
            reportOutcome(
                outcomeOf(() => rule.check(view, settings)),
                (message) => report(withRemedy(rule, message)),
            );
        },
    };
}

/** In a preview and before an `up` the engine runs these at the end, when it knows what the stack would be. */
function stackValidation(
    rule: StackRule,
    { exemptions = [] }: CheckOptions,
): Pick<StackValidationPolicy, "validateStack"> {
    return {
        validateStack: (args, report) => {
            const settings = rule.settings.parse(args.getConfig());
            const stack = stackViewOf(args.resources.map(linked));
            reportOutcome(
                outcomeOf(() => rule.checkStack(stack, settings)),
                ({ resource, message }) => {
                    if (!isExempt(exemptions, rule.name, resource.name)) {
                        report(withRemedy(rule, message), resource.urn);
                    }
                },
            );
        },
    };
}

function linked({ urn, type, name, props, parent, dependencies, opts }: PolicyResource): LinkedResource {
    return {
        urn,
        type,
        name,
        inputs: props,
        parent: parent?.urn,
        dependencies: dependencies.map((dependency) => dependency.urn),
        protect: opts.protect,
    };
}

/** The engine prints the message and nothing else of a rule but its name and description (tried with 3.259.0). */
function withRemedy(rule: Rule, message: string): string {
    return `${message}\nWhat to do: ${rule.remediation} See ${urlOf(rule)}.`;
}

function reportOutcome<Message>({ messages, unknowns }: Outcome<Message>, report: (message: Message) => void): void {
    messages.forEach(report);
    // Thrown on, for CrossGuard turns it into an advisory, whatever the rule's level.
    const [unknown] = unknowns;
    if (unknown !== undefined) {
        throw unknown;
    }
}

/**
 * Levels and settings in the form in which a pack brings its own configuration. The level is repeated with the settings:
 * an entry without one counts as advisory for the engine (tried with 3.259.0), whatever the policy itself says.
 */
export function initialConfigOf(rules: readonly Rule[], options: CheckOptions): Record<string, InitialConfig> {
    return Object.fromEntries(
        rules.map((rule) => [
            rule.name,
            { ...options.settings?.[rule.name], enforcementLevel: levelOf(rule, options) },
        ]),
    );
}

type InitialConfig = Readonly<Record<string, unknown>> & { readonly enforcementLevel: Level };

/** CrossGuard's subset of JSON Schema, derived from the rule's one source of its settings. */
export function configSchemaOf(rule: Rule): ConfigSchema {
    const { properties = {} } = z.toJSONSchema(rule.settings, { io: "input" });
    return { properties: properties as ConfigSchema["properties"] };
}
