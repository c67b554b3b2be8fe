import { portsText } from "./layout";
import type { Flow, Topology } from "./topology";

/** The name of an end, or of a namespace as a whole, by its id: with its namespace, as it stands alone in a text. */
export function endName(id: string, { boxes }: Topology): string {
    for (const box of boxes) {
        if (box.id === id) {
            return `every pod of ${box.title}`;
        }
        const end = box.ends.find((each) => each.id === id);
        if (end !== undefined) {
            return `${box.title} / ${end.title}`;
        }
    }
    return id;
}

/** A flow in words. */
export function flowText(flow: Flow, topology: Topology): string {
    const from = flow.from.map((id) => (id === flow.to ? "itself" : endName(id, topology)));
    return `${endName(flow.to, topology)}, ${portsText(flow.ports)}: from ${from.join(", ")}`;
}
