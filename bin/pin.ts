import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { ImageCatalog, imageNames } from "../components/foundation/images";
import { ConfigFaults } from "../stacks/faults";
import { stackFile } from "../stacks/load";
import { runCommand } from "./commandError";
import { formatPins, resolvePins, usedImages, withPins } from "./pin/pins";
import { planStack } from "./plan/stack";
import { stackFiles } from "./project";

interface PinOptions {
    readonly stack: string;
    readonly write?: boolean;
}

const command = new Command("pin")
    .description("resolve the tags of the images that a stack uses to digests")
    .requiredOption("--stack <name>", "stack, by the name of its file stacks/Pulumi.<name>.yaml")
    .option("--write", "write the digests into the stack file");

/** Prints, or writes, a digest for every image of the stack's plan. */
async function pin({ stack, write = false }: PinOptions): Promise<number> {
    const { config, plan } = await planStack(stack, stackFiles());
    const catalog = new ImageCatalog(config.images);
    const references = Object.fromEntries(imageNames.map((name) => [name, catalog.reference(name)]));
    const { pins, faults } = await resolvePins(usedImages(references, plan.resources));
    const file = stackFile(stack, stackFiles());
    if (Object.keys(pins).length > 0) {
        if (write) {
            writeFileSync(file, withPins(readFileSync(file, "utf8"), pins));
        }
        process.stdout.write(write ? `wrote ${Object.keys(pins).join(", ")} to ${file}\n` : formatPins(pins));
    }
    faults.forEach((fault) => process.stderr.write(`${fault}\n`));
    return faults.length === 0 ? 0 : 1;
}

void runCommand(
    () => pin(command.parse().opts<PinOptions>()),
    (error) => error instanceof ConfigFaults,
);
