import { z } from "zod";
import { isQuantity, parseQuantity } from "../../components/foundation/quantity";
import type { PodTemplateView } from "./podTemplates";
import { type Fields, fieldsAt, listAt } from "./raw";

/** What a container can request and be limited in, and every rule about amounts judges. */
export const resourceNames = ["cpu", "memory", "ephemeral-storage"] as const;
export type ResourceName = (typeof resourceNames)[number];

/** A request or a limit. */
export type Bound = "requests" | "limits";

const factorWords = "a number from 1 to 1000";

/** A setting that says how many times as much as something. */
export const factor = (given: number) =>
    z.number({ error: factorWords }).min(1, { error: factorWords }).max(1000, { error: factorWords }).default(given);

/** Cores or bytes; undefined for what is no quantity. */
export function amountOf(value: unknown): number | undefined {
    const text = typeof value === "number" ? String(value) : value;
    return typeof text === "string" && isQuantity(text) ? parseQuantity(text) : undefined;
}

/** What a container says of one resource, as it stands there. */
export function statedAmount(container: object, bound: Bound, resource: string): unknown {
    return fieldsAt(fieldsAt(container as Fields, "resources"), bound)[resource];
}

/**
 * What the scheduler and a quota count for one pod: all containers that run together, or the largest moment of its
 * start, when init containers run one at a time beside the sidecars that started before them. (Kubernetes
 * documentation, "Sidecar containers: resource sharing within containers".) What the pod sets for itself as a whole
 * takes precedence.
 */
export function podAmount({ spec }: Pick<PodTemplateView, "spec">, bound: Bound, resource: string): number {
    const pod = spec as unknown as Fields;
    const whole = amountOf(statedAmount(pod, bound, resource));
    if (whole !== undefined) {
        return whole;
    }
    let sidecars = 0;
    let start = 0;
    for (const container of listAt(pod, "initContainers") as readonly Fields[]) {
        const amount = containerAmount(container, bound, resource);
        start = Math.max(start, sidecars + amount);
        // Only an init container that is restarted for ever runs beside the others.
        sidecars += container.restartPolicy === "Always" ? amount : 0;
    }
    const running = (listAt(pod, "containers") as readonly Fields[]).reduce(
        (total, container) => total + containerAmount(container, bound, resource),
        sidecars,
    );
    return Math.max(running, start) + (amountOf(fieldsAt(pod, "overhead")[resource]) ?? 0);
}

/** A container without a request requests its limit: the API server's default. */
function containerAmount(container: Fields, bound: Bound, resource: string): number {
    const stated = amountOf(statedAmount(container, bound, resource));
    return stated ?? (bound === "requests" ? amountOf(statedAmount(container, "limits", resource)) : undefined) ?? 0;
}
