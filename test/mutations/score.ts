import { type PlannedResource as Planned, planProgram } from "../../bin/plan/plan";
import { planStack } from "../../bin/plan/stack";
import type { PlannedResource } from "../../policy/check";
import { isExempt } from "../../policy/exemptions";
import { isStackRule, type Rule } from "../../policy/rule";
import { allRules } from "../../policy/rules";
import { type StackResource, type StackView, stackViewOf } from "../../policy/views/stackView";
import { outcomeOf, unknownCheckingProxy, unknownValue } from "../../policy/views/unknown";
import { stackNames } from "../../stacks/load";
import { program } from "../../stacks/program";
import type { StackConfig } from "../../stacks/schema/sections";
import { ruleOptionsOf } from "../../stacks/ruleOptions";
import { dataFile, leaningDataFile } from "../stacks/dataFiles";
import { leaningFile, richFile, systemsFile } from "../stacks/richFile";
import { configOf } from "../support/stackFiles";
import { type Mutant, mutantsOf, type Subject } from "./mutants";
import type { Family } from "./operator";
import { changedAt, nodesOf } from "./tree";

/** What became of a mutant. */
export interface Verdict {
    readonly mutant: Mutant;
    /** The rule that found it; undefined for a survivor. */
    readonly rule: string | undefined;
    /** What a rule threw at it: a rule must judge any object. */
    readonly crash: string | undefined;
}

/** What became of all of them. */
export interface Score {
    readonly verdicts: readonly Verdict[];
    /** How many there were before those of several stacks became one. */
    readonly generated: number;
    /** Mutants that are no weaker than what they were made of, by the reason. */
    readonly equivalent: ReadonlyMap<string, number>;
}

/** A day before which no exemption of a shipped stack ends. */
const now = new Date("2026-11-01");

const richFiles = { richFile, leaningFile, systemsFile, dataFile, leaningDataFile };

/** The shipped stacks, the strictest first, and those that have what the shipped ones lack. */
export async function subjects(): Promise<readonly Subject[]> {
    const found: Subject[] = [];
    for (const stack of [...stackNames()].sort(
        (a, b) => Number(b.includes("production")) - Number(a.includes("production")),
    )) {
        const { config, own } = await planStack(stack);
        found.push({ name: stack, config, resources: own.map(seen) });
    }
    for (const [name, text] of Object.entries(richFiles)) {
        const config = configOf(text);
        const plan = await planProgram(() => ({ ...program(config) }), { stack: "test" });
        found.push({ name, config, resources: plan.resources.filter(({ read }) => !read).map(seen) });
    }
    return found;
}

/** What rules see of a resource, with what the engine sends for values that nobody knows before the change. */
function seen({ urn, type, name, parent, dependencies, protect, inputs, computedPaths }: Planned): PlannedResource {
    const computed = new Set(computedPaths);
    const known = nodesOf(inputs)
        .filter(({ path }) => computed.has(path))
        .reduce<unknown>((fields, { steps }) => changedAt(fields, steps, unknownValue), inputs);
    return {
        urn,
        type,
        name,
        parent,
        dependencies,
        protect,
        inputs: known as PlannedResource["inputs"],
        computedPaths,
    };
}

/** Judges every mutant of the stacks, each as in production, until the first rule has found it. */
export function scoreOf(
    stacks: readonly Subject[],
    { rules = allRules, wanted = () => true }: { rules?: readonly Rule[]; wanted?: (mutant: Mutant) => boolean } = {},
): Score {
    const seen = new Set<string>();
    const equivalent = new Map<string, number>();
    let generated = 0;
    const verdicts = stacks.flatMap((stack) => {
        const judge = judgeOf(stack, rules);
        return mutantsOf(stack)
            .filter(wanted)
            .flatMap((mutant): readonly Verdict[] => {
                generated++;
                if (seen.has(mutant.key)) {
                    return [];
                }
                seen.add(mutant.key);
                const reason = mutant.equivalent();
                if (reason !== undefined) {
                    equivalent.set(reason, (equivalent.get(reason) ?? 0) + 1);
                    return [];
                }
                return [judge(mutant)];
            });
    });
    return { verdicts, generated, equivalent };
}

/** How often a rule finds something at each resource. */
type Counts = ReadonlyMap<string, number>;

