import { formatFound } from "../components/foundation/faults";
import { collect } from "./views/unknown";
import type { ContainerView } from "./views/podTemplates";
import type { ResourceView } from "./views/view";

/** A violation as messages state it: the place, what was expected there, and what was found. */
export function violation(place: string, expected: string, found: unknown): string {
    return `${place}: expected ${expected}, found ${formatFound(found)}`;
}

/** Checks every container of every pod template: init containers, containers and ephemeral ones. */
export function eachContainer(
    resource: ResourceView,
    check: (container: ContainerView) => readonly string[],
): string[] {
    return collect(resource.podTemplates, (template) => collect(template.containers, check));
}
