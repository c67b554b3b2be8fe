import { existsSync } from "node:fs";
import type { Context } from "mocha";
import { run } from "./run";

/** What a suite needs beside Node: the Pulumi CLI, or with it a cluster. */
export type Needs = "engine" | "cluster";

/** Path of the Pulumi CLI's launcher in the npm package `pulumi`. */
export const pulumiLauncher = require.resolve("pulumi/run.js");

const reasons = new Map<Needs, Promise<string | undefined>>();

/** Skips the suite, and says why, where a tool is missing; fails it where `E2E_REQUIRED=1` says that none may be. */
export async function requireTools(context: Context, needs: Needs): Promise<void> {
    const known = reasons.get(needs) ?? missing(needs);
    reasons.set(needs, known);
    const reason = await known;
    if (reason === undefined) {
        return;
    }
    if (process.env["E2E_REQUIRED"] === "1") {
        throw new Error(reason);
    }
    process.stdout.write(`    skipped: ${reason}\n`);
    context.skip();
}

async function missing(needs: Needs): Promise<string | undefined> {
    // The first run of the package fetches the engine.
    const pulumi = await tried(process.execPath, [pulumiLauncher, "version"]);
    if (pulumi !== undefined) {
        return `the Pulumi CLI does not run: ${pulumi}`;
    }
    if (needs === "engine") {
        return undefined;
    }
    const kubectl = await tried("kubectl", ["version", "--client"]);
    if (kubectl !== undefined) {
        return `kubectl does not run: ${kubectl}`;
    }
    const kubeconfig = process.env["E2E_KUBECONFIG"] ?? "";
    if (kubeconfig === "") {
        return "E2E_KUBECONFIG is not set: it names the kubeconfig of a cluster that these tests may use up";
    }
    if (!existsSync(kubeconfig)) {
        return `E2E_KUBECONFIG names a file that is not there: ${kubeconfig}`;
    }
    const cluster = await tried("kubectl", ["--kubeconfig", kubeconfig, "version", "--request-timeout=10s"]);
    return cluster === undefined ? undefined : `the cluster of E2E_KUBECONFIG does not answer: ${cluster}`;
}

async function tried(command: string, arguments_: readonly string[]): Promise<string | undefined> {
    try {
        const { code, output } = await run(command, arguments_, { environment: process.env });
        return code === 0 ? undefined : output.trim();
    } catch (error) {
        return error instanceof Error ? error.message : String(error);
    }
}
