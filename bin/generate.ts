import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { policiesMarkdown } from "../policy/docs";
import { stackDirectory } from "../stacks/load";
import { stackFileJsonSchema } from "../stacks/jsonSchema";
import { projectDirectory } from "./project";

/** Writes what is checked in but derived: the JSON Schema of the stack files, and the page of the rules. */
const derived: Readonly<Record<string, string>> = {
    [join(stackDirectory, "schema.json")]: `${JSON.stringify(stackFileJsonSchema(), undefined, 2)}\n`,
    [join("docs", "policies.md")]: policiesMarkdown(),
};

for (const [file, content] of Object.entries(derived)) {
    const path = join(projectDirectory(), file);
    writeFileSync(path, content);
    process.stdout.write(`wrote ${relative(process.cwd(), path)}\n`);
}
