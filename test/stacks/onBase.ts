import { type Plan, planProgram } from "../../bin/plan/plan";
import { planStack } from "../../bin/plan/stack";
import { type Base, resolveBase } from "../../stacks/base/base";
import { readPlatform } from "../../stacks/base/reference";
import { program } from "../../stacks/program";
import type { StackConfig } from "../../stacks/schema/sections";

/** The base that the shipped team stacks name. */
export const baseName = "organization/data-platform/base";

let planned: Promise<Plan> | undefined;

/** What the shipped base puts out. */
export async function baseOutputs(): Promise<Plan["outputs"]> {
    planned ??= planStack("base").then(({ plan }) => plan);
    return (await planned).outputs;
}

/**
 * Plans a configuration; its base, if it has one, is the shipped one, or puts out something else.
 *
 * @throws ConfigFaults where the base lacks what the configuration asks for
 */
export async function planOnBase(config: StackConfig, stack: string, outputs?: Plan["outputs"]): Promise<Plan> {
    const origin = { stack, source: "Pulumi.test.yaml" };
    const base = (): Promise<Base | undefined> => resolveBase(config, origin, readPlatform);
    return planProgram(async () => ({ ...program(config, { base: await base() }) }), {
        stack,
        stackOutputs: config.base === undefined ? {} : { [config.base.stack]: outputs ?? (await baseOutputs()) },
    });
}