/** A rule with the stack's settings and exemptions. */
interface Judge {
    readonly name: string;
    readonly ofStack: boolean;
    /** @param view the whole stack, or one object alone where the rule judges objects */
    count(view: StackView): Counts;
}

function judgesOf(config: StackConfig, rules: readonly Rule[]): readonly Judge[] {
    // The stack's own settings and exemptions, but nothing that lowers a level.
    const { settings = {}, exemptions = [] } = ruleOptionsOf(config, now);
    return rules
        .filter(({ levels }) => levels.production !== "disabled")
        .map((rule): Judge => {
            const own = rule.settings.parse(settings[rule.name] ?? {});
            const exempt = (resource: StackResource): boolean => isExempt(exemptions, rule.name, resource.name);
            return {
                name: rule.name,
                ofStack: isStackRule(rule),
                count: (view) => {
                    const places = isStackRule(rule)
                        ? outcomeOf(() => rule.checkStack(view, own)).messages.map(({ resource }) => resource)
                        : view.objects.flatMap((object) =>
                              outcomeOf(() => rule.check(object.view, own)).messages.map(() => object),
                          );
                    const counts = new Map<string, number>();
                    for (const place of places.filter((resource) => !exempt(resource))) {
                        counts.set(place.urn, (counts.get(place.urn) ?? 0) + 1);
                    }
                    return counts;
                },
            };
        });
}

/** What a preview knows of a resource: touching a value that is not known yet throws. */
const judged = (resource: PlannedResource): PlannedResource =>
    (resource.computedPaths ?? []).length === 0
        ? resource
        : { ...resource, inputs: unknownCheckingProxy(resource.inputs) };

const seenBy = (resources: readonly PlannedResource[]): StackView => stackViewOf(resources.map(judged));

/**
 * Rules over one object see only the mutant's, and rules over the stack run only when those find nothing. The rule that
 * found the last mutant of an operator goes first: it mostly finds the next one too.
 */
function judgeOf({ config, resources }: Subject, rules: readonly Rule[]): (mutant: Mutant) => Verdict {
    const judges = judgesOf(config, rules);
    const whole = seenBy(resources);
    const known = new Map(judges.map((judge) => [judge.name, judge.count(whole)]));
    const lucky = new Map<string, Judge>();

    const finds = (judge: Judge, view: StackView): boolean =>
        [...judge.count(view)].some(([urn, count]) => count > (known.get(judge.name)?.get(urn) ?? 0));

    const finder = (mutant: Mutant): Judge | undefined => {
        const weakened = mutant.weakened();
        const object = weakened === undefined ? undefined : seenBy([weakened]);
        let view: StackView | undefined;
        const stack = (): StackView => (view ??= seenBy(mutant.resources()));
        const first = [lucky.get(`${mutant.family} ${mutant.operator} ${mutant.pattern}`), lucky.get(mutant.family)];
        const ordered = [
            ...first.filter((judge) => judge !== undefined),
            ...judges.filter(({ ofStack }) => !ofStack),
            ...judges.filter(({ ofStack }) => ofStack),
        ];
        return [...new Set(ordered)].find((judge) => finds(judge, judge.ofStack ? stack() : (object ?? stack())));
    };
    return (mutant) => {
        try {
            const judge = finder(mutant);
            if (judge !== undefined) {
                lucky.set(`${mutant.family} ${mutant.operator} ${mutant.pattern}`, judge);
                lucky.set(mutant.family, judge);
            }
            return { mutant, rule: judge?.name, crash: undefined };
        } catch (error) {
            const crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
            return { mutant, rule: undefined, crash };
        }
    };
}

/** One family's part of a score. */
export interface FamilyScore {
    readonly family: Family;
    readonly mutants: number;
    readonly found: number;
}

/** How a score is made up. */
export function byFamily({ verdicts }: Score): readonly FamilyScore[] {
    const all = new Map<Family, FamilyScore>();
    for (const {
        mutant: { family },
        rule,
    } of verdicts) {
        const { mutants, found } = all.get(family) ?? { mutants: 0, found: 0 };
        all.set(family, { family, mutants: mutants + 1, found: found + (rule === undefined ? 0 : 1) });
    }
    return [...all.values()].sort((a, b) => (a.family < b.family ? -1 : 1));
}
