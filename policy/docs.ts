import { z } from "zod";
import { type CheckOptions, levelOf } from "./check";
import { levels, type PackName, packNames, type Rule } from "./rule";
import { allRules, packs } from "./rules";

/**
 * The page `docs/policies.md`, written from the rules themselves, in the form that Prettier leaves as it is. A test
 * keeps the page equal to this text.
 */
export function policiesMarkdown(): string {
    return [
        "# Policies",
        "<!-- Generated from the rules (policy/docs.ts). -->",
        introduction,
        table(
            ["rule", "severity", "development", "staging", "production"],
            packNames.flatMap((pack) =>
                packs[pack].rules.map((rule) => [
                    `[${rule.name}](#${rule.name})`,
                    rule.severity,
                    rule.levels.development,
                    rule.levels.staging,
                    rule.levels.production,
                ]),
            ),
        ),
        configuration,
        ...packNames.flatMap(packSection),
    ]
        .join("\n\n")
        .concat("\n");
}

/**
 * Every rule in a line, by pack, for a terminal.
 *
 * @param options how a stack is judged: its own levels and exemptions instead of the tiers' levels
 */
export function ruleLines(options?: CheckOptions): string[] {
    const width = Math.max(...allRules.map(({ name }) => name.length));
    const severityWidth = "critical".length;
    const levelsOf = (rule: Rule): string =>
        options === undefined
            ? tiers
                  .map((tier) => rule.levels[tier].padEnd(columnWidth))
                  .join(" ")
                  .trimEnd()
            : [
                  levelOf(rule, options),
                  ...(options.exemptions ?? [])
                      .filter((exemption) => exemption.rule === rule.name)
                      .map(({ resource, until, reason }) => `except ${resource} (${until}): ${reason}`),
              ].join("; ");
    const head =
        options === undefined
            ? tiers
                  .map((tier) => tier.padEnd(columnWidth))
                  .join(" ")
                  .trimEnd()
            : options.tier;
    const line = (name: string, severity: string, rest: string): string =>
        `${name.padEnd(width + 2)} ${severity.padEnd(severityWidth)} ${rest}`;
    return [
        line("", "severity", head),
        ...packNames.flatMap((pack) => [
            "",
            `${pack}: ${packs[pack].description}`,
            ...packs[pack].rules.flatMap((rule) => [
                line(`  ${rule.name}`, rule.severity, levelsOf(rule)),
                `      ${rule.description}`,
            ]),
        ]),
        "",
        `${allRules.length} rules; remediation and settings of each: docs/policies.md`,
    ];
}

const tiers = ["development", "staging", "production"] as const;
const columnWidth = Math.max(...tiers.map((tier) => tier.length));

const introduction = `Rules judge every Kubernetes object of a stack, and every pod template alike, wherever it hides: in a workload or in a
custom resource. They run in the tests, in \`npm run render\`, and as policy packs in \`npm run preview\` and \`npm run up\`.
The tier of the stack decides the level: \`advisory\` warns, \`mandatory\` refuses, \`disabled\` is silent. A value that is
only known after the change can't be judged in a preview; the rule says so, and judges the rest.`;

const configuration = `## Configuration

A stack changes levels and settings, and exempts resources, in its own file. The packs read the same section, so nothing
need be passed to them.

\`\`\`yaml
config:
  data-platform:policies:
    levels:
      resources-image-digest: mandatory
    settings:
      resources-requests-and-limits: { limits: [memory, ephemeral-storage] }
    exemptions:
      - resource: legacy-* # Pulumi name; * stands for any text
        rule: resources-no-latest-image
        reason: the vendor publishes no other tag
        until: "2027-01-31" # last day, in quotes; or permanent
\`\`\`

Levels are ${levels.map((level) => `\`${level}\``).join(", ")}. A name that no rule has is a fault, and so is an exemption whose
last day is over: preview, up and render then stop and name it. A file passed with \`--policy-pack-config\` has the last
word over the stack's levels and settings.`;

function packSection(name: PackName): string[] {
    const { description, rules } = packs[name];
    return [`## ${name}`, `${description} Pack: \`policy/${name}\`.`, ...rules.flatMap(ruleSection)];
}

function ruleSection(rule: Rule): string[] {
    return [`### ${rule.name}`, rule.description, `Remediation: ${rule.remediation}`, ...settingsTable(rule)];
}

function settingsTable(rule: Rule): string[] {
    const rows = Object.entries(z.toJSONSchema(rule.settings, { io: "input" }).properties ?? {}).map(([key, schema]) =>
        typeof schema === "boolean" ? [key] : [`\`${key}\``, schema.description ?? "", shown(schema.default)],
    );
    return rows.length === 0 ? [] : [table(["setting", "meaning", "default"], rows)];
}

function shown(value: unknown): string {
    const items = Array.isArray(value) ? value : [value];
    return items.map((item) => `\`${typeof item === "string" ? item : JSON.stringify(item)}\``).join(", ");
}

/** A table with its columns aligned, as Prettier wants it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const widths = head.map((title, column) =>
        Math.max(3, title.length, ...rows.map((row) => (row[column] ?? "").length)),
    );
    const line = (cells: readonly string[]): string =>
        `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
    return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
