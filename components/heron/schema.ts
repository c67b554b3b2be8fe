import { z } from "zod";
import { leastBookies } from "../bookkeeper/connection";
import { bookkeeperSettings } from "../bookkeeper/schema";
import { rotationSetting } from "../foundation/credentials";
import { namespaceSettings } from "../foundation/namespace";
import { peerSettings } from "../foundation/networkPolicy";
import { placementShape } from "../foundation/placement";
import { parseQuantity } from "../foundation/quantity";
import { resourceSettings } from "../foundation/resources";
import {
    bytes,
    duration,
    flag,
    milliseconds,
    oneOf,
    settings,
    text,
    url,
    variants,
    whole,
    words,
} from "../foundation/values";
import { monitorSettings } from "../monitoring/schema";
import { externalZookeeperSettings, zookeeperSettings } from "../zookeeper/schema";
import { internalsSettings } from "./internals";
import { metricsSettings } from "./metricsSchema";
import { statefulStorageSettings, uploaderSettings } from "./storageSchema";
import { topologySettings } from "./topologySchema";

/** Port of the API server, and its Service: Heron's default. */
export const apiPort = 9000;
/** Port of the tracker: Heron's default. */
export const trackerPort = 8888;
/** Port of the UI: Heron's default. */
export const uiPort = 8889;

/** Scratch space of the API server, in which uploads are unpacked and packed again. */
export const apiServerScratch = "2Gi";
/** Scratch space of tracker and UI, for the Python archives that they unpack. */
export const toolScratch = "256Mi";

/** What the Pod Security level of the topology namespace must be. */
export const topologyPodSecurity = {
    level: "baseline",
    reason: "Heron's image runs as root, and its start command writes to the image's own folders",
} as const;

const znode = (own: string) =>
    text(/^(\/[A-Za-z0-9._-]+)+$/, 200, `an absolute path of letters, digits, ., _ and -, such as ${own}`);

const clients = (what: string) =>
    z
        .array(peerSettings)
        .default([])
        .describe(`Who may call ${what}, besides this system's own parts. Default nobody.`);

const retryTime = (own: string, meaning: string) =>
    duration()
        .refine((given) => milliseconds(given) <= 600e3, { error: "a time of at most 10m" })
        .default(own)
        .describe(`${meaning} Default ${own}.`);

const zookeeperOfHeron = variants("kind", [
    settings({
        kind: z.literal("shared").describe("The stack's own ensemble, of its section zookeeper; the default."),
    }),
    zookeeperSettings.safeExtend({
        kind: z.literal("ensemble").describe("An ensemble of Heron's own, in the control namespace."),
    }),
    externalZookeeperSettings,
]).prefault({ kind: "shared" });

const schedulerSettings = settings({
    requestMode: oneOf("equalToLimit", "notSet")
        .default("equalToLimit")
        .describe(
            "Requests of topologies' containers: the same as their limits, or the namespace's defaults (heron.kubernetes.resource.request.mode). Default equalToLimit.",
        ),
    imagePullPolicy: oneOf("IfNotPresent", "Always", "Never")
        .default("IfNotPresent")
        .describe("When nodes pull the topologies' image. Default IfNotPresent."),
    uri: url()
        .default("https://kubernetes.default.svc")
        .describe(
            "URL that links to topologies' pods begin with (heron.kubernetes.scheduler.uri); nothing connects to it. Default https://kubernetes.default.svc.",
        ),
    javaHome: text(/^(\$[A-Z_]+|(\/[A-Za-z0-9._-]+)+)$/, 200, "an absolute path, or a variable such as $JAVA_HOME")
        .default("$JAVA_HOME")
        .describe("Where topologies' image has Java (heron.directory.sandbox.java.home). Default $JAVA_HOME."),
    home: text(/^(\$[A-Z_]+|(\/[A-Za-z0-9._-]+)+)$/, 200, "an absolute path, or a variable such as $HERON_HOME")
        .optional()
        .describe(
            "Where images of your own have Heron's binaries (heron.directory.home). Default: where the tools find them.",
        ),
    conf: text(/^(\/[A-Za-z0-9._-]+)+\/?$/, 200, "an absolute path, such as /opt/heron/heron-conf/")
        .optional()
        .describe(
            "Where the API server looks for these files, in images of your own (heron.directory.conf). Default: where they are mounted.",
        ),
}).prefault({});

