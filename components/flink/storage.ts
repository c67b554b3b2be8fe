import { accessKeySettings } from "../foundation/s3";
import { oneOf, settings, text, url, words } from "../foundation/values";

/** File systems that the image brings as plugins in /opt/flink/opt, by their short names, with their URI schemes. */
export const pluginSchemes = {
    "s3-fs-presto": ["s3", "s3p"],
    "s3-fs-hadoop": ["s3", "s3a"],
    "azure-fs-hadoop": ["abfs", "abfss", "wasb", "wasbs"],
    "gs-fs-hadoop": ["gs"],
    "oss-fs-hadoop": ["oss"],
} as const;

export type Plugin = keyof typeof pluginSchemes;

export const pluginNames = Object.keys(pluginSchemes) as [Plugin, ...Plugin[]];

/** Every scheme that a plugin serves, without doubles. */
const schemes = [...new Set(Object.values(pluginSchemes).flat())];

/**
 * A directory that every pod of the cluster can reach, and that outlives them all: an object store. A path of a pod's own
 * file system is lost with the pod, and HDFS needs Hadoop's libraries, which the image lacks.
 */
export const durableUri = () =>
    text(
        new RegExp(`^(${schemes.join("|")})://[A-Za-z0-9][A-Za-z0-9@._-]*(/[A-Za-z0-9=@._-]+)*/?$`),
        1000,
        `a directory of an object store, such as s3://bucket/flink (${schemes.map((scheme) => `${scheme}:`).join(" | ")})`,
    );

/** Plugins that serve a URI's scheme. */
export function pluginsFor(uri: string): Plugin[] {
    const scheme = uri.slice(0, uri.indexOf(":"));
    return pluginNames.filter((name) => pluginSchemes[name].some((each) => each === scheme));
}

/** How the plugins for S3 reach a store. */
export const s3Settings = settings({
    endpoint: url().optional().describe("URL of the store (s3.endpoint). Default: AWS's own for the region."),
    region: words().optional().describe("Region of the buckets (s3.endpoint.region). Default: what the client finds."),
    addressing: oneOf("virtualHost", "path")
        .default("virtualHost")
        .describe(
            "Where the bucket's name stands: in the host name, or in the path as MinIO needs it (s3.path.style.access). Default virtualHost.",
        ),
    credentials: accessKeySettings("the namespace before the pods do")
        .optional()
        .describe(
            "Secret with the access key, as environment of JobManagers and TaskManagers. Default: what the plugin finds by itself, such as the node's role.",
        ),
});

/** Release of Flink in an image's tag, such as 2.2.1; undefined where the tag does not begin with one. */
export function releaseOf(image: string): string | undefined {
    return /:(\d+\.\d+\.\d+)([-.@]|$)/.exec(image)?.[1];
}

/**
 * What is wrong with a session's image, from its reference alone. The files are written for Flink 2, and the jars of the
 * plugins carry the release in their names.
 */
export function imageFaults(image: string): readonly { readonly expected: string; readonly found: string }[] {
    const release = releaseOf(image);
    return release !== undefined && Number(release.split(".")[0]) >= 2
        ? []
        : [{ expected: "an image whose tag begins with a release of Flink 2, such as 2.2.1-java17", found: image }];
}
