import * as assert from "node:assert/strict";
import { z } from "zod";
import { sumOfDemands } from "../../components/foundation/demand";
import { checked } from "../../components/foundation/faults";
import { demand, leastTopologyDemand } from "../../components/heron/demand";
import { type HeronSettings, heronSettings } from "../../components/heron/schema";
import { totalsOf } from "../../bin/plan/totals";
import { checkedSettings, onBookies, type Overrides, planned } from "./fixtures";

const peers = [{ cidr: "10.9.0.0/16" }];
const s3 = { kind: "s3", bucket: "topologies", peers };
const GiB = 2 ** 30;

/** Settings that can't be, and the one line that says so. */
const broken: readonly (readonly [string, object, string])[] = [
    [
        "no bookies for packages",
        { uploader: { kind: "dlog" } },
        "bookkeeper: expected settings of bookies, since uploader.kind is dlog, found nothing",
    ],
    [
        "no bookies for checkpoints",
        { statefulStorage: { kind: "dlog" } },
        "bookkeeper: expected settings of bookies, since statefulStorage.kind is dlog, found nothing",
    ],
    [
        "bookies for nothing",
        { bookkeeper: {} },
        "bookkeeper: expected nothing, since neither uploader nor statefulStorage is of kind dlog, found an empty map",
    ],
    [
        "as many copies as bookies",
        { ...onBookies, bookkeeper: { bookies: 3 } },
        "bookkeeper.bookies: expected at least 4, so that with uploader.replicas one may be down, found 3",
    ],
    [
        "as many copies of checkpoints",
        { statefulStorage: { kind: "dlog", replicas: 4 }, bookkeeper: {} },
        "bookkeeper.bookies: expected at least 5, so that with statefulStorage.replicas one may be down, found nothing",
    ],
    [
        "packages in the state's node",
        { ...onBookies, dlogPath: "/heron" },
        'dlogPath: expected a path apart from stateRoot: with the tracker\'s nodes there, nothing can be bound, found "/heron"',
    ],
    [
        "packages below the state's node",
        { ...onBookies, dlogPath: "/heron/dlog" },
        'dlogPath: expected a path apart from stateRoot: with the tracker\'s nodes there, nothing can be bound, found "/heron/dlog"',
    ],
    [
        "ledgers in the state's node",
        { ...onBookies, stateRoot: "/ledgers" },
        "bookkeeper.ledgersPath: expected a path apart from stateRoot and dlogPath, found nothing",
    ],
    [
        "a state root with / at its end",
        { stateRoot: "/heron/" },
        'stateRoot: expected an absolute path of letters, digits, ., _ and -, such as /heron, found "/heron/"',
    ],
    [
        "a cluster name in capitals",
        { clusterName: "Prod" },
        'clusterName: expected a cluster name: at most 63 lower-case letters, digits, - and _, found "Prod"',
    ],
    [
        "an unknown uploader",
        { uploader: { kind: "hdfs" } },
        'uploader.kind: expected http | dlog | s3 | gcs, found "hdfs"',
    ],
    [
        "no region",
        { uploader: s3 },
        "uploader.region: expected a region, or the URL of a store as endpoint, found nothing",
    ],
    [
        "a password in a URL",
        { uploader: { ...s3, endpoint: "https://a:b@s3" } },
        'uploader.endpoint: expected a URL without user and password, since every topology can read it, found "https://a:b@s3"',
    ],
    [
        "a password for the proxy",
        { uploader: { ...s3, region: "x", proxy: "http://a:b@p" } },
        'uploader.proxy: expected a URL without user and password, since every topology can read it, found "http://a:b@p"',
    ],
    [
        "more heap than memory",
        { apiServer: { heap: "1Gi" } },
        'apiServer.heap: expected heap, directMemory and 256Mi for the rest of the process within resources.memory, found "1Gi"',
    ],
    [
        "too little room for uploads",
        { apiServer: { resources: { ephemeralStorage: "2Gi" } } },
        'apiServer.resources.ephemeralStorage: expected at least 2304Mi, which scratch volumes may fill, found "2Gi"',
    ],
    [
        "a link with another variable",
        { tracker: { links: { A: "https://a/${INSTANCE}" } } },
        "tracker.links: expected links with no other variables than ${CLUSTER}, ${ENVIRON}, ${TOPOLOGY}, ${ROLE} and ${USER}, found a map of A",
    ],
    [
        "targets without templates",
        { topologies: { podTemplates: false, targets: "batch" } },
        'topologies.targets: expected no targets, since podTemplates is false and only a template can carry them, found "batch"',
    ],
    [
        "a priority without templates",
        { topologies: { podTemplates: false, priority: "batch" } },
        'topologies.priority: expected no priority, since podTemplates is false and only a template can carry it, found "batch"',
    ],
    [
        "capabilities without templates",
        { topologies: { podTemplates: false, capabilities: ["CHOWN"] } },
        "topologies.capabilities: expected no capabilities, since podTemplates is false and nothing is dropped then, found a list of 1",
    ],
    [
        "volumes that Heron would refuse",
        { topologies: { manager: { volumes: { a: { kind: "claim", claimName: "a", path: "/a" } } } } },
        "topologies.manager.volumes: expected no volumes, unless clientVolumes is true: Heron can't tell these from a submitter's own, found a map of a",
    ],
    [
        "a volume of the node",
        { topologies: { clientVolumes: true, executor: { volumes: { a: { kind: "hostPath", path: "/a" } } } } },
        'topologies.executor.volumes.a.kind: expected claim | onDemand | emptyDir | nfs, found "hostPath"',
    ],
    [
        "more requested than the limit",
        { topologies: { executor: { limits: { cpu: 1 }, requests: { cpu: 2 } } } },
        "topologies.executor.requests.cpu: expected at most limits.cpu, found 2",
    ],
    [
        "more memory requested than the limit",
        { topologies: { executor: { limits: { memory: "1Gi" }, requests: { memory: "2Gi" } } } },
        'topologies.executor.requests.memory: expected at most limits.memory, found "2Gi"',
    ],
    [
        "a label of Heron's own",
        { topologies: { podLabels: { app: "x" } } },
        'topologies.podLabels.app: expected a key that is other than app and topology, by which Heron finds its pods, found "app"',
    ],
    [
        "watermarks in disorder",
        { internals: { streamManager: { lowWatermark: "100Mi" } } },
        'internals.streamManager.lowWatermark: expected less than highWatermark, found "100Mi"',
    ],
    [
        "half a unit",
        { internals: { logging: { flushInterval: "1500ms" } } },
        'internals.logging.flushInterval: expected whole seconds, at least one, found "1500ms"',
    ],
    [
        "half a mebibyte",
        { internals: { logging: { maximumSize: "1000Ki" } } },
        'internals.logging.maximumSize: expected a Kubernetes quantity of whole mebibytes (Mi), at least one, found "1000Ki"',
    ],
    [
        "an unknown tuning key",
        { internals: { instance: { emitBach: "1Ki" } } },
        "internals.instance.emitBach: expected a known key (did you mean emitBatch?), found an unknown key",
    ],
    [
        "a weight above one",
        { internals: { instance: { sampleWeight: 2 } } },
        "internals.instance.sampleWeight: expected a number from 0 to 1, found 2",
    ],
];

