import type { z } from "zod";
import { type Fault, formatPath } from "../components/foundation/faults";
import type { Tier } from "../components/foundation/environment";
import { outsideDevelopment } from "./crossField";
import { markedValues } from "./schemaWalk";

/**
 * A fault for each secret that stands in plain text outside development. Schemas mark secrets with
 * `meta({ secret: true })`.
 *
 * @param encryptedSections sections whose secrets came encrypted from elsewhere than the stack file
 */
export function plainSecretFaults(
    schemas: Readonly<Record<string, z.core.$ZodType>>,
    raw: Readonly<Record<string, unknown>>,
    prefix: string,
    tier: Tier | undefined,
    encryptedSections: readonly string[],
): Fault[] {
    if (tier === undefined || !outsideDevelopment(tier)) {
        return [];
    }
    return Object.entries(schemas)
        .filter(([section]) => !encryptedSections.includes(section))
        .flatMap(([section, schema]) => markedValues("secret", schema, raw[section], [`${prefix}${section}`]))
        .filter(({ value }) => typeof value === "string" && value !== "")
        .map(({ path }) => ({
            path: formatPath(path),
            expected: `an encrypted value in a ${tier} environment (pulumi config set --secret --path)`,
            found: "plain text",
        }));
}
