import { join } from "node:path";
import { isFields } from "../../policy/views/raw";
import type { ComparedPlan } from "./diff";

/** What the child process of a comparison answers: the plan, or why there is none. */
export type PlanAnswer = { readonly plan: ComparedPlan } | { readonly fault: string };

/** Plans a stack with the code of another revision, compiled in `root`: in a process where nothing else is loaded. */
async function answer(root: string, stack: string): Promise<PlanAnswer> {
    try {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- which code it is, only the caller knows
        const code: unknown = require(join(root, "dist", "bin", "plan", "stack.js"));
        if (!isFields(code) || typeof code.planStack !== "function") {
            return { fault: "expected bin/plan/stack.ts to export planStack, found none" };
        }
        const planned = await (code.planStack as (name: string) => Promise<{ plan: ComparedPlan }>)(stack);
        return { plan: { resources: planned.plan.resources, outputs: planned.plan.outputs } };
    } catch (error) {
        return { fault: error instanceof Error ? error.message : String(error) };
    }
}

const [root = "", stack = ""] = process.argv.slice(2);
void answer(root, stack).then((reply) => process.send?.(reply));
