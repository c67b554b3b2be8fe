import type { Role } from "./properties";
import { places, ports } from "./places";

/** What a gate is written for. */
export interface GateArgs {
    readonly role: Role;
    /** Seconds that it waits at most. */
    readonly timeoutSeconds: number;
    /** What follows the pod's name in its own. */
    readonly host: string;
    /** Host whose addresses are those of the ready brokers. */
    readonly readyHost: string;
}

/** Where the gate finds things; tests put others in their place. */
export interface GatePlaces {
    /** Folder of the image's tools. */
    readonly tools: string;
    /** Configuration of the tools' client. */
    readonly clientConfig: string;
    /** Where the container's log is written. */
    readonly log: string;
    /** Seconds between two looks. */
    readonly pause: number;
    /** Seconds that a tool may take: it answers in two to five, and asks one who is gone until it is ended. */
    readonly toolSeconds: number;
}

const gatePlaces: GatePlaces = {
    tools: `${places.home}/bin`,
    clientConfig: `${places.scripts}/client.properties`,
    log: "/proc/1/fd/1",
    pause: 5,
    toolSeconds: 20,
};

/** A controller is behind when the leader has not seen it caught up for so long (controller.quorum.fetch.timeout.ms). */
const caughtUpMilliseconds = 2000;
/** Seconds that a controller waits at most: the metadata log is small, so who is not back by then is gone. */
const controllerSeconds = 60;
/** After how many looks without an answer, or without any ready broker, nothing is left to be waited for. */
const patience = 3;

/**
 * The script that runs before a node is asked to stop. It waits until every partition of this broker that lacks replicas in
 * sync has more of them than its minimum, and until the other controllers are a majority by themselves. It never forbids to
 * stop: it passes at its deadline, when nobody answers, and when no other broker is ready any more, as when all are deleted.
 */
export function gateScript(args: GateArgs, where: GatePlaces = gatePlaces): string {
    const serves = args.role !== "controller";
    const votes = args.role !== "broker";
    const timeout = serves ? args.timeoutSeconds : Math.min(args.timeoutSeconds, controllerSeconds);
    const bootstrap = serves
        ? `--bootstrap-server "$POD_NAME.${args.host}:${ports.client}"`
        : `--bootstrap-controller "$POD_NAME.${args.host}:${ports.controller}"`;
    const looks = [...(serves ? ["partitions"] : []), ...(votes ? ["quorum"] : [])];
    return `# Waits until this node may stop. See docs/kafka.md.
set -u
deadline=$((SECONDS + ${timeout}))
id=$KAFKA_NODE_ID

say() { echo "stop gate of node $id: $*" >> '${where.log}'; }
pass() { say "passes: $*"; exit 0; }

# Tools would take the server's heap, its agent's port and its log of the collector for their own.
tool() {
    local name=$1 left=$((deadline - SECONDS))
    shift
    [ "$left" -gt ${where.toolSeconds} ] && left=${where.toolSeconds}
    [ "$left" -lt 1 ] && left=1
    KAFKA_HEAP_OPTS='-Xmx128m' KAFKA_JVM_PERFORMANCE_OPTS='-XX:+UseSerialGC -XX:TieredStopAtLevel=1' \\
        KAFKA_OPTS='' KAFKA_JMX_OPTS='' KAFKA_JMX_PORT='' JMX_PORT='' KAFKA_GC_LOG_OPTS='' KAFKA_LOG4J_OPTS='' \\
        timeout -k 2 "$left" '${where.tools}'/"$name" ${bootstrap} --command-config '${where.clientConfig}' "$@" 2>> '${where.log}'
}
${serves ? partitionsCheck + goneCheck(args.readyHost, where) : ""}${votes ? quorumCheck : ""}
# What this node has to wait for; fails when it can't be known.
look() {
${looks.map((each) => `    ${each} || return 1\n`).join("")}}

silent=0
alone=0
while :; do
${serves ? "    if gone; then alone=$((alone + 1)); else alone=0; fi\n" : ""}    if [ "$alone" -gt 0 ]; then
        [ "$alone" -ge ${patience} ] && pass "no other broker is ready"
    elif waiting=$(look); then
        silent=0
        [ -z "$waiting" ] && pass "nothing here is at its minimum"
        say "waits for" $waiting
    else
        silent=$((silent + 1))
        [ "$silent" -ge ${patience} ] && pass "the cluster does not answer"
    fi
    [ "$SECONDS" -ge "$deadline" ] && pass "waited ${timeout} s"
    sleep ${where.pause}
done
`;
}

/**
 * Whether no other broker is ready any more: then all are on their way out, and tools would ask until they are ended. It is
 * asked of the resolver, by the image's getent (Alpine's musl-utils): that ends with 2 for no address. It also does where
 * names can't be looked up at all, and then no tool finds the cluster either. Anything else says nothing.
 */
const goneCheck = (readyHost: string, { toolSeconds }: GatePlaces): string => `
gone() {
    timeout -k 2 ${Math.min(5, toolSeconds)} getent hosts '${readyHost}' > /dev/null 2>&1
    [ $? -eq 2 ]
}
`;

/**
 * Partitions at or under their minimum of which this broker is a replica. Those that have all their replicas in sync can't
 * be helped by waiting: they have no more replicas than their minimum.
 */
const partitionsCheck = `
partitions() {
    local listed
    listed=$(tool kafka-topics.sh --describe --at-min-isr-partitions --under-min-isr-partitions) || return 1
    printf '%s\\n' "$listed" | awk -F '\\t' -v id="$id" '
        {
            topic = partition = replicas = isr = ""
            for (i = 1; i <= NF; i++) {
                if ($i ~ /^Topic: /) topic = substr($i, 8)
                if ($i ~ /^Partition: /) partition = substr($i, 12)
                if ($i ~ /^Replicas: /) replicas = substr($i, 11)
                if ($i ~ /^Isr: /) isr = substr($i, 6)
            }
            if (partition == "" || index("," replicas ",", "," id ",") == 0) next
            if (split(isr, a, ",") >= split(replicas, b, ",")) next
            if (++count <= 3) text = text " " topic "-" partition
        }
        END { if (count > 0) print count " partitions:" text (count > 3 ? " ..." : "") }'
}
`;

/** Whether the other controllers are a majority that is caught up. */
const quorumCheck = `
quorum() {
    local listed
    listed=$(tool kafka-metadata-quorum.sh describe --replication) || return 1
    printf '%s\\n' "$listed" | awk -v id="$id" '
        $NF == "Leader" { newest = $(NF - 1) }
        $NF == "Leader" || $NF == "Follower" { voters++; if ($1 != id) seen[$1] = $(NF - 1) }
        END {
            if (voters == 0) exit 1
            for (other in seen) if (newest - seen[other] < ${caughtUpMilliseconds}) ready++
            if (voters > 1 && ready < int(voters / 2) + 1) print " controllers: " (ready + 0) " others of " voters " are caught up"
        }'
}
`;
