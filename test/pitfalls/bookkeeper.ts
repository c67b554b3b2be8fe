import type { Pitfall } from "./pitfall";

/** Those of Heron's fact sheet that are BookKeeper's. */
export const bookkeeperPitfalls: readonly Pitfall[] = [
    {
        id: "heron-P1",
        defect: "dlog admin bind ends with 0 though it has bound nothing, and every submit fails later",
        spec: "test/bookkeeper/dlogScript.spec.ts",
        break: {
            file: "components/bookkeeper/dlogScript.ts",
            find: "*'No bookkeeper binding needs to be updated'*)",
            replace: "*)",
        },
    },
    {
        id: "heron-P8",
        defect: "bookies without probes, bounds of memory, time to stop, a budget and names for unready pods",
        spec: "test/bookkeeper/bookkeeper.spec.ts",
        break: {
            file: "components/bookkeeper/pods.ts",
            find: "gracePeriodSeconds: 60,",
            replace: "gracePeriodSeconds: 0,",
        },
    },
    {
        id: "heron-P9",
        defect: "as many bookies as copies, so that one outage stops every submit",
        spec: "test/bookkeeper/schema.spec.ts",
        break: {
            file: "components/bookkeeper/connection.ts",
            find: "return replicas + 1;",
            replace: "return replicas;",
        },
    },
];
