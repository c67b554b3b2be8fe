import { startedPodsAnnotation } from "../../../components/foundation/labels";
import { settings } from "../../../components/foundation/values";
import { selectorMatches } from "../../views/labelSelector";
import { violation } from "../../message";
import {
    addressOf,
    namespaceOf,
    type StackPods,
    stackPodsOf,
    type Selection,
    selectsStartedPods,
} from "../../views/stackPods";
import { type Fields, fieldsAt, isFields, listAt } from "../../views/raw";
import { defineStackRule, usualLevels } from "../../rule";
import { messagesAbout } from "../../stackMessages";
import type { StackObject, StackView } from "../../views/stackView";
import { collect, ifKnown } from "../../views/unknown";

export const selectors = defineStackRule({
    name: "operations-selectors",
    description:
        "What selects pods finds them: Services and monitors, by label and port, workloads their own, and StatefulSets their headless Service.",
    severity: "high",
    remediation: `Let selector, labels and port names agree. Where a system starts the pods by itself, say who does in the annotation ${startedPodsAnnotation} of the object that selects them.`,
    levels: usualLevels,
    settings: settings({}),
    checkStack: (stack) => {
        const pods = stackPodsOf(stack);
        const services = servicesOf(stack);
        const kept = new Set(
            // A slice says by a label whose it is, Endpoints by their name (discovery.k8s.io/v1).
            [...stack.ofKind("Endpoints"), ...stack.ofKind("EndpointSlice")].flatMap((object) => {
                const owner = ifKnown(() => object.view.metadata.labels?.["kubernetes.io/service-name"]);
                return [addressOf(object), `${namespaceOf(object) ?? ""}/${owner ?? ""}`];
            }),
        );
        const checksOf = (object: StackObject): readonly (() => readonly string[])[] => {
            switch (object.view.kind) {
                case "Service":
                    return [() => serviceFaults(object, pods, kept)];
                case "PodMonitor":
                    return [() => podMonitorFaults(object, pods)];
                case "ServiceMonitor":
                    return [() => serviceMonitorFaults(object, services)];
                case "StatefulSet":
                    return [() => ownFaults(object), () => headlessFaults(object, services)];
                case "DaemonSet":
                case "Deployment":
                case "ReplicaSet":
                    return [() => ownFaults(object)];
                default:
                    return [];
            }
        };
        return collect(
            stack.objects.filter(({ view }) => !view.patch),
            (object) => messagesAbout(object, checksOf(object)),
        );
    },
});

const specOf = ({ view }: StackObject): Fields => fieldsAt(view.object, "spec");

// --- Services ---

/** The services of a stack, by `<namespace>/<name>`. */
type Services = ReadonlyMap<string, StackObject>;

function servicesOf(stack: StackView): Services {
    return new Map(stack.ofKind("Service").map((service) => [addressOf(service), service]));
}

/** @param kept addresses of the services whose endpoints the stack itself lists */
function serviceFaults(service: StackObject, pods: StackPods, kept: ReadonlySet<string>): string[] {
    const spec = specOf(service);
    const { selector } = spec;
    if (spec.type === "ExternalName") {
        return [];
    }
    if (!isFields(selector) || Object.keys(selector).length === 0) {
        return kept.has(addressOf(service)) || selectsStartedPods(service)
            ? []
            : [
                  violation(
                      "Service spec.selector",
                      "the labels of pods, or Endpoints of that name in the stack",
                      undefined,
                  ),
              ];
    }
    const chosen = pods.selected(namespaceOf(service), { matchLabels: { ...selector } });
    const targets = listAt(spec, "ports").flatMap((port) =>
        isFields(port) && typeof port.targetPort === "string" ? [port.targetPort] : [],
    );
    return selectionFaults(service, "Service spec.selector", { ...selector }, chosen, targets);
}

/** That a selector finds pods, and on each of them every port that is asked for by name. */
function selectionFaults(
    object: StackObject,
    place: string,
    selector: unknown,
    { groups, undecided }: Selection,
    ports: readonly string[],
): string[] {
    if (groups.length === 0) {
        return undecided || selectsStartedPods(object)
            ? []
            : [violation(place, "the labels of pods of the stack", JSON.stringify(selector))];
    }
    return groups
        .filter(({ byOperator }) => !byOperator)
        .flatMap(({ object: { name, view }, template }) => {
            const named = template.containers.flatMap(({ spec }) => (spec.ports ?? []).map((port) => port.name));
            return ports
                .filter((port) => !named.includes(port))
                .map((port) =>
                    violation(
                        `${object.view.kind} port ${port}`,
                        `a container port of that name in ${view.kind} ${name}`,
                        named.join(", "),
                    ),
                );
        });
}

