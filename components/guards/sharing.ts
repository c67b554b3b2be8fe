import * as pulumi from "@pulumi/pulumi";
import { type GuardedChange, guardHook } from "./guard";

/** A stack that uses what a base shares, by the entry that it has left in the base's namespace. */
export interface ConsumerEntry {
    readonly stack: string;
    readonly environment: string;
    readonly owner: string;
    /** What it uses, in the words of {@link Shared.shares}. */
    readonly uses: readonly string[];
}

/** What an environment shares, as the guard compares it. */
export interface Shared {
    /** Name of the environment. */
    readonly environment: string;
    /** Version of the outputs that its consumers read. */
    readonly schema: number;
    /** What it shares, sorted: `zookeeper`, `priorityClasses.critical`. */
    readonly shares: readonly string[];
}

export interface SharingArgs extends Shared {
    /** The stacks that use what an environment shares. It is asked only when something of it goes. */
    readonly consumersOf: (environment: string) => Promise<readonly ConsumerEntry[]>;
}

/** The guard's name. The state keeps it: never another one. */
export const sharingGuard = "data-platform-sharing";

/**
 * What an environment shares with other stacks. It registers nothing but itself, first and in every stack, so that
 * sharing less, or nothing any more, shows as an update of it: the guard then refuses to take away what somebody uses.
 */
export class Sharing extends pulumi.ComponentResource {
    constructor(name: string, { consumersOf, ...shared }: SharingArgs, opts?: pulumi.ComponentResourceOptions) {
        const guard = guardHook(sharingGuard, (change) => lossOf(change, consumersOf));
        super("data-platform:guards:Sharing", name, { ...shared }, { ...opts, hooks: { beforeUpdate: [guard] } });
        this.registerOutputs({});
    }
}

/** What a change takes away from whom, and how it can be done safely; undefined where nobody loses anything. */
export async function lossOf(
    { before, after }: GuardedChange<Readonly<Record<string, unknown>>>,
    consumersOf: SharingArgs["consumersOf"],
): Promise<string | undefined> {
    const kept = textsOf(after["shares"]);
    const gone = textsOf(before["shares"]).filter((part) => !kept.includes(part));
    const { environment } = before;
    if (gone.length === 0 || typeof environment !== "string") {
        return undefined;
    }
    // Those of the environment as it was: another name would find nobody.
    const losers = (await consumersOf(environment))
        .map((consumer) => ({ ...consumer, loses: consumer.uses.filter((part) => gone.includes(part)) }))
        .filter(({ loses }) => loses.length > 0);
    return losers.length === 0
        ? undefined
        : [
              "this change takes away what other stacks use:",
              ...losers.map(
                  ({ stack, owner, loses }) => `  ${stack} (owner ${owner}) uses ${loses.join(", ")} of ${environment}`,
              ),
              `The safe way: change or destroy ${losers.length === 1 ? "that stack" : "those stacks"} first, so that nothing of this is used; then the same change passes here.`,
          ].join("\n");
}

function textsOf(value: unknown): readonly string[] {
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}
