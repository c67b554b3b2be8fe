import * as pulumi from "@pulumi/pulumi";

/** A change of a component's own inputs, as they are stored in state. */
export interface GuardedChange<Inputs> {
    readonly before: Inputs;
    readonly after: Inputs;
}

/**
 * Judges a change: what is dangerous about it, and the safe way, for people; undefined where nothing is. Old inputs come
 * from the state, perhaps of an older program, and so are read with care.
 */
export type Judge = (
    change: GuardedChange<Readonly<Record<string, unknown>>>,
) => string | undefined | Promise<string | undefined>;

/**
 * The hook that refuses what a judge finds dangerous, in preview and in up, before anything is touched. Give it to the
 * component as `beforeUpdate`, and register the component in every run: the engine wants the hook whenever the state
 * names it.
 *
 * @param name of the guard, stable for ever: the state keeps it
 */
export function guardHook(name: string, judge: Judge): pulumi.ResourceHook {
    return new pulumi.ResourceHook(
        name,
        async ({ oldInputs, newInputs }) => {
            const danger = await judge({ before: oldInputs ?? {}, after: newInputs ?? {} });
            if (danger !== undefined) {
                throw new Error(`guard ${name}: ${danger}`);
            }
        },
        { onDryRun: true },
    );
}
