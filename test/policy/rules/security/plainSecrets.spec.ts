import assert from "node:assert/strict";
import { secretPlaceholder as plansPlaceholder } from "../../../../bin/plan/values";
import { secretPlaceholder } from "../../../../policy/views/plannedSecret";
import { plainSecrets } from "../../../../policy/rules/security/plainSecrets";
import { type Fields, judge, messagesOf, object, unknown, withField } from "../../support";
import { containerLabel, podSpec, secureSet } from "./support";

const container = [...podSpec, "containers", 0];
const withEnv = (name: string, value: unknown) => withField(secureSet(), [...container, "env"], [{ name, value }]);
const withArgs = (...args: unknown[]) => withField(secureSet(), [...container, "args"], args);
const configMap = (data: Fields) => ({ ...object("v1", "ConfigMap"), data });
const itself = "expected no secret in plain text, found";

// Made up, of the right forms.
const pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----";
const awsKey = `AKIA${"ABCD".repeat(4)}`;
const jwt = `eyJ${"a".repeat(12)}.eyJ${"b".repeat(12)}.${"c".repeat(12)}`;
const forms = [
    [pem, "a private key"],
    [`key=${awsKey}`, "an access key of AWS"],
    [`Bearer ${jwt}`, "a JSON web token"],
    ["postgres://kafka:hunter2@db:5432/a", "a URL with a password"],
    [secretPlaceholder, "a secret of the stack"],
] as const;

