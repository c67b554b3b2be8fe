import { parseQuantity } from "../foundation/quantity";
import { milliseconds } from "../foundation/values";
import type { Acl, KafkaUser, TopicConfig } from "./declaredSchema";
import { principal } from "./users";

/*
 * What is declared, as Kafka's tools take it and show it: the script that applies it compares texts.
 */

/** A value of a topic's configuration as Kafka prints it: milliseconds and bytes without a unit, -1 for unlimited. */
function configValue(key: string, value: string | number | boolean): string {
    if (value === "unlimited") {
        return "-1";
    }
    if (typeof value === "number") {
        // The one key with a fraction, which Java prints with one digit at least.
        return key === "min.cleanable.dirty.ratio" && Number.isInteger(value) ? value.toFixed(1) : String(value);
    }
    if (typeof value === "boolean") {
        return String(value);
    }
    return key.endsWith(".ms")
        ? String(milliseconds(value))
        : key.endsWith(".bytes")
          ? String(parseQuantity(value))
          : value;
}

/** Configuration of a topic as `key=value`, in the order of the keys. */
export function topicProperties(config: TopicConfig): readonly string[] {
    return Object.entries(config)
        .filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined)
        .map(([key, value]) => `${key}=${configValue(key, value)}`)
        .sort();
}

/** A whole number as Java prints it as a double, which is how the tools show quotas: `1048576.0`, `1.048576E7`. */
export function javaDouble(value: number): string {
    if (Math.abs(value) < 1e7) {
        return value.toFixed(1);
    }
    const [digits = "", exponent = ""] = value.toExponential().split("e+");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent}`;
}

/** Quotas of a user as `key=value`, as the tools take and show them. */
export function quotaProperties({ quotas }: KafkaUser): readonly string[] {
    const given: Readonly<Record<string, number | undefined>> = {
        consumer_byte_rate: quotas?.consumerByteRate === undefined ? undefined : parseQuantity(quotas.consumerByteRate),
        producer_byte_rate: quotas?.producerByteRate === undefined ? undefined : parseQuantity(quotas.producerByteRate),
        request_percentage: quotas?.requestPercentage,
    };
    return Object.entries(given).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}=${javaDouble(value)}`],
    );
}

/** Permissions that one call of `kafka-acls.sh` adds. */
export interface Grant {
    readonly user: string;
    readonly resource: Acl["resource"];
    /** Without its star, where it is the beginning of names. */
    readonly name: string;
    readonly pattern: "literal" | "prefixed";
    readonly operations: readonly string[];
    /** Addresses; none for any. */
    readonly hosts: readonly string[];
}

const namePattern = (given: string): Pick<Grant, "name" | "pattern"> =>
    given !== "*" && given.endsWith("*")
        ? { name: given.slice(0, -1), pattern: "prefixed" }
        : { name: given, pattern: "literal" };

/** What a user may do: its shorthands and its further permissions. */
export function grants(user: string, { reads, writes, groups, acls }: KafkaUser): Grant[] {
    const topics = (operation: string, names: readonly string[]) =>
        names.map((name): Grant => ({
            user,
            resource: "topic",
            ...namePattern(name),
            operations: [operation, "Describe"],
            hosts: [],
        }));
    const ownGroups = reads.length === 0 ? [] : (groups ?? [user, `${user}.*`]);
    return [
        ...topics("Read", reads),
        ...topics("Write", writes),
        ...ownGroups.map((name): Grant => ({
            user,
            resource: "group",
            ...namePattern(name),
            operations: ["Read"],
            hosts: [],
        })),
        ...acls.map((acl): Grant => ({
            user,
            resource: acl.resource,
            // What Kafka calls the one cluster (Resource.CLUSTER_NAME).
            ...namePattern(acl.resource === "cluster" ? "kafka-cluster" : acl.name),
            operations: acl.operations,
            hosts: acl.hosts ?? [],
        })),
    ];
}

const upperSnake = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();

/** The permissions of a grant one by one, as the script puts together what `kafka-acls.sh --list` shows. */
export function aclLines({ user, resource, name, pattern, operations, hosts }: Grant): string[] {
    return operations.flatMap((operation) =>
        (hosts.length === 0 ? ["*"] : hosts).map((host) =>
            [upperSnake(resource), name, pattern.toUpperCase(), principal(user), host, upperSnake(operation)].join(" "),
        ),
    );
}

const resourceOption = { topic: "--topic", group: "--group", transactionalId: "--transactional-id" } as const;

/** A grant as options of `kafka-acls.sh --add`. */
export function aclOptions({ user, resource, name, pattern, operations, hosts }: Grant): string[] {
    return [
        "--allow-principal",
        principal(user),
        ...hosts.flatMap((host) => ["--allow-host", host]),
        ...operations.flatMap((operation) => ["--operation", operation]),
        ...(resource === "cluster" ? ["--cluster"] : [resourceOption[resource], name]),
        "--resource-pattern-type",
        pattern,
    ];
}
