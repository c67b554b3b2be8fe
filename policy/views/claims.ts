import { amountOf } from "./amounts";
import type { PodTemplateView } from "./podTemplates";
import { at, type Fields, fieldsAt, isFields, listAt } from "./raw";
import { ifKnown } from "./unknown";
import type { ResourceView } from "./view";

/** One persistent volume claim, or the template of some. */
export interface ClaimView {
    /** Path of its spec in the object: `spec.volumeClaimTemplates[0].spec`. */
    readonly path: string;
    /** Read on demand: it may not be known yet. */
    readonly spec: Fields;
}

/** Every persistent volume claim that comes of an object: itself, by a template, or by a pod's ephemeral volume. */
export function claimsOf(resource: ResourceView): ClaimView[] {
    const { kind, apiVersion, object } = resource;
    if (apiVersion.split("/")[0]?.includes(".") === true) {
        return kind === "CustomResourceDefinition" ? [] : embeddedClaims(object);
    }
    const spec = (): Fields => fieldsAt(object, "spec");
    switch (kind) {
        case "PersistentVolumeClaim":
            return [claimView("spec", spec)];
        case "StatefulSet":
            return [
                ...listAt(spec(), "volumeClaimTemplates").map((claim, index) =>
                    claimView(at(at("spec.volumeClaimTemplates", index), "spec"), () => specOf(claim)),
                ),
                ...resource.podTemplates.flatMap(ephemeralClaims),
            ];
        default:
            return resource.podTemplates.flatMap(ephemeralClaims);
    }
}

/** The claims that each pod of a template gets for its own lifetime. */
export function ephemeralClaims({ path, spec }: PodTemplateView): ClaimView[] {
    const volumes = listAt(spec, "volumes");
    return volumes.flatMap((volume, index) => {
        const ephemeral = isFields(volume) ? fieldsAt(volume, "ephemeral") : {};
        const volumePath = at(at(at(path, "spec"), "volumes"), index);
        return "volumeClaimTemplate" in ephemeral
            ? [
                  claimView(`${volumePath}.ephemeral.volumeClaimTemplate.spec`, () =>
                      specOf(ephemeral.volumeClaimTemplate),
                  ),
              ]
            : [];
    });
}

/** Whether pods of a template keep data in claims: those of others, or their own. */
export function hasClaims({ spec }: PodTemplateView): boolean {
    return listAt(spec, "volumes").some(
        (volume) => isFields(volume) && (volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined),
    );
}

/** Bytes that a claim requests. */
export function claimedBytes({ spec }: ClaimView): number {
    return amountOf(fieldsAt(fieldsAt(spec, "resources"), "requests").storage) ?? 0;
}

function claimView(path: string, spec: () => Fields): ClaimView {
    return {
        path,
        get spec() {
            return spec();
        },
    };
}

function specOf(claim: unknown): Fields {
    return isFields(claim) ? fieldsAt(claim, "spec") : {};
}

/** Operators take over the name from Kubernetes: `volumeClaimTemplate`, `nodeConfVolumeClaimTemplate`. */
const templateKey = /volumeclaimtemplates?$/i;

/** Finds claims in a custom resource of any kind, by the name of the field. */
function embeddedClaims(object: Fields): ClaimView[] {
    const found: ClaimView[] = [];
    const visit = (value: unknown, path: string): void => {
        if (Array.isArray(value)) {
            value.forEach((_, index) =>
                visit(
                    ifKnown((): unknown => value[index]),
                    at(path, index),
                ),
            );
        } else if (isFields(value)) {
            for (const key of Object.keys(value)) {
                const below = ifKnown((): unknown => value[key]);
                const items = Array.isArray(below) ? (below as unknown[]) : undefined;
                if (!templateKey.test(key)) {
                    visit(below, at(path, key));
                } else if (items !== undefined) {
                    items.forEach((item, index) =>
                        found.push(claimView(at(at(at(path, key), index), "spec"), () => specOf(item))),
                    );
                } else {
                    // Read again when it is judged, for an unknown one throws then.
                    found.push(claimView(at(at(path, key), "spec"), () => specOf(value[key])));
                }
            }
        }
    };
    visit(object, "");
    return found;
}
