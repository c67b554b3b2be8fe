import type { z } from "zod";
import type { Path } from "../components/foundation/faults";
import type { zookeeperSettings } from "../components/zookeeper/schema";
import { type Namespaced, parts } from "./namespaces";

/** An ensemble that a stack deploys, and where its settings stand. */
export interface DeployedEnsemble {
    readonly path: Path;
    readonly settings: z.output<typeof zookeeperSettings>;
}

/** The ensembles that a stack deploys: its own, and that of Heron. */
export function deployedEnsembles({
    zookeeper,
    systems,
}: Pick<Namespaced, "zookeeper" | "systems">): DeployedEnsemble[] {
    const ofHeron = systems?.heron?.zookeeper;
    return [
        ...(zookeeper === undefined || zookeeper.kind === "external"
            ? []
            : [{ path: ["zookeeper"], settings: zookeeper }]),
        ...(ofHeron?.kind === "ensemble" ? [{ path: ["systems", "heron", "zookeeper"], settings: ofHeron }] : []),
    ];
}

/** A system that keeps something in the ZooKeeper of the stack. */
export interface ZooKeeperUser {
    /** Its name for people: `systems.heron`. */
    readonly name: string;
    /** Where its settings say so. */
    readonly path: Path;
    /** The parts whose pods connect. */
    readonly parts: readonly string[];
}

/** The systems that use the ZooKeeper of their stack. None of them speaks TLS to it, or logs in. */
export function zookeeperUsers({ systems }: Pick<Namespaced, "systems">): ZooKeeperUser[] {
    const { heron, twister2, flink } = systems ?? {};
    return [
        ...(heron?.zookeeper.kind === "shared"
            ? [
                  {
                      name: "systems.heron",
                      path: ["systems", "heron", "zookeeper"],
                      parts: ["heron", parts.topologies],
                  },
              ]
            : []),
        ...(twister2?.zookeeper.kind === "shared"
            ? [
                  {
                      name: "systems.twister2",
                      path: ["systems", "twister2", "zookeeper"],
                      parts: Object.keys(twister2.jobNamespaces).map(parts.jobs),
                  },
              ]
            : []),
        ...Object.entries(flink ?? {}).flatMap(([name, { highAvailability }]) =>
            highAvailability.kind === "zookeeper" && highAvailability.ensemble.kind === "shared"
                ? [
                      {
                          name: `systems.flink.${name}`,
                          path: ["systems", "flink", name, "highAvailability", "ensemble"],
                          parts: [parts.session(name)],
                      },
                  ]
                : [],
        ),
    ];
}
