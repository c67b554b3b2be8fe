import { z } from "zod";
import type { CheckOptions } from "./check";

/** What a stack says elsewhere that rules judge by, as far as it is there: other sections have checks of their own. */
const stackSections = z.object({
    cluster: z.object({ storageClasses: z.record(z.string(), z.unknown()).default({}) }).catch({ storageClasses: {} }),
    images: z.object({ registry: z.string().optional() }).catch({}),
    environment: z.object({ protect: z.boolean().default(true) }).catch({ protect: true }),
});

/**
 * Settings of rules that a stack need not write twice: the storage classes that it lists are those that exist, and the
 * registry that it names is the one that images come from. Where it takes the protection off what keeps data, no rule
 * asks for it.
 *
 * @param sections the stack's sections `cluster`, `images` and `environment`
 * @param own what the stack sets for rules, which has the last word
 */
export function settingsFromStack(
    sections: { readonly cluster?: unknown; readonly images?: unknown; readonly environment?: unknown },
    own: NonNullable<CheckOptions["settings"]>,
): NonNullable<CheckOptions["settings"]> {
    const { cluster, images, environment } = stackSections.parse({
        cluster: {},
        images: {},
        environment: {},
        ...sections,
    });
    const host = images.registry?.split("/")[0];
    const derived = {
        "resources-storage-class": { classes: Object.keys(cluster.storageClasses) },
        "operations-protected": { required: environment.protect },
        "resources-allowed-registries": { registries: host === undefined ? [] : [host] },
    };
    return {
        ...own,
        ...Object.fromEntries(Object.entries(derived).map(([rule, settings]) => [rule, { ...settings, ...own[rule] }])),
    };
}
