import { selectorKeys } from "./labelSelector";
import { elements, isAbsent } from "./podSecurity";
import { type Fields, fieldsAt, isFields } from "./raw";
import type { ResourceView } from "./view";

/** One rule of a network policy. */
export interface PolicyRule {
    /** How messages name it: `NetworkPolicy spec.ingress[0]`. */
    readonly label: string;
    readonly direction: "ingress" | "egress";
    /** Who is at the other end; none is everybody. */
    readonly peers: readonly Fields[];
    /** None is every port. */
    readonly ports: readonly Fields[];
}

/** Whether the object is a network policy of Kubernetes. */
export function isNetworkPolicy({ kind, apiVersion }: ResourceView): boolean {
    return kind === "NetworkPolicy" && apiVersion.startsWith("networking.k8s.io/");
}

/** The rules of a network policy, by direction. */
export function policyRulesOf({ object }: ResourceView, direction: PolicyRule["direction"]): PolicyRule[] {
    const fields = (value: unknown): Fields => (isFields(value) ? value : {});
    return elements(fieldsAt(object, "spec"), direction).map((rule, index) => ({
        label: `NetworkPolicy spec.${direction}[${index}]`,
        direction,
        get peers() {
            return elements(fields(rule), direction === "ingress" ? "from" : "to").map(fields);
        },
        get ports() {
            return elements(fields(rule), "ports").map(fields);
        },
    }));
}

/** Whether a selector is there and chooses everything. */
export function isEmptySelector(selector: unknown): boolean {
    return isFields(selector) && selectorKeys(selector).length === 0;
}

/** Whether a policy holds for every pod of its namespace. */
export function selectsEveryPod({ object }: ResourceView): boolean {
    const selector = fieldsAt(object, "spec").podSelector;
    // The field may be left out since networking.k8s.io/v1 of Kubernetes 1.33: then it counts as empty.
    return isAbsent(selector) || isEmptySelector(selector);
}

/** Whether a rule leads to these ports alone. */
export function onlyPorts({ ports }: PolicyRule, allowed: readonly number[]): boolean {
    return (
        ports.length > 0 &&
        ports.every(({ port, endPort }) => isAbsent(endPort) && typeof port === "number" && allowed.includes(port))
    );
}
