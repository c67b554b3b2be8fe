import { existsSync } from "node:fs";
import type { ConsumerEntry } from "../../components/guards/sharing";
import { formatFound } from "../../components/foundation/faults";
import { resolveBase } from "../../stacks/base/base";
import { readPlatform } from "../../stacks/base/reference";
import { consumersNamespace, usesOf } from "../../stacks/base/uses";
import { ConfigFaults } from "../../stacks/faults";
import { loadStackFile, stackFile, stackNames } from "../../stacks/load";
import { prefix } from "../../stacks/parse";
import { program } from "../../stacks/program";
import type { StackConfig } from "../../stacks/schema/sections";
import { type Plan, planProgram, type PlannedResource } from "./plan";
import { stackReferenceType } from "./recorder";

/** A stack as its file describes it, planned. */
export interface PlannedStack {
    /** What the file says, with a placeholder for every secret. */
    readonly config: StackConfig;
    readonly plan: Plan;
    /** The resources that the stack answers for: not what exists already and is only read, but for another stack's outputs. */
    readonly own: readonly PlannedResource[];
    /** The stacks that use what this one shares, by the stack files beside its own. */
    readonly consumers: readonly ConsumerEntry[];
}

/** What the full names of this project's stacks begin with, wherever states are kept in files or buckets. */
const projectPrefix = "organization/data-platform/";

/**
 * Plans a stack from its file, with the very program that the engine runs. A base is planned from its own file, beside.
 *
 * @throws ConfigFaults with every fault of the file, or of the base.
 */
export function planStack(stack: string, directory?: string): Promise<PlannedStack> {
    return planAfter([], stack, directory);
}

/** @param users the stacks whose base this one is, so that none is its own */
async function planAfter(
    users: readonly string[],
    stack: string,
    directory: string | undefined,
): Promise<PlannedStack> {
    const source = stackFile(stack, directory);
    const config = load(stack, directory);
    const stackOutputs = await outputsOfBase(config, [...users, stack], source, directory);
    const plan = await planProgram(
        async () => ({ ...program(config, { base: await resolveBase(config, { stack, source }, readPlatform) }) }),
        { stack, stackOutputs },
    );
    return {
        config,
        plan,
        own: plan.resources.filter(({ read, type }) => !read || type === stackReferenceType),
        consumers: config.sharing === undefined ? [] : consumersBeside(stack, config, directory),
    };
}

function load(stack: string, directory: string | undefined): StackConfig {
    return loadStackFile(stack, { ...(directory !== undefined && { directory }), redactSecrets: true });
}

/** What the base of a stack would put out, by its full name. */
async function outputsOfBase(
    config: StackConfig,
    users: readonly string[],
    source: string,
    directory: string | undefined,
): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
    if (config.base === undefined) {
        return {};
    }
    const full = config.base.stack;
    const name = full.startsWith(projectPrefix) ? full.slice(projectPrefix.length) : undefined;
    const fault = (expected: string) =>
        new ConfigFaults(source, [{ path: `${prefix}base.stack`, expected, found: formatFound(full) }]);
    if (name === undefined || !existsSync(stackFile(name, directory))) {
        throw fault(
            `${projectPrefix}<stack> with a file ${stackFile("<stack>", directory)}, since a plan without an engine reads no other state`,
        );
    }
    if (users.includes(name)) {
        throw fault(`a stack that does not stand on this one (${[...users, name].join(" on ")})`);
    }
    const { plan } = await planAfter(users, name, directory);
    return { [full]: plan.outputs };
}

/** The stacks whose files name a base, and what they use of it. A file with faults of its own is told when it is planned. */
function consumersBeside(base: string, config: StackConfig, directory: string | undefined): ConsumerEntry[] {
    return stackNames(directory).flatMap((stack): ConsumerEntry[] => {
        const consumer = stack === base ? undefined : loaded(stack, directory);
        return consumer?.base?.stack !== `${projectPrefix}${base}`
            ? []
            : [
                  {
                      stack,
                      environment: consumer.environment.name,
                      owner: consumer.environment.owner,
                      uses: usesOf(consumer, consumersNamespace(config)),
                  },
              ];
    });
}

function loaded(stack: string, directory: string | undefined): StackConfig | undefined {
    try {
        return load(stack, directory);
    } catch (error) {
        if (error instanceof ConfigFaults) {
            return undefined;
        }
        throw error;
    }
}
