import { Command } from "commander";
import { ruleLines } from "../policy/docs";
import { loadStackFile } from "../stacks/load";
import { ruleOptionsOf } from "../stacks/ruleOptions";
import { ConfigFaults } from "../stacks/faults";
import { runCommand } from "./commandError";
import { stackFiles } from "./project";

const command = new Command("policies")
    .description("list every rule with its severity and its levels by tier")
    .option("--stack <name>", "the levels that a stack has, and its exemptions, instead of those of each tier");

/** Prints the rules, as they are or as a stack has them. */
function list(stack: string | undefined): number {
    const options =
        stack === undefined ? undefined : ruleOptionsOf(loadStackFile(stack, { directory: stackFiles() }), new Date());
    process.stdout.write(`${ruleLines(options).join("\n")}\n`);
    return 0;
}

void runCommand(
    () => Promise.resolve(list(command.parse().opts<{ stack?: string }>().stack)),
    (error) => error instanceof ConfigFaults,
);
