import type { StackMessage } from "./rule";
import type { StackResource } from "./stackView";
import { collect } from "./unknown";

/** What several checks have to say about one resource. One that touches an unknown value does not stop the others. */
export function messagesAbout(resource: StackResource, checks: readonly (() => readonly string[])[]): StackMessage[] {
    return collect(checks, (check) => check().map((message) => ({ resource, message })));
}
