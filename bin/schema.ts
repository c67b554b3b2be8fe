import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileJsonSchema } from "../stacks/jsonSchema";
import { stackFiles } from "./project";

/** Writes the JSON Schema of the stack files, by which editors complete and check them. */
const file = join(stackFiles(), "schema.json");
writeFileSync(file, `${JSON.stringify(stackFileJsonSchema(), undefined, 2)}\n`);
process.stdout.write(`wrote ${file}\n`);
