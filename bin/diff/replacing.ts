import { isPatch, kindOf, type ResourceView } from "../plan/objects";

/**
 * Inputs whose change makes the provider delete an object and create it anew, by group and kind, beside the name and
 * the namespace of every object: `forceNew` in pulumi-kubernetes, provider/pkg/provider/diff.go. The data of ConfigMaps
 * and Secrets is not among them, since every provider of this program keeps both mutable.
 */
const replacingInputs: Readonly<Record<string, readonly string[]>> = {
    "apps/DaemonSet": ["spec.selector"],
    "apps/Deployment": ["spec.selector"],
    "apps/StatefulSet": [
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ],
    "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
    "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
    "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
    PersistentVolumeClaim: ["spec"],
    Pod: ["spec"],
    ResourceQuota: ["spec.scopes"],
    Secret: ["type"],
    Service: ["spec.clusterIP"],
};

/** Inputs that the API server refuses to change, though the provider tries: the change has to be made by hand. */
const objectIdentity = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

/** The inputs of a Kubernetes provider that say which cluster it is: another cluster has none of the objects. */
const clusterInputs = ["cluster", "clusterIdentifier", "context", "kubeconfig"];

/** Of the changed paths of a resource, those that make it a new one. */
export function replacingPaths(resource: ResourceView, paths: readonly string[]): string[] {
    const within = replacing(resource);
    return within === "all"
        ? [...paths]
        : paths.filter((path) =>
              within.some((input) => path === input || path.startsWith(`${input}.`) || path.startsWith(`${input}[`)),
          );
}

function replacing(resource: ResourceView): readonly string[] | "all" {
    const [scheme, group, kind] = resource.type.split(":");
    if (scheme === "kubernetes") {
        if (isPatch(resource.type)) {
            return objectIdentity;
        }
        const name = group?.includes("/") === true && !group.startsWith("core/") ? `${group.split("/")[0] ?? ""}/` : "";
        return [...objectIdentity, ...(replacingInputs[`${name}${kindOf(resource)}`] ?? [])];
    }
    if (scheme === "pulumi") {
        return group === "providers" && kind === "kubernetes" ? clusterInputs : [];
    }
    // A generated value is made of all its inputs: every one of them is ForceNew in the schemas of both providers.
    return scheme === "random" || scheme === "tls" ? "all" : [];
}
