import { readFileSync } from "node:fs";

/** One step of the engine for one resource. */
export interface Step {
    /** `create`, `update`, `replace`, `create-replacement`, `delete`, `same`, `read` … */
    readonly op: string;
    readonly urn: string;
    readonly type: string;
    /** Pulumi's name of the resource. */
    readonly name: string;
    /** Inputs with marks in the place of secrets and of what is not known yet. */
    readonly inputs: Readonly<Record<string, unknown>>;
    /** True for a step of a preview. */
    readonly planned: boolean;
}

/** One violation that a policy pack reported. */
export interface Violation {
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly message: string;
    readonly resourceUrn: string;
}

/** What an operation of the engine did, as its event log tells it. */
export interface Events {
    /** Every step but `same`: what was changed, or would be. */
    readonly changes: readonly Step[];
    readonly steps: readonly Step[];
    /** Warnings and errors of engine, plugins and program. */
    readonly complaints: readonly string[];
    readonly violations: readonly Violation[];
}

interface LoggedEvent {
    readonly resourcePreEvent?: {
        readonly planning?: boolean;
        readonly metadata: {
            readonly op: string;
            readonly urn: string;
            readonly type: string;
            readonly new: { readonly inputs?: Readonly<Record<string, unknown>> } | null;
        };
    };
    readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly urn?: string };
    readonly policyEvent?: Violation;
}

/** What is no complaint about a stack. */
const passing: readonly RegExp[] = [
    // The Kubernetes plugin still waits for a Deployment that it has just created or changed.
    /^\[MinimumReplicasUnavailable\]/,
    // It waits for the condition of a custom resource that has just been created.
    /^Has no \.status\.conditions$/,
    // The API server's repair loop has looked between the allocation of an address and the Service that has it.
    /^ClusterIPNotAllocated: .*; repairing$/,
];

/** Reads the event log of one operation. */
export function readEvents(file: string): Events {
    const events = readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as LoggedEvent);
    const steps = events.flatMap(({ resourcePreEvent }) => {
        if (resourcePreEvent === undefined) {
            return [];
        }
        const { op, urn, type, new: after } = resourcePreEvent.metadata;
        return [
            {
                op,
                urn,
                type,
                name: urn.split("::").at(-1) ?? "",
                inputs: after?.inputs ?? {},
                planned: resourcePreEvent.planning ?? false,
            },
        ];
    });
    return {
        steps,
        changes: steps.filter(({ op }) => op !== "same" && op !== "read"),
        complaints: events.flatMap(({ diagnosticEvent }) =>
            diagnosticEvent !== undefined &&
            /^(warning|error)$/.test(diagnosticEvent.severity) &&
            !passing.some((message) => message.test(diagnosticEvent.message.trim()))
                ? [`${diagnosticEvent.severity}: ${diagnosticEvent.urn ?? ""} ${diagnosticEvent.message}`]
                : [],
        ),
        violations: events.flatMap(({ policyEvent }) => policyEvent ?? []),
    };
}
