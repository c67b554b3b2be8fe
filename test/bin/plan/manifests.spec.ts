import * as assert from "node:assert";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { manifestsOf } from "../../../bin/plan/manifests";
import { planProgram } from "../../../bin/plan/plan";
import { markerFile, writeRendered } from "../../../bin/plan/write";
import { sampleProgram } from "./sample";

function object(type: string, apiVersion: string, name: string, rest: Record<string, unknown> = {}) {
    const kind = type.split(":")[1]!;
    const inputs = { apiVersion, kind, metadata: { name, namespace: "ns" }, ...rest };
    return { urn: name, type: `kubernetes:${type}`, name, inputs };
}

describe("manifestsOf", () => {
    it("writes what the program asked for, in the order that a bare cluster takes", async () => {
        const { resources } = await planProgram(sampleProgram, { stack: "dev" });
        const files = manifestsOf(resources);
        assert.deepStrictEqual(
            files.map(({ name }) => name),
            [
                "001-namespace-zk.yaml",
                "002-secret-zk-zk-auth.yaml",
                "003-service-zk-zk.yaml",
                "004-poddisruptionbudget-zk-zk.yaml",
                "005-statefulset-zk-zk.yaml",
                "006-job-zk-check.yaml",
            ],
        );
        const set = resources.find(({ name }) => name === "zk-set")!;
        assert.deepStrictEqual(parse(files[4]!.content), set.inputs);
    });

    it("puts custom resources last, and unknown built-in kinds right before them", () => {
        const files = manifestsOf([
            object("monitoring.coreos.com/v1:ServiceMonitor", "monitoring.coreos.com/v1", "m"),
            object("gateway.networking.k8s.io/v1:HTTPRoute", "gateway.networking.k8s.io/v1", "r"),
            object("networking.k8s.io/v1:Ingress", "networking.k8s.io/v1", "i"),
            object("apps/v1:Deployment", "apps/v1", "d"),
            object("scheduling.k8s.io/v1:PriorityClass", "scheduling.k8s.io/v1", "p"),
        ]);
        assert.deepStrictEqual(
            files.map(({ name }) => name.split("-")[1]),
            ["priorityclass", "deployment", "ingress", "httproute", "servicemonitor"],
        );
    });

    it("drops the engine's annotations only", async () => {
        const { resources } = await planProgram(sampleProgram, { stack: "dev" });
        const secret = parse(manifestsOf(resources)[1]!.content) as { metadata: object };
        assert.deepStrictEqual(secret.metadata, { name: "zk-auth", namespace: "zk", annotations: { team: "a" } });
    });

    it("keeps a Secret's data decodable and its values out", async () => {
        const { resources } = await planProgram(sampleProgram, { stack: "dev" });
        const { data, stringData } = parse(manifestsOf(resources)[1]!.content) as Record<
            string,
            Record<string, string>
        >;
        assert.strictEqual(Buffer.from(data!["key.pem"]!, "base64").toString(), "<secret>");
        assert.deepStrictEqual(stringData, { password: "<secret>", url: "<secret>" });
    });

    it("leaves out a map that is not known as a whole, and says so", () => {
        const [file] = manifestsOf([object("core/v1:Secret", "v1", "s", { stringData: "<computed>" })]);
        assert.match(file!.content, /^# stringData is missing: it is only known when the change is made\.$/m);
        assert.ok(!("stringData" in (parse(file!.content) as object)));
    });

    it("renders the patch of a default account as the account", () => {
        const [file] = manifestsOf([
            {
                ...object("core/v1:ServiceAccountPatch", "v1", "default"),
                inputs: {
                    apiVersion: "v1",
                    kind: "ServiceAccount",
                    metadata: { name: "default", namespace: "ns" },
                    automountServiceAccountToken: false,
                },
            },
        ]);
        assert.strictEqual(file?.name, "001-serviceaccount-ns-default.yaml");
        assert.match(file.content, /^apiVersion: v1\nkind: ServiceAccount\nmetadata:/);
    });

    it("quotes what YAML 1.1 would read as something else than a text", () => {
        const data = { switch: "on", mode: "0777", time: "12:30", country: "no", plain: "text", version: "1.10" };
        const [file] = manifestsOf([object("core/v1:ConfigMap", "v1", "c", { data })]);
        assert.deepStrictEqual((parse(file!.content, { version: "1.1" }) as { data: object }).data, data);
    });

    it("leaves out components, providers and what exists already", () => {
        const existing = { ...object("core/v1:Secret", "v1", "s"), read: true };
        const provider = { urn: "p", type: "pulumi:providers:kubernetes", name: "p", inputs: {} };
        assert.deepStrictEqual(manifestsOf([existing, provider]), []);
    });
});

describe("writeRendered", () => {
    let directory: string;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "manifests-"));
    });
    afterEach(() => rmSync(directory, { recursive: true }));

    const file = (name: string) => ({ name, content: "kind: X\n" });

    it("removes its own stale files and no others", () => {
        const out = join(directory, "a", "b");
        writeRendered(out, [file("001-a.yaml"), file("002-b.yaml")]);
        writeFileSync(join(out, "mine.yaml"), "");
        writeRendered(out, [file("001-b.yaml")]);
        assert.deepStrictEqual(readdirSync(out).sort(), [markerFile, "001-b.yaml", "mine.yaml"]);
    });

    it("refuses a directory that holds something else", () => {
        writeFileSync(join(directory, "precious"), "");
        assert.throws(() => writeRendered(directory, [file("001-a.yaml")]), /not empty/);
        assert.deepStrictEqual(readdirSync(directory), ["precious"]);
    });

    it("never follows a marker out of its directory", () => {
        const out = join(directory, "out");
        writeRendered(out, [file("001-a.yaml")]);
        writeFileSync(join(directory, "outside.yaml"), "");
        writeFileSync(join(out, markerFile), "../outside.yaml\n");
        writeRendered(out, []);
        assert.ok(existsSync(join(directory, "outside.yaml")));
    });
});
