import { dnsSettings, type Environment, type Foundation } from "../../components/foundation/environment";
import { ImageCatalog, imageSettings } from "../../components/foundation/images";
import type { z } from "zod";

/** What a test changes of the good foundation. */
export interface FoundationOverrides {
    readonly environment?: Partial<Environment>;
    readonly images?: z.input<typeof imageSettings>;
    readonly dns?: z.input<typeof dnsSettings>;
    readonly apiServer?: Foundation["network"]["apiServer"];
    readonly targets?: Foundation["targets"];
    readonly monitoring?: Foundation["monitoring"];
}

/** A foundation without a fault: a development environment with one target set. */
export function foundation(overrides: FoundationOverrides = {}): Foundation {
    return {
        environment: { name: "dev", owner: "data-team", tier: "development", ...overrides.environment },
        images: new ImageCatalog(imageSettings.parse(overrides.images ?? {})),
        network: { dns: dnsSettings.parse(overrides.dns ?? {}), apiServer: overrides.apiServer },
        targets: overrides.targets ?? { stateful: [{ key: "pool", value: "stateful", constraint: "required" }] },
        ...(overrides.monitoring && { monitoring: overrides.monitoring }),
    };
}

/** The identity of a set in tests. */
export const identity = { name: "store", instance: "store-a", component: "member" } as const;

/** The labels that every object of {@link identity} in {@link foundation} carries. */
export const identityLabels = {
    "app.kubernetes.io/name": "store",
    "app.kubernetes.io/instance": "store-a",
    "app.kubernetes.io/component": "member",
    "app.kubernetes.io/part-of": "data-platform",
    "app.kubernetes.io/managed-by": "pulumi",
    "data-platform/environment": "dev",
    "data-platform/owner": "data-team",
};
