import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { fieldsAt, listAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { systemOf } from "../../views/systemTable";
import { collect } from "../../views/unknown";
import type { ResourceView } from "../../views/view";

const defaultStores = [
    "bookkeeper/bookie",
    "cassandra/node",
    "kafka/broker",
    "kafka/controller",
    "opensearch/data",
    "opensearch/manager",
    "opensearch/node",
    "zookeeper/member",
];

export const retainedVolumes = defineRule({
    name: "operations-retained-volumes",
    description:
        "What keeps data has volumes for it, and these stay when what uses them is deleted or scaled down, and the object says so.",
    severity: "critical",
    remediation:
        "Set what the message names. Data then outlives a mistake; who wants it gone deletes the claims by hand.",
    levels: usualLevels,
    settings: settings({
        stores: z
            .array(words())
            .default(defaultStores)
            .describe("StatefulSets whose pods keep data, as <name>/<component> of the labels app.kubernetes.io/…."),
    }),
    check: (resource, { stores }) => [
        ...claimFaults(resource, stores),
        ...collect(demandsOf(resource), (demand) => judged(resource, demand)),
    ],
});

/** A store on volumes that end with their pod has lost everything after the first drain. */
function claimFaults({ kind, patch, object, podTemplates }: ResourceView, stores: readonly string[]): string[] {
    if (kind !== "StatefulSet" || patch) {
        return [];
    }
    const { name, component } = systemOf(podTemplates[0]?.labels ?? {});
    const claims = listAt(fieldsAt(object, "spec"), "volumeClaimTemplates");
    return claims.length > 0 || !stores.includes(`${name}/${component}`)
        ? []
        : [violation("StatefulSet spec.volumeClaimTemplates", `a volume for the data of ${name}`, undefined)];
}

/** A field, what it must hold, and what it holds where it is left out. */
interface Demand {
    readonly path: readonly string[];
    readonly expected: string | boolean;
}

const policy = ["persistentVolumeClaimRetentionPolicy"];

function demandsOf({ kind, object }: ResourceView): Demand[] {
    const retained = (path: readonly string[]): Demand[] =>
        ["whenDeleted", "whenScaled"].map((event) => ({ path: [...path, event], expected: "Retain" }));
    switch (kind) {
        case "StatefulSet":
            return listAt(fieldsAt(object, "spec"), "volumeClaimTemplates").length > 0
                ? retained(["spec", ...policy])
                : [];
        case "StorageClass":
            // Kubernetes takes Delete where it is left out.
            return [{ path: ["reclaimPolicy"], expected: "Retain" }];
        case "PersistentVolume":
            return [{ path: ["spec", "persistentVolumeReclaimPolicy"], expected: "Retain" }];
        case "Redis":
        case "RedisCluster":
        case "RedisReplication":
            return fieldsAt(object, "spec").storage === undefined
                ? []
                : [
                      // Without it the operator's finalizer deletes the claims.
                      { path: ["spec", "storage", "keepAfterDelete"], expected: true },
                      ...retained(["spec", "kubernetesConfig", ...policy]),
                  ];
        default:
            return [];
    }
}

function judged({ kind, patch, object }: ResourceView, { path, expected }: Demand): string[] {
    const parent = path.slice(0, -1).reduce(fieldsAt, object);
    const found = parent[path.at(-1) ?? ""];
    return found === expected || (patch && found === undefined)
        ? []
        : [violation(`${kind} ${path.join(".")}`, String(expected), found)];
}
