import { ConfigFaults } from "../faults";
import type { BasePlatform } from "../platform";
import type { StackConfig } from "../schema/sections";
import { baseFaults } from "./checks";
import { type OutputDetails, readContract } from "./contract";
import { usesOf } from "./uses";

/** A base as one of its consumers knows it: everything plain, and everything that the consumer asks for is there. */
export interface Base {
    /** What it tells. */
    readonly platform: BasePlatform;
    /** Its namespace for consumers. */
    readonly namespace: string;
    /** Name of the stack that uses it. */
    readonly consumer: string;
    /** What that stack uses of it. */
    readonly uses: readonly string[];
}

/** Reads an output of another stack. */
export type OutputReader = (stack: string) => Promise<OutputDetails>;

/** A stack by its name, and where its configuration comes from: for the first line of faults. */
export interface Origin {
    readonly stack: string;
    readonly source: string;
}

/**
 * The base that a stack's configuration names; undefined where it names none.
 *
 * @throws ConfigFaults with all that the base's outputs lack.
 */
export async function resolveBase(
    config: StackConfig,
    { stack, source }: Origin,
    read: OutputReader,
): Promise<Base | undefined> {
    if (config.base === undefined) {
        return undefined;
    }
    const full = config.base.stack;
    const { faults, platform } = judged(config, full, await read(full));
    if (platform?.sharing === undefined || faults.length > 0) {
        throw new ConfigFaults(`${source}, on the outputs of ${full},`, faults);
    }
    const { namespace } = platform.sharing;
    return { platform, namespace, consumer: stack, uses: usesOf(config, namespace) };
}

function judged(
    config: StackConfig,
    stack: string,
    details: OutputDetails,
): { faults: ReturnType<typeof baseFaults>; platform?: BasePlatform } {
    const contract = readContract(stack, details);
    return contract.faults === undefined
        ? { faults: baseFaults({ config, platform: contract.platform, stack }), platform: contract.platform }
        : { faults: [...contract.faults] };
}
