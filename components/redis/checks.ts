import type { Tier } from "../foundation/environment";
import type { RedisInstanceSettings } from "./schema";

/** Something that an environment's tier refuses, with its path in an instance's settings. */
export interface RedisFault {
    readonly path: readonly string[];
    readonly expected: string;
    readonly found: string;
}

/** What a production environment refuses of an instance. */
export function redisTierFaults(tier: Tier, settings: RedisInstanceSettings): RedisFault[] {
    if (tier !== "production") {
        return [];
    }
    return [
        ...(settings.password.kind === "none"
            ? [
                  {
                      path: ["password", "kind"],
                      expected: "generated or existing in a production environment",
                      found: '"none"',
                  },
              ]
            : []),
        ...(settings.kind === "cluster" ? clusterFaults(settings.followersPerLeader) : replicationFaults(settings)),
    ];
}

function clusterFaults(followersPerLeader: number): RedisFault[] {
    return followersPerLeader > 0
        ? []
        : [
              {
                  path: ["followersPerLeader"],
                  expected: "at least 1 in a production environment, since the keys of a lost leader are gone",
                  found: "0",
              },
          ];
}

function replicationFaults({ size, sentinel }: Exclude<RedisInstanceSettings, { kind: "cluster" }>): RedisFault[] {
    if (size < 3) {
        return [
            {
                path: ["size"],
                expected: "at least 3 in a production environment, so that a restart leaves a master and a replica",
                found: String(size),
            },
        ];
    }
    return sentinel.kind === "none"
        ? [
              {
                  path: ["sentinel", "kind"],
                  expected: "own in a production environment, since nobody else replaces a lost master",
                  found: '"none"',
              },
          ]
        : [];
}