describe("the settings of Heron", () => {
    for (const [what, settings, line] of broken) {
        it(`refuse ${what}`, () => {
            assert.throws(
                () => checked(heronSettings, "heron", settings),
                (error: Error) => {
                    assert.deepEqual(
                        error.message
                            .split("\n")
                            .slice(1)
                            .map((each) => each.replace(/^[\s-]+/, "")),
                        [line],
                    );
                    return true;
                },
            );
        });
    }

    it("need nothing", () => assert.ok(checkedSettings()));

    it("may be parsed again", () => {
        const once = checkedSettings({ ...onBookies, zookeeper: { kind: "ensemble" } });
        assert.deepEqual(heronSettings.parse(once), once);
    });

    it("leave dlogPath alone where nothing uses it", () => assert.ok(checkedSettings({ dlogPath: "/heron" })));

    it("describe every setting", () => {
        const undescribed: string[] = [];
        const visit = (schema: unknown, path: string): void => {
            if (typeof schema !== "object" || schema === null) {
                return;
            }
            const { properties } = schema as { readonly properties?: Readonly<Record<string, object>> };
            for (const [key, child] of Object.entries(properties ?? {})) {
                if (!("description" in child) && !("$ref" in child)) {
                    undescribed.push(`${path}.${key}`);
                }
                visit(child, `${path}.${key}`);
            }
            const { oneOf, anyOf } = schema as { readonly oneOf?: object[]; readonly anyOf?: object[] };
            [...(oneOf ?? []), ...(anyOf ?? [])].forEach((each) => visit(each, path));
        };
        visit(z.toJSONSchema(heronSettings, { io: "input", unrepresentable: "any" }), "heron");
        assert.deepEqual(undescribed, []);
    });
});

describe("the demand of Heron", () => {
    const cases: readonly (readonly [string, HeronSettings])[] = [
        ["alone", {}],
        ["with its own stores", { ...onBookies, zookeeper: { kind: "ensemble" } }],
        [
            "with more of it",
            { tracker: { replicas: 2 }, ui: { replicas: 3 }, uploader: { kind: "http", storage: "3Gi" } },
        ],
    ];
    for (const [what, settings] of cases) {
        it(`is that of its plan: ${what}`, async () => {
            const { plan } = await planned({ settings } satisfies Overrides);
            const { cpu, memory, cpuLimit, memoryLimit, ...rest } = sumOfDemands(demand(checkedSettings(settings)));
            const { requests, limits, pods, storage } = totalsOf(plan.resources).all;
            // Sums of fractions in another order differ far behind the point.
            const millis = (amount: { readonly cpu: number; readonly memory: number }) => [
                Math.round(amount.cpu * 1000),
                amount.memory,
            ];
            assert.deepEqual(millis(requests), millis({ cpu, memory }));
            assert.deepEqual(millis(limits), millis({ cpu: cpuLimit, memory: memoryLimit }));
            assert.deepEqual(rest, { pods, storage });
        });
    }

    it("of the least topology is that of packing: a manager and an executor of one instance", () => {
        assert.deepEqual(sumOfDemands(leastTopologyDemand(checkedSettings())), {
            pods: 2,
            cpu: 4,
            cpuLimit: 4,
            memory: 6 * GiB,
            memoryLimit: 6 * GiB,
            storage: 0,
        });
    });

    it("of the least topology follows limits and requests", () => {
        const topologies: HeronSettings["topologies"] = {
            executor: { limits: { cpu: 1, memory: "1Gi" }, requests: { cpu: "500m" } },
            manager: { requests: { memory: "2Gi" } },
        };
        assert.deepEqual(sumOfDemands(leastTopologyDemand(checkedSettings({ topologies }))), {
            pods: 2,
            cpu: 2.5,
            cpuLimit: 3,
            memory: 3 * GiB,
            memoryLimit: 4 * GiB,
            storage: 0,
        });
    });
});
