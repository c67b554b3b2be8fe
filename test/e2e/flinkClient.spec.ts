import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { Cluster } from "./support/cluster";
import { declared, type Difference, differences, idle, type Reasons, unexplained } from "./support/flinkDifferences";
import { type FlinkJars, flinkJars } from "./support/flinkJars";
import { flattened, requireJava, runSessionClient } from "./support/flinkProcess";
import { type DeclaredSession, flinkStack, flinkWorkspace, sessions } from "./support/flinkStack";
import { furtherObjects, ofConfigMaps, ofConfiguration, ofDeployments, ofServices } from "./support/flinkReasons";
import type { KubeList, KubeObject } from "./support/objects";
import { succeeded } from "./support/run";
import { requireTools } from "./support/tools";
import type { Workspace } from "./support/workspace";

/** Kinds of what the client creates. */
const kinds = ["Deployment", "Service", "ConfigMap"];

/** Keys that the client writes by itself; it is not told them here, and has to come to the values that we render. */
const writtenByClient = [
    "blob.server.port",
    "execution.target",
    "high-availability.cluster-id",
    "high-availability.jobmanager.port",
    "internal.cluster.execution-mode",
    "jobmanager.rpc.address",
    "kubernetes.internal.jobmanager.entrypoint.class",
    "taskmanager.rpc.port",
];

type Objects = ReadonlyMap<string, KubeObject & { readonly data?: Readonly<Record<string, string>> }>;

const objectsIn = (yaml: string): readonly KubeObject[] =>
    parseAllDocuments(yaml).map((document) => document.toJS() as KubeObject);

const named = (objects: readonly KubeObject[]): Objects =>
    new Map(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]));

