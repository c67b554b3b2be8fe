import { isFields, propertyPath } from "../../policy/views/raw";
import { compareText, secretPlaceholder } from "../plan/values";

/** One value of a resource that differs between two plans; undefined on the side where it is absent. */
export interface ValueChange {
    /** Path in the inputs; an item of a list of named things is called by its name: `containers[broker].image`. */
    readonly path: string;
    readonly before: unknown;
    readonly after: unknown;
}

/** One side of a comparison: a plain value and what of it must not be shown. */
export interface Side {
    readonly value: unknown;
    /** Paths of secret leaves, as the plan has them. */
    readonly secretPaths?: readonly string[];
}

/** How a value is addressed on each side, and in what is shown. */
interface Place {
    readonly shown: string;
    readonly before: string;
    readonly after: string;
}

/**
 * The leaves in which two values differ, sorted by path. A leaf that is secret on either side is a placeholder on both:
 * what became a secret only now was in the clear before.
 */
export function changesBetween(before: Side, after: Side): ValueChange[] {
    const secrets = [new Set(before.secretPaths ?? []), new Set(after.secretPaths ?? [])] as const;
    const changes: ValueChange[] = [];
    const leaf = (place: Place, old: unknown, now: unknown): void => {
        const hidden = secrets[0].has(place.before) || secrets[1].has(place.after);
        const show = (value: unknown, path: string, side: 0 | 1): unknown =>
            hidden && value !== undefined ? secretPlaceholder : redacted(value, path, secrets[side]);
        const [shownBefore, shownAfter] = [show(old, place.before, 0), show(now, place.after, 1)];
        changes.push({ path: place.shown, before: shownBefore, after: shownAfter });
    };
    const visit = (place: Place, old: unknown, now: unknown): void => {
        if (isFields(old) && isFields(now)) {
            const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
            keys.forEach((key) => visit(step(place, key), old[key], now[key]));
        } else if (Array.isArray(old) && Array.isArray(now)) {
            visitLists(place, old, now);
        } else if (old !== now) {
            leaf(place, old, now);
        }
    };
    const visitLists = (place: Place, old: readonly unknown[], now: readonly unknown[]): void => {
        const names = [namesOf(old), namesOf(now)] as const;
        if (names[0] === undefined || names[1] === undefined) {
            const length = Math.max(old.length, now.length);
            for (let index = 0; index < length; index++) {
                visit(step(place, index), old[index], now[index]);
            }
            return;
        }
        for (const name of new Set([...names[0], ...names[1]])) {
            const [from, to] = [names[0].indexOf(name), names[1].indexOf(name)];
            visit(
                {
                    shown: `${place.shown}[${name}]`,
                    before: propertyPath(place.before, from),
                    after: propertyPath(place.after, to),
                },
                old[from],
                now[to],
            );
        }
    };
    visit({ shown: "", before: "", after: "" }, before.value, after.value);
    return changes.sort((a, b) => compareText(a.path, b.path));
}

function step({ shown, before, after }: Place, key: string | number): Place {
    return {
        shown: propertyPath(shown, key),
        before: propertyPath(before, key),
        after: propertyPath(after, key),
    };
}

/** The names of a list's items, by which Kubernetes merges such lists; undefined where one has none or two share one. */
function namesOf(items: readonly unknown[]): readonly string[] | undefined {
    const names = items.map((item) => (isFields(item) ? item.name : undefined));
    const texts = names.filter((name) => typeof name === "string");
    return texts.length === items.length && new Set(texts).size === items.length ? texts : undefined;
}

/** A value with placeholders where a leaf of it is secret: a whole map may be new, with a secret inside. */
function redacted(value: unknown, path: string, secrets: ReadonlySet<string>): unknown {
    if (secrets.has(path)) {
        return secretPlaceholder;
    }
    if (Array.isArray(value)) {
        return value.map((item, index) => redacted(item, propertyPath(path, index), secrets));
    }
    if (!isFields(value)) {
        return value;
    }
    const entries = Object.entries(value).map(([key, item]) => [key, redacted(item, propertyPath(path, key), secrets)]);
    return Object.fromEntries(entries) as unknown;
}

/** Number of leaves of a value. */
export function countLeaves(value: unknown): number {
    if (Array.isArray(value)) {
        return value.reduce<number>((sum, item) => sum + countLeaves(item), 0);
    }
    if (isFields(value)) {
        return Object.values(value).reduce<number>((sum, item) => sum + countLeaves(item), 0);
    }
    return value === undefined ? 0 : 1;
}
