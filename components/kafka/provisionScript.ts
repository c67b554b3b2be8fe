import { aclLines, aclOptions, grants, quotaProperties, topicProperties } from "./declared";
import type { KafkaUsers, Topics } from "./declaredSchema";

/** Where the script finds things; tests put other folders in their place. */
export interface ProvisionPlaces {
    /** Kafka's tools. */
    readonly tools: string;
    /** Folder with the tools' client configuration. */
    readonly files: string;
    readonly scratch: string;
    /** Seconds between two tries. */
    readonly pause: number;
}

export const provisionPlaces: ProvisionPlaces = {
    tools: "/opt/kafka/bin",
    files: "/provision",
    scratch: "/tmp",
    pause: 5,
};

/** The file that the tools read how to connect from. */
export const adminProperties = "admin.properties";

/** What a cluster is to hold. */
export interface Declared {
    readonly bootstrapServers: string;
    /** Replicas of topics that say none. */
    readonly factor: number;
    /** `min.insync.replicas` of topics that say none. */
    readonly minInsyncReplicas: number;
    readonly topics: Topics;
    readonly users: KafkaUsers;
    /** Seconds to wait for a broker that answers. */
    readonly waitSeconds: number;
}

/** A text as one word of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const line = (...words: readonly string[]) => `${words.map(quoted).join(" ")}\n`;
const call = (what: string, ...words: readonly string[]) => `${what} ${line(...words)}`;

/** How often a tool is started at most, for the time that all of it may take. */
export function mostToolStarts({ topics, users }: Pick<Declared, "topics" | "users">): number {
    // Three of a topic: its partitions, its configuration, or the making of it.
    const ofUsers = Object.entries(users).map(([name, user]) => grants(name, user).length + 1);
    return 5 + 2 * Object.keys(topics).length + ofUsers.reduce((sum, each) => sum + each, 0);
}

/**
 * Brings the topics and users of a cluster to what the settings say, and may be repeated: what is so already is left
 * alone. Nothing is ever deleted, and no data moved: what that would take is said instead.
 */
export function provisionScript(declared: Declared, places: ProvisionPlaces = provisionPlaces): string {
    const { topics, users, factor } = declared;
    const topicCalls = Object.entries(topics).map(([name, { partitions, replicas, config }]) =>
        call("topic", name, String(partitions), String(replicas ?? factor), ...topicProperties(config)),
    );
    const all = Object.entries(users);
    const userCalls = all.flatMap(([name, user]) => {
        const quotas = quotaProperties(user);
        return [
            ...(quotas.length > 0 ? [call("quotas", name, ...quotas)] : []),
            ...grants(name, user).map((grant) => call("grant", aclLines(grant).join("\n"), ...aclOptions(grant))),
        ];
    });
    return `#!/bin/bash
set -uo pipefail
server=${quoted(declared.bootstrapServers)}
tools=${quoted(places.tools)}
admin=${quoted(`${places.files}/${adminProperties}`)}
said=${quoted(`${places.scratch}/said`)}
faults=0
changes=0
declare -A partitions replicas config kept quota permitted wanted known

${library}
# Starts with the brokers, or in the middle of their roll.
until read_topics; do
    if [ "$SECONDS" -ge ${declared.waitSeconds} ]; then
        echo "no broker of $server answered for ${declared.waitSeconds} seconds; the last try:"
        cat "$said"
        exit 1
    fi
    echo "waiting for a broker of $server"
    sleep ${places.pause}
done
read_configs
${call("cluster_default", "min.insync.replicas", String(declared.minInsyncReplicas))}${topicCalls.join("")}${
        all.length > 0 ? `read_users\nread_permissions\n${userCalls.join("")}left_permissions\n` : ""
    }left_topics
echo "$changes changed, $faults failed"
[ "$faults" -eq 0 ]
`;
}

/**
 * The functions of the script. A tool takes seconds to start, so what is there is read at once, and only what differs
 * starts another.
 */
