import { formatFound, type Path, valueAt } from "../../components/foundation/faults";
import { referencesIn, SecretReference } from "../../components/foundation/secretReference";
import { type NamespacePart, namespaceParts } from "../namespaces";
import type { Check, ReadableSections } from "./check";

/** The parts with a namespace of their own, as far as the sections can be read; none without the environment's name. */
export function readableParts({
    environment,
    sharing,
    zookeeper,
    opensearch,
    uploader,
    systems,
}: ReadableSections): NamespacePart[] {
    return environment === undefined
        ? []
        : namespaceParts({ environment, sharing, zookeeper, opensearch, uploader, systems });
}

const namespacesApart: Check = (config, at) => {
    const parts = readableParts(config);
    return parts.flatMap((part, index) => {
        const twin = parts.slice(0, index).find((earlier) => earlier.namespace === part.namespace);
        return twin === undefined
            ? []
            : [
                  {
                      path: at(...part.settingsPath, "name"),
                      expected: `a namespace of its own, not the one of ${twin.path.join(".")}`,
                      found: formatFound(part.namespace),
                  },
              ];
    });
};

/** Whether a namespace is the cluster's: Kubernetes reserves the prefix kube-, and default is always there. */
const isClusters = (namespace: string) => namespace === "default" || namespace.startsWith("kube-");

// The stack would take the namespace over, close it to all traffic, and delete it with all that is in it at the end.
const namespacesOfTheStack: Check = (config, at) =>
    readableParts(config)
        .filter(({ namespace, settings }) => settings.name !== undefined && isClusters(namespace))
        .map(({ settingsPath, namespace }) => ({
            path: at(...settingsPath, "name"),
            expected: "a namespace of the stack's own, neither default nor one that begins with kube-",
            found: formatFound(namespace),
        }));

const dnsElsewhere: Check = (config, at) =>
    readableParts(config)
        .filter(({ namespace }) => namespace === config.cluster?.dns.namespace && !isClusters(namespace))
        .map(({ settingsPath, namespace }) => ({
            path: at(...settingsPath, "name"),
            expected: "a namespace other than cluster.dns.namespace, which the stack would close to all traffic",
            found: formatFound(namespace),
        }));

/** Prefixes that Kubernetes keeps for itself: of namespaces, and of priority classes (ValidatePriorityClass). */
const reservedPrefixes = ["kube", "system"];

const environmentNotReserved: Check = ({ environment }, at) =>
    environment !== undefined &&
    reservedPrefixes.some((prefix) => environment.name === prefix || environment.name.startsWith(`${prefix}-`))
        ? [
              {
                  path: at("environment", "name"),
                  expected:
                      "a name that begins neither with kube- nor with system-, which Kubernetes keeps for its own namespaces and priority classes",
                  found: formatFound(environment.name),
              },
          ]
        : [];

/** Namespaces of Secrets that must be there before the stack is. */
function namespacesOfExistingSecrets(config: ReadableSections): { path: Path; namespace: string }[] {
    const { opensearch } = config;
    const login =
        opensearch?.kind === "external" && opensearch.credentials !== undefined
            ? [{ path: ["opensearch", "credentials", "namespace"], namespace: opensearch.credentials.namespace }]
            : [];
    const references = referencesIn(config).flatMap((path) => {
        const reference = valueAt(config, path);
        return reference instanceof SecretReference
            ? [{ path: [...path, "namespace"], namespace: reference.namespace }]
            : [];
    });
    return [...login, ...references];
}

const secretsBeforeTheStack: Check = (config, at) => {
    const own = readableParts(config);
    return namespacesOfExistingSecrets(config).flatMap(({ path, namespace }) => {
        const maker = own.find((part) => part.namespace === namespace);
        return maker === undefined
            ? []
            : [
                  {
                      path: at(...path),
                      expected: `a namespace that is there before the stack: this one is made by ${maker.path.join(".")}, after the Secret is read`,
                      found: formatFound(namespace),
                  },
              ];
    });
};

export const namespaceChecks: readonly Check[] = [
    namespacesApart,
    namespacesOfTheStack,
    dnsElsewhere,
    environmentNotReserved,
    secretsBeforeTheStack,
];
