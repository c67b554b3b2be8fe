import type { Pitfall } from "./pitfall";

const component = "components/cassandra/cassandra.ts";
const pods = "components/cassandra/pods.ts";
const yaml = "components/cassandra/cassandraYaml.ts";
const scripts = "components/cassandra/nodeScripts.ts";

/** Breaks of the component, which the tests of its plan catch. */
const ofPlan = (file: string, find: string, replace: string) => ({
    spec: "test/cassandra/cassandra.spec.ts",
    break: { file, find, replace },
});
/** Breaks of files, which the tests of those catch. */
const ofFile = (find: string, replace: string) => ({
    spec: "test/cassandra/cassandraYaml.spec.ts",
    break: { file: yaml, find, replace },
});
/** Breaks of scripts, which the tests that run them catch. */
const ofScript = (find: string, replace: string) => ({
    spec: "test/cassandra/nodeScripts.spec.ts",
    break: { file: scripts, find, replace },
});

/** Section 2 of the fact sheet, and what sections 0.1, 7 and 8 say of Cassandra. */
export const cassandraPitfalls: readonly Pitfall[] = [
    {
        id: "cassandra-P1",
        defect: "datacenter and rack ignored, since the snitch is another",
        ...ofFile('endpoint_snitch: "GossipingPropertyFileSnitch"', 'endpoint_snitch: "SimpleSnitch"'),
    },
    {
        id: "cassandra-P2",
        defect: "the image's entry point, which edits files of a root that can't be written",
        ...ofPlan(pods, 'command: ["cassandra", "-f"],', 'args: ["cassandra", "-f"],'),
    },
    {
        id: "cassandra-P3",
        defect: "a heap sized by the machine's memory instead of the pod's",
        ...ofFile("        `-Xmx${heap}M`,\n", ""),
    },
    {
        id: "cassandra-P4",
        defect: "MAX_HEAP_SIZE in the container, which nodetool takes for its own heap",
        ...ofPlan(pods, 'env: [{ name: "POD_IP"', 'env: [{ name: "MAX_HEAP_SIZE", value: "4G" }, { name: "POD_IP"'),
    },
    {
        id: "cassandra-P5",
        defect: "a young generation beside G1, with which the server does not start",
        ...ofFile('        "-XX:+ExitOnOutOfMemoryError",', '        "-Xmn100M",'),
    },
    {
        id: "cassandra-P6",
        defect: "a node that counts as ready because any node is up",
        ...ofScript('if [ "$address" = "$POD_IP" ]; then', 'if [ -n "$address" ]; then'),
    },
    {
        id: "cassandra-P7",
        defect: "nodes killed while they join, since liveness wants them up and normal",
        ...ofPlan(pods, 'const alive = { tcpSocket: { port: "storage" }', 'const alive = { tcpSocket: { port: "cql" }'),
    },
    {
        id: "cassandra-P8",
        defect: "probes that start a JVM within the default second",
        ...ofPlan(pods, "timeoutSeconds: 20,", "timeoutSeconds: 1,"),
    },
    {
        id: "cassandra-P9",
        defect: "a stop without drain",
        ...ofPlan(pods, '        preStop: ["nodetool", "drain"],\n', ""),
    },
    {
        id: "cassandra-P10",
        defect: "nodes of a rack that join at the same time",
        ...ofPlan(component, 'podManagement: "OrderedReady"', 'podManagement: "Parallel"'),
    },
    {
        id: "cassandra-P11",
        defect: "seeds that have no name before they are ready",
        ...ofPlan(
            component,
            "{ objectName: name, headless: true, ports:",
            "{ objectName: name, headless: false, ports:",
        ),
    },
    {
        id: "cassandra-P12",
        defect: "a node without data that is its own seed, and so fetches none",
        ...ofScript('if [ "$begins" = no ] || [ "$answered" = yes ]; then', "if false; then"),
    },
    {
        id: "cassandra-P13",
        defect: "nodes of two racks down at the same time",
        ...ofPlan(component, "register(rack, done.slice(-1))", "register(rack, [])"),
    },
    {
        id: "cassandra-P14",
        defect: "a disruption budget for each rack",
        ...ofPlan(component, "                    cluster,\n", ""),
    },
    {
        id: "cassandra-P15",
        defect: "a capability that no namespace but a privileged one allows, for everybody",
        ...ofPlan(pods, "...(settings.lockMemory && {", "...(!settings.lockMemory && {"),
    },
    {
        id: "cassandra-P16",
        defect: "a node whose first join was cut short, taken for one that has its data",
        ...ofScript("[ -e ${at.joined} ] && fresh=no", "fresh=no"),
    },
    {
        id: "cassandra-P17",
        defect: "tokens allocated for more replicas than there are racks, which the second rack's second node fails of",
        ...ofScript('if [ "$ringRacks" = " $RACK " ]; then racks=3; fi', "racks=3"),
    },
    {
        id: "cassandra-P18",
        defect: "failures of disks ignored, since the file lacks what the image's file says",
        ...ofFile('    disk_failure_policy: "stop",\n', ""),
    },
    {
        id: "cassandra-P19",
        defect: "files beside the volumes that fill the pod's local storage",
        ...ofFile('"-Xlog:gc=warning:stdout:utctime,level,tags"', '"-Xlog:gc=info:file=/var/log/cassandra/gc.log"'),
    },
    {
        id: "cassandra-P20",
        defect: "an address by host name",
        ...ofScript('listen_address: "$POD_IP"', 'listen_address: "$POD_NAME"'),
    },
    {
        id: "cassandra-P21",
        defect: "JMX on the network",
        ...ofPlan(component, "            ports: tcp(storagePort),\n", "            ports: tcp(storagePort, 7199),\n"),
    },
    {
        id: "cassandra-P22",
        defect: "changes of what a node fixes when it first starts, unseen",
        ...ofPlan(component, "        numTokens: settings.numTokens,\n", ""),
    },
    {
        id: "cassandra-P23",
        defect: "a commit log in the root of its volume, which may hold lost+found",
        ...ofFile("`${places.commitlog}/segments`", "places.commitlog"),
    },
    {
        id: "cassandra-P24",
        defect: "an engine that gives up while nodes join",
        ...ofPlan(
            component,
            "startSeconds: seconds(settings.startTimeout) + seconds(settings.gracePeriod),",
            "startSeconds: 60,",
        ),
    },
    {
        id: "cassandra-P25",
        defect: "a user that is none of the image's",
        ...ofPlan("components/cassandra/places.ts", "cassandraUser = 999;", "cassandraUser = 1000;"),
    },
    {
        id: "cassandra-P26",
        defect: "a rack more that restarts every node of the others",
        ...ofPlan(
            component,
            "                            configure,\n",
            "                            configure,\n                            String(racks.length),\n",
        ),
    },
];
