import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Cluster } from "./cluster";

/** A way to the API server without kubectl's own requests, as somebody. */
export interface Proxy {
    /** URL of the API server's root. */
    readonly address: string;
    readonly close: () => void;
}

/**
 * Starts `kubectl proxy`, which logs in as the kubeconfig says.
 *
 * @param arguments_ further options, such as `--as`
 */
export async function openProxy(cluster: Cluster, ...arguments_: readonly string[]): Promise<Proxy> {
    const proxy = spawn("kubectl", ["--kubeconfig", cluster.kubeconfig, "proxy", "--port=0", ...arguments_], {
        stdio: ["ignore", "pipe", "inherit"],
    });
    const close = () => void proxy.kill();
    try {
        const address = await new Promise<string>((resolve, reject) => {
            proxy.on("error", reject);
            proxy.on("exit", () => reject(new Error("kubectl proxy ended")));
            createInterface(proxy.stdout).on("line", (line) => {
                const found = /127\.0\.0\.1:\d+/.exec(line)?.[0];
                if (found !== undefined) {
                    resolve(`http://${found}`);
                }
            });
        });
        return { address, close };
    } catch (error) {
        close();
        throw error;
    }
}
