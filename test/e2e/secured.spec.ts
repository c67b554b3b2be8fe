import * as assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { Cluster } from "./support/cluster";
import type { Step } from "./support/events";
import { type KubeObject, nameOf } from "./support/objects";
import { addSecured, securedStack as stack } from "./support/platform";
import { eventually, run, succeeded } from "./support/run";
import { generatedSecrets, holdersOf, reveals, secretData } from "./support/secrets";
import { hiddenPaths, podTemplates } from "./support/templates";
import { requireTools } from "./support/tools";
import { type Operated, Workspace } from "./support/workspace";

const parts = ["zookeeper", "opensearch", "uploader", "teraslice"];
const namespaces = parts.map((part) => `sec-${part}`);

/** What an operation did to Kubernetes objects, not only planned: `update zookeeper-config`. */
const changedObjects = (steps: readonly Step[]): readonly string[] =>
    steps
        .filter(({ planned, type, op }) => !planned && type.startsWith("kubernetes:") && !op.startsWith("read"))
        .map(({ op, name }) => `${op} ${name}`)
        .sort();

/** Pods that a Deployment or a Job names anew each time. */
const renamed = /^(.*\/(?:teraslice-master|opensearch-setup|.*-dashboard-proxy))-.*$/;
const withoutHash = (name: string): string => name.replace(renamed, "$1");

