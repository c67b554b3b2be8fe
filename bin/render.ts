import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { SettingsFaults } from "../components/foundation/faults";
import { checkPlan } from "../policy/check";
import { consumerLines } from "../stacks/base/uses";
import { ConfigFaults } from "../stacks/faults";
import { stackFile } from "../stacks/load";
import { ruleOptionsOf } from "../stacks/ruleOptions";
import { runCommand } from "./commandError";
import { planAt, type BasePlan } from "./diff/base";
import { type ComparedPlan, diffPlans, noPlan } from "./diff/diff";
import { type ComparedWith, diffHeadline, formatDiff } from "./diff/format";
import { manifestsOf } from "./plan/manifests";
import { planStack } from "./plan/stack";
import { clientFilesOf, writeRendered } from "./plan/write";
import { projectDirectory, stackFiles } from "./project";
import { formatReport, headline, isRefused, reportOf } from "./report";
import { markdownSummary } from "./report/markdown";
import { reportPage } from "./report/page";

interface RenderOptions {
    readonly stack: string;
    readonly out?: string;
    readonly quiet?: boolean;
    readonly diff?: string;
    readonly report?: string;
    readonly markdown?: string;
}

const command = new Command("render")
    .description(
        "plan a stack in this process, without engine and cluster: its tree, the rules' findings, its manifests",
    )
    .requiredOption("--stack <name>", "stack to plan, by the name of its file stacks/Pulumi.<name>.yaml")
    .option("--out <directory>", "directory for the manifests (default: rendered/<stack>); the report goes beside it")
    .option("--quiet", "print headlines only")
    .option("--diff <ref>", "compare with the plan of a git revision: what would be added, changed, replaced, deleted")
    .option("--report <file>", "write one HTML page: topology, totals, findings, tree, and the comparison")
    .option("--markdown <file>", "append headline, findings and the comparison as Markdown to a file");

/** Plans one stack, writes its manifests and its report, and prints what a person wants to know. */
async function render(options: RenderOptions): Promise<number> {
    const { stack, out = join("rendered", stack), quiet = false } = options;
    const base =
        options.diff === undefined
            ? undefined
            : await planAt(projectDirectory(), options.diff, { name: stack, file: stackFile(stack) });
    if (base?.plan !== undefined && !existsSync(stackFile(stack, stackFiles()))) {
        return renderGone(options, base);
    }
    const { config, plan, own, consumers } = await planStack(stack, stackFiles());
    const { tier } = config.environment;
    const report = reportOf(plan, tier, checkPlan(own, ruleOptionsOf(config, new Date())));
    const compared = base === undefined ? undefined : comparison(stack, base, plan);
    const manifests = manifestsOf(plan.resources);
    const clientFiles = clientFilesOf(plan.outputs);
    const reportFile = `${out}.report.json`;
    writeRendered(out, [...manifests, ...clientFiles]);
    mkdirSync(dirname(resolve(reportFile)), { recursive: true });
    writeFileSync(reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
    writePage(options.report, () => reportPage({ plan, report, compared, apiServer: config.cluster.apiServer?.cidrs }));
    appendMarkdown(options.markdown, () => markdownSummary(report, compared));
    process.stdout.write(
        quiet
            ? `${[headline(report), ...(compared === undefined ? [] : [diffHeadline(compared)])].join("\n")}\n`
            : [
                  formatReport(plan, report),
                  ...(compared === undefined ? [] : ["", formatDiff(compared)]),
                  ...(consumers.length === 0 ? [] : ["", "consumers, by the stack files beside:"]),
                  ...consumerLines(consumers).map((line) => `  ${line}`),
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

/** A stack whose file is gone has no plan any more, only a comparison. */
function renderGone({ stack, markdown, quiet = false }: RenderOptions, base: BasePlan): number {
    const compared = comparison(stack, base, noPlan);
    appendMarkdown(markdown, () => markdownSummary({ stack }, compared));
    process.stdout.write(`${quiet ? diffHeadline(compared) : formatDiff(compared)}\n`);
    return 0;
}

function comparison(stack: string, { base, plan, notes }: BasePlan, now: ComparedPlan): ComparedWith {
    const news = plan === undefined ? [`stack ${stack} is new: it had no file`] : [];
    const gone = now === noPlan ? [`stack ${stack} is gone: it has no file any more`] : [];
    return { base, notes: [...news, ...gone, ...notes], diff: diffPlans(plan ?? noPlan, now) };
}

function writePage(file: string | undefined, page: () => string): void {
    if (file !== undefined) {
        mkdirSync(dirname(resolve(file)), { recursive: true });
        writeFileSync(file, page());
    }
}

/** Appended, for the summary of a CI job is one file that several stacks write to. */
function appendMarkdown(file: string | undefined, markdown: () => string): void {
    if (file !== undefined) {
        mkdirSync(dirname(resolve(file)), { recursive: true });
        appendFileSync(file, `${markdown()}\n`);
    }
}

void runCommand(
    () => render(command.parse().opts<RenderOptions>()),
    (error) => error instanceof ConfigFaults || error instanceof SettingsFaults,
);
