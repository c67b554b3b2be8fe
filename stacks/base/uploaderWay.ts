import type { z } from "zod";
import type { egressSettings } from "../../components/foundation/networkPolicy";
import type { BasePlatform } from "../platform";
import type { StackConfig } from "../schema/sections";

type Egress = z.output<typeof egressSettings>;
interface HasEgress {
    readonly egress: Egress[];
}

/**
 * The configuration as if its file opened the way to a base's uploader for the pods that run jobs of each system: which
 * of them download a package, only the job knows.
 */
export function withWayToUploader(config: StackConfig, { flow }: NonNullable<BasePlatform["uploader"]>): StackConfig {
    const way: Egress = {
        to: [...flow.peers],
        ports: flow.ports.map(({ port, protocol = "TCP" }) => ({ port, protocol })),
    };
    const opened = <Settings extends HasEgress>(settings: Settings): Settings => ({
        ...settings,
        egress: [...settings.egress, way],
    });
    const each = <Settings extends HasEgress>(map: Record<string, Settings>): Record<string, Settings> =>
        Object.fromEntries(Object.entries(map).map(([name, settings]) => [name, opened(settings)]));
    const { teraslice, heron, twister2, flink, spark, tensorflow } = config.systems;
    return {
        ...config,
        systems: {
            ...config.systems,
            ...(teraslice && { teraslice: opened(teraslice) }),
            ...(heron && { heron: { ...heron, topologies: opened(heron.topologies) } }),
            ...(twister2 && { twister2: { ...twister2, jobNamespaces: each(twister2.jobNamespaces) } }),
            ...(flink && { flink: each(flink) }),
            ...(spark && { spark: { ...spark, jobNamespaces: each(spark.jobNamespaces) } }),
            ...(tensorflow && { tensorflow: { ...tensorflow, jobNamespaces: each(tensorflow.jobNamespaces) } }),
        },
    };
}
