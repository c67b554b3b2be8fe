import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { SettingsFaults } from "../components/foundation/faults";
import { checkPlan } from "../policy/check";
import { ConfigFaults } from "../stacks/faults";
import { runCommand } from "./commandError";
import { manifestsOf } from "./plan/manifests";
import { planStack } from "./plan/stack";
import { clientFilesOf, writeRendered } from "./plan/write";
import { stackFiles } from "./project";
import { formatReport, headline, isRefused, reportOf } from "./report";

interface RenderOptions {
    readonly stack: string;
    readonly out?: string;
    readonly quiet?: boolean;
}

const command = new Command("render")
    .description(
        "plan a stack in this process, without engine and cluster: its tree, the rules' findings, its manifests",
    )
    .requiredOption("--stack <name>", "stack to plan, by the name of its file stacks/Pulumi.<name>.yaml")
    .option("--out <directory>", "directory for the manifests (default: rendered/<stack>); the report goes beside it")
    .option("--quiet", "print the headline only");

/** Plans one stack, writes its manifests and its report, and prints what a person wants to know. */
async function render({ stack, out = join("rendered", stack), quiet = false }: RenderOptions): Promise<number> {
    const { config, plan, own } = await planStack(stack, stackFiles());
    const { tier } = config.environment;
    const report = reportOf(plan, tier, checkPlan(own, { tier, ...config.policies, now: new Date() }));
    const manifests = manifestsOf(plan.resources);
    const clientFiles = clientFilesOf(plan.outputs);
    const reportFile = `${out}.report.json`;
    writeRendered(out, [...manifests, ...clientFiles]);
    mkdirSync(dirname(resolve(reportFile)), { recursive: true });
    writeFileSync(reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
    process.stdout.write(
        quiet
            ? `${headline(report)}\n`
            : [
                  formatReport(plan, report),
                  "",
                  `${manifests.length} manifests${clientFiles.length > 0 ? ` and ${clientFiles.length} files for clients` : ""} in ${out}, the report in ${reportFile}`,
                  isRefused(report)
                      ? "next: mend the mandatory findings; preview and up refuse them too"
                      : `next: npm run preview -- --stack ${stack}`,
                  "",
              ].join("\n"),
    );
    return isRefused(report) ? 1 : 0;
}

void runCommand(
    () => render(command.parse().opts<RenderOptions>()),
    (error) => error instanceof ConfigFaults || error instanceof SettingsFaults,
);
