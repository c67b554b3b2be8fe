import { join } from "node:path";
import { Argument, Command } from "commander";
import { consumersIn } from "../stacks/base/consumers";
import { ConfigFaults } from "../stacks/faults";
import { loadStackFile } from "../stacks/load";
import { runCommand } from "./commandError";
import { beforeDestroy } from "./engine/consumers";
import { actions, operationArguments, type Action } from "./engine/invocation";
import { runPulumi } from "./engine/pulumi";
import { packFolders, prepareRenderDirectory, prepareWorkspace } from "./engine/workspace";
import { projectDirectory, stackFiles } from "./project";

const command = new Command("engine")
    .description("run the Pulumi engine on a stack, with every policy pack")
    .addArgument(new Argument("<action>", "what to do").choices(actions))
    .argument("[pulumi...]", "further arguments for pulumi, after --")
    .requiredOption("--stack <name>", "stack, by the name of its file stacks/Pulumi.<name>.yaml");

/** Runs one operation and returns the engine's exit code. */
async function operate(action: Action, stack: string, further: readonly string[]): Promise<number> {
    // Faults of the stack file show at once, before anything is fetched, created or asked.
    const config = loadStackFile(stack, { directory: stackFiles() });
    const { cluster } = config;
    const project = projectDirectory();
    const workspace = await prepareWorkspace(project, stack, action, process.env);
    if (!workspace.exists) {
        process.stdout.write(`Stack ${stack} has no state: there is nothing to destroy.\n`);
        return 0;
    }
    if (action === "destroy") {
        const warning = await beforeDestroy(config, consumersIn);
        process.stdout.write(warning === undefined ? "" : `${warning}\n`);
    }
    if (cluster.render !== undefined && action !== "destroy") {
        process.stdout.write(`${prepareRenderDirectory(project, cluster.render)}\n`);
    }
    const ended = await runPulumi(
        operationArguments(action, stack, {
            packs: packFolders(join(project, "policy")),
            configFile: workspace.configFile,
            further,
        }),
        { directory: project, environment: workspace.environment },
    );
    return ended.code;
}

void runCommand(
    async () => {
        const [action, ...further] = command.parse().args;
        return operate(action as Action, command.opts<{ stack: string }>().stack, further);
    },
    (error) => error instanceof ConfigFaults,
);