const tunnelSettings = settings({
    host: text(/^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+$/, 300, "<user>@<host>").describe(
        "Host to tunnel through, as <user>@<host> (heron.statemgr.tunnel.host).",
    ),
    connectionTimeout: retryTime("1s", "How long a direct connection is tried."),
    retries: whole(0, 1000).default(2).describe("How often it is tried again. Default 2."),
    retryInterval: retryTime("1s", "Time between two tries."),
    verifications: whole(1, 1000).default(10).describe("How often the tunnel is checked until it is up. Default 10."),
});

const stateManagerSettings = settings({
    sessionTimeout: retryTime("30s", "When a session with ZooKeeper counts as dead."),
    connectionTimeout: retryTime("30s", "When a connection to ZooKeeper counts as dead."),
    retries: whole(0, 1000).default(10).describe("How often a failed call of ZooKeeper is repeated. Default 10."),
    retryInterval: retryTime("10s", "Time between two of them."),
    initializeTree: flag()
        .default(true)
        .describe("Whether Heron makes the nodes below stateRoot that do not exist. Default true."),
    tunnel: tunnelSettings
        .optional()
        .describe(
            "SSH tunnel to ZooKeeper, for clients outside the cluster that use the files without the API server. Pods need none. Default none.",
        ),
}).prefault({});

const packingWords = ["roundRobin", "resourceCompliant", "firstFitDecreasing"] as const;

const packingSettings = settings({
    algorithm: oneOf(...packingWords)
        .default("roundRobin")
        .describe("How instances are put into containers (heron.class.packing.algorithm). Default roundRobin."),
    repacking: oneOf(...packingWords)
        .optional()
        .describe("The same when a topology is scaled (heron.class.repacking.algorithm). Default: as algorithm."),
}).prefault({});

const apiServerSettings = settings({
    resources: resourceSettings(
        { cpu: "250m", cpuLimit: "1", memory: "1Gi", ephemeralStorage: "4Gi" },
        "2304Mi",
    ).describe("Resources of the API server. Each upload is unpacked in its local storage."),
    heap: bytes().default("512Mi").describe("Java heap (HERON_APISERVER_MEM_MAX). Default 512Mi."),
    directMemory: bytes()
        .default("256Mi")
        .describe("Java's direct memory, through which packages go (HERON_APISERVER_MEM_DIRECT). Default 256Mi."),
    verbose: flag().default(false).describe("Whether it logs every step. Default false."),
    clients: clients("the API server, that is submit, update and kill topologies; it asks for no login"),
})
    .refine(
        (given) =>
            parseQuantity(given.heap) + parseQuantity(given.directMemory) + parseQuantity("256Mi") <=
            parseQuantity(given.resources.memory),
        { path: ["heap"], error: "heap, directMemory and 256Mi for the rest of the process within resources.memory" },
    )
    .prefault({});

/** Whether a link's text is what the tracker's config.py takes: it refuses to start with another variable. */
function knownVariables(link: string): boolean {
    return !link.replaceAll(/\$\{(CLUSTER|ENVIRON|TOPOLOGY|ROLE|USER)\}/g, "").includes("$");
}

const trackerSettings = settings({
    replicas: whole(1, 5).default(1).describe("Number of trackers, each with a view of its own. Default 1."),
    resources: resourceSettings({ cpu: "100m", memory: "512Mi" }, "320Mi").describe("Resources of each tracker."),
    links: z
        .record(words(), words())
        .refine((links) => Object.values(links).every(knownVariables), {
            error: "links with no other variables than ${CLUSTER}, ${ENVIRON}, ${TOPOLOGY}, ${ROLE} and ${USER}",
        })
        .default({})
        .describe(
            "Links of each topology's page by name; ${CLUSTER}, ${ENVIRON}, ${TOPOLOGY}, ${ROLE} and ${USER} are replaced. Default none.",
        ),
    clients: clients("the tracker, which shows all topologies"),
}).prefault({});

const uiSettings = settings({
    replicas: whole(1, 5).default(1).describe("Number of UI pods. Default 1."),
    resources: resourceSettings({ cpu: "100m", memory: "512Mi" }, "320Mi").describe("Resources of each UI pod."),
    basePath: text(/^(\/[A-Za-z0-9._:-]+)+$/, 300, "a path that begins with / and does not end with it")
        .optional()
        .describe("Path that browsers see the UI under (--base-url). Default: the root."),
    clients: clients("the UI"),
}).prefault({});

