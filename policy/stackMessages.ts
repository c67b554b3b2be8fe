import type { StackMessage } from "./rule";
import type { StackResource } from "./views/stackView";
import { collect } from "./views/unknown";

/** What several checks have to say about one resource. One that touches an unknown value does not stop the others. */
export function messagesAbout(resource: StackResource, checks: readonly (() => readonly string[])[]): StackMessage[] {
    return collect(checks, (check) => check().map((message) => ({ resource, message })));
}
