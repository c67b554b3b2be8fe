import { z } from "zod";
import { oneOf, settings } from "../../../components/foundation/values";
import { amountOf, type Bound, type ResourceName, resourceNames, statedAmount } from "../../views/amounts";
import { claimedBytes, claimsOf } from "../../views/claims";
import { eachContainer, violation } from "../../message";
import type { Container, PodTemplateView } from "../../views/podTemplates";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";
import type { ResourceView } from "../../views/view";

const demanded = () => z.array(oneOf(...resourceNames)).default([...resourceNames]);

export const requestsAndLimits = defineRule({
    name: "resources-requests-and-limits",
    description:
        "Every container and init container states what it requests of a node and what it may use at most, and every volume claim its size.",
    severity: "high",
    remediation:
        "Set resources.requests and resources.limits of the container, and resources.requests.storage of the claim. Without a request the scheduler overfills nodes; without a limit one container takes what its neighbours need.",
    levels: usualLevels,
    settings: settings({
        requests: demanded().describe("Resources that every container must request."),
        limits: demanded().describe("Resources that every container must have a limit of."),
    }),
    check: (resource, demands) =>
        collect([() => ofContainers(resource, demands), () => ofClaims(resource)], (check) => check()),
});

type Demands = Readonly<Record<Bound, readonly ResourceName[]>>;

function ofContainers(resource: ResourceView, demands: Demands): string[] {
    return eachContainer(resource, ({ label, role, template, spec }) => {
        // Ephemeral containers can't have resources.
        if (role === "ephemeralContainer") {
            return [];
        }
        const partial = template.partial && !replacesResources(resource, template, spec);
        return collect(["requests", "limits"] as const, (key) =>
            collect(demands[key], (name) => {
                const amount = statedAmount(spec, key, name);
                // What a partial template leaves out is set elsewhere.
                return isPositive(amount) || (partial && amount === undefined)
                    ? []
                    : [violation(label, `a quantity above 0 in resources.${key}.${name}`, amount)];
            }),
        );
    });
}

/** A TrainJob's resources take the place of all that its runtime says of them (Trainer v2, jobset/builder.go). */
function replacesResources({ kind }: ResourceView, { path }: PodTemplateView, { resources }: Container): boolean {
    return kind === "TrainJob" && path === "spec.trainer" && (resources?.requests ?? resources?.limits) !== undefined;
}

function ofClaims(resource: ResourceView): string[] {
    return resource.patch
        ? []
        : collect(claimsOf(resource), (claim) =>
              claimedBytes(claim) > 0
                  ? []
                  : [
                        violation(
                            `${resource.kind} ${claim.path}.resources.requests.storage`,
                            "a quantity above 0",
                            statedAmount(claim.spec, "requests", "storage"),
                        ),
                    ],
          );
}

/** Zero counts as missing: as a limit it means none. */
function isPositive(stated: unknown): boolean {
    return (amountOf(stated) ?? 0) > 0;
}
