import { readFileSync } from "node:fs";

/** Keys of topics that docs/kafka-topics.md says are not offered. */
export function refusedTopicKeys(): string[] {
    const [, table = ""] =
        /\| key +\| why not +\|\n([^]*?)\n\n/.exec(readFileSync("docs/kafka-topics.md", "utf8")) ?? [];
    return [...table.matchAll(/^\| `([a-z.]+)`/gm)].map(([, key = ""]) => key);
}
