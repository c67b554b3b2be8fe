import * as assert from "node:assert/strict";
import { leastBookies } from "../../components/bookkeeper/connection";
import {
    bookkeeperSettings,
    type BookKeeperSettings,
    demand,
    dlogNamespaceDemand,
    dlogNamespaceSettings,
    memoryOf,
} from "../../components/bookkeeper/schema";
import { sumOfDemands } from "../../components/foundation/demand";
import { checked, SettingsFaults } from "../../components/foundation/faults";

const faults = (given: unknown, schema: Parameters<typeof checked>[0] = bookkeeperSettings): readonly string[] => {
    try {
        checked(schema, "books", given);
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsFaults);
        return error.message.split("\n  ").slice(1);
    }
};

describe("the settings of bookies", () => {
    it("are enough for three copies while one bookie is down, unless told otherwise [heron-P9]", () => {
        const { bookies } = bookkeeperSettings.parse({});
        assert.deepEqual([1, 2, 3].map(leastBookies), [2, 3, 4]);
        // Heron's own default is three copies, all of them acknowledged.
        assert.ok(bookies >= leastBookies(3), `${bookies} bookies`);
    });

    it("have these defaults", () => {
        assert.deepEqual(bookkeeperSettings.parse({}), {
            bookies: 4,
            ledgersPath: "/ledgers",
            journal: { size: "10Gi" },
            ledgers: { size: "30Gi" },
            diskUsageThreshold: 95,
            resources: { cpu: "500m", memory: "2Gi", ephemeralStorage: "512Mi" },
            autorecovery: { kind: "bookies", delay: "10m" },
            metrics: true,
            monitoring: { enabled: true, alerts: true },
            scrapers: [],
            clients: [],
        });
    });

    it("may go in again as they came out", () => {
        const once = bookkeeperSettings.parse({ autorecovery: { kind: "pods" }, heap: "512Mi", storageClass: "fast" });
        assert.deepEqual(bookkeeperSettings.parse(once), once);
    });

    for (const [given, expected] of [
        [{ bookies: 0 }, "bookies: expected a whole number from 1 to 100, found 0"],
        [
            { ledgersPath: "/a/b" },
            'ledgersPath: expected a znode below the root, such as /ledgers: / and at most 63 letters, digits, _, . or -, found "/a/b"',
        ],
        [
            { journal: { size: "512Mi" } },
            'journal.size: expected at least 1Gi, of which a journal file is a tenth, found "512Mi"',
        ],
        [
            { ledgers: { size: "4Gi" } },
            'ledgers.size: expected at least 5Gi, of which an entry log is a twentieth, found "4Gi"',
        ],
        [{ diskUsageThreshold: 0.95 }, "diskUsageThreshold: expected a whole number from 50 to 98, found 0.95"],
        [
            { heap: "1Gi", resources: { memory: "2Gi" }, directMemory: "800Mi" },
            'heap: expected a heap that together with directMemory takes at most 85 % of resources.memory, since the rest of the process needs room, found "1Gi"',
        ],
        [
            { directMemory: "1Gi" },
            "heap: expected a heap that together with directMemory takes at most 85 % of resources.memory, since the rest of the process needs room, found nothing",
        ],
        [
            { resources: { memory: "511Mi" } },
            'resources.memory: expected at least 512Mi, so that the Java process fits, found "511Mi"',
        ],
        [
            { resources: { ephemeralStorage: "64Mi" } },
            'resources.ephemeralStorage: expected at least 65Mi, which scratch volumes may fill, found "64Mi"',
        ],
        [{ autorecovery: { kind: "both" } }, 'autorecovery.kind: expected bookies | pods | off, found "both"'],
        [
            { autorecovery: { kind: "bookies", delay: "25h" } },
            'autorecovery.delay: expected a time of at most 1d, found "25h"',
        ],
        [
            { autorecovery: { kind: "pods", resources: { memory: "256Mi" } } },
            'autorecovery.resources.memory: expected at least 512Mi, so that its Java process fits, found "256Mi"',
        ],
        [
            { autorecovery: { kind: "pods", replicas: 0 } },
            "autorecovery.replicas: expected a whole number from 1 to 10, found 0",
        ],
    ] as const) {
        it(`refuse ${JSON.stringify(given)}`, () => assert.deepEqual(faults(given), [expected]));
    }

    it("refuse a delay where nobody copies, and pods where the bookies do", () => {
        for (const autorecovery of [
            { kind: "off", delay: "5m" },
            { kind: "bookies", replicas: 2 },
        ]) {
            assert.match(faults({ autorecovery })[0] ?? "nothing", /^autorecovery/);
        }
    });

    it("take what is just allowed", () => {
        const memory = { resources: { memory: "1000Mi" }, heap: "450Mi", directMemory: "400Mi" };
        assert.deepEqual(faults({ ...memory, journal: { size: "1Gi" }, ledgers: { size: "5Gi" } }), []);
        assert.deepEqual(faults({ resources: { memory: "512Mi", ephemeralStorage: "65Mi" } }), []);
    });

    it("divide the memory, each part as given where it is", () => {
        const resources = { memory: "1000Mi" };
        assert.deepEqual(memoryOf({ resources }), { heap: 400, direct: 400 });
        assert.deepEqual(memoryOf({ resources, heap: "300Mi" }), { heap: 300, direct: 400 });
        assert.deepEqual(memoryOf({ resources, directMemory: "300Mi" }), { heap: 400, direct: 300 });
    });

    it("ask a quota for the bookies with their volumes, and for autorecovery's own pods", () => {
        const asked = (given: BookKeeperSettings) => {
            const { pods, cpu, memory, storage } = sumOfDemands(demand(bookkeeperSettings.parse(given)));
            return { pods, cpu, memory: memory / 2 ** 20, storage: storage / 2 ** 30 };
        };
        const given: BookKeeperSettings = { bookies: 3, journal: { size: "2Gi" }, ledgers: { size: "5Gi" } };
        const bookies = { pods: 3, cpu: 1.5, memory: 3 * 2048, storage: 21 };
        assert.deepEqual(asked(given), bookies);
        const resources = { cpu: "1", memory: "1Gi" };
        assert.deepEqual(asked({ ...given, autorecovery: { kind: "pods", replicas: 2, resources } }), {
            pods: 5,
            cpu: 3.5,
            memory: 4 * 2048,
            storage: 21,
        });
    });
});

describe("the settings of a DistributedLog namespace", () => {
    it("are one small pod, unless told otherwise", () => {
        const given = dlogNamespaceSettings.parse(undefined);
        assert.deepEqual(given, { resources: { cpu: "250m", memory: "768Mi", ephemeralStorage: "512Mi" } });
        assert.equal(sumOfDemands(dlogNamespaceDemand(given)).memory, 768 * 2 ** 20);
        assert.equal(sumOfDemands(dlogNamespaceDemand(given)).pods, 1);
    });

    it("refuse a pod that Java does not fit into", () =>
        assert.deepEqual(faults({ resources: { memory: "128Mi" } }, dlogNamespaceSettings), [
            'resources.memory: expected at least 512Mi, so that its Java process fits, found "128Mi"',
        ]));
});
