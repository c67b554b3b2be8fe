import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { run, succeeded } from "../e2e/support/run";

/** One artifact as Maven knows it. */
export type Artifact = readonly [group: string, artifact: string, version: string];

/** What is fetched of a system. */
export interface Wanted {
    /** The system: `zookeeper`. */
    readonly name: string;
    /** Its version; each has a folder of its own. */
    readonly version: string;
    /** Artifacts whose jars are fetched, with all that they need at run time. */
    readonly artifacts: readonly Artifact[];
    /** A class file that is wanted outside of its jar too. */
    readonly unpacked?: { readonly artifact: Artifact; readonly file: string };
}

/** Jars on this machine. */
export interface Jars {
    /** A class path with all of them. */
    readonly classPath: string;
    /** Folder with the class file that was asked for, at its path. */
    readonly classes: string;
}

/** The jars of a system, which Maven fetches once; they are kept beside the packages. */
export async function mavenJars(wanted: Wanted): Promise<Jars> {
    const { name, version, unpacked } = wanted;
    const folder = path.resolve("node_modules/.cache/data-platform", `${name}-${version}`);
    const [lib, classes] = [path.join(folder, "lib"), path.join(folder, "classes")];
    const [pomFile, done] = [path.join(folder, "pom.xml"), path.join(folder, "complete")];
    const pom = pomOf(wanted);
    const kept =
        existsSync(done) &&
        (unpacked === undefined || existsSync(path.join(classes, unpacked.file))) &&
        (await readFile(pomFile, "utf8")) === pom;
    if (!kept) {
        // Jars of another list would stay on the class path.
        await rm(folder, { recursive: true, force: true });
        await mkdir(folder, { recursive: true });
        await writeFile(pomFile, pom);
        const goals = [["copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${lib}`]];
        if (unpacked !== undefined) {
            const from = `-Dartifact=${unpacked.artifact.join(":")}`;
            goals.push(["unpack", from, `-Dmdep.unpack.includes=${unpacked.file}`, `-DoutputDirectory=${classes}`]);
        }
        for (const [goal = "", ...options] of goals) {
            const command = ["-q", "-B", `dependency:${goal}`, ...options];
            const ended = await run("mvn", command, { directory: folder, environment: process.env });
            succeeded(`fetching the jars of ${name} ${version} (mvn ${command.join(" ")}, in ${folder})`, ended);
        }
        await writeFile(done, "");
    }
    return { classPath: path.join(lib, "*"), classes };
}

const pomOf = ({ name, artifacts }: Wanted): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>data-platform</groupId>
  <artifactId>${name}-jars</artifactId>
  <version>1</version>
  <dependencies>
${artifacts
    .map(
        ([group, artifact, version]) =>
            `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
    )
    .join("\n")}
  </dependencies>
</project>
`;
