import * as assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { yamlFile } from "../../components/foundation/configFiles";
import { faultsOf, formatFault } from "../../components/foundation/faults";
import {
    referencesIn,
    secretOrReference,
    SecretReference,
    secretReader,
} from "../../components/foundation/secretReference";
import { SecretValue } from "../../components/foundation/secretValue";
import { settings } from "../../components/foundation/values";
import { all, at, find, planOf } from "../support/plans";

const given = { namespace: "credentials", secretName: "store", key: "password" };
const schema = settings({ password: secretOrReference() });

describe("a secret that may stand in an existing Secret", () => {
    it("is an encrypted value, or a reference, and parsing again changes nothing", () => {
        const reference = schema.parse({ password: given });
        assert.deepEqual(reference.password, new SecretReference("credentials", "store", "password"));
        assert.deepEqual(schema.parse(reference), reference);
        const value = schema.parse({ password: "hunter2" });
        assert.ok(value.password instanceof SecretValue);
        assert.equal(schema.parse(value).password, value.password);
    });

    const expected =
        "password: expected an encrypted value (pulumi config set --secret), or namespace, secretName and key of an existing Secret";
    const broken: readonly (readonly [unknown, string])[] = [
        [undefined, "nothing"],
        ["", "empty text"],
        [7, "a number"],
        [["hunter2"], "a list"],
        [{ secretName: "store", key: "password" }, "a map"],
    ];
    for (const [password, found] of broken) {
        it(`is not ${JSON.stringify(password)}, of which nothing is shown`, () => {
            const result = schema.safeParse({ password });
            assert.ok(!result.success);
            assert.deepEqual(faultsOf(result.error, { password }).map(formatFault), [`${expected}, found ${found}`]);
        });
    }

    it("with a misspelt key says so", () => {
        const input = { password: { ...given, kye: "hunter2" } };
        const result = schema.safeParse(input);
        assert.ok(!result.success);
        assert.deepEqual(faultsOf(result.error, input).map(formatFault), [
            "password.kye: expected a known key (did you mean key?), found an unknown key",
        ]);
    });

    it("is found in a tree", () => {
        const reference = new SecretReference("a", "b", "c");
        const tree = { x: [new SecretValue("v", true), { y: reference }], z: reference, text: "t" };
        assert.deepEqual(referencesIn(tree), [["x", 1, "y"], ["z"]]);
    });
});

describe("a file that refers to existing Secrets", () => {
    const reference = (key: string, secretName = "store") => new SecretReference("credentials", secretName, key);
    const content = {
        user: reference("user"),
        nested: [{ password: reference("password") }, reference("key", "other")],
    };
    const secrecy: boolean[] = [];
    const register = async () => {
        const provider = new k8s.Provider("cluster", {});
        const file = yamlFile(content, secretReader("file", { provider }));
        assert.equal(file.secret, true);
        secrecy.push(await pulumi.isSecret(pulumi.output(file.text)));
        new k8s.core.v1.Secret(
            "file",
            { metadata: { name: "file", namespace: "ns" }, stringData: { "a.yaml": file.text } },
            { provider },
        );
        assert.deepEqual(yamlFile(content, () => pulumi.secret("x")).hash, file.hash);
    };

    it("reads each Secret once, and keeps the text secret", async () => {
        const plan = await planOf(register);
        const read = all(plan, "Secret").filter((each) => each.read);
        assert.deepEqual(read.map(({ name }) => name).sort(), ["file-credentials-other", "file-credentials-store"]);
        const file = find(plan, "Secret", "file");
        assert.match(JSON.stringify(at(file.inputs, "stringData")), /^(\{"a.yaml":)?"<(secret|computed)>"\}?$/);
        // What the cluster alone knows is computed for a plan; for the engine it is a secret too.
        assert.ok(file.computedPaths.length > 0);
        assert.deepEqual(secrecy, [true]);
    });

    it("has a hash that changes with the place of a secret, not with its value", () => {
        const hash = (tree: Parameters<typeof yamlFile>[0]) => yamlFile(tree, () => pulumi.secret("x")).hash;
        assert.equal(hash({ a: reference("user") }), hash({ a: new SecretValue("v", true) }));
        assert.notEqual(hash({ a: reference("user") }), hash({ b: reference("user") }));
    });

    it("can't be written where nothing reads Secrets", () => {
        assert.throws(() => yamlFile(content), /nothing here reads the Secret credentials\/store/);
    });
});