const library = `# Runs a tool, and keeps what it says in a file.
tool() {
    local name=$1
    shift
    "$tools/$name.sh" --bootstrap-server "$server" --command-config "$admin" "$@" > "$said" 2>&1
}
# Runs a tool that changes something: what, and the command.
change() {
    local what=$1
    shift
    if tool "$@"; then
        changes=$((changes + 1))
        echo "$what"
    else
        fault "$what: failed"
        cat "$said"
    fi
}
fault() {
    faults=$((faults + 1))
    echo "FAILED $1"
}
# What can't be read must not be taken for what is not there.
must() {
    if ! tool "$@"; then
        echo "FAILED to read: $*"
        cat "$said"
        exit 1
    fi
}
# Topics with their partitions and replicas, of lines such as
# Topic: orders<tab>TopicId: ...<tab>PartitionCount: 2<tab>ReplicationFactor: 3<tab>Configs: ...
read_topics() {
    local line topic
    tool kafka-topics --describe --exclude-internal || return 1
    while IFS= read -r line; do
        if [[ $line =~ ^Topic:\\ ([^[:space:]]+).*PartitionCount:\\ ([0-9]+).*ReplicationFactor:\\ ([0-9]+) ]]; then
            topic=\${BASH_REMATCH[1]}
            partitions[$topic]=\${BASH_REMATCH[2]}
            replicas[$topic]=\${BASH_REMATCH[3]}
        fi
    done < "$said"
}
# Configuration of the topics' own, and what they inherit.
read_configs() {
    local line topic=
    must kafka-configs --describe --entity-type topics
    while IFS= read -r line; do
        if [[ $line =~ ^Dynamic\\ configs\\ for\\ topic\\ (.+)\\ are:$ ]]; then
            topic=\${BASH_REMATCH[1]}
            kept[$topic]=
        elif [[ $line =~ ^\\ +([^=]+)=(.*)\\ sensitive= ]]; then
            config["$topic \${BASH_REMATCH[1]}"]=\${BASH_REMATCH[2]}
            kept[$topic]+="\${BASH_REMATCH[1]} "
        fi
    done < "$said"
}
# The brokers read it of their files only when a cluster begins (eligible.leader.replicas.version 1, KIP-966).
cluster_default() {
    must kafka-configs --describe --entity-type brokers --entity-default
    if ! grep -qE "^ +$1=$2 sensitive=" "$said"; then
        change "$1 of the cluster is $2" kafka-configs --alter --entity-type brokers --entity-default --add-config "$1=$2"
    fi
}
# A topic: name, partitions, replicas, and its configuration as key=value.
topic() {
    local name=$1 count=$2 copies=$3 entry key options=() changed=
    shift 3
    known[$name]=1
    if [ -z "\${partitions[$name]+there}" ]; then
        for entry in "$@"; do
            options+=(--config "$entry")
        done
        change "topic $name: created" kafka-topics --create --if-not-exists --topic "$name" --partitions "$count" \\
            --replication-factor "$copies" "\${options[@]}"
        return
    fi
    if [ "\${partitions[$name]}" -gt "$count" ]; then
        fault "topic $name: $count partitions are declared, but it has \${partitions[$name]}, and Kafka can't take any away"
    elif [ "\${partitions[$name]}" -lt "$count" ]; then
        # The tool takes a regular expression, in which a dot is any character.
        change "topic $name: $count partitions instead of \${partitions[$name]}" kafka-topics --alter \\
            --topic "\${name//./[.]}" --partitions "$count"
    fi
    if [ "\${replicas[$name]}" != "$copies" ]; then
        echo "NOTE topic $name: $copies replicas are declared, but it has \${replicas[$name]}. Moving data is left to you:"
        echo "  kafka-reassign-partitions.sh --bootstrap-server $server --command-config <file> --execute --reassignment-json-file <file>"
    fi
    for entry in "$@"; do
        key=\${entry%%=*}
        kept[$name]=" \${kept[$name]-} "
        kept[$name]=\${kept[$name]/ $key / }
        if [ "\${config["$name $key"]-}" != "\${entry#*=}" ]; then
            # A value with a comma is a list, which the tool takes in brackets.
            [[ \${entry#*=} == *,* ]] && entry="$key=[\${entry#*=}]"
            changed+="\${changed:+,}$entry"
        fi
    done
    if [ -n "$changed" ]; then
        change "topic $name: $changed" kafka-configs --alter --entity-type topics --entity-name "$name" \\
            --add-config "$changed"
    fi
    for key in \${kept[$name]-}; do
        echo "NOTE topic $name: keeps $key=\${config["$name $key"]}, which is not declared. To remove it:"
        echo "  kafka-configs.sh --bootstrap-server $server --command-config <file> --alter --entity-type topics --entity-name $name --delete-config $key"
    done
}
left_topics() {
    local name
    for name in "\${!partitions[@]}"; do
        [ -n "\${known[$name]-}" ] || echo "NOTE topic $name: not declared, left alone"
    done
}
# Quotas, of lines such as
# Quota configs for user-principal 'billing' are consumer_byte_rate=1048576.0, producer_byte_rate=1.048576E7
read_users() {
    local line
    must kafka-configs --describe --entity-type users
    while IFS= read -r line; do
        if [[ $line =~ ^Quota\\ configs\\ for\\ user-principal\\ \\'([^\\']+)\\'\\ are\\ (.*)$ ]]; then
            quota[\${BASH_REMATCH[1]}]=", \${BASH_REMATCH[2]}, "
        fi
    done < "$said"
}
# Quotas of a user: name, and key=value.
quotas() {
    local name=$1 entry changed=
    shift
    for entry in "$@"; do
        [[ "\${quota[$name]-}" == *", $entry, "* ]] || changed+="\${changed:+,}$entry"
    done
    if [ -n "$changed" ]; then
        change "user $name: $changed" kafka-configs --alter --entity-type users --entity-name "$name" --add-config "$changed"
    fi
}
# Permissions, of lines such as
# Current ACLs for resource \`ResourcePattern(resourceType=TOPIC, name=orders, patternType=LITERAL)\`:
# <tab>(principal=User:billing, host=*, operation=READ, permissionType=ALLOW)
read_permissions() {
    local line pattern=
    must kafka-acls --list
    while IFS= read -r line; do
        if [[ $line =~ resourceType=([^,]+),\\ name=(.*),\\ patternType=([A-Z]+) ]]; then
            pattern="\${BASH_REMATCH[1]} \${BASH_REMATCH[2]} \${BASH_REMATCH[3]}"
        elif [[ $line =~ principal=(.+),\\ host=([^,]+),\\ operation=([A-Z_]+),\\ permissionType=([A-Z]+) ]]; then
            if [ "\${BASH_REMATCH[4]}" = ALLOW ]; then
                permitted["$pattern \${BASH_REMATCH[1]} \${BASH_REMATCH[2]} \${BASH_REMATCH[3]}"]=1
            else
                echo "NOTE $pattern: \${BASH_REMATCH[1]} is denied \${BASH_REMATCH[3]} from \${BASH_REMATCH[2]}, which is not declared, left alone"
            fi
        fi
    done < "$said"
}
# Permissions of one call: the lines that must be there, and the options of the tool.
grant() {
    local line missing= lines=$1
    shift
    while IFS= read -r line; do
        wanted[$line]=1
        [ -n "\${permitted[$line]-}" ] || missing+=" ($line)"
    done <<< "$lines"
    if [ -n "$missing" ]; then
        change "permitted:$missing" kafka-acls --add "$@"
    fi
}
left_permissions() {
    local line
    for line in "\${!permitted[@]}"; do
        [ -n "\${wanted[$line]-}" ] || echo "NOTE permission $line: not declared, left alone"
    done
}
`;
