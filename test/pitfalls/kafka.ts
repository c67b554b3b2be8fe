import type { Pitfall } from "./pitfall";

const spec = (name: string) => `test/kafka/${name}.spec.ts`;
const own = (name: string) => `components/kafka/${name}.ts`;

/** Traps of Kafka on Kubernetes, from the fact sheet (0.1, 3, 7 and 8) and from the image's own scripts. */
export const kafkaPitfalls: readonly Pitfall[] = [
    {
        id: "kafka-P1",
        defect: "the image's default cluster id, the same for every cluster that says none",
        spec: spec("schema"),
        break: {
            file: own("schema"),
            find: ".refine((id) => id !== imageClusterId, {",
            replace: '.refine((id) => id !== "", {',
        },
    },
    {
        id: "kafka-P2",
        defect: "listeners left out: the start script makes them of the advertised ones and drops the controllers'",
        spec: spec("properties"),
        break: { file: own("properties"), find: "        listeners: [\n", replace: '        "unused.listeners": [\n' },
    },
    {
        id: "kafka-P3",
        defect: "advertised listeners on a controller alone, which the start script refuses",
        spec: spec("properties"),
        break: {
            file: own("properties"),
            find: '"advertised.listeners": serves\n',
            replace: '"advertised.listeners": serves !== votes || votes\n',
        },
    },
    {
        id: "kafka-P4",
        defect: "no log directory: the records are in /tmp and gone with the pod",
        spec: spec("properties"),
        break: { file: own("properties"), find: '"log.dirs": places.logs,', replace: "" },
    },
    {
        id: "kafka-P5",
        defect: "the volume's root as log directory: lost+found stops the broker",
        spec: spec("properties"),
        break: { file: own("places"), find: '"/var/lib/kafka/data/logs"', replace: '"/var/lib/kafka/data"' },
    },
    {
        id: "kafka-P6",
        defect: "pods one after another, each waiting for the readiness of a quorum that can't form",
        spec: spec("kafka"),
        break: { file: own("nodeSet"), find: 'podManagement: "Parallel"', replace: 'podManagement: "OrderedReady"' },
    },
    {
        id: "kafka-P7",
        defect: "readiness that asks for the state of the whole cluster: one dead broker makes all unready",
        spec: spec("kafka"),
        break: {
            file: own("nodeSet"),
            find: 'command: ["bash", "-c", listens(',
            replace: 'command: ["bash", "-c", "kafka-topics.sh --describe --under-replicated-partitions", listens(',
        },
    },
    {
        id: "kafka-P8",
        defect: "tools that inherit the server's heap and its agent's port, and die of either",
        spec: spec("gate"),
        break: { file: own("gate"), find: "KAFKA_OPTS='' ", replace: "" },
    },
    {
        id: "kafka-P9",
        defect: "as many replicas in sync demanded as there are: every restart stops the producers",
        spec: spec("schema"),
        break: {
            file: own("schema"),
            find: "minInsyncReplicas < factor ||",
            replace: "minInsyncReplicas <= factor ||",
        },
    },
    {
        id: "kafka-P10",
        defect: "independent sets that an update rolls at the same time: a broker of each rack is down",
        spec: spec("kafka"),
        break: {
            file: own("kafka"),
            find: "dependsOn: [...before, ...(last === undefined ? [] : [last])],",
            replace: "dependsOn: [...before],",
        },
    },
    {
        id: "kafka-P11",
        defect: "voters that change with the size of a set: the list is fixed when the first of them starts",
        spec: spec("ids"),
        break: {
            file: own("layout"),
            find: "voters: combined\n",
            replace: "voters: combined || groups.length > 0\n",
        },
    },
    {
        id: "kafka-P12",
        defect: "ids that controllers and brokers, or two racks, have in common",
        spec: spec("schema"),
        break: {
            file: own("schema"),
            find: "racks[other]?.firstId === firstId)",
            replace: "racks[other]?.firstId === undefined)",
        },
    },
    {
        id: "kafka-P13",
        defect: "ids that move when a rack is added before another",
        spec: spec("schema"),
        break: {
            file: own("schema"),
            find: "firstId === undefined && names.length > 1",
            replace: "firstId === undefined && names.length > 99",
        },
    },
    {
        id: "kafka-P14",
        defect: "variables of Services (KAFKA_PORT) in the environment, which become properties",
        spec: spec("kafka"),
        break: {
            file: "components/foundation/pods.ts",
            find: "enableServiceLinks: false",
            replace: "enableServiceLinks: true",
        },
    },
    {
        id: "kafka-P15",
        defect: "a read-only root without the folders that the image's scripts write",
        spec: spec("kafka"),
        break: { file: own("nodeSet"), find: "path: `${places.home}/config`", replace: 'path: "/config"' },
    },
    {
        id: "kafka-P16",
        defect: "logs of the collector and of the server in the container, until the pod is evicted",
        spec: spec("kafka"),
        break: { file: own("nodeSet"), find: "filecount=4,filesize=16M", replace: "filecount=10,filesize=100M" },
    },
    {
        id: "kafka-P17",
        defect: "a kill while the gate waits or partitions are handed over: every log is read again",
        spec: spec("schema"),
        break: {
            file: own("schema"),
            find: "seconds(gracePeriod) >= seconds(gate.timeout) + shutdownSeconds",
            replace: "seconds(gracePeriod) >= seconds(gate.timeout)",
        },
    },
    {
        id: "kafka-P18",
        defect: "Kafka's own topics with other replicas than the cluster's: too many for it, or one that is lost",
        spec: spec("properties"),
        break: {
            file: own("properties"),
            find: '"offsets.topic.replication.factor": factor,',
            replace: "",
        },
    },
    {
        id: "kafka-P19",
        defect: "a JMX port that asks nobody who they are (KAFKA_JMX_PORT)",
        spec: spec("kafka"),
        break: {
            file: own("nodeSet"),
            find: '{ name: "CLUSTER_ID",',
            replace: '{ name: "KAFKA_JMX_PORT", value: "9999" },\n        { name: "CLUSTER_ID",',
        },
    },
    {
        id: "kafka-P20",
        defect: "one Service in front of all brokers for clients outside, who must reach the leader of a partition",
        spec: spec("kafka"),
        break: {
            file: own("external"),
            find: 'selector: { ...where.selector, "statefulset.kubernetes.io/pod-name": pod },',
            replace: "selector: { ...where.selector },",
        },
    },
    {
        id: "kafka-P21",
        defect: "a budget for each rack: a drain may stop one broker of each",
        spec: spec("kafka"),
        break: { file: own("nodeSet"), find: "cluster: selectorLabels(identity),", replace: "" },
    },
    {
        id: "kafka-P22",
        defect: "a gate that blocks for ever, also when the whole cluster is deleted",
        spec: spec("gate"),
        break: { file: own("gate"), find: "[ $? -eq 2 ]", replace: "[ $? -eq 99 ]" },
    },
    {
        id: "kafka-P23",
        defect: "a listener whose name ends in SSL: the start script then asks for key files and passwords of its own",
        spec: spec("properties"),
        break: { file: own("properties"), find: 'external: "EXTERNAL"', replace: 'external: "EXTERNAL_SSL"' },
    },
    {
        id: "kafka-P24",
        defect: "a gate that waits for partitions which have no more replicas than their minimum",
        spec: spec("gate"),
        break: {
            file: own("gate"),
            find: 'if (split(isr, a, ",") >= split(replicas, b, ",")) next',
            replace: "",
        },
    },
    {
        id: "kafka-P25",
        defect: "racks in name only: rack awareness spreads replicas, not pods",
        spec: spec("kafka"),
        break: { file: own("nodeSet"), find: "...zone]", replace: "]" },
    },
];
