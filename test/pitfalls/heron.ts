import type { Pitfall } from "./pitfall";

const spec = "test/heron/heron.spec.ts";
const stores = "test/heron/stores.spec.ts";
const templates = "test/heron/podTemplate.spec.ts";
const component = "components/heron/heron.ts";
const pods = "components/heron/pods.ts";

/** Defects of Heron's official manifests, and traps of Heron. Those of its bookies are BookKeeper's. */
export const heronPitfalls: readonly Pitfall[] = [
    {
        id: "heron-P1",
        defect: "The tracker starts before DistributedLog's namespace is bound, and its node is in the way then.",
        spec: stores,
        break: {
            file: component,
            find: "before: [...before, bookkeeper, bound],",
            replace: "before: [...before, bookkeeper],",
        },
    },
    {
        id: "heron-P2",
        defect: "The bucket's secret key is an argument of the API server, and so in every topology's package.",
        spec,
        break: {
            file: pods,
            find: "        String(apiPort),\n",
            replace: '        String(apiPort),\n        "-Dheron.uploader.s3.secret_key=x",\n',
        },
    },
    {
        id: "heron-P3",
        defect: "A submitter's properties choose any pod template or namespace that the API server can reach.",
        spec,
        break: {
            file: component,
            find: 'verbs: ["get"], resourceNames: [templates] }',
            replace: 'verbs: ["get"] }',
        },
    },
    {
        id: "heron-P4",
        defect: "API server, tracker and UI ask for no login, and are on a port of every node.",
        spec,
        break: { file: "components/sets/setParts.ts", find: '{ type: "ClusterIP" }', replace: '{ type: "NodePort" }' },
    },
    {
        id: "heron-P5",
        defect: "The API server is the administrator of the whole cluster.",
        spec,
        break: {
            file: component,
            find: 'resources: ["services"], verbs: ["create", "delete"]',
            replace: 'resources: ["*"], verbs: ["*"]',
        },
    },
    {
        id: "heron-P6",
        defect: "ZooKeeper's budget and anti-affinity select no pod, and its data is gone with the pod.",
        spec: stores,
        break: {
            file: "components/sets/setParts.ts",
            find: 'clusterIP: "None", publishNotReadyAddresses: true',
            replace: 'clusterIP: "None", publishNotReadyAddresses: false',
        },
    },
    {
        id: "heron-P7",
        defect: "The image's script misspells autopurge.purgeInterval, so ZooKeeper's volume fills.",
        spec: stores,
        break: {
            file: "components/zookeeper/zooCfg.ts",
            find: '"autopurge.purgeInterval"',
            replace: '"autopurge.purgeInteval"',
        },
    },
    {
        id: "heron-P10",
        defect: "The API server has no probe, no limit of its memory, and is killed amid submits.",
        spec,
        break: { file: pods, find: '...probes("/api/v1/version"),', replace: "" },
    },
    {
        id: "heron-P11",
        defect: "All tools share one pod, and so the API server's token.",
        spec,
        break: {
            file: component,
            find: "...(how.rules && { elsewhere: { namespace: topologyNamespace, rules: how.rules } }),",
            replace: "elsewhere: { namespace: topologyNamespace, rules: apiServerRules(undefined) },",
        },
    },
    {
        id: "heron-P12",
        defect: "Images are tagged latest, and differ between API server and topologies.",
        spec,
        break: {
            file: "components/heron/schedulerFile.ts",
            find: '"heron.executor.docker.image": given.image,',
            replace: '"heron.executor.docker.image": "docker.io/apache/heron:latest",',
        },
    },
    {
        id: "heron-P13",
        defect: "Everything runs as root with all that a container may.",
        spec: templates,
        break: {
            file: "components/heron/podTemplate.ts",
            find: "allowPrivilegeEscalation: false,",
            replace: "allowPrivilegeEscalation: true,",
        },
    },
    {
        id: "heron-P14",
        defect: "A submit that fails halfway, since the template can't be read, leaves a Service that stops the next.",
        spec,
        break: {
            file: component,
            find: "rules: apiServerRules(templates ? given.objects.podTemplates : undefined),",
            replace: "rules: apiServerRules(undefined),",
        },
    },
    {
        id: "heron-P15",
        defect: "Configuration is one long shell argument, and a change of it restarts nothing.",
        spec,
        break: { file: pods, find: "configHashes: [...Object.values(files), ", replace: "configHashes: [" },
    },
    {
        id: "heron-P16",
        defect: "Links to topologies' pods lead to a dashboard of kube-system that is no more.",
        spec,
        break: {
            file: "components/heron/schedulerFile.ts",
            find: '"heron.kubernetes.scheduler.uri": scheduler.uri,',
            replace: '"heron.kubernetes.scheduler.uri": "http://localhost:8001",',
        },
    },
    {
        id: "heron-P17",
        defect: "Variables of Services such as zk-server replace those that the image's scripts read.",
        spec: templates,
        break: {
            file: "components/heron/podTemplate.ts",
            find: "enableServiceLinks: false,",
            replace: "enableServiceLinks: true,",
        },
    },
    {
        id: "heron-P18",
        defect: "The documents name files and objects that there are not.",
        spec: "test/heron/docs.spec.ts",
        break: {
            file: "docs/heron.md",
            find: "port-forward service/heron-ui",
            replace: "port-forward service/ui",
        },
    },
];