// --- Monitors ---

/** The namespaces that a monitor looks into; undefined for all. */
function watchedBy(monitor: StackObject): readonly (string | undefined)[] | undefined {
    const { any, matchNames } = fieldsAt(specOf(monitor), "namespaceSelector");
    return any === true ? undefined : Array.isArray(matchNames) ? matchNames.map(String) : [namespaceOf(monitor)];
}

function portsOf(monitor: StackObject, key: string): string[] {
    return listAt(specOf(monitor), key).flatMap((endpoint) =>
        isFields(endpoint) && typeof endpoint.port === "string" ? [endpoint.port] : [],
    );
}

function podMonitorFaults(monitor: StackObject, pods: StackPods): string[] {
    const { selector } = specOf(monitor);
    const chosen = (watchedBy(monitor) ?? [undefined]).map((namespace) => pods.selected(namespace, selector));
    const selection = {
        groups: chosen.flatMap(({ groups }) => groups),
        undecided: chosen.some(({ undecided }) => undecided),
    };
    return selectionFaults(
        monitor,
        "PodMonitor spec.selector",
        selector,
        selection,
        portsOf(monitor, "podMetricsEndpoints"),
    );
}

function serviceMonitorFaults(monitor: StackObject, services: Services): string[] {
    const { selector } = specOf(monitor);
    const watched = watchedBy(monitor);
    const chosen = [...services.values()].filter(
        (service) =>
            (watched === undefined || watched.includes(namespaceOf(service))) &&
            selectorMatches(selector, service.view.metadata.labels ?? {}),
    );
    if (chosen.length === 0) {
        return selectsStartedPods(monitor)
            ? []
            : [
                  violation(
                      "ServiceMonitor spec.selector",
                      "the labels of Services of the stack",
                      JSON.stringify(selector),
                  ),
              ];
    }
    const named = chosen.flatMap((service) =>
        listAt(specOf(service), "ports").map((port) => (isFields(port) ? port.name : undefined)),
    );
    return portsOf(monitor, "endpoints")
        .filter((port) => !named.includes(port))
        .map((port) =>
            violation(`ServiceMonitor port ${port}`, "a port of that name of the Services", named.join(", ")),
        );
}

// --- Workloads ---

function ownFaults(workload: StackObject): string[] {
    const { kind, podTemplates } = workload.view;
    const { selector } = specOf(workload);
    const labels = podTemplates[0]?.labels ?? {};
    return isFields(selector) && selectorMatches(selector, labels) && !isEmpty(selector)
        ? []
        : [violation(`${kind} spec.selector`, "labels of its own pod template", JSON.stringify(selector))];
}

function isEmpty(selector: Fields): boolean {
    return (
        Object.keys(fieldsAt(selector, "matchLabels")).length === 0 && listAt(selector, "matchExpressions").length === 0
    );
}

function headlessFaults(set: StackObject, services: Services): string[] {
    const { serviceName } = specOf(set);
    const place = "StatefulSet spec.serviceName";
    if (typeof serviceName !== "string" || serviceName === "") {
        return [violation(place, "the name of a headless Service, which gives the pods their names", serviceName)];
    }
    const service = services.get(`${namespaceOf(set) ?? ""}/${serviceName}`);
    if (service === undefined) {
        return [violation(place, "a Service of the stack in the same namespace", serviceName)];
    }
    const { clusterIP, publishNotReadyAddresses, selector } = specOf(service);
    const labels = set.view.podTemplates[0]?.labels ?? {};
    return [
        ...(clusterIP === "None"
            ? []
            : [violation(`${place} ${serviceName}`, "a Service with clusterIP None", clusterIP)]),
        // A member that is not ready yet has to be found by the others, or none of them ever is.
        ...(publishNotReadyAddresses === true
            ? []
            : [
                  violation(
                      `${place} ${serviceName}`,
                      "a Service with publishNotReadyAddresses",
                      publishNotReadyAddresses,
                  ),
              ]),
        ...(isFields(selector) && selectorMatches({ matchLabels: { ...selector } }, labels)
            ? []
            : [violation(`${place} ${serviceName}`, "a Service that selects the pods", JSON.stringify(selector))]),
    ];
}
