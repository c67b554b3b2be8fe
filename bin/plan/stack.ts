import { loadStackFile } from "../../stacks/load";
import { program } from "../../stacks/program";
import type { StackConfig } from "../../stacks/schema/sections";
import { type Plan, planProgram, type PlannedResource } from "./plan";
import { stackReferenceType } from "./recorder";

/** A stack as its file describes it, planned. */
export interface PlannedStack {
    /** What the file says, with a placeholder for every secret. */
    readonly config: StackConfig;
    readonly plan: Plan;
    /** The resources that the stack answers for: not what exists already and is only read, but for another stack's outputs. */
    readonly own: readonly PlannedResource[];
}

/**
 * Plans a stack from its file, with the very program that the engine runs.
 *
 * @throws ConfigFaults with every fault of the file.
 */
export async function planStack(stack: string, directory?: string): Promise<PlannedStack> {
    const config = loadStackFile(stack, { ...(directory !== undefined && { directory }), redactSecrets: true });
    const plan = await planProgram(() => ({ ...program(config) }), { stack });
    return { config, plan, own: plan.resources.filter(({ read, type }) => !read || type === stackReferenceType) };
}
