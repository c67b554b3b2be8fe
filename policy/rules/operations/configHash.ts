import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { namespaceOf, type PodGroup, stackPodsOf } from "../../views/stackPods";
import { at, fieldsAt, isFields, listAt, type Fields } from "../../views/raw";
import { defineStackRule, type StackMessage, usualLevels } from "../../rule";
import { messagesAbout } from "../../stackMessages";
import type { StackView } from "../../views/stackView";
import { collect, ifKnown } from "../../views/unknown";

/** What a hash looks like: hex or base64, long enough to differ. */
const hash = /^[0-9A-Za-z+/=_-]{8,}$/;

/**
 * Kinds whose pods run on while their configuration changes, and Jobs, which run again only when their template changes. A
 * run of a CronJob begins with what is there then.
 */
const hashed: ReadonlySet<string> = new Set(["DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"]);

/** Kinds whose operator reads ConfigMaps into the pods that it makes, by the path of the name. */
const operatorConfigs: Readonly<Record<string, readonly (readonly string[])[]>> = {
    RedisCluster: [
        ["spec", "redisLeader", "redisConfig", "additionalRedisConfig"],
        ["spec", "redisFollower", "redisConfig", "additionalRedisConfig"],
    ],
    RedisReplication: [["spec", "redisConfig", "additionalRedisConfig"]],
};

export const configHash = defineStackRule({
    name: "operations-config-hash",
    description:
        "Pods that read a ConfigMap of their stack carry a hash of it, so that a change of the configuration reaches them.",
    severity: "high",
    remediation:
        "Set an annotation with a hash of the configuration on the pod template. Without it running pods keep the old configuration until something else restarts them, one at a time and unwatched.",
    levels: usualLevels,
    settings: settings({
        annotations: z
            .array(words())
            .min(1)
            .default(["data-platform/config-hash"])
            .describe("What the key of such an annotation begins with."),
    }),
    checkStack: (stack, { annotations }) => {
        const made = new Set(
            stack
                .ofKind("ConfigMap")
                .map((map) => keyOf(namespaceOf(map), ifKnown(() => map.view.metadata.name) ?? "")),
        );
        const isHashed = (found: Fields): boolean =>
            Object.keys(found).some(
                (key) => annotations.some((prefix) => key.startsWith(prefix)) && hash.test(String(found[key])),
            );
        const fault = (place: string, maps: readonly string[]): string[] => [
            violation(
                place,
                `${annotations.map((prefix) => `${prefix}…`).join(" or ")} with a hash of ConfigMap ${maps.join(", ")}`,
                undefined,
            ),
        ];
        const sets = stackPodsOf(stack).all.filter(({ object }) => hashed.has(object.view.kind));
        return [
            ...collect(sets, (set): StackMessage[] => {
                const maps = (): string[] => configMapsOf(set).filter((name) => made.has(keyOf(set.namespace, name)));
                return messagesAbout(set.object, [
                    () => {
                        const read = maps();
                        return read.length === 0 || isHashed(set.template.annotations)
                            ? []
                            : fault(at(set.template.path, "metadata.annotations"), read);
                    },
                ]);
            }),
            ...collect(operatorPods(stack), ({ object, paths }) =>
                messagesAbout(object, [
                    () => {
                        const names = paths.map(
                            (path) => path.slice(0, -1).reduce(fieldsAt, object.view.object)[path.at(-1) ?? ""],
                        );
                        const read = [...new Set(names)].filter(
                            (name): name is string =>
                                typeof name === "string" && made.has(keyOf(namespaceOf(object), name)),
                        );
                        return read.length === 0 || isHashed(object.view.metadata.annotations ?? {})
                            ? []
                            : fault(`${object.view.kind} metadata.annotations`, read);
                    },
                ]),
            ),
        ];
    },
});

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ""}/${name}`;

function operatorPods(stack: StackView) {
    return Object.entries(operatorConfigs).flatMap(([kind, paths]) =>
        stack.ofKind(kind).map((object) => ({ object, paths })),
    );
}

/** The names of the ConfigMaps that a pod reads: as a volume, a part of one, or variables. */
function configMapsOf({ template }: PodGroup): string[] {
    const spec = template.spec as unknown as Fields;
    const volumes = listAt(spec, "volumes").flatMap((volume) => [
        nameAt(volume, "configMap"),
        ...(isFields(volume) ? listAt(fieldsAt(volume, "projected"), "sources") : []).map((source) =>
            nameAt(source, "configMap"),
        ),
    ]);
    const variables = template.containers.flatMap(({ spec: container }) => {
        const fields = container as unknown as Fields;
        return [
            ...listAt(fields, "envFrom").map((source) => nameAt(source, "configMapRef")),
            ...listAt(fields, "env").map((entry) =>
                isFields(entry) ? nameAt(fieldsAt(entry, "valueFrom"), "configMapKeyRef") : undefined,
            ),
        ];
    });
    return [...new Set([...volumes, ...variables])].filter((name) => name !== undefined);
}

function nameAt(parent: unknown, key: string): string | undefined {
    const name = isFields(parent) ? fieldsAt(parent, key).name : undefined;
    return typeof name === "string" ? name : undefined;
}
