import { Cassandra } from "../components/cassandra/cassandra";
import { Kafka } from "../components/kafka/kafka";
import { Redis } from "../components/redis/redis";
import { Spark } from "../components/spark/spark";
import { Tensorflow } from "../components/tensorflow/tensorflow";
import type { Composition, Place } from "./composition";
import { type OperatedSystem, parts } from "./namespaces";

/** The Cassandra of a stack. */
export function composeCassandra({ config, foundation, placeOf }: Composition): Cassandra | undefined {
    if (config.systems.cassandra === undefined) {
        return undefined;
    }
    const { namespace: _made, ...settings } = config.systems.cassandra;
    const { namespace, opts } = placeOf("cassandra");
    return new Cassandra("cassandra", { foundation, namespace, settings }, opts);
}

/** The Kafka of a stack. */
export function composeKafka({ config, foundation, placeOf }: Composition): Kafka | undefined {
    if (config.systems.kafka === undefined) {
        return undefined;
    }
    const { namespace: _made, ...settings } = config.systems.kafka;
    const { namespace, opts } = placeOf("kafka");
    return new Kafka("kafka", { foundation, namespace, settings }, opts);
}

/** Where the parts of a system go that an operator runs. */
function placesOf(
    { config, placeOf, top }: Composition,
    system: OperatedSystem,
    entries: Readonly<Record<string, unknown>>,
    partOf: (entry: string) => string,
) {
    const operator: Place | undefined =
        config.systems[system]?.operator.kind === "chart" ? placeOf(parts.operator(system)) : undefined;
    const places = Object.keys(entries).map((entry) => [entry, placeOf(partOf(entry))] as const);
    const after = [...(operator?.after ?? []), ...places.flatMap(([, place]) => place.after)];
    return {
        operatorNamespace: operator?.namespace,
        namespaces: Object.fromEntries(places.map(([entry, { namespace }]) => [entry, namespace])),
        opts: { ...top, dependsOn: after },
    };
}

/** A system that an operator runs, and the namespaces of its entries by their names. */
export interface Operated<System> {
    readonly part: System;
    readonly namespaces: Readonly<Record<string, string>>;
}

/** Spark: the namespaces of its applications, and those that the stack has submitted. */
export function composeSpark(composition: Composition): Operated<Spark> | undefined {
    const { config, foundation } = composition;
    const { spark: settings } = config.systems;
    if (settings === undefined) {
        return undefined;
    }
    const { operatorNamespace, namespaces, opts } = placesOf(composition, "spark", settings.jobNamespaces, parts.spark);
    const part = new Spark("spark", { foundation, operatorNamespace, jobNamespaces: namespaces, settings }, opts);
    return { part, namespaces };
}

/** Redis: the instances of a stack. */
export function composeRedis(composition: Composition): Operated<Redis> | undefined {
    const { config, foundation } = composition;
    const { redis: settings } = config.systems;
    if (settings === undefined) {
        return undefined;
    }
    const { operatorNamespace, namespaces, opts } = placesOf(composition, "redis", settings.instances, parts.redis);
    const part = new Redis("redis", { foundation, operatorNamespace, namespaces, settings }, opts);
    return { part, namespaces };
}

/** TensorFlow: runtimes, the namespaces of jobs, and jobs. */
export function composeTensorflow(composition: Composition): Operated<Tensorflow> | undefined {
    const { config, foundation } = composition;
    const { tensorflow: settings } = config.systems;
    if (settings === undefined) {
        return undefined;
    }
    const { operatorNamespace, namespaces, opts } = placesOf(
        composition,
        "tensorflow",
        settings.jobNamespaces,
        parts.training,
    );
    const part = new Tensorflow(
        "tensorflow",
        { foundation, operatorNamespace, jobNamespaces: namespaces, settings },
        opts,
    );
    return { part, namespaces };
}
