import type { StackObject } from "./stackView";
import { ifKnown } from "./unknown";

/** Objects by a key, made once for a check over a stack. */
export interface StackIndex<Value> {
    /**
     * What has the key. Where nothing has it, but the key of some object is not known yet, this throws as touching that
     * key does: nobody can say that nothing has it.
     */
    get(key: string): readonly Value[];
}

/** Indexes by the keys that `entriesOf` gives for each object. */
export function indexOf<Value>(
    objects: readonly StackObject[],
    entriesOf: (object: StackObject) => readonly (readonly [string, Value])[],
): StackIndex<Value> {
    const index = new Map<string, Value[]>();
    const unknowns: StackObject[] = [];
    for (const object of objects) {
        const entries = ifKnown(() => entriesOf(object));
        if (entries === undefined) {
            unknowns.push(object);
        }
        for (const [key, value] of entries ?? []) {
            const values = index.get(key);
            if (values === undefined) {
                index.set(key, [value]);
            } else {
                values.push(value);
            }
        }
    }
    return {
        get: (key) => {
            const found = index.get(key);
            if (found === undefined) {
                unknowns.forEach(entriesOf);
            }
            return found ?? [];
        },
    };
}

/** Where an object is, as `<namespace>/<name>`; `/name` for one of the cluster, or without a namespace of its own. */
export function placeOf({ view: { metadata } }: StackObject): string {
    return `${metadata.namespace ?? ""}/${String(metadata.name)}`;
}
