import { type Fields, withField } from "../support";

/** One entry of a fact sheet's list of defects that a manifest shows, and the rule that has to find it. */
export interface Defect {
    /** Number in the sheet, and what is wrong. */
    readonly defect: string;
    /** `StatefulSet zk`: the object that the rule has to name. */
    readonly object: string;
    readonly rule: string;
    /** A part of the message. */
    readonly says: string;
    /**
     * Whether the rule has to be told first which system the pods are of: the manifests lack the labels by which rules
     * know one, which `naming-required-labels` finds.
     * @default false
     */
    readonly onceLabelled?: true;
}

/** How a project's official manifests look, in the tests' own words, and what is wrong with them. */
export interface OfficialManifests {
    readonly system: string;
    readonly objects: readonly Fields[];
    /** System and component of the pods of some objects, as the labels that the manifests lack would say it. */
    readonly parts: Readonly<Record<string, readonly [system: string, component: string]>>;
    readonly defects: readonly Defect[];
    /** Entries of the sheet's list that no manifest shows, each with the reason. */
    readonly unseen: Readonly<Record<string, string>>;
}

/** An object as the manifests write it: a few labels of their own, and a namespace only where one is written. */
export function manifest(
    apiVersion: string,
    kind: string,
    name: string,
    fields: Fields,
    metadata: Fields = {},
): Fields {
    return { apiVersion, kind, metadata: { name, ...metadata }, ...fields };
}

/** A workload whose pods carry the labels and consist of the containers. */
export function workload(
    kind: "DaemonSet" | "Deployment" | "StatefulSet",
    name: string,
    labels: Readonly<Record<string, string>>,
    spec: { readonly pod: Fields } & Fields,
    metadata: Fields = {},
): Fields {
    const { pod, ...others } = spec;
    return manifest(
        "apps/v1",
        kind,
        name,
        {
            spec: {
                selector: { matchLabels: labels },
                ...others,
                template: { metadata: { labels }, spec: pod },
            },
        },
        metadata,
    );
}

/** A service that selects by labels. */
export function service(
    name: string,
    selector: Readonly<Record<string, string>>,
    spec: Fields,
    metadata: Fields = {},
): Fields {
    return manifest("v1", "Service", name, { spec: { selector, ...spec } }, metadata);
}

/** `StatefulSet zk` */
export function nameOf(object: Fields): string {
    return `${String(object.kind)} ${String((object.metadata as Fields).name)}`;
}

/** The objects with the labels by which rules know a system, on themselves and on their pods. */
export function labelled({ objects, parts }: OfficialManifests): readonly Fields[] {
    return objects.map((object) => {
        const [name, component] = parts[nameOf(object)] ?? [];
        const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/component": component };
        const paths = [
            ["metadata", "labels"],
            ["spec", "template", "metadata", "labels"],
        ];
        return name === undefined
            ? object
            : paths.reduce(
                  (changed, path) =>
                      Object.entries(labels).reduce(
                          (each, [key, value]) => withField(each, [...path, key], value),
                          changed,
                      ),
                  object,
              );
    });
}
