import type { Pitfall } from "./pitfall";

const script = "components/kafka/provisionScript.ts";
const schema = "components/kafka/declaredSchema.ts";
const spec = "test/kafka/provision.spec.ts";

const pitfall = (
    number: number,
    defect: string,
    where: readonly [spec: string, file: string],
    find: string,
    replace: string,
): Pitfall => ({ id: `kafka-P${number}`, defect, spec: where[0], break: { file: where[1], find, replace } });

/** Traps of declaring topics and users. */
export const kafkaDeclaredPitfalls: readonly Pitfall[] = [
    pitfall(
        30,
        "a Job that changes what is so already",
        [spec, script],
        '[ -n "\\${permitted[$line]-}" ] ||',
        "false ||",
    ),
    pitfall(
        31,
        "kafka-topics.sh --alter takes a regular expression: partitions of a.b are added to axb too, for ever",
        [spec, script],
        "name//./[.]}",
        "name}",
    ),
    pitfall(
        32,
        "fewer partitions than there are, taken for done",
        [spec, script],
        'fault "topic $name: $count partitions',
        'echo "topic $name: $count partitions',
    ),
    pitfall(33, "kafka-configs.sh splits a list at its comma", [spec, script], 'entry="$key=[', 'entry="$key=('),
    pitfall(
        34,
        "what is declared no more goes on in silence",
        [spec, script],
        'not declared, left alone"\n    done\n}\n# Quotas',
        'gone"\n    done\n}\n# Quotas',
    ),
    pitfall(
        35,
        "another number of replicas goes unnoticed",
        [spec, script],
        '"\\${replicas[$name]}" != "$copies"',
        '"$copies" != "$copies"',
    ),
    pitfall(
        36,
        "min.insync.replicas of server.properties is read only when a cluster begins (KIP-966)",
        [spec, script],
        'call("cluster_default", "min.insync.replicas", String(declared.minInsyncReplicas))',
        '""',
    ),
    pitfall(
        37,
        "what could not be read is taken for missing",
        [spec, script],
        'if ! tool "$@"; then',
        'if tool "$@" && false; then',
    ),
    pitfall(
        38,
        "the administrator's key in a ConfigMap or an argument",
        ["test/kafka/provision.spec.ts", "components/kafka/provision.ts"],
        "secret: security.adminCertificate",
        "configMap: { name }",
    ),
    pitfall(
        39,
        "tools that start with the server's heap",
        [spec, "components/kafka/provision.ts"],
        'name: "KAFKA_HEAP_OPTS"',
        'name: "HEAP_OPTS"',
    ),
    pitfall(
        40,
        "a topic without permissions is everybody's",
        ["test/kafka/properties.spec.ts", "components/kafka/properties.ts"],
        '"allow.everyone.if.no.acl.found": false',
        '"allow.everyone.if.no.acl.found": true',
    ),
    pitfall(
        41,
        "TLS that asks clients for no certificate: all are the same nobody",
        ["test/kafka/properties.spec.ts", "components/kafka/properties.ts"],
        '"ssl.client.auth": "required"',
        '"ssl.client.auth": "requested"',
    ),
    pitfall(
        42,
        "topics of Kafka's own declared",
        ["test/kafka/declared.spec.ts", schema],
        ' && !name.startsWith("__")',
        "",
    ),
    pitfall(
        43,
        "names that differ in . and _ alone, which brokers refuse",
        ["test/kafka/declared.spec.ts", schema],
        'name.replaceAll(".", "_")',
        "name",
    ),
    pitfall(
        44,
        "a key of topics by which acknowledged records get lost",
        ["test/kafka/declared.spec.ts", schema],
        "    preallocate: flag()",
        '    "unclean.leader.election.enable": flag().optional(),\n    preallocate: flag()',
    ),
    pitfall(
        45,
        "as many replicas in sync demanded as there are: each restart stops producers",
        ["test/kafka/declared.spec.ts", schema],
        "Math.max(1, factor - 1)",
        "factor",
    ),
    pitfall(
        46,
        "a declared user that is a super user by its name",
        ["test/kafka/users.spec.ts", "components/kafka/users.ts"],
        '"kafka broker"',
        '"broker"',
    ),
    pitfall(
        47,
        "a user's new certificate with its old key",
        ["test/kafka/users.spec.ts", "components/kafka/users.ts"],
        "-turn-${rotation}`",
        "-turn-0`",
    ),
];
