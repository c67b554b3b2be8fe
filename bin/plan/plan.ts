import * as pulumi from "@pulumi/pulumi";
import { RecordingMonitor, stackType } from "./recorder";
import { compareText } from "./values";

/** One resource as the program registered it, secrets replaced by placeholders. */
export interface PlannedResource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** URN of the parent; undefined for a child of nothing. */
    readonly parent: string | undefined;
    /** True for what a provider manages, false for a component. */
    readonly custom: boolean;
    /** True for an existing object that is only read. */
    readonly read: boolean;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly secretPaths: readonly string[];
    readonly computedPaths: readonly string[];
    /** URNs of all that this resource waits for, through an input or `dependsOn`. */
    readonly dependencies: readonly string[];
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
    readonly protect: boolean;
    readonly deleteBeforeReplace: boolean | undefined;
    readonly retainOnDelete: boolean;
    /** Provider reference, `urn::id`. */
    readonly provider: string | undefined;
    readonly aliases: readonly string[];
    readonly ignoreChanges: readonly string[];
    readonly customTimeouts: Readonly<Record<string, string>>;
    /** Names of the hooks by event, such as `beforeUpdate`. */
    readonly hooks: Readonly<Record<string, readonly string[]>>;
    /** What a component registered as its outputs. */
    readonly outputs: Readonly<Record<string, unknown>>;
}

/** A resource hook that the program registered. */
export interface PlannedHook {
    readonly name: string;
    readonly onDryRun: boolean;
}

/** Everything one stack would register, known without an engine or a cluster. */
export interface Plan {
    readonly project: string;
    readonly stack: string;
    /** Depth first, parents before their children, siblings by name and type: independent of time and of code order. */
    readonly resources: readonly PlannedResource[];
    readonly hooks: readonly PlannedHook[];
    /** The stack's outputs. */
    readonly outputs: Readonly<Record<string, unknown>>;
}

/** What `planProgram` can be told beside the program. */
export interface PlanOptions {
    /** @default "data-platform" */
    readonly project?: string;
    readonly stack: string;
    /**
     * Outputs of stacks that the program refers to, by full name; a stack that is missing here has unknown outputs.
     * @default {}
     */
    readonly stackOutputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    /**
     * How long a program may take that waits for a promise which never settles.
     * @default 60
     */
    readonly timeoutSeconds?: number;
}

/** Plans run one after another: the SDK keeps its connection to the engine in one place a process. */
let previousPlan: Promise<unknown> = Promise.resolve();

/** Returns the stack's outputs, as the module of a Pulumi program does by its exports. */
export type Program = () => Record<string, unknown> | Promise<Record<string, unknown>>;

/**
 * Runs a program in this process against a recording engine and returns what it would register. Nothing is contacted.
 *
 * A fault anywhere (thrown by the program, in an `apply`, by a duplicate) rejects the plan with that very error.
 */
export function planProgram(program: Program, options: PlanOptions): Promise<Plan> {
    const plan = previousPlan.then(() => fastPlan(program, options));
    previousPlan = plan.catch(() => undefined);
    return plan;
}

/**
 * The SDK takes the stack of every promise it makes, which is more than half of the time of a plan. So a plan runs
 * without stack traces, and a second time with them only when it failed, to show where.
 */
async function fastPlan(program: Program, options: PlanOptions): Promise<Plan> {
    const limit = Error.stackTraceLimit;
    try {
        Error.stackTraceLimit = 0;
        return await runPlan(program, options);
    } catch (fault) {
        Error.stackTraceLimit = limit;
        await runPlan(program, options);
        throw fault;
    } finally {
        Error.stackTraceLimit = limit;
    }
}

async function runPlan(
    program: Program,
    { project = "data-platform", stack, stackOutputs = {}, timeoutSeconds = 60 }: PlanOptions,
): Promise<Plan> {
    const watch = watchForFaults(timeoutSeconds);
    const monitor = new RecordingMonitor({ project, stack, stackOutputs, onFault: watch.fail });
    // Preview, so that what only a cluster knows is unknown to the program, as it is in a real preview.
    pulumi.runtime.setMockOptions(monitor, project, stack, true, "organization");
    monitor.takeCallbacks();
    try {
        await Promise.race([watch.fault, run(program)]);
    } catch (error) {
        // The same fault travels on to whatever waited for the failed part: let all of it arrive while it is expected.
        await Promise.race([pulumi.runtime.disconnect(), turns(50)]);
        await turns(5);
        throw error;
    } finally {
        monitor.close();
        watch.stop();
    }
    return {
        project,
        stack,
        resources: inTreeOrder(monitor.recordedResources().filter(({ type }) => type !== stackType)),
        hooks: monitor.recordedHooks(),
        outputs: monitor.stackOutputs(),
    };
}

async function run(program: Program): Promise<void> {
    await pulumi.runtime.runInPulumiStack(() => Promise.resolve().then(program));
    await pulumi.runtime.disconnect();
    // Node reports a rejection that nobody handles only after the turn in which it happened.
    await turns(2);
}

async function turns(number: number): Promise<void> {
    for (let turn = 0; turn < number; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
    }
}

/**
 * The SDK reports most faults, such as one in an `apply`, as a promise rejection that nobody handles. For the time of
 * a plan these are the plan's faults, not the process's end.
 */
function watchForFaults(timeoutSeconds: number): {
    fault: Promise<never>;
    fail: (e: unknown) => void;
    stop: () => void;
} {
    let fail: (error: unknown) => void = () => undefined;
    const fault = new Promise<never>((_, reject) => {
        fail = reject;
    });
    fault.catch(() => undefined);
    const stuck = (): void => {
        fail(new Error("the program never ends: a resource waits for a value that nobody provides"));
    };
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", fail);
    // The process's own end comes first when nothing is left to do; the timer is for a process kept alive by others.
    process.once("beforeExit", stuck);
    const timer = setTimeout(stuck, timeoutSeconds * 1000);
    timer.unref();
    return {
        fault,
        fail,
        stop: () => {
            clearTimeout(timer);
            process.off("beforeExit", stuck);
            process.off("unhandledRejection", fail);
            others.forEach((listener) => process.on("unhandledRejection", listener));
        },
    };
}

/** Orders resources by their place in the tree of components. */
export function inTreeOrder<T extends Pick<PlannedResource, "urn" | "name" | "type" | "parent">>(
    resources: readonly T[],
): T[] {
    const children = childrenByParent(resources);
    const below = (parent: string): T[] =>
        (children.get(parent) ?? [])
            .sort((a, b) => compareText(a.name, b.name) || compareText(a.type, b.type) || compareText(a.urn, b.urn))
            .flatMap((resource) => [resource, ...below(resource.urn)]);
    return below("");
}

/** Resources by the URN of their parent, in the given order; under "" those whose parent is not among them. */
export function childrenByParent<T extends Pick<PlannedResource, "urn" | "parent">>(
    resources: readonly T[],
): Map<string, T[]> {
    const urns = new Set(resources.map(({ urn }) => urn));
    const children = new Map<string, T[]>();
    for (const resource of resources) {
        const parent = resource.parent !== undefined && urns.has(resource.parent) ? resource.parent : "";
        const siblings = children.get(parent) ?? [];
        siblings.push(resource);
        children.set(parent, siblings);
    }
    return children;
}
