import * as policySdk from "@pulumi/policy";

/*
 * During a preview some values are not known yet. CrossGuard hands a rule its inputs behind a proxy that throws when
 * an unknown value is touched. That stops a rule at the first such value, so that everything it has found is lost and
 * everything after it goes unseen. What is here keeps the damage to the one thing that can't be judged.
 */

// The declarations of @pulumi/policy 1.21.0 leave the exports of its proxy.js out.
const sdk = policySdk as unknown as {
    readonly unknownCheckingProxy: <T>(inputs: T) => T;
    readonly UnknownValueError: new (sentinel: string, path: readonly string[]) => Error;
};

/** Wraps inputs as CrossGuard does: touching a value that is not known yet throws. */
export const unknownCheckingProxy = sdk.unknownCheckingProxy;

/** What the engine sends for a value that is not known yet (`unknownStringValue` in @pulumi/policy's proxy.ts). */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Some parts were judged, others could not be: carries both through a rule's check to whoever runs the rule. */
class PartlyJudged<Message> extends Error {
    constructor(
        public readonly messages: readonly Message[],
        public readonly unknowns: readonly Error[],
    ) {
        super("some values are not known yet");
    }
}

/** What came of a check. */
export interface Outcome<Message = string> {
    readonly messages: readonly Message[];
    /** One error for each value that was needed and is not known yet. */
    readonly unknowns: readonly Error[];
}

/** Runs a check and separates what it found from what could not be judged. Any other error is thrown on. */
export function outcomeOf<Message = string>(check: () => readonly Message[]): Outcome<Message> {
    try {
        return { messages: check(), unknowns: [] };
    } catch (error) {
        if (error instanceof PartlyJudged) {
            return error as PartlyJudged<Message>;
        }
        if (error instanceof sdk.UnknownValueError) {
            return { messages: [], unknowns: [error] };
        }
        throw error;
    }
}

/**
 * Collects the messages of a check over several parts. A part that touches an unknown value does not keep the others
 * from being judged; the unknown is reported after them.
 */
export function collect<T, Message = string>(parts: Iterable<T>, check: (part: T) => readonly Message[]): Message[] {
    const outcomes = Array.from(parts, (part) => outcomeOf(() => check(part)));
    const messages = outcomes.flatMap((outcome) => outcome.messages);
    const unknowns = outcomes.flatMap((outcome) => outcome.unknowns);
    if (unknowns.length > 0) {
        throw new PartlyJudged(messages, unknowns);
    }
    return messages;
}

/** The value that `read` gives, or undefined where it is not known yet: for what only decorates a message. */
export function ifKnown<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        if (error instanceof sdk.UnknownValueError) {
            return undefined;
        }
        throw error;
    }
}
