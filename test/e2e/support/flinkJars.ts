import { mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { type Artifact, mavenJars } from "../../support/maven";

/** The release on Maven Central whose minor version is that of the catalog's image; patch releases need not be there. */
export const flinkRelease = "2.2.0";

const kubernetesJar: Artifact = ["org.apache.flink", "flink-kubernetes", flinkRelease];

/** What of Flink the JobManager and the session client load, and what they log with. */
const artifacts: readonly Artifact[] = [
    kubernetesJar,
    ["org.apache.flink", "flink-runtime", flinkRelease],
    ["org.apache.flink", "flink-clients", flinkRelease],
    ["org.apache.flink", "flink-rpc-akka-loader", flinkRelease],
    ["org.apache.flink", "flink-runtime-web", flinkRelease],
    ["org.apache.logging.log4j", "log4j-slf4j-impl", "2.24.3"],
    ["org.apache.logging.log4j", "log4j-core", "2.24.3"],
];

/** The class that knows where a JobManager's pod finds the template of its TaskManagers, and where it says so. */
const templateClass = "org/apache/flink/kubernetes/utils/KubernetesUtils.class";
const templateFolder = "/opt/flink/pod-template";

/** Flink's own classes on this machine. */
export interface FlinkJars {
    /** A class path with all jars. */
    readonly classPath: string;
    /**
     * Writes into a folder the one class that is changed for a run outside of a pod: it looks for the template of
     * TaskManagers in `templates`, since Flink's code fixes a path that only root can make on this machine.
     */
    readonly writeTemplateClass: (folder: string, templates: string) => Promise<void>;
}

/** The jars, with the class that is changed. */
export async function flinkJars(): Promise<FlinkJars> {
    const unpacked = { artifact: kubernetesJar, file: templateClass };
    const { classPath, classes } = await mavenJars({ name: "flink", version: flinkRelease, artifacts, unpacked });
    return {
        classPath,
        writeTemplateClass: async (into, templates) => {
            const file = path.join(into, templateClass);
            await mkdir(path.dirname(file), { recursive: true });
            const original = await readFile(path.join(classes, templateClass));
            await writeFile(file, withConstant(original, templateFolder, templates));
        },
    };
}

/** A class file with another text in the place of one of its constants (tag 1, two bytes of length, UTF-8). */
function withConstant(original: Buffer, before: string, after: string): Buffer {
    const constant = (text: string): Buffer => {
        const bytes = Buffer.from(text, "utf8");
        return Buffer.concat([Buffer.from([1, bytes.length >> 8, bytes.length & 255]), bytes]);
    };
    const old = constant(before);
    const at = original.indexOf(old);
    if (at < 0 || original.indexOf(old, at + 1) >= 0) {
        throw new Error(`expected the constant ${before} once in ${templateClass} of Flink ${flinkRelease}`);
    }
    return Buffer.concat([original.subarray(0, at), constant(after), original.subarray(at + old.length)]);
}
