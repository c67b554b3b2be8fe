import type { FlinkSessionSettings } from "../../components/flink/schema";
import { available, electedByZooKeeper, store } from "./fixtures";
import { type Effect, key, container, worker, object } from "./reading";

const high = (settings: object) =>
    ({ ...available, highAvailability: { ...available.highAvailability, ...settings } }) as FlinkSessionSettings;
const elected = (settings: object) =>
    ({
        ...electedByZooKeeper,
        highAvailability: { ...electedByZooKeeper.highAvailability, ...settings },
    }) as FlinkSessionSettings;
const external = (settings: object = {}) =>
    elected({
        ensemble: {
            kind: "external",
            connectionString: "zk:2181/team",
            peers: [{ cidr: "192.0.2.7/32" }],
            ...settings,
        },
    });
const checkpoints = (settings: object) =>
    ({ ...store, checkpointing: { ...store.checkpointing, ...settings } }) as FlinkSessionSettings;
const s3 = (settings: object) => ({ plugins: ["s3-fs-hadoop"], s3: settings }) as FlinkSessionSettings;
const credentials = (settings: object) => s3({ credentials: { secretName: "store", ...settings } });
const secretRef = (name: string) => container(`env[name=${name}].valueFrom.secretKeyRef`);
/** Of what outlives pods. */
export const storeEffects: readonly Effect[] = [
    ["highAvailability.kind", available, key("high-availability.type"), "kubernetes"],
    ["highAvailability.kind", electedByZooKeeper, key("high-availability.type"), "zookeeper"],
    ["highAvailability.kind", {}, key("high-availability.type"), "NONE"],
    ["highAvailability.storageDir", available, key("high-availability.storageDir"), "s3://bucket/ha"],
    [
        "highAvailability.leaseDuration",
        high({ leaseDuration: "1m" }),
        key("high-availability.kubernetes.leader-election.lease-duration"),
        "1 min",
    ],
    [
        "highAvailability.renewDeadline",
        high({ renewDeadline: "25s" }),
        key("high-availability.kubernetes.leader-election.renew-deadline"),
        "25 s",
    ],
    [
        "highAvailability.retryPeriod",
        high({ retryPeriod: "2s" }),
        key("high-availability.kubernetes.leader-election.retry-period"),
        "2 s",
    ],
    ["highAvailability.retries", high({ retries: 20 }), key("kubernetes.transactional-operation.max-retries"), 20],
    ["highAvailability.root", elected({ root: "/a/b" }), key("high-availability.zookeeper.path.root"), "/a/b"],
    [
        "highAvailability.ensemble.kind",
        electedByZooKeeper,
        key("high-availability.zookeeper.quorum"),
        "zookeeper-client.dev-zookeeper:2181",
    ],
    ["highAvailability.ensemble.kind", external(), key("high-availability.zookeeper.quorum"), "zk:2181"],
    [
        "highAvailability.ensemble.connectionString",
        external(),
        key("high-availability.zookeeper.path.root"),
        "/team/flink",
    ],
    [
        "highAvailability.ensemble.peers",
        external(),
        object("NetworkPolicy", "flink-team-taskmanager", "spec.egress[2].to"),
        [{ ipBlock: { cidr: "192.0.2.7/32" } }],
    ],
    [
        "highAvailability.ensemble.port",
        external({ port: 2222 }),
        object("NetworkPolicy", "flink-team-taskmanager", "spec.egress[2].ports[0].port"),
        2222,
    ],
    [
        "highAvailability.sessionTimeout",
        elected({ sessionTimeout: "30s" }),
        key("high-availability.zookeeper.client.session-timeout"),
        "30 s",
    ],
    [
        "highAvailability.connectionTimeout",
        elected({ connectionTimeout: "30s" }),
        key("high-availability.zookeeper.client.connection-timeout"),
        "30 s",
    ],
    [
        "highAvailability.tolerateSuspended",
        elected({ tolerateSuspended: false }),
        key("high-availability.zookeeper.client.tolerate-suspended-connections"),
        false,
    ],
    ["checkpointing.directory", checkpoints({}), key("execution.checkpointing.dir"), "s3://bucket/checkpoints"],
    [
        "checkpointing.savepointDirectory",
        checkpoints({ savepointDirectory: "s3://bucket/savepoints" }),
        key("execution.checkpointing.savepoint-dir"),
        "s3://bucket/savepoints",
    ],
    ["checkpointing.interval", checkpoints({ interval: "2h" }), key("execution.checkpointing.interval"), "2 h"],
    ["checkpointing.timeout", checkpoints({ timeout: "1h" }), key("execution.checkpointing.timeout"), "1 h"],
    ["checkpointing.minPause", checkpoints({ minPause: "5s" }), key("execution.checkpointing.min-pause"), "5 s"],
    ["checkpointing.minPause", checkpoints({}), key("execution.checkpointing.min-pause"), "0 ms"],
    ["checkpointing.retained", checkpoints({ retained: 3 }), key("execution.checkpointing.num-retained"), 3],
    [
        "checkpointing.onCancel",
        checkpoints({ onCancel: "delete" }),
        key("execution.checkpointing.externalized-checkpoint-retention"),
        "DELETE_ON_CANCELLATION",
    ],
    ["checkpointing.backend", checkpoints({ backend: "rocksdb" }), key("state.backend.type"), "rocksdb"],
    [
        "checkpointing.incremental",
        checkpoints({ backend: "rocksdb", incremental: true }),
        key("execution.checkpointing.incremental"),
        true,
    ],
    [
        "checkpointing.unaligned",
        checkpoints({ unaligned: true }),
        key("execution.checkpointing.unaligned.enabled"),
        true,
    ],
    [
        "plugins",
        { plugins: ["gs-fs-hadoop", "oss-fs-hadoop"] },
        key("containerized.taskmanager.env.ENABLE_BUILT_IN_PLUGINS"),
        "flink-gs-fs-hadoop-2.2.1.jar;flink-oss-fs-hadoop-2.2.1.jar",
    ],
    [
        "plugins",
        { plugins: ["gs-fs-hadoop"] },
        worker("spec.containers[0].volumeMounts[name=plugin-0].mountPath"),
        "/opt/flink/plugins/flink-gs-fs-hadoop-2.2.1",
    ],
    ["s3.endpoint", s3({ endpoint: "http://minio:9000" }), key("s3.endpoint"), "http://minio:9000"],
    ["s3.region", s3({ region: "eu-north-1" }), container("env[name=AWS_REGION].value"), "eu-north-1"],
    ["s3.addressing", s3({ addressing: "path" }), key("s3.path.style.access"), true],
    [
        "s3.credentials.secretName",
        credentials({}),
        key("kubernetes.env.secretKeyRef"),
        "env:AWS_ACCESS_KEY_ID,secret:store,key:AWS_ACCESS_KEY_ID;env:AWS_SECRET_ACCESS_KEY,secret:store,key:AWS_SECRET_ACCESS_KEY",
    ],
    [
        "s3.credentials.accessKeyIdKey",
        credentials({ accessKeyIdKey: "id" }),
        secretRef("AWS_ACCESS_KEY_ID"),
        { name: "store", key: "id" },
    ],
    [
        "s3.credentials.secretAccessKeyKey",
        credentials({ secretAccessKeyKey: "key" }),
        secretRef("AWS_SECRET_ACCESS_KEY"),
        { name: "store", key: "key" },
    ],
];
