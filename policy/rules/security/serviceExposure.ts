import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { isCustomResource } from "../../views/customResource";
import { fitsOne } from "../../glob";
import { violation } from "../../message";
import { elements } from "../../views/podSecurity";
import { at, type Fields, fieldsAt, isFields } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { ifKnown } from "../../views/unknown";
import type { ResourceView } from "../../views/view";

/** Types that lead somewhere else than into the cluster. */
const types = ["NodePort", "LoadBalancer", "ExternalName"];

export const serviceExposure = defineRule({
    name: "security-service-exposure",
    description: "No Service is reached from outside of the cluster, or leads out of it, unless the stack says so.",
    severity: "high",
    remediation:
        "Use type ClusterIP and let an Ingress or a route with its own login lead to it. Where the Service is meant to be open, list it in the setting allowed.",
    levels: usualLevels,
    settings: settings({
        allowed: z
            .array(words())
            .default([])
            .describe(
                "Services that may be open, and custom resources whose operator makes such Services, as <namespace>/<name>; * stands for any text.",
            ),
    }),
    check: (resource, { allowed }) => {
        const places = resource.kind === "Service" ? ofService(resource) : ofCustomResource(resource);
        const { namespace, name } = resource.metadata;
        return places.length > 0 && fitsOne(allowed, `${namespace ?? ""}/${String(name)}`)
            ? []
            : places.map(({ path, found, expected }) => violation(`${resource.kind} ${path}`, expected, found));
    },
});

interface Place {
    readonly path: string;
    readonly found: unknown;
    readonly expected: string;
}

function ofService({ object }: ResourceView): Place[] {
    const spec = fieldsAt(object, "spec");
    const addresses = elements(spec, "externalIPs");
    return [
        ...ofType("spec.type", spec.type),
        ...(addresses.length > 0
            ? [{ path: "spec.externalIPs", found: addresses.join(", "), expected: "no addresses" }]
            : []),
    ];
}

function ofType(path: string, found: unknown): Place[] {
    return typeof found === "string" && types.includes(found) ? [{ path, found, expected: "ClusterIP" }] : [];
}

/** Operators take over the field's name: `serviceType` (Redis, Spark's UI). */
function ofCustomResource(resource: ResourceView): Place[] {
    const visit = (value: unknown, path: string): Place[] => {
        if (Array.isArray(value)) {
            return [...value.keys()].flatMap((index) =>
                visit(
                    ifKnown(() => value[index] as unknown),
                    at(path, index),
                ),
            );
        }
        return isFields(value) ? Object.keys(value).flatMap((key) => ofField(value, key, at(path, key))) : [];
    };
    const ofField = (parent: Fields, key: string, path: string): Place[] =>
        key === "serviceType"
            ? ofType(path, parent[key])
            : visit(
                  ifKnown(() => parent[key]),
                  path,
              );
    return isCustomResource(resource) ? visit(resource.object.spec, "spec") : [];
}
