import type { ConsumerEntry } from "../../components/guards/sharing";
import type { consumersIn } from "../../stacks/base/consumers";
import { consumerLines } from "../../stacks/base/uses";
import type { StackConfig } from "../../stacks/schema/sections";
import { CommandError } from "../commandError";

type Listing = typeof consumersIn;

/** What a `destroy` of a base tells whoever asked for it; nothing where the stack shares nothing. */
export async function beforeDestroy(
    { cluster, environment, sharing }: StackConfig,
    list: Listing,
): Promise<string | undefined> {
    if (sharing === undefined) {
        return undefined;
    }
    if (cluster.kubeconfig !== undefined) {
        return `Whoever uses what ${environment.name} shares is not known here: the kubeconfig is encrypted in the stack file.`;
    }
    const consumers = await listed(list, cluster.context, environment.name);
    if (consumers.length > 0) {
        throw new CommandError(
            [
                `Other stacks use what ${environment.name} shares; nothing was changed:`,
                ...consumerLines(consumers),
                "Destroy them first, or give them parts of their own and run up on them.",
            ].join("\n  "),
        );
    }
    return undefined;
}

async function listed(
    list: Listing,
    context: string | undefined,
    environment: string,
): Promise<readonly ConsumerEntry[]> {
    try {
        return await list({ context }, environment);
    } catch (error) {
        throw new CommandError(error instanceof Error ? error.message : String(error));
    }
}
