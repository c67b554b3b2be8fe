import { isMap, parseDocument, Scalar, stringify } from "yaml";
import { compareText } from "../plan/values";
import { parseImage, RegistryFault, resolveDigest, type RegistryOptions } from "./registry";

/** Tag and digest by catalog name: `"3.9.4@sha256:…"`. */
export type Pins = Readonly<Record<string, string>>;

/** Those images of a catalog that a plan's inputs mention, in a pod or in a system's own configuration. */
export function usedImages(
    references: Readonly<Record<string, string>>,
    resources: readonly { readonly inputs: unknown }[],
): Record<string, string> {
    const text = resources.map(({ inputs }) => JSON.stringify(inputs)).join("\n");
    return Object.fromEntries(Object.entries(references).filter(([, reference]) => text.includes(reference)));
}

/** Resolves every image's tag; a fault of one does not stop the others. */
export async function resolvePins(
    images: Readonly<Record<string, string>>,
    options: RegistryOptions = {},
): Promise<{ pins: Pins; faults: readonly string[] }> {
    const names = Object.keys(images).sort(compareText);
    const answers = await Promise.all(
        names.map(async (name) => {
            try {
                const image = parseImage(images[name] ?? "");
                return { name, pin: `${image.tag}@${await resolveDigest(image, options)}` };
            } catch (error) {
                if (error instanceof RegistryFault) {
                    return { name, fault: error.message };
                }
                throw error;
            }
        }),
    );
    return {
        pins: Object.fromEntries(answers.flatMap(({ name, pin }) => (pin === undefined ? [] : [[name, pin]]))),
        faults: answers.flatMap(({ fault }) => (fault === undefined ? [] : [fault])),
    };
}

/** The block to paste below `data-platform:images`. */
export function formatPins(pins: Pins): string {
    return stringify({ pins }, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}

/** The stack file with the pins in it; comments, other pins and everything else stay. */
export function withPins(stackFile: string, pins: Pins): string {
    const document = parseDocument(stackFile);
    const config = document.get("config");
    // Pulumi reads a key without a namespace as the project's own.
    const section = isMap(config) && config.has("images") ? "images" : "data-platform:images";
    for (const [name, pin] of Object.entries(pins)) {
        const value = new Scalar(pin);
        value.type = Scalar.QUOTE_DOUBLE;
        document.setIn(["config", section, "pins", name], value);
    }
    return document.toString({ lineWidth: 0 });
}
