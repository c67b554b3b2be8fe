import * as assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { type KubeObject, nameOf } from "./support/objects";
import { succeeded } from "./support/run";
import { requireTools } from "./support/tools";
import { type Operated, Workspace } from "./support/workspace";

/** `Kind namespace/name` of every object in files of YAML. */
function objectsIn(files: readonly string[]): readonly string[] {
    return files
        .flatMap((file) => parseAllDocuments(readFileSync(file, "utf8")).map((each) => each.toJS() as KubeObject))
        .map((object) => `${object.kind} ${nameOf(object)}`)
        .sort();
}

function yamlFiles(directory: string): readonly string[] {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
        .map((entry) => join(entry.parentPath, entry.name));
}

describe("local through the engine, without a cluster", () => {
    let workspace: Workspace;
    let stackFile: string;
    let up: Operated;

    before(async function () {
        await requireTools(this, "engine");
        // Without a passphrase: the wrapper makes one for this stack.
        workspace = new Workspace(undefined, { PULUMI_CONFIG_PASSPHRASE: undefined });
        stackFile = readFileSync(workspace.stackFile("local"), "utf8");
        up = succeeded("up", await workspace.wrapped("up", "local"));
    });

    after(() => {
        (workspace as Workspace | undefined)?.remove();
    });

    it("creates, and is warned of the one file with secrets only", () => {
        assert.deepEqual([...new Set(up.events.changes.map(({ op }) => op))], ["create"]);
        const plaintext = /::teraslice-master-config rendered .* contains? a secret value in plaintext\n$/;
        assert.deepEqual(
            up.events.complaints.filter((complaint) => !plaintext.test(complaint)),
            [],
        );
    });

    it("writes the same objects as render", async () => {
        const { files } = succeeded("render", await workspace.render("local"));
        assert.ok(files.length > 10);
        assert.deepEqual(objectsIn(yamlFiles(workspace.path(".local/rendered"))), objectsIn(files));
    });

    it("keeps directory and passphrase to their owner, and says that Secrets are in the clear", () => {
        assert.equal(statSync(workspace.path(".local/rendered")).mode & 0o777, 0o700);
        assert.equal(statSync(workspace.path(".passphrase")).mode & 0o777, 0o600);
        assert.match(up.output, /Manifests go to \.local\/rendered, Secrets in the clear/);
    });

    it("leaves the stack file as it is", () => {
        assert.equal(readFileSync(workspace.stackFile("local"), "utf8"), stackFile);
    });

    it("changes nothing when it is repeated", async () => {
        const again = await workspace.wrapped("up", "local", "--expect-no-changes", "--skip-preview");
        assert.equal(again.code, 0, again.output);
        assert.deepEqual(again.events.changes, []);
    });

    it("takes its files away at destroy", async () => {
        const ended = await workspace.wrapped("destroy", "local");
        assert.equal(ended.code, 0, ended.output);
        assert.deepEqual(yamlFiles(workspace.path(".local/rendered")), []);
    });
});
