import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../foundation/environment";
import type { Peer } from "../foundation/networkPolicy";
import { registerOperator } from "../operator/operator";
import { memberSets } from "./names";
import { type OperatedInstance, redisChart } from "./operator";
import { RedisInstance } from "./redisInstance";
import type { RedisInstanceSettings, RedisSettings } from "./schema";

export interface RedisArgs {
    readonly foundation: Foundation;
    /**
     * Namespace to install the operator in.
     *
     * @default none: needed where `settings.operator` is a chart
     */
    readonly operatorNamespace?: string | undefined;
    /** Namespace of each instance, by its name. */
    readonly namespaces: Readonly<Record<string, string>>;
    /** The settings, checked. */
    readonly settings: RedisSettings;
    /**
     * Who may connect to an instance, besides its own `clients`, by its name.
     *
     * @default nobody
     */
    readonly clients?: Readonly<Record<string, readonly Peer[]>>;
}

/** Name of an instance's component, and of its resources in the cluster. */
const instanceName = (system: string, instance: string): string => `${system}-${instance}`;

/** The labels of an instance's pods, for the operator's network policy. */
function operatedInstance(name: string, namespace: string, settings: RedisInstanceSettings): OperatedInstance {
    const sets = memberSets(name, settings);
    return {
        namespace,
        members: sets.filter(({ part }) => part !== "sentinel").map(({ selector }) => selector),
        sentinels: sets.find(({ part }) => part === "sentinel")?.selector,
    };
}

/** Redis: its operator, where the stack installs it, and the instances. */
export class Redis extends pulumi.ComponentResource {
    /** The instances by name. */
    public readonly instances: Readonly<Record<string, RedisInstance>>;
    /** What clients need to be told, by file name. */
    public readonly clientFiles: Readonly<Record<string, string>>;

    /** @throws Error when an instance or the operator has no namespace. */
    constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, settings } = args;
        const entries = Object.entries(settings.instances).map(([instance, given]) => ({
            instance,
            given,
            name: instanceName(name, instance),
            namespace: namespaceOf(name, args.namespaces, instance),
        }));
        super("data-platform:redis:Redis", name, { instances: entries.map(({ instance }) => instance) }, opts);
        const operator = registerOperator(
            `${name}-operator`,
            {
                foundation,
                namespace: args.operatorNamespace,
                settings: settings.operator,
                chart: (chart) =>
                    redisChart(
                        foundation,
                        chart,
                        entries.map((each) => operatedInstance(each.name, each.namespace, each.given)),
                    ),
            },
            { parent: this },
        );
        this.instances = Object.fromEntries(
            entries.map((each) => [
                each.instance,
                new RedisInstance(
                    each.name,
                    {
                        foundation,
                        namespace: each.namespace,
                        settings: each.given,
                        operator: operator.peers,
                        clients: args.clients?.[each.instance] ?? [],
                        after: operator.after,
                    },
                    { parent: this },
                ),
            ]),
        );
        this.clientFiles = Object.fromEntries(
            Object.entries(this.instances).flatMap(([instance, { clientFiles }]) =>
                Object.entries(clientFiles).map(([file, text]) => [`redis/${instance}/${file}`, text]),
            ),
        );
        this.registerOutputs({});
    }
}

function namespaceOf(name: string, namespaces: Readonly<Record<string, string>>, instance: string): string {
    const namespace = namespaces[instance];
    if (namespace === undefined) {
        throw new Error(`${name} needs a namespace for the instance ${instance}`);
    }
    return namespace;
}
