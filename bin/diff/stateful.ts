import { isFields } from "../../policy/views/raw";
import {
    isCustom,
    isKubernetes,
    isPatch,
    kindOf,
    namespaceOf,
    objectNameOf,
    text,
    type ResourceView,
} from "../plan/objects";

/** Fields by which custom resources ask their operator for volumes. */
const storageField = /^(storage|persistentVolumeClaim|volumeClaimTemplates?)$/;

/**
 * The URNs of what data hangs on: sets with an identity of their own, claims, custom resources that ask for volumes,
 * and the namespaces around them, whose deletion deletes all of it.
 */
export function statefulUrns(resources: readonly ResourceView[]): ReadonlySet<string> {
    const objects = resources.filter(({ type }) => isKubernetes(type) && !isPatch(type));
    const holders = objects.filter(holdsData);
    const homes = new Set(holders.map(namespaceOf));
    const namespaces = objects.filter((one) => kindOf(one) === "Namespace" && homes.has(objectNameOf(one)));
    return new Set([...holders, ...namespaces].map(({ urn }) => urn));
}

function holdsData(resource: ResourceView): boolean {
    const kind = kindOf(resource);
    return (
        ["StatefulSet", "PersistentVolumeClaim", "PersistentVolume"].includes(kind) ||
        (isCustom(text(resource.inputs, "apiVersion") ?? "v1") && asksForStorage(resource.inputs))
    );
}

function asksForStorage(value: unknown): boolean {
    return Array.isArray(value)
        ? value.some(asksForStorage)
        : isFields(value) &&
              Object.entries(value).some(([key, item]) => storageField.test(key) || asksForStorage(item));
}