describe("a Flink session, beside what Flink's own session client creates", () => {
    const cluster = new Cluster();
    const clientsNamespace = ({ clusterId }: DeclaredSession): string => `flk-client-${clusterId}`;
    const namespaces = sessions.flatMap((session) => [session.namespace, clientsNamespace(session)]);
    const ours = new Map<DeclaredSession, Objects>();
    const theirs = new Map<DeclaredSession, Objects>();
    const seen = new Map<Reasons, Difference[]>();
    let workspace: Workspace;
    let folder: string;

    before(async function () {
        await requireTools(this, "cluster");
        await requireJava(this);
        folder = mkdtempSync(join(tmpdir(), "flink-client-"));
        workspace = await flinkWorkspace(cluster);
        const jars = await flinkJars();
        await cluster.apply(...namespaces.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })));
        const { files } = succeeded("render", await workspace.render(flinkStack));
        const rendered = files.flatMap((file) => objectsIn(readFileSync(file, "utf8")));
        for (const session of sessions) {
            ours.set(session, await asAdmitted(session, rendered));
            theirs.set(session, await byClient(session, jars));
        }
    });

    after(async () => {
        if (workspace as Workspace | undefined) {
            await cluster.deleteNamespaces(...namespaces);
            workspace.remove();
            rmSync(folder, { recursive: true, force: true });
        }
    });

    /** The rendered objects with what the API server fills in; none is created. */
    const asAdmitted = async (session: DeclaredSession, rendered: readonly KubeObject[]): Promise<Objects> => {
        const items = rendered.filter(
            ({ kind, metadata }) => kinds.includes(kind) && metadata.namespace === session.namespace,
        );
        const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
        const admitted = await cluster.must(["create", "--dry-run=server", "-o", "yaml", "-f", "-"], list);
        return named(objectsIn(admitted));
    };

    /** What the client creates when it is given the same settings, in a namespace beside ours. */
    const byClient = async (session: DeclaredSession, jars: FlinkJars): Promise<Objects> => {
        const { clusterId, namespace } = session;
        const file = (map: string, key: string): string =>
            ours.get(session)?.get(`ConfigMap ${map}`)?.data?.[key] ?? assert.fail(`${map} has no ${key}`);
        const conf = join(folder, clusterId);
        const template = "taskmanager-pod-template.yaml";
        const told = Object.entries(flattened(file(`flink-config-${clusterId}`, "config.yaml"))).filter(
            ([key]) => !writtenByClient.includes(key),
        );
        await runSessionClient(jars, conf, {
            "config.yaml": stringify({
                ...Object.fromEntries(told),
                "kubernetes.namespace": clientsNamespace(session),
                "kubernetes.config.file": cluster.kubeconfig,
                "kubernetes.pod-template-file.taskmanager": join(conf, template),
            }),
            "log4j-console.properties": file(`flink-config-${clusterId}`, "log4j-console.properties"),
            [template]: file(`pod-template-${clusterId}`, template),
        });
        const arguments_ = ["--namespace", clientsNamespace(session), "--selector", `app=${clusterId}`];
        const { items } = await cluster.json<KubeList<KubeObject>>(
            "get",
            "deployments,services,configmaps",
            ...arguments_,
        );
        const text = JSON.stringify(items).replaceAll(clientsNamespace(session), namespace);
        return named(JSON.parse(text) as readonly KubeObject[]);
    };

    /** Compares, remembers for the last test, and lists what no reason covers. */
    const notMeant = (found: readonly Difference[], reasons: Reasons): readonly string[] => {
        seen.set(reasons, [...(seen.get(reasons) ?? []), ...found]);
        return unexplained(found, reasons);
    };

    const both = (session: DeclaredSession, name: string): readonly [theirs: unknown, ours: unknown] => {
        const [their, own] = [theirs.get(session)?.get(name), ours.get(session)?.get(name)];
        assert.ok(their, `the client has no ${name}`);
        assert.ok(own, `the stack has no ${name}`);
        return [declared(their), declared(own)];
    };

    for (const session of sessions) {
        const { clusterId, highAvailability } = session;
        describe(`of ${clusterId}`, () => {
            it("has every object of the client's, and no other of these kinds but those listed", () => {
                const expected = [
                    `ConfigMap flink-config-${clusterId}`,
                    `ConfigMap pod-template-${clusterId}`,
                    `Deployment ${clusterId}`,
                    // With high availability the workers find the leader by itself.
                    ...(highAvailability ? [] : [`Service ${clusterId}`]),
                    `Service ${clusterId}-rest`,
                ];
                assert.deepEqual([...theirs.get(session)!.keys()].sort(), expected);
                const added = Object.keys(furtherObjects).map((each) => each.replace(" ", ` ${clusterId}`));
                assert.deepEqual([...ours.get(session)!.keys()].sort(), [...expected, ...added].sort());
            });

            it("has the client's Deployment, and beside it only what is meant", () => {
                const found = differences(...both(session, `Deployment ${clusterId}`));
                assert.deepEqual(notMeant(found, ofDeployments), []);
            });

            it("has the client's Services", () => {
                const services = [...theirs.get(session)!.keys()].filter((name) => name.startsWith("Service "));
                const found = services.flatMap((name) => differences(...both(session, name)));
                assert.deepEqual(notMeant(found, ofServices), []);
            });

            it("has the client's ConfigMaps, and gives the same files", () => {
                const configMaps = [...theirs.get(session)!.keys()].filter((name) => name.startsWith("ConfigMap "));
                const found = configMaps.flatMap((name) => differences(...both(session, name)));
                assert.deepEqual(notMeant(found, ofConfigMaps), []);
            });

            it("comes to the client's configuration", () => {
                const [their, own] = [theirs, ours].map((each) => {
                    const text = each.get(session)?.get(`ConfigMap flink-config-${clusterId}`)?.data?.["config.yaml"];
                    const values = Object.entries(flattened(text ?? ""));
                    return Object.fromEntries(values.map(([key, value]) => [key, String(value)]));
                });
                // The client has written what it was not told.
                assert.ok(writtenByClient.filter((key) => key in their!).length >= 6);
                // Not as paths: a key of Flink's has dots itself.
                const keys = [...new Set([...Object.keys(their!), ...Object.keys(own!)])];
                const found = keys.flatMap((key) => differences(their![key], own![key], key));
                assert.deepEqual(notMeant(found, ofConfiguration), []);
            });
        });
    }

    // In a suite of its own, since mocha runs those after the tests beside them.
    describe("in all", () => {
        it("has no reason listed that is not needed", () => {
            const all = [ofDeployments, ofServices, ofConfigMaps, ofConfiguration];
            assert.deepEqual(
                all.flatMap((reasons) => idle(seen.get(reasons) ?? [], reasons)),
                [],
            );
        });
    });
});
