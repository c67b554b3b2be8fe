// Removes compiled files whose source is gone: Node would still find them, a file even before a folder of its name.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

const compiled = "dist";
const files = existsSync(compiled) ? readdirSync(compiled, { recursive: true, withFileTypes: true }) : [];
for (const file of files.filter((entry) => entry.isFile() && /\.(js|d\.ts)$/.test(entry.name))) {
    const path = join(file.parentPath, file.name);
    if (!existsSync(relative(compiled, path).replace(/\.(js|d\.ts)$/, ".ts"))) {
        rmSync(path);
    }
}
