import type { ResourceView } from "./view";

/** Whether an object may be of an operator's kind: Kubernetes' own groups with a dot have none of the fields looked for. */
export function isCustomResource({ apiVersion, kind }: ResourceView): boolean {
    return apiVersion.split("/")[0]?.includes(".") === true && kind !== "CustomResourceDefinition";
}