describe("a stack with everything that protects", () => {
    const cluster = new Cluster();
    let workspace: Workspace;
    let inventory: readonly string[];
    let previewed: Operated;
    let first: Operated;
    /** All that the engine and the program have said so far. */
    const said: string[] = [];

    const operate = async (...arguments_: Parameters<Workspace["operate"]>): Promise<Operated> => {
        const ended = await workspace.operate(...arguments_);
        said.push(ended.output);
        return ended;
    };

    before(async function () {
        await requireTools(this, "cluster");
        workspace = new Workspace(cluster.kubeconfig);
        addSecured(workspace, await cluster.context());
        succeeded("stack init", await workspace.pulumi("stack", "init", stack, "--no-select"));
        inventory = await cluster.inventory();
        previewed = succeeded("preview", await operate("preview", stack));
        first = succeeded("up", await operate("up", stack, "--skip-preview"));
    });

    after(async () => {
        if (workspace as Workspace | undefined) {
            if (workspace.state(stack).includes('"kubernetes:')) {
                await workspace.release(stack);
                await workspace.operate("destroy", stack);
            }
            await cluster.deleteNamespaces(...namespaces);
            workspace.remove();
        }
    });

    const everything = async (): Promise<readonly KubeObject[]> =>
        (await cluster.everything()).filter(({ metadata }) => namespaces.includes(metadata.namespace ?? ""));
    const settled = (): Promise<Readonly<Record<string, string>>> => cluster.settledPods(...namespaces);

    it("converges without a warning, and only creates", () => {
        assert.deepEqual(first.events.complaints, []);
        assert.deepEqual([...new Set(first.events.changes.map(({ op }) => op))], ["create"]);
    });

    it("knows every pod template in full before anything is created, so that every rule can judge it", () => {
        const templates = previewed.events.steps.flatMap(({ name, inputs }) =>
            podTemplates(inputs).map((template) => ({ name, hidden: hiddenPaths(template) })),
        );
        assert.ok(templates.length >= 8, `${templates.length}`);
        assert.deepEqual(
            templates.filter(({ hidden }) => hidden.length > 0),
            [],
        );
    });

    it("changes nothing when it is repeated, and finds the cluster as it left it", async () => {
        const again = await operate("up", stack, "--expect-no-changes", "--skip-preview");
        assert.equal(again.code, 0, again.output);
        const refreshed = await operate("preview", stack, "--refresh", "--expect-no-changes");
        assert.equal(refreshed.code, 0, refreshed.output);
    });

    it("has every pod ready, and the cluster's setup done", async () => {
        const pods = Object.keys(await settled())
            .map(withoutHash)
            .sort();
        assert.deepEqual(
            [...new Set(pods)],
            [
                ...[0, 1, 2].map((node) => `sec-opensearch/opensearch-data-${node}`),
                "sec-opensearch/opensearch-dashboard-proxy",
                "sec-teraslice/teraslice-dashboard-proxy",
                "sec-teraslice/teraslice-master",
                "sec-uploader/uploader-0",
                "sec-uploader/uploader-dashboard-proxy",
                ...[1, 2, 3].map((member) => `sec-zookeeper/zookeeper-${member}`),
            ].sort(),
        );
        const { status } = await cluster.json<KubeObject & { status: { succeeded?: number } }>(
            "get",
            "job",
            "--namespace",
            "sec-opensearch",
            "opensearch-setup",
        );
        assert.equal(status.succeeded, 1);
    });

    it("lists every UI with what opens it", async () => {
        const output = succeeded("output", await workspace.pulumi("stack", "output", "--json", "--stack", stack));
        const { platform } = JSON.parse(output.stdout) as {
            platform: { dashboards: readonly { title: string; url?: string; command: string; login?: string }[] };
        };
        const lines = platform.dashboards.map(({ title, url }) => `${title} ${url ?? ""}`);
        assert.deepEqual(lines, [
            "OpenSearch https://search.example.com/",
            "Teraslice API https://teraslice.example.com/",
            "Uploader https://packages.example.com/",
        ]);
        // The command that shows a generated login shows it.
        for (const { login } of platform.dashboards) {
            if (login !== undefined) {
                const environment = { ...process.env, KUBECONFIG: cluster.kubeconfig };
                const shown = succeeded("login", await run("bash", ["-c", login], { environment })).stdout;
                assert.match(shown, /^operator [A-Za-z0-9]{32}\n$/);
            }
        }
    });

    it("exposes in every form, and asks everywhere", async () => {
        const objects = (await everything()).map(
            ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`,
        );
        for (const object of [
            "Ingress sec-teraslice/teraslice-dashboard",
            "HTTPRoute sec-uploader/uploader-dashboard",
            "Service sec-opensearch/opensearch-dashboard-balancer",
            "PodMonitor sec-zookeeper/zookeeper-members",
            "PrometheusRule sec-opensearch/opensearch",
            "PrometheusRule sec-teraslice/teraslice",
            "PrometheusRule sec-uploader/uploader",
            "PrometheusRule sec-zookeeper/zookeeper",
        ]) {
            assert.ok(
                objects.includes(object),
                `${object} among\n${objects.filter((each) => !/Event|Endpoint/.test(each)).join("\n")}`,
            );
        }
    });

    describe("its certificates", () => {
        const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
        const read = async (namespace: string, secret: string) =>
            secretData(await cluster.json("get", "secret", "--namespace", namespace, secret));

        it("of ZooKeeper are for the members' names, by an authority that the members trust", async () => {
            const files = await read("sec-zookeeper", "zookeeper-quorum-tls");
            const leaf = new X509Certificate(files["tls.crt"] ?? "");
            const trusted = (files["ca.crt"] ?? "").match(pem) ?? [];
            assert.equal(trusted.length, 2, "the present authority and the one to come");
            assert.equal(trusted.filter((each) => leaf.verify(new X509Certificate(each).publicKey)).length, 1);
            assert.ok(trusted.every((each) => new X509Certificate(each).ca));
            for (const member of [1, 2, 3]) {
                assert.ok(leaf.checkHost(`zookeeper-${member}.zookeeper-members.sec-zookeeper.svc.cluster.local`));
            }
            assert.match(files["tls.key"] ?? "", /^-----BEGIN PRIVATE KEY-----/);
        });

        it("of OpenSearch are for the Service that Teraslice calls", async () => {
            const secrets = (await everything()).filter(
                ({ kind, metadata }) => kind === "Secret" && metadata.namespace === "sec-opensearch",
            );
            const leaves = secrets
                .flatMap((secret) => Object.values(secretData(secret)))
                .filter((text) => text.startsWith("-----BEGIN CERTIFICATE"))
                .map((text) => new X509Certificate(text));
            assert.ok(leaves.some((leaf) => !leaf.ca && leaf.checkHost("opensearch.sec-opensearch.svc.cluster.local")));
            assert.ok(leaves.some((leaf) => !leaf.ca && leaf.checkHost("search.example.com")));
        });
    });

    describe("its generated secrets", () => {
        let secrets: readonly string[];
        before(async () => {
            const arguments_ = ["stack", "export", "--stack", stack, "--show-secrets"];
            secrets = generatedSecrets(succeeded("export", await workspace.pulumi(...arguments_)).stdout);
        });

        it("are many", () => assert.ok(secrets.length > 20, `${secrets.length}`));

        it("are in Secrets only, but for the one file that Teraslice knows no other place for", async () => {
            const holders = holdersOf(await everything(), secrets).filter((holder) => !holder.startsWith("Secret "));
            assert.deepEqual(holders, ["ConfigMap sec-teraslice/teraslice-worker"]);
        });

        it("are in no pod, no log, no plain state, and not in what render writes", async () => {
            const pods = (await everything()).filter(({ kind }) =>
                ["Pod", "StatefulSet", "Deployment", "Job"].includes(kind),
            );
            assert.ok(pods.length > 10);
            const exported = succeeded("export", await workspace.pulumi("stack", "export", "--stack", stack));
            const rendered = succeeded("render", await workspace.render(stack));
            const texts = {
                pods: JSON.stringify(pods),
                said: said.join("\n"),
                export: exported.stdout,
                state: workspace.state(stack),
                rendered: [rendered.output, ...rendered.files.map((file) => readFileSync(file, "utf8"))].join("\n"),
            };
            for (const [what, text] of Object.entries(texts)) {
                assert.ok(text.length > 1000, what);
                assert.equal(reveals(text, secrets), false, what);
            }
        });
    });

    describe("a rotation", () => {
        /** What renews a secret, which Secrets get another content, which pods start anew, and which Jobs run again. */
        const rotations: readonly (readonly [
            what: string,
            setting: string,
            value: unknown,
            secrets: readonly string[],
            pods: readonly string[],
            jobs: readonly string[],
        ])[] = [
            [
                "of the password that Teraslice logs in to OpenSearch with",
                "systems.teraslice.credentialsRotation",
                1,
                [
                    "sec-opensearch/opensearch-login-teraslice",
                    "sec-opensearch/opensearch-security",
                    "sec-teraslice/teraslice-master",
                ],
                ["sec-teraslice/teraslice-master"],
                ["opensearch-setup-task-job"],
            ],
            [
                "of OpenSearch's administrator",
                "opensearch.security.admin.rotation",
                1,
                ["sec-opensearch/opensearch-login-admin", "sec-opensearch/opensearch-security"],
                [],
                ["opensearch-setup-task-job"],
            ],
            [
                "of a ZooKeeper login",
                "zookeeper.authentication.users.heron.rotation",
                1,
                ["sec-zookeeper/zookeeper-user-heron-login"],
                [1, 2, 3].map((member) => `sec-zookeeper/zookeeper-${member}`),
                [],
            ],
            [
                "of the uploader's password",
                "uploader.writing",
                { kind: "generated", rotation: 1 },
                ["sec-uploader/uploader-login"],
                [],
                [],
            ],
            [
                "of OpenSearch's certificates",
                "opensearch.security.certificates",
                { kind: "generated", rotation: 1 },
                ["admin", "nodes", "readiness", "security"]
                    .map((name) => `sec-opensearch/opensearch-${name}`)
                    .concat("sec-teraslice/teraslice-master"),
                [
                    ...[0, 1, 2].map((node) => `sec-opensearch/opensearch-data-${node}`),
                    "sec-opensearch/opensearch-dashboard-proxy",
                    "sec-teraslice/teraslice-master",
                ],
                ["opensearch-setup-task-job"],
            ],
            [
                "of ZooKeeper's certificates",
                "zookeeper.tls.certificates",
                { kind: "generated", rotation: 1 },
                ["zookeeper-client-tls", "zookeeper-quorum-tls", "zookeeper-tls"].map(
                    (name) => `sec-zookeeper/${name}`,
                ),
                [1, 2, 3].map((member) => `sec-zookeeper/zookeeper-${member}`),
                [],
            ],
        ];

        for (const [what, setting, value, secrets, rolled, again] of rotations) {
            it(`${what} renews its Secrets, and restarts exactly its users`, async () => {
                const contents = async (): Promise<Readonly<Record<string, string>>> =>
                    Object.fromEntries(
                        (await everything())
                            .filter(({ kind }) => kind === "Secret")
                            .map((secret) => [nameOf(secret), JSON.stringify(secretData(secret))]),
                    );
                const [secretsBefore, podsBefore] = [await contents(), await settled()];
                workspace.editStack(stack, ({ set }) => set(setting, value));
                const ended = await operate("up", stack, "--skip-preview");
                assert.equal(ended.code, 0, ended.output);
                const [secretsAfter, podsAfter] = [await contents(), await settled()];
                const changed = Object.keys(secretsAfter).filter((name) => secretsAfter[name] !== secretsBefore[name]);
                assert.deepEqual(changed.sort(), [...secrets].sort());
                const restarted = Object.keys(podsAfter).filter((name) => podsAfter[name] !== podsBefore[name]);
                assert.deepEqual(restarted.map(withoutHash).sort(), [...rolled].sort());
                assert.deepEqual(
                    changedObjects(ended.events.changes).filter((each) => !each.startsWith("update ")),
                    again.flatMap((job) =>
                        ["create-replacement", "delete-replaced", "replace"].map((op) => `${op} ${job}`),
                    ),
                );
            });
        }

        it("leaves old and new members trusting each other", async () => {
            const { data } = await cluster.json<{ data: Record<string, string> }>(
                ...(["get", "secret", "--namespace", "sec-zookeeper", "zookeeper-quorum-tls"] as const),
            );
            const trusted = Buffer.from(data["ca.crt"] ?? "", "base64").toString("utf8");
            assert.equal(trusted.split("BEGIN CERTIFICATE").length - 1, 3);
        });

        it("once done, changes nothing more", async () => {
            const again = await operate("up", stack, "--expect-no-changes", "--skip-preview");
            assert.equal(again.code, 0, again.output);
        });
    });

    describe("destroyed", () => {
        it("leaves nothing", async () => {
            await workspace.release(stack);
            const ended = await operate("destroy", stack);
            assert.equal(ended.code, 0, ended.output);
            await eventually(async () => assert.deepEqual(await cluster.inventory(), inventory));
        });
    });
});
