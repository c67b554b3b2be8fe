import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clientFiles } from "../../components/flink/client";
import { configEntries } from "../../components/flink/config";
import { freeKeyFault } from "../../components/flink/keys";
import type { FlinkSessionSettings } from "../../components/flink/schema";
import { docsPage, keyTable } from "../support/docsTables";
import { available, electedByZooKeeper, sessionOf, store, targets, foundation } from "./fixtures";
import { settingPaths } from "./schemaPaths";

const page = docsPage("flink.md");
const table = (heading: string) => keyTable(page, heading);

/** The document that sessions are deployed after; it lies beside the project, and not everywhere. */
const document = join(__dirname, "../../../shared/spec/flink-native-session.txt");

/**
 * Every `kubernetes.*` key of Flink 2.2.0, as its own class KubernetesConfigOptions has them, and those that the
 * document and older pages still name.
 */
const kubernetesKeys = [
    ...["artifacts.local-upload-enabled", "artifacts.local-upload-overwrite", "artifacts.local-upload-target"],
    ...["client.io-pool.size", "client.user-agent", "cluster-id", "config.file", "context"],
    ...["container.image.pull-policy", "container.image.pull-secrets", "container.image.ref"],
    ...["decorator.hadoop-conf-mount.enabled", "decorator.kerberos-mount.enabled", "entry.path", "env.secretKeyRef"],
    ...["flink.conf.dir", "flink.log.dir", "hadoop.conf.config-map.name", "hostnetwork.enabled"],
    ...[
        "internal-service.annotations",
        "internal-service.labels",
        "internal.jobmanager.entrypoint.class",
        "namespace",
        "node-name-label",
    ],
    ...["annotations", "cpu.amount", "cpu.limit-factor", "entrypoint.args", "labels", "memory.limit-factor"].flatMap(
        (key) => [`jobmanager.${key}`, `taskmanager.${key}`],
    ),
    ...["node-selector", "service-account", "tolerations"].flatMap((key) => [
        `jobmanager.${key}`,
        `taskmanager.${key}`,
    ]),
    ...["jobmanager.owner.reference", "jobmanager.replicas", "pod-template-file.default"],
    ...["pod-template-file.jobmanager", "pod-template-file.taskmanager", "rest-service.annotations"],
    ...["rest-service.exposed.node-port-address-type", "rest-service.exposed.type", "rest-service.labels"],
    ...["secrets", "service-account", "transactional-operation.initial-retry-delay"],
    ...["transactional-operation.max-retries", "transactional-operation.max-retry-delay"],
    ...["container-start-command-template", "container.image", "jobmanager.cpu", "pod-template-file"],
    ...["service.create-timeout", "service.exposed.type", "taskmanager.cpu"],
].map((key) => `kubernetes.${key}`);

/** Variables have a key each; the page has one row for all. */
const rowOf = (key: string) => key.replace(/^(containerized\.\w+\.env\.).*/, "$1");

/** Settings that make every key appear, in the end. */
const sessions: readonly FlinkSessionSettings[] = [
    { ...available, s3: { credentials: { secretName: "store" }, region: "a", endpoint: "http://minio:9000" } },
    { ...electedByZooKeeper, secretFiles: { source: "/secrets" } },
    { ...store, checkpointing: { ...store.checkpointing, savepointDirectory: "s3://bucket/savepoints" } },
    { taskManager: { targets: "workers", overhead: "1Gi" }, rest: { kind: "nodePort" } },
];

const rendered = new Set(
    sessions.flatMap((settings) =>
        Object.keys(configEntries(sessionOf(settings, { foundation: foundation({ targets }) }))).map(rowOf),
    ),
);

describe("docs/flink.md", () => {
    const keys = table("Keys of Flink");

    it("has every kubernetes key that Flink has or had, and no other", () => {
        const named = [...keys.keys()].filter((key) => key.startsWith("kubernetes."));
        assert.deepEqual(named.sort(), [...kubernetesKeys].sort());
    });

    it("has every key of the document", function () {
        if (!existsSync(document)) {
            this.skip();
        }
        const text = readFileSync(document, "utf8");
        const named = [...text.matchAll(/-D([a-z][\w-]*(?:\.[\w-]+)+)=|`(kubernetes\.[\w.-]+)`/g)].map(
            ([, flag, option]) => flag ?? option ?? "",
        );
        assert.ok(named.length >= 10);
        assert.deepEqual(
            [...new Set(named)].filter((key) => !keys.has(key)),
            [],
        );
    });

    it("has every key that is rendered, and says of every other why it is not", () => {
        const offered = [...keys].filter(([, { here }]) => !/^(not offered|gone)$/.test(here)).map(([key]) => key);
        assert.deepEqual([...rendered].sort(), offered.sort());
        for (const [key, { here, note, paths }] of keys) {
            if (paths.length === 0) {
                assert.match(here, /^(computed|not offered|gone)$/, key);
                assert.ok(note.length > 0, `${key} is explained`);
            }
        }
    });

    it("describes every setting that there is, and no other", () => {
        const described = [
            ...[...keys.values()].flatMap(({ paths }) => paths),
            ...table("Settings beyond Flink's own").keys(),
        ];
        assert.deepEqual([...new Set(described)].sort(), [...settingPaths].sort());
    });

    it("leaves only keys free that no setting decides", () => {
        const own = [...keys].filter(([, { here }]) => here !== "not offered").map(([key]) => key);
        const free = own.filter((key) => freeKeyFault(key.replace(/\.$/, ".x")) === undefined);
        assert.deepEqual(free, []);
        for (const key of [
            "restart-strategy.type",
            "parallelism.default",
            "external-resource.gpu.kubernetes.config-key",
        ]) {
            assert.equal(freeKeyFault(key), undefined);
        }
    });
});

describe("the files for users", () => {
    it("lead Flink's client to the session, with no secret", () => {
        const native = clientFiles(sessionOf({ rest: { kind: "nodePort" } }));
        assert.deepEqual(native["config.yaml"]?.split("\n"), [
            "execution.target: kubernetes-session",
            "kubernetes.cluster-id: flink-team",
            "kubernetes.namespace: dev-flink-team",
            "kubernetes.rest-service.exposed.node-port-address-type: InternalIP",
            "kubernetes.rest-service.exposed.type: NodePort",
            "rest.port: 8081",
            "",
        ]);
        const standalone = clientFiles(sessionOf({ mode: { kind: "standalone" } }));
        assert.match(
            standalone["config.yaml"] ?? "",
            /^execution.target: remote\nrest.address: flink-team-rest.dev-flink-/,
        );
        assert.match(native["commands.txt"] ?? "", /kubernetes-session\.sh/);
        assert.doesNotMatch(standalone["commands.txt"] ?? "", /kubernetes-session/);
    });
});
