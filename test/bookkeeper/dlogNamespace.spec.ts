import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { DlogNamespace, type DlogNamespaceArgs, dlogNamespaceClient } from "../../components/bookkeeper/dlogNamespace";
import { dlogScript } from "../../components/bookkeeper/dlogScript";
import { tcp } from "../../components/foundation/networkPolicy";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { at, find, kindsAndNames, planOf } from "../support/plans";
import { zookeeper } from "./fixtures";

const bookkeeper = {
    bookies: 4,
    zookeeperServers: "zk-1.zk:2181,zk-2.zk:2181",
    ledgersPath: "/ledgers",
    flow: { peers: [{ namespace: "store" }], ports: tcp(3181) },
};

type Overrides = Partial<Omit<DlogNamespaceArgs, "foundation">> & { readonly foundation?: FoundationOverrides };

async function planned({ foundation: overrides, ...given }: Overrides = {}): Promise<{
    readonly plan: Plan;
    readonly dlog: DlogNamespace;
}> {
    let dlog: DlogNamespace | undefined;
    const plan = await planOf(() => {
        dlog = new DlogNamespace("dlog", {
            foundation: foundation(overrides),
            namespace: "heron",
            zookeeper,
            bookkeeper,
            path: "/heronbkdl",
            stateRoot: "/heron",
            ...given,
        });
    });
    assertSound(plan);
    assert.ok(dlog !== undefined);
    return { plan, dlog };
}

const pod = "spec.template.spec";
const container = `${pod}.containers[0]`;

describe("DlogNamespace", () => {
    it("registers one Job, and says how clients address the namespace", async () => {
        const { plan, dlog } = await planned();
        assert.deepEqual(kindsAndNames(plan), [
            "Access dlog-access",
            "DlogNamespace dlog",
            "Job dlog-task-job",
            "NetworkPolicy dlog-task-network",
            "ServiceAccount dlog-access-account",
            "Task dlog-task",
        ]);
        assert.equal(dlog.uri, "distributedlog://zk-1.zk:2181,zk-2.zk:2181/heronbkdl");
        assert.deepEqual(find(plan, "DlogNamespace").outputs, { uri: dlog.uri });
    });

    it("runs the script that binds and proves it [heron-P1]", async () => {
        const { plan } = await planned();
        const job = find(plan, "Job").inputs;
        const script = dlogScript({
            zookeeper: { servers: zookeeper.connectionString, path: "" },
            path: "/heronbkdl",
            bookkeeperServers: bookkeeper.zookeeperServers,
            ledgersPath: "/ledgers",
        });
        assert.deepEqual(at(job, `${container}.command`), ["bash", "-c", script]);
        assert.match(script, /No bookkeeper binding needs to be updated/);
        assert.match(script, /exit 1/);
        assert.equal(at(job, "spec.ttlSecondsAfterFinished"), undefined);
    });

    for (const [what, given, path, expected] of [
        [
            "settings.resources",
            { settings: { resources: { memory: "1000Mi" } } },
            `${container}.resources.limits.memory`,
            "1000Mi",
        ],
        [
            "settings.resources, as Java's heap",
            { settings: { resources: { memory: "1000Mi" } } },
            `${container}.env[name=CLI_MAX_HEAP_MEMORY].value`,
            "400m",
        ],
        [
            "settings.targets",
            { settings: { targets: "stateful" } },
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values`,
            ["stateful"],
        ],
        ["settings.priority", { settings: { priority: "high" } }, `${pod}.priorityClassName`, "dev-high"],
        ["no targets by default", {}, `${pod}.affinity`, undefined],
        ["namespace", { namespace: "other" }, "metadata.namespace", "other"],
        [
            "the environment's registry",
            { foundation: { images: { registry: "reg.example.com" } } },
            `${container}.image`,
            "reg.example.com/apache/bookkeeper:4.14.5",
        ],
        ["its configuration where it can write", {}, `${container}.env[name=BOOKIE_CONF].value`, "/tmp/bk_server.conf"],
        ["the image's user", {}, `${pod}.securityContext.runAsUser`, 1000],
    ] as const) {
        it(`shows ${what} in its Job`, async () => {
            assert.deepEqual(at(find((await planned(given)).plan, "Job").inputs, path), expected);
        });
    }

    it("reaches ZooKeeper alone", async () => {
        const { plan } = await planned();
        assert.deepEqual(at(find(plan, "NetworkPolicy").inputs, "spec.egress"), [
            {
                to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "zk" } } }],
                ports: [{ protocol: "TCP", port: 2181 }],
            },
        ]);
        assert.deepEqual(dlogNamespaceClient("dlog", "heron"), {
            namespace: "heron",
            podLabels: at(find(plan, "NetworkPolicy").inputs, "spec.podSelector.matchLabels"),
        });
    });

    it("puts the namespace below the path of ZooKeeper's connection", async () => {
        const { dlog } = await planned({ zookeeper: { ...zookeeper, connectionString: "zk:2181/team" } });
        assert.equal(dlog.uri, "distributedlog://zk:2181/team/heronbkdl");
    });

    it("keeps its inputs to what a guard compares", async () => {
        assert.deepEqual(find((await planned()).plan, "DlogNamespace").inputs, {
            uri: "distributedlog://zk-1.zk:2181,zk-2.zk:2181/heronbkdl",
            ledgersPath: "/ledgers",
            image: "docker.io/apache/bookkeeper:4.14.5",
        });
    });

    for (const [what, given, message] of [
        [
            "a path that is the state's [heron-P1]",
            { path: "/heron" },
            /dlog can't be used as given:\n {2}path: expected a znode that is neither inside nor around that of the system's state \(\/heron\), found "\/heron"$/,
        ],
        ["a path inside the state [heron-P1]", { path: "/heron/dl" }, /neither inside nor around/],
        ["a path around the state [heron-P1]", { path: "/a", stateRoot: "/a/b" }, /neither inside nor around/],
        [
            "the path of the bookies' metadata",
            { path: "/ledgers" },
            /neither inside nor around that of the bookies' metadata/,
        ],
        [
            "settings that can't be used",
            { settings: { resources: { memory: "1Mi" } } },
            /resources\.memory: expected at least 512Mi/,
        ],
        ["a target set that is not there", { settings: { targets: "nowhere" } }, /no target set "nowhere"/],
        [
            "an ensemble with logins alone",
            { zookeeper: { ...zookeeper, authentication: { required: true, logins: {} } } },
            /dlog connects to ZooKeeper without TLS and without a login/,
        ],
    ] as const) {
        it(`refuses ${what}`, () => assert.rejects(planned(given), message));
    }
});
