import { byFamily, scoreOf, subjects, type Verdict } from "./score";

/*
 * What the rules find of all that can be weakened: npx ts-node -T test/mutations/report.ts [family or pattern]
 */

const percent = (found: number, mutants: number): string => `${((100 * found) / Math.max(mutants, 1)).toFixed(1)} %`;

function grouped(verdicts: readonly Verdict[]): readonly string[] {
    const groups = new Map<string, { readonly count: number; readonly example: string }>();
    for (const { mutant, crash } of verdicts) {
        const why = crash === undefined ? "" : `\n        CRASH ${crash.split("\n").slice(0, 3).join(" ")}`;
        const group = `[${mutant.family}] ${mutant.pattern}: ${mutant.operator}${why}`;
        const { count = 0, example = mutant.id } = groups.get(group) ?? {};
        groups.set(group, { count: count + 1, example });
    }
    return [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([group, { count, example }]) => `${String(count).padStart(5)} ${group}\n        ${example}`);
}

async function main(filter: string | undefined): Promise<void> {
    const started = performance.now();
    const stacks = await subjects();
    const planned = performance.now();
    const score = scoreOf(stacks, {
        wanted: (mutant) => filter === undefined || `${mutant.family} ${mutant.pattern}`.includes(filter),
    });
    const judged = performance.now();
    const survivors = score.verdicts.filter(({ rule }) => rule === undefined);
    const print = (line: string): void => void process.stdout.write(`${line}\n`);
    for (const { family, mutants, found } of byFamily(score)) {
        print(
            `${percent(found, mutants).padStart(8)} ${String(found).padStart(6)} of ${String(mutants).padEnd(6)} ${family}`,
        );
    }
    const found = score.verdicts.length - survivors.length;
    print(
        `${percent(found, score.verdicts.length).padStart(8)} ${String(found).padStart(6)} of ${score.verdicts.length} in all`,
    );
    print(
        `${score.generated} generated, ${score.verdicts.length} judged; ` +
            `planned in ${((planned - started) / 1000).toFixed(1)} s, judged in ${((judged - planned) / 1000).toFixed(1)} s`,
    );
    score.equivalent.forEach((count, reason) => print(`${String(count).padStart(5)} no weaker: ${reason}`));
    print("\nSurvivors:");
    grouped(survivors).forEach(print);
}

void main(process.argv[2]);
