import { text } from "./values";

const expected = "a cron line of five fields: minute, hour, day of month, month, day of week, such as 0 3 * * 6";

/** What each field may hold, and the names that stand for its numbers, the first for `least`. */
const fields: readonly { readonly least: number; readonly most: number; readonly names?: readonly string[] }[] = [
    { least: 0, most: 59 },
    { least: 0, most: 23 },
    { least: 1, most: 31 },
    {
        least: 1,
        most: 12,
        names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    },
    // Sunday is 0 only: a CronJob with a 7 is refused (robfig/cron, ParseStandard).
    { least: 0, most: 6, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
];

/** When something is done again and again: a cron line, as a CronJob takes it. */
export const scheduleLine = () =>
    text(/^[0-9A-Za-z*/,-]+( [0-9A-Za-z*/,-]+){4}$/, 200, expected).refine(
        (line) => line.split(" ").every((field, index) => fits(field, fields[index])),
        { error: expected, abort: true },
    );

function fits(field: string, bounds: (typeof fields)[number] | undefined): boolean {
    if (bounds === undefined) {
        return false;
    }
    const { least, most, names } = bounds;
    const number = (given: string): number => {
        const named = names?.indexOf(given.toUpperCase()) ?? -1;
        return named >= 0 ? named + least : /^\d+$/.test(given) ? Number(given) : NaN;
    };
    return field.split(",").every((entry) => {
        const [range = "", step, ...more] = entry.split("/");
        const [first = "", last, ...further] = range.split("-");
        const [from, to] = range === "*" ? [least, most] : [number(first), number(last ?? first)];
        const stepFits = step === undefined || (/^\d+$/.test(step) && Number(step) >= 1 && Number(step) <= most);
        return more.length + further.length === 0 && stepFits && from >= least && to <= most && from <= to;
    });
}
