import type { z } from "zod";
import { type Fault, formatPath, type Path } from "../components/foundation/faults";
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

/** A URL that carries a password, and so would carry it into config files and plans. */
const urlWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*:[^/?#\s]*@/i;

/** A fault for each URL with a password, in any environment: nothing would know that it is a secret. */
export function urlPasswordFaults(value: unknown, path: Path): Fault[] {
    if (typeof value === "string") {
        return urlWithPassword.test(value)
            ? [
                  {
                      path: formatPath(path),
                      expected: "a URL without a password, which has a setting of its own",
                      found: "one with a password",
                  },
              ]
            : [];
    }
    return typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, entry]) =>
              urlPasswordFaults(entry, [...path, Array.isArray(value) ? Number(key) : key]),
          );
}
