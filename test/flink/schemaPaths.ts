import { flinkSessionSettings } from "../../components/flink/schema";
import { settingPaths as pathsOf } from "../support/docsTables";

/** Settings that are described where they are defined, as one. */
const shared =
    /(^namespace$|(^|\.)(resources|targets|spread|priority)$|peers$|^(clients|egress|metrics\.scrapers|monitoring)$|ensemble\.(tls|port|peers|connectionString)$)/;

/** Paths of all settings of a session, `[]` for the entries of a list; maps are described as one. */
export const settingPaths: readonly string[] = [
    ...new Set(pathsOf(flinkSessionSettings, shared).map((path) => path.replace(/\.\*.*$/, ""))),
];
