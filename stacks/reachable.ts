import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { portOf } from "../components/foundation/values";

/** The part of a kubeconfig that says where a context's cluster answers. */
const kubeconfigSchema = z.object({
    "current-context": z.string().optional(),
    contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })).nullish(),
    clusters: z
        .array(
            z.object({
                name: z.string(),
                cluster: z.object({ server: z.string(), "proxy-url": z.string().optional() }),
            }),
        )
        .nullish(),
});

/** Reads a kubeconfig. It holds credentials, so what is wrong with it is not shown. */
function kubeconfigOf(text: string): z.output<typeof kubeconfigSchema> {
    try {
        return kubeconfigSchema.parse(parse(text) ?? {});
    } catch {
        throw new Error("the kubeconfig can't be read: it is not YAML with contexts and clusters");
    }
}

/** Address of an API server, and whether it is reached through a proxy. */
export interface ApiServerAddress {
    readonly server: string;
    readonly proxied: boolean;
}

/** Files that kubectl would read. */
export function kubeconfigFiles(environment: NodeJS.ProcessEnv): string[] {
    const listed = environment["KUBECONFIG"]?.split(path.delimiter).filter((file) => file !== "") ?? [];
    return listed.length > 0 ? listed : [path.join(homedir(), ".kube", "config")];
}

/**
 * Where a context's API server is, from the texts of kubeconfig files. Without a context, the current one.
 *
 * @throws Error that says what is missing, and which contexts there are.
 */
export function apiServerOf(texts: readonly string[], context?: string): ApiServerAddress {
    const files = texts.map(kubeconfigOf);
    const name = context ?? files.find((file) => file["current-context"] !== undefined)?.["current-context"];
    const contexts = files.flatMap((file) => file.contexts ?? []);
    const found = contexts.find((each) => each.name === name);
    if (found === undefined) {
        const known = contexts.map((each) => each.name).join(", ");
        throw new Error(`the kubeconfig has no context "${name ?? ""}"${known === "" ? "" : ` (it has ${known})`}`);
    }
    const cluster = files
        .flatMap((file) => file.clusters ?? [])
        .find((each) => each.name === found.context.cluster)?.cluster;
    if (cluster === undefined) {
        throw new Error(`the kubeconfig's context "${found.name}" names a cluster that is not there`);
    }
    return { server: cluster.server, proxied: cluster["proxy-url"] !== undefined };
}

/**
 * Fails with one line when a cluster does not answer: the plugin would fail once for each object instead.
 *
 * @param timeout milliseconds to wait for the connection
 * @throws Error when the context is missing or nothing answers at its address.
 */
export async function expectReachable(
    cluster: { readonly context?: string | undefined; readonly kubeconfig?: string | undefined },
    environment: NodeJS.ProcessEnv = process.env,
    timeout = 5000,
): Promise<void> {
    const texts =
        cluster.kubeconfig === undefined
            ? kubeconfigFiles(environment)
                  .filter((file) => existsSync(file))
                  .map((file) => readFileSync(file, "utf8"))
            : [cluster.kubeconfig];
    if (texts.length === 0) {
        throw new Error(
            `there is no kubeconfig at ${kubeconfigFiles(environment).join(", ")} to find the context "${cluster.context ?? ""}" in`,
        );
    }
    const { server, proxied } = apiServerOf(texts, cluster.context);
    if (proxied || environment["HTTPS_PROXY"] !== undefined || environment["https_proxy"] !== undefined) {
        return;
    }
    const reason = await connectionFault(new URL(server).hostname, portOf(server), timeout);
    if (reason !== undefined) {
        throw new Error(`the cluster's API server ${server} can't be reached (${reason}); nothing was changed`);
    }
}

function connectionFault(host: string, port: number, timeout: number): Promise<string | undefined> {
    return new Promise((resolve) => {
        const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port, timeout });
        const end = (reason: string | undefined) => {
            socket.destroy();
            resolve(reason);
        };
        socket.once("connect", () => end(undefined));
        socket.once("timeout", () => end(`no answer within ${timeout / 1000} s`));
        socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    });
}
