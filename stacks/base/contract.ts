import { type Fault, faultsOf, formatFound } from "../../components/foundation/faults";
import { baseContract, type BasePlatform, platformVersion } from "../platform";

/** An output of another stack, as the engine hands it over. */
export interface OutputDetails {
    readonly value?: unknown;
    readonly secretValue?: unknown;
}

/** The output that a base is read by, or what is wrong with it. */
export type Contract =
    { readonly platform: BasePlatform; readonly faults?: undefined } | { readonly faults: readonly Fault[] };

const output = "platform";

/**
 * Reads what a base tells its consumers.
 *
 * @param stack the base's full name
 */
export function readContract(stack: string, details: OutputDetails): Contract {
    const { value } = details;
    const deploy = `run up on ${stack} with this version of the program first`;
    if (details.secretValue !== undefined && details.secretValue !== null) {
        return fault(output, `plain values, since they decide what is deployed: ${deploy}`, "an encrypted value");
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return fault(output, `what a stack of this program puts out: ${deploy}`, formatFound(value ?? undefined));
    }
    const { schema } = value as { readonly schema?: unknown };
    if (schema !== platformVersion) {
        const isNewer = typeof schema === "number" && schema > platformVersion;
        const mend = isNewer ? "upgrade this program, which is older than the base" : deploy;
        return fault(
            `${output}.schema`,
            `${platformVersion}, the version that this program reads: ${mend}`,
            formatFound(schema),
        );
    }
    const result = baseContract.safeParse(value);
    return result.success
        ? { platform: result.data }
        : {
              faults: faultsOf(result.error, value, [output]).map((each) => ({
                  ...each,
                  expected: `${each.expected}: ${deploy}`,
              })),
          };
}

function fault(path: string, expected: string, found: string): Contract {
    return { faults: [{ path, expected, found }] };
}
