import { type Broken, inDevelopment, itFindsEach, itLeavesAlone, systemWith } from "./brokenTable";

/** Heron with its packages on bookies, and settings of those; `further` are Heron's own. */
const bookiesWith = (settings: string, further = "") =>
    systemWith("heron", `{ uploader: { kind: dlog }, ${further} bookkeeper: { ${settings} } }`);

/** As {@link bookiesWith}, with the class of volumes that production asks for. */
const heronWith = (settings: string, further?: string) => bookiesWith(`storageClass: standard, ${settings}`, further);

const at = (path: string) => `data-platform:systems.heron.${path}`;
const bytes = "a Kubernetes quantity of at least 1Mi with a unit, such as 512Mi or 10Gi";
const together =
    "a heap that together with directMemory takes at most 85 % of resources.memory, since the rest of the process needs room";
const znode = "a znode below the root, such as /ledgers: / and at most 63 letters, digits, _, . or -";

const table: readonly Broken[] = [
    [
        "no bookies",
        [heronWith("bookies: 0")],
        [`${at("bookkeeper.bookies")}: expected a whole number from 1 to 100, found 0`],
    ],
    [
        "the number of bookies as a text",
        [heronWith("bookies: four")],
        [`${at("bookkeeper.bookies")}: expected a whole number from 1 to 100, found "four"`],
    ],
    [
        "as many bookies as copies [heron-P9]",
        [heronWith("bookies: 3")],
        [`${at("bookkeeper.bookies")}: expected at least 4, so that with uploader.replicas one may be down, found 3`],
    ],
    [
        "a misspelt setting",
        [heronWith("bookie: 4")],
        [`${at("bookkeeper.bookie")}: expected a known key (did you mean bookies?), found an unknown key`],
    ],
    [
        "a path that is no znode",
        [heronWith("ledgersPath: ledgers")],
        [`${at("bookkeeper.ledgersPath")}: expected ${znode}, found "ledgers"`],
    ],
    [
        "a znode in another",
        [heronWith("ledgersPath: /heron/ledgers")],
        [`${at("bookkeeper.ledgersPath")}: expected ${znode}, found "/heron/ledgers"`],
    ],
    [
        "the znode of Heron's state",
        [heronWith("ledgersPath: /heron")],
        [`${at("bookkeeper.ledgersPath")}: expected a path apart from stateRoot and dlogPath, found "/heron"`],
    ],
    [
        "the znode of the DistributedLog namespace [heron-P1]",
        [heronWith("ledgersPath: /heronbkdl")],
        [`${at("bookkeeper.ledgersPath")}: expected a path apart from stateRoot and dlogPath, found "/heronbkdl"`],
    ],
    [
        "a journal without a unit",
        [heronWith("journal: { size: 10 }")],
        [`${at("bookkeeper.journal.size")}: expected ${bytes}, found 10`],
    ],
    [
        "a journal that holds no journal file",
        [heronWith("journal: { size: 512Mi }")],
        [`${at("bookkeeper.journal.size")}: expected at least 1Gi, of which a journal file is a tenth, found "512Mi"`],
    ],
    [
        "ledgers that hold hardly an entry log",
        [heronWith("ledgers: { size: 2Gi }")],
        [`${at("bookkeeper.ledgers.size")}: expected at least 5Gi, of which an entry log is a twentieth, found "2Gi"`],
    ],
    [
        "a journal that is one size",
        [heronWith("journal: 10Gi")],
        [`${at("bookkeeper.journal")}: expected a map of settings, found a string`],
    ],
    [
        "the class of the chart that is none",
        [heronWith("ledgers: { storageClass: None }")],
        [
            `${at("bookkeeper.ledgers.storageClass")}: expected a DNS name: labels of lower-case letters, digits and -, joined by dots, found "None"`,
        ],
    ],
    [
        "a threshold as a share",
        [heronWith("diskUsageThreshold: 0.95")],
        [`${at("bookkeeper.diskUsageThreshold")}: expected a whole number from 50 to 98, found 0.95`],
    ],
    [
        "a threshold that lets the volume fill",
        [heronWith("diskUsageThreshold: 100")],
        [`${at("bookkeeper.diskUsageThreshold")}: expected a whole number from 50 to 98, found 100`],
    ],
    [
        "a heap as large as the memory",
        [heronWith("heap: 2Gi")],
        [`${at("bookkeeper.heap")}: expected ${together}, found "2Gi"`],
    ],
    [
        "too much direct memory beside the default heap",
        [heronWith("directMemory: 1Gi")],
        [`${at("bookkeeper.heap")}: expected ${together}, found nothing`],
    ],
    [
        "memory that Java does not fit into",
        [heronWith("resources: { memory: 256Mi }")],
        [`${at("bookkeeper.resources.memory")}: expected at least 512Mi, so that the Java process fits, found "256Mi"`],
    ],
    [
        "local storage smaller than what scratch may fill",
        [heronWith("resources: { ephemeralStorage: 32Mi }")],
        [
            `${at("bookkeeper.resources.ephemeralStorage")}: expected at least 65Mi, which scratch volumes may fill, found "32Mi"`,
        ],
    ],
    [
        "autorecovery in both forms",
        [heronWith("autorecovery: { kind: both }")],
        [`${at("bookkeeper.autorecovery.kind")}: expected bookies | pods | off, found "both"`],
    ],
    [
        "pods of autorecovery that are in the bookies",
        [heronWith("autorecovery: { kind: bookies, replicas: 2 }")],
        [
            `${at("bookkeeper.autorecovery.replicas")}: expected one of the known keys (kind, delay), found an unknown key`,
        ],
    ],
    [
        "no pods of autorecovery",
        [heronWith("autorecovery: { kind: pods, replicas: 0 }")],
        [`${at("bookkeeper.autorecovery.replicas")}: expected a whole number from 1 to 10, found 0`],
    ],
    [
        "a delay without a unit",
        [heronWith("autorecovery: { kind: bookies, delay: 600 }")],
        [
            `${at("bookkeeper.autorecovery.delay")}: expected a time with its unit, such as 500ms, 60s, 5m, 2h or 1d, found 600`,
        ],
    ],
    [
        "a delay of a week",
        [heronWith("autorecovery: { kind: bookies, delay: 7d }")],
        [`${at("bookkeeper.autorecovery.delay")}: expected a time of at most 1d, found "7d"`],
    ],
    [
        "a target set that is not there",
        [heronWith("targets: nowhere")],
        [`${at("bookkeeper.targets")}: expected a name from data-platform:targets (stateful | batch), found "nowhere"`],
    ],
    [
        "a priority class that is not there",
        [heronWith("priority: urgent")],
        [`${at("bookkeeper.priority")}: expected a name from data-platform:priorityClasses (critical), found "urgent"`],
    ],
    [
        "a client that is no peer",
        [heronWith("clients: [{}]")],
        [
            `${at("bookkeeper.clients[0]")}: expected either pods (namespace or namespaceLabels, podLabels) or a cidr, found an empty map`,
        ],
    ],
    [
        "the cluster's default class in production",
        [bookiesWith("bookies: 4")],
        [
            `${at("bookkeeper.storageClass")}: expected the name of a StorageClass in a production environment, since the cluster's default class can change, found nothing`,
        ],
    ],
    [
        "bookies that nobody uses",
        [
            systemWith(
                "heron",
                "{ uploader: { kind: http, storageClass: standard }, bookkeeper: { storageClass: standard } }",
            ),
        ],
        [
            `${at("bookkeeper")}: expected nothing, since neither uploader nor statefulStorage is of kind dlog, found a map of storageClass`,
        ],
    ],
    [
        "packages on bookies that are not there",
        [systemWith("heron", "{ uploader: { kind: dlog } }")],
        [`${at("bookkeeper")}: expected settings of bookies, since uploader.kind is dlog, found nothing`],
    ],
];

describe("a stack file with broken bookies", () => {
    itFindsEach(table);

    itLeavesAlone([
        ["bookies with a class of volumes", [heronWith("bookies: 4")]],
        ["a class for each volume", [bookiesWith("journal: { storageClass: fast }, ledgers: { storageClass: large }")]],
        ["the cluster's default class in development", [inDevelopment, bookiesWith("bookies: 4")]],
        ["bookies of a target set", [heronWith("targets: stateful, priority: critical, autorecovery: { kind: pods }")]],
    ]);
});
