import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { Cluster } from "./support/cluster";
import { type KubeObject, nameOf, type PodTemplate, type Workload } from "./support/objects";
import { stackNames } from "../../stacks/load";
import { addPlainStore, addSecured, allCanaries, securedStack, workspaceOn } from "./support/platform";
import { succeeded } from "./support/run";
import { reveals } from "./support/secrets";
import { podTemplates } from "./support/templates";
import { requireTools } from "./support/tools";
import type { Workspace } from "./support/workspace";

interface Manifest extends KubeObject {
    readonly spec?: Workload["spec"] & { readonly volumeClaimTemplates?: readonly KubeObject[] };
}

/** The pods that a workload would make, or that an operator would of a custom resource, with claims as plain volumes. */
function barePods({ kind, metadata: { name, namespace }, spec }: Manifest): object[] {
    const claims = (spec?.volumeClaimTemplates ?? []).map((claim) => ({
        name: claim.metadata.name,
        persistentVolumeClaim: { claimName: `${claim.metadata.name}-${name}-0` },
    }));
    return (podTemplates(spec) as readonly PodTemplate[]).map((template, index) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...template.metadata, name: `${kind.toLowerCase()}-${name}-${index}`, namespace },
        spec: { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claims] },
    }));
}

/** The namespaces that a stack uses and does not make: its base's. */
function namespacesOfOthers(objects: readonly Manifest[]): readonly KubeObject[] {
    const made = new Set(objects.filter(({ kind }) => kind === "Namespace").map(nameOf));
    const used = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
    return [...used]
        .filter((name) => !made.has(name))
        .map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
}

const priorityClassOfOthers = (name: string): KubeObject & { readonly value: number } => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value: 1000,
});

describe("rendered manifests on a bare cluster", () => {
    const cluster = new Cluster();
    const strict = ["--dry-run=server", "--validate=strict"];
    let workspace: Workspace;

    before(async function () {
        await requireTools(this, "cluster");
        workspace = await workspaceOn(cluster);
        addSecured(workspace, await cluster.context());
    });

    after(() => {
        (workspace as Workspace | undefined)?.remove();
    });

    for (const stack of [...stackNames(), securedStack]) {
        describe(`of ${stack}`, () => {
            let objects: readonly Manifest[] = [];
            /** What admission looks up for a pod, so that it has to be there for real. */
            const looked = (kind: string): readonly KubeObject[] => objects.filter((each) => each.kind === kind);

            /** Those of the stack, and those of its base that its pods name. */
            const priorityClasses = (): readonly KubeObject[] => {
                const own = looked("PriorityClass");
                const named = objects
                    .flatMap(({ spec }) => podTemplates(spec) as readonly PodTemplate[])
                    .flatMap(({ spec }) => spec.priorityClassName ?? []);
                const others = [...new Set(named)].filter((name) => !own.some((each) => nameOf(each) === name));
                return [...own, ...others.map(priorityClassOfOthers)];
            };

            before(async () => {
                const { files } = succeeded("render", await workspace.render(stack));
                objects = files.map((file) => parse(readFileSync(file, "utf8")) as Manifest);
                await cluster.apply(...looked("Namespace"), ...namespacesOfOthers(objects));
            });

            after(async () => {
                const namespaces = [...looked("Namespace"), ...namespacesOfOthers(objects)];
                await cluster.deleteNamespaces(...namespaces.map(nameOf));
                for (const priority of priorityClasses()) {
                    await cluster.must(["delete", "priorityclass", nameOf(priority), "--ignore-not-found"]);
                }
            });

            it("are accepted without a warning", async () => {
                const others = objects.filter(({ kind }) => kind !== "Namespace");
                assert.ok(others.length > 10, `${others.length} manifests`);
                const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: others });
                const ended = await cluster.kubectl(["apply", "--server-side", ...strict, "-f", "-"], list);
                assert.equal(ended.code, 0, ended.output);
                // A placeholder in the place of a certificate is none.
                assert.equal(
                    ended.stderr.replace(/^Warning: tls: failed to find any PEM data in certificate input\n/, ""),
                    "",
                );
                assert.equal(ended.stdout.trim().split("\n").length, others.length);
            });

            it("make pods that Pod Security lets in without a warning", async () => {
                const pods = objects.filter(({ metadata }) => metadata.namespace !== undefined).flatMap(barePods);
                assert.ok(pods.length >= 2, `${pods.length} pod templates`);
                await cluster.apply(...priorityClasses(), ...looked("ServiceAccount"));
                const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: pods });
                const ended = await cluster.kubectl(["create", ...strict, "-f", "-"], list);
                assert.equal(ended.code, 0, ended.output);
                assert.equal(ended.stderr, "");
            });
        });
    }

    it("never hold a secret, even one that stands in the stack file in plain text", async () => {
        addPlainStore(workspace, "dev");
        const { files } = succeeded("render", await workspace.render("dev"));
        const written = files.map((file) => readFileSync(file, "utf8")).join("\n");
        assert.match(written, /teraslice\.yaml: <secret>/);
        assert.equal(reveals(written, allCanaries), false);
    });

    it("would be refused with a field that Kubernetes does not know", async () => {
        const misspelt = {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "misspelt", namespace: "default" },
            dat: {},
        };
        const ended = await cluster.kubectl(["apply", "--server-side", ...strict, "-f", "-"], JSON.stringify(misspelt));
        assert.notEqual(ended.code, 0);
    });
});
