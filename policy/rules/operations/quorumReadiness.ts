import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { namespaceOf, type PodGroup, stackPodsOf } from "../../views/stackPods";
import { type Fields, fieldsAt, isFields } from "../../views/raw";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import { systemEntry, type SystemTable, tableKeys } from "../../views/systemTable";
import { messagesAbout } from "../../stackMessages";
import { collect, ifKnown } from "../../views/unknown";
import type { Container, ContainerView } from "../../views/podTemplates";

/** What the text of a readiness check says, and must not say. */
interface Asked {
    readonly asks: readonly string[];
    readonly never: readonly string[];
}

/**
 * How a check is told from another: by the words of its command, its path, and of the scripts that it runs.
 *
 * ZooKeeper answers `ruok` as soon as the process works, with or without a quorum, and its admin server answers 200 to
 * everything (Commands.java); only the mode in `srvr` says that it belongs to one. A Kafka broker must ask only about
 * itself: with a check of the cluster one lost broker takes every other from its clients.
 */
const defaultAsked: SystemTable<Asked> = {
    "bookkeeper/bookie": { asks: ["/api/v1/bookie/is_ready"], never: [] },
    "cassandra/node": { asks: ["nodetool status"], never: [] },
    kafka: {
        asks: [],
        never: ["kafka-topics", "kafka-metadata-quorum", "under-min-isr", "under-replicated", "bootstrap-server"],
    },
    "opensearch/data": { asks: ["_cluster/health"], never: [] },
    "opensearch/manager": { asks: ["_cluster/health"], never: [] },
    "opensearch/node": { asks: ["_cluster/health"], never: ["wait_for_status=green"] },
    "zookeeper/member": { asks: ["srvr", "Mode:"], never: ["ruok", "/commands/"] },
};

export const quorumReadiness = defineStackRule({
    name: "operations-quorum-readiness",
    description:
        "A member of a cluster is ready when it is part of the cluster, not when its process runs; and it is not restarted when it is no part of it.",
    severity: "critical",
    remediation:
        "Let the probe ask what the message names. A member that is ready too early lets a roll go on to the next one, until the quorum is lost; a liveness probe that needs the quorum restarts those that are left.",
    levels: usualLevels,
    settings: settings({
        checks: z
            .record(
                words(),
                settings({
                    asks: z.array(words()).default([]).describe("Words that must be there. Default none."),
                    never: z.array(words()).default([]).describe("Words that must not be there. Default none."),
                }),
            )
            .default({ ...structuredClone(defaultAsked) } as Record<string, { asks: string[]; never: string[] }>)
            .describe(
                `Words that the readinessProbe of the server's container must mention, and those that it never may, in its command, its path or the scripts of the stack that it runs, ${tableKeys}.`,
            ),
    }),
    checkStack: (stack, { checks }) => {
        const table: SystemTable<Asked> = { ...defaultAsked, ...checks };
        const scripts = new Map<string, Fields>();
        for (const map of stack.ofKind("ConfigMap")) {
            const name = ifKnown(() => map.view.metadata.name);
            scripts.set(`${namespaceOf(map) ?? ""}/${name ?? ""}`, map.view.object);
        }
        const lasting = stackPodsOf(stack).all.filter(
            ({ object }) => object.view.kind === "StatefulSet" || object.view.kind === "Deployment",
        );
        return collect(lasting, (set): StackMessage[] => {
            const asked = systemEntry(table, set.labels ?? {});
            // The first container is the server; what stands beside it says nothing of the cluster.
            const server = set.template.containers.find(({ role }) => role === "container");
            return asked === undefined || server === undefined
                ? []
                : messagesAbout(set.object, [
                      () => readinessFaults(set, server, asked, scripts),
                      () => livenessFaults(set, server, asked, scripts),
                  ]);
        });
    },
});

/** Scripts by `<namespace>/<name>` of the ConfigMap that holds them. */
type Scripts = ReadonlyMap<string, Fields>;

// That there is a probe at all is another rule's concern (operations-probes).

function readinessFaults(set: PodGroup, server: ContainerView, { asks, never }: Asked, scripts: Scripts): string[] {
    const probe: unknown = server.spec.readinessProbe;
    if (!isFields(probe)) {
        return [];
    }
    const text = textOf(set, server.spec, probe, scripts);
    const fault = (expected: string): string =>
        violation(`${server.label} readinessProbe`, expected, JSON.stringify(probe));
    return [
        ...asks.filter((word) => !text.includes(word)).map((word) => fault(`to ask for "${word}"`)),
        ...never.filter((word) => text.includes(word)).map((word) => fault(`not to ask for "${word}"`)),
    ];
}

function livenessFaults(set: PodGroup, server: ContainerView, { asks }: Asked, scripts: Scripts): string[] {
    const probe: unknown = server.spec.livenessProbe;
    if (!isFields(probe) || asks.length === 0) {
        return [];
    }
    const text = textOf(set, server.spec, probe, scripts);
    return asks.every((word) => text.includes(word))
        ? [
              violation(
                  `${server.label} livenessProbe`,
                  `not to ask for "${asks.join('", "')}", which others decide`,
                  JSON.stringify(probe),
              ),
          ]
        : [];
}

/** The texts of a probe, and of the scripts that it runs. */
function textOf(set: PodGroup, spec: Container, probe: Fields, scripts: Scripts): string {
    const words = wordsOf(probe);
    return `${words}\n${scriptsRun(set, spec, words, scripts)}`;
}

/** The command or the path of a probe. */
function wordsOf(probe: Fields): string {
    const { command } = fieldsAt(probe, "exec");
    const { path } = fieldsAt(probe, "httpGet");
    return [...(Array.isArray(command) ? command.map(String) : []), typeof path === "string" ? path : ""].join(" ");
}

/** The scripts that a command runs out of ConfigMaps of the stack, by the path that they are mounted at. */
function scriptsRun({ namespace, template }: PodGroup, spec: Container, command: string, scripts: Scripts): string {
    const volumes = new Map((template.spec.volumes ?? []).map((volume) => [volume.name, volume.configMap?.name]));
    return (spec.volumeMounts ?? [])
        .flatMap((mount) => {
            const name = volumes.get(mount.name);
            const data = name === undefined ? {} : fieldsAt(scripts.get(`${namespace ?? ""}/${name}`) ?? {}, "data");
            return Object.keys(data)
                .filter((file) => command.includes(`${mount.mountPath}/${file}`))
                .map((file) => String(data[file]));
        })
        .join("\n");
}
