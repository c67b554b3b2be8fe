import { isFields, propertyPath } from "../../policy/views/raw";

/** Stands for "the field is taken away". */
export const removed = Symbol("removed");

/** A place in an object, and what stands there. */
export interface TreeNode {
    readonly steps: readonly (string | number)[];
    /** With indices: `spec.template.spec.containers[0].image`; empty for the object itself. */
    readonly path: string;
    /** Without indices, so that one pattern covers every container: `spec.template.spec.containers[].image`. */
    readonly pattern: string;
    readonly value: unknown;
    /** Whether nothing is below it. */
    readonly leaf: boolean;
}

/** Every place of an object, the object itself first; nothing below the places whose pattern `closed` matches. */
export function nodesOf(object: unknown, closed?: RegExp): TreeNode[] {
    const visit = (
        value: unknown,
        steps: readonly (string | number)[],
        path: string,
        pattern: string,
    ): readonly TreeNode[] => {
        const entries = closed?.test(pattern) === true ? [] : entriesOf(value);
        return [
            { steps, path, pattern, value, leaf: entries.length === 0 },
            ...entries.flatMap(([step, item]) =>
                visit(
                    item,
                    [...steps, step],
                    propertyPath(path, step),
                    typeof step === "number" ? `${pattern}[]` : propertyPath(pattern, step),
                ),
            ),
        ];
    };
    return [...visit(object, [], "", "")];
}

function entriesOf(value: unknown): readonly (readonly [string | number, unknown])[] {
    if (Array.isArray(value)) {
        return value.map((item: unknown, index) => [index, item] as const);
    }
    return isFields(value) ? Object.entries(value) : [];
}

/** The object with another value at a place; nothing of the given object is changed, and all else is shared with it. */
export function changedAt(object: unknown, steps: readonly (string | number)[], value: unknown): unknown {
    const [step, ...rest] = steps;
    if (step === undefined) {
        return value;
    }
    if (Array.isArray(object)) {
        const items: readonly unknown[] = object;
        const index = Number(step);
        const below = changedAt(items[index], rest, value);
        return below === removed ? items.filter((_, i) => i !== index) : items.with(index, below);
    }
    const fields = isFields(object) ? object : {};
    const below = changedAt(fields[step], rest, value);
    if (below !== removed) {
        return { ...fields, [step]: below };
    }
    const { [step]: _taken, ...others } = fields;
    return others;
}