describe("rule security-plain-secrets", () => {
    it("knows what a plan holds in place of a secret", () => {
        assert.equal(secretPlaceholder, plansPlaceholder);
    });

    it("accepts a good set", () => {
        assert.deepEqual(messagesOf(plainSecrets, secureSet()), []);
    });

    for (const name of [
        "PASSWORD",
        "DB_PASSWORD",
        "dbPassword",
        "spring.datasource.password",
        "MYSQL_PWD",
        "KEYSTORE_PASSPHRASE",
        "CLIENT_SECRET",
        "AWS_SECRET_ACCESS_KEY",
        "API_KEY",
        "apikey",
        "GITHUB_TOKEN",
        "PRIVATE_KEY",
        "CREDENTIALS",
    ]) {
        it(`refuses a value of variable ${name}, without telling it`, () => {
            assert.deepEqual(messagesOf(plainSecrets, withEnv(name, "hunter2")), [
                `${containerLabel} env ${name}: ${itself} the value itself`,
            ]);
        });
    }

    for (const name of [
        "PASSWORD_FILE",
        "SECRET_NAME",
        "AWS_ACCESS_KEY_ID",
        "num_tokens",
        "existingSecret",
        "imagePullSecret",
        "MAX_TOKEN",
        "SSL_KEYSTORE_LOCATION",
        "MONKEY",
    ]) {
        it(`accepts a value of variable ${name}`, () => {
            assert.deepEqual(messagesOf(plainSecrets, withEnv(name, "hunter2")), []);
        });
    }

    for (const value of [
        "",
        "$(OTHER)",
        "${env:OTHER}",
        "/etc/secret",
        "./a",
        "file:///a",
        "{{ .a }}",
        "<password>",
        "true",
        "none",
    ]) {
        it(`accepts the reference or mark ${JSON.stringify(value)}`, () => {
            assert.deepEqual(messagesOf(plainSecrets, withEnv("PASSWORD", value)), []);
        });
    }

    it("accepts a variable from a Secret", () => {
        const env = [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }];
        assert.deepEqual(messagesOf(plainSecrets, withField(secureSet(), [...container, "env"], env)), []);
    });

    for (const [value, found] of forms) {
        it(`refuses ${found} anywhere`, () => {
            const place = 'metadata.annotations["a"]';
            for (const [inputs, at] of [
                [withEnv("A", value), `${containerLabel} env A`],
                [withArgs(value), `${containerLabel} args[0]`],
                [configMap({ a: `x ${value} y` }), 'ConfigMap data["a"]'],
                [withField(secureSet(), ["metadata", "annotations"], { a: value }), `StatefulSet ${place}`],
            ] as const) {
                assert.deepEqual(messagesOf(plainSecrets, inputs), [`${at}: ${itself} ${found}`]);
            }
        });
    }

    for (const good of [
        "http://db:5432/a",
        "postgres://kafka:$(PASSWORD)@db/a",
        "postgres://kafka@db",
        "-----BEGIN CERTIFICATE-----",
    ]) {
        it(`accepts ${good}`, () => {
            assert.deepEqual(messagesOf(plainSecrets, withEnv("A", good)), []);
        });
    }

    for (const args of [
        ["--password=hunter2"],
        ["--password", "hunter2"],
        ["-c", "tool --api-key hunter2 --port 80"],
        ["-c", "PASSWORD=hunter2 tool"],
        ["-Dspring.datasource.password=hunter2"],
    ]) {
        it(`refuses the arguments ${args.join(" ")}`, () => {
            const messages = messagesOf(plainSecrets, withArgs(...args));
            assert.equal(messages.length, 1, messages.join("\n"));
            assert.ok(messages[0]!.startsWith(`${containerLabel} args[${args.length - 1}]: ${itself} `));
            assert.ok(!messages[0]!.includes("hunter2"));
            const command = withField(secureSet(), [...container, "command"], args);
            assert.equal(messagesOf(plainSecrets, command).length, 1);
        });
    }

    for (const args of [
        ["--password=$(PASSWORD)"],
        ["--password", "$(PASSWORD)"],
        ["--password-file", "a"],
        ["-c", 'PASSWORD="$(cat /etc/secret/password)" tool --token-file /a'],
        ["--password", "--quiet"],
        ["-c", String.raw`client="username=\"$user\" password=\"$password\""`],
    ]) {
        it(`accepts the arguments ${args.join(" ")}`, () => {
            assert.deepEqual(messagesOf(plainSecrets, withArgs(...args)), []);
        });
    }

    for (const [key, text, name] of [
        ["a.properties", "user=kafka\nssl.key.password=hunter2\n", "ssl.key.password"],
        ["a.yaml", "db:\n  password: hunter2\n", "password"],
        ["a.json", '{ "clientSecret": "hunter2" }', "clientSecret"],
        ["jaas.conf", 'required username="a" password="hunter2";', "password"],
        ["a.py", 'password = "hunter2"\n', "password"],
        ["a.sh", "export TOKEN=hunter2\n", "TOKEN"],
    ]) {
        it(`refuses ${String(text?.trim())} in ${String(key)}`, () => {
            assert.deepEqual(messagesOf(plainSecrets, configMap({ [key!]: text })), [
                `ConfigMap data["${String(key)}"]: ${itself} a value of "${String(name)}"`,
            ]);
        });
    }

    for (const [key, text] of [
        ["a.properties", "password=${file:/etc/secret:password}\n# password=hunter2\nsecret.name=a\n"],
        [
            "a.yaml",
            "passwordFrom:\n  secretName: a\n  key: password\nautomountServiceAccountToken: false\npassword: ''\n",
        ],
        ["a.yaml", "authenticator: PasswordAuthenticator\nnum_tokens: 16\nimagePullSecrets: [a]\n"],
        ["a.py", 'password = read("password")\nsaid.replace(secret, "***")\nsecret = other\n'],
        ["a.sh", 'PASSWORD="$(cat /a)"\nTOKEN=$1\n'],
        ["config.yaml", "kubernetes.env.secretKeyRef: env:A_KEY,secret:s3,key:A_KEY;env:B,secret:s3,key:B\n"],
    ]) {
        it(`accepts ${JSON.stringify(text)} in ${String(key)}`, () => {
            assert.deepEqual(messagesOf(plainSecrets, configMap({ [key!]: text })), []);
        });
    }

    it("refuses a key of a ConfigMap that is one, and a label", () => {
        assert.deepEqual(messagesOf(plainSecrets, configMap({ password: "hunter2" })), [
            `ConfigMap data["password"]: ${itself} the value itself`,
        ]);
        assert.equal(messagesOf(plainSecrets, withField(secureSet(), ["metadata", "labels", "token"], "a")).length, 1);
    });

    it("reads what custom resources hand on", () => {
        const spark = (sparkConf: Fields) =>
            object("sparkoperator.k8s.io/v1beta2", "SparkApplication", { sparkConf, arguments: ["1000"] });
        const conf = { "spark.ui.port": "4040" };
        assert.deepEqual(messagesOf(plainSecrets, spark(conf)), []);
        const key = "spark.hadoop.fs.s3a.secret.key";
        assert.deepEqual(messagesOf(plainSecrets, spark({ ...conf, [key]: "hunter2" })), [
            `SparkApplication spec.sparkConf.${key}: ${itself} the value itself`,
        ]);
    });

    it("lets Secrets hold secrets", () => {
        const secret = { ...object("v1", "Secret"), stringData: { password: "hunter2", key: pem } };
        assert.deepEqual(messagesOf(plainSecrets, secret), []);
    });

    it("does not judge what is not known yet, but the rest", () => {
        const env = [
            { name: "A", value: unknown },
            { name: "PASSWORD", value: "hunter2" },
        ];
        const { messages, unknowns } = judge(plainSecrets, withField(secureSet(), [...container, "env"], env));
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
        // An id that only a provider computes is no reason for a warning in each preview.
        const map = judge(plainSecrets, configMap({ id: unknown, password: "hunter2" }));
        assert.deepEqual([map.messages.length, map.unknowns.length], [1, 0]);
    });

    it("judges patches too", () => {
        const type = "kubernetes:core/v1:ConfigMapPatch";
        assert.equal(messagesOf(plainSecrets, configMap({ password: "hunter2" }), {}, type).length, 1);
    });
});