const plainSettings = settings({
    namespace: namespaceSettings.describe(
        "The control namespace: API server, tracker, UI, Heron's own ZooKeeper and bookies.",
    ),
    topologyNamespace: namespaceSettings.describe("The namespace of all topologies, and of nothing else."),
    clusterName: text(
        /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/,
        63,
        "a cluster name: at most 63 lower-case letters, digits, - and _",
    )
        .optional()
        .describe("Name of the cluster, which `heron submit` is told. Default <environment>-<component>."),
    zookeeper: zookeeperOfHeron.describe("The ensemble that holds the state of topologies. Default: the stack's own."),
    stateRoot: znode("/heron").default("/heron").describe("Path of the state in ZooKeeper. Default /heron."),
    bookkeeper: bookkeeperSettings
        .optional()
        .describe("The bookies; given exactly where uploader or statefulStorage is of kind dlog."),
    dlogPath: znode("/heronbkdl")
        .default("/heronbkdl")
        .describe("Path of the DistributedLog namespace in ZooKeeper, apart from stateRoot. Default /heronbkdl."),
    uploader: uploaderSettings.describe("How packages get to topologies. Default http."),
    credentialsRotation: rotationSetting("what the API server has read of the uploader's credentials"),
    statefulStorage: statefulStorageSettings.describe("Where checkpoints of stateful topologies lie. Default localfs."),
    roleRequired: flag().default(false).describe("Whether submitters must name a role. Default false."),
    environmentRequired: flag().default(false).describe("Whether submitters must name an environment. Default false."),
    scheduler: schedulerSettings.describe("How topologies become pods."),
    stateManager: stateManagerSettings.describe("How Heron's parts talk to ZooKeeper."),
    packing: packingSettings.describe("How instances are put into containers."),
    internals: internalsSettings.describe("Tuning of topologies' processes (heron_internals.yaml, stateful.yaml)."),
    metrics: metricsSettings.describe("Where topologies' metrics go (metrics_sinks.yaml)."),
    topologies: topologySettings.describe("The pods of topologies."),
    apiServer: apiServerSettings.describe("The API server, which makes topologies' pods."),
    tracker: trackerSettings.describe("The tracker, which watches topologies."),
    ui: uiSettings.describe("The UI in front of the tracker."),
    monitoring: monitorSettings.describe("How topologies are watched, where the environment is."),
    ...placementShape,
});

type PlainSettings = z.output<typeof plainSettings>;

/** What must be replicated on bookies, with the path of its setting and its copies. */
function dlogUsers({
    uploader,
    statefulStorage,
}: PlainSettings): { readonly path: string; readonly replicas: number }[] {
    return [
        ...(uploader.kind === "dlog" ? [{ path: "uploader", replicas: uploader.replicas }] : []),
        ...(statefulStorage.kind === "dlog" ? [{ path: "statefulStorage", replicas: statefulStorage.replicas }] : []),
    ];
}

/** Whether one path is the other, or below it. */
function overlap(one: string, other: string): boolean {
    return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

/** What `data-platform:systems.heron` may hold. */
export const heronSettings = plainSettings.superRefine((given, context) => {
    const fault = (path: readonly string[], message: string) => {
        context.addIssue({ code: "custom", path: [...path], message });
    };
    const users = dlogUsers(given);
    const [first] = users;
    if (first !== undefined && given.bookkeeper === undefined) {
        fault(["bookkeeper"], `settings of bookies, since ${first.path}.kind is dlog`);
    }
    if (first === undefined && given.bookkeeper !== undefined) {
        fault(["bookkeeper"], "nothing, since neither uploader nor statefulStorage is of kind dlog");
    }
    if (first !== undefined && overlap(given.dlogPath, given.stateRoot)) {
        fault(["dlogPath"], "a path apart from stateRoot: with the tracker's nodes there, nothing can be bound");
    }
    const ledgersPath = given.bookkeeper?.ledgersPath;
    if (ledgersPath !== undefined && (overlap(ledgersPath, given.dlogPath) || overlap(ledgersPath, given.stateRoot))) {
        fault(["bookkeeper", "ledgersPath"], "a path apart from stateRoot and dlogPath");
    }
    for (const { path, replicas } of users) {
        const least = leastBookies(replicas);
        if (given.bookkeeper !== undefined && given.bookkeeper.bookies < least) {
            fault(["bookkeeper", "bookies"], `at least ${least}, so that with ${path}.replicas one may be down`);
        }
    }
});

export type HeronSettings = z.input<typeof heronSettings>;
export type CheckedHeronSettings = z.output<typeof heronSettings>;
