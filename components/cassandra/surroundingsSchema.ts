import { z } from "zod";
import { generatedCertificates } from "../foundation/certificates";
import { loginSettings, rotationSetting } from "../foundation/credentials";
import type { Tier } from "../foundation/environment";
import { formatFound } from "../foundation/faults";
import { scheduleLine } from "../foundation/schedule";
import {
    dnsName,
    duration,
    flag,
    milliseconds,
    oneOf,
    settings,
    text,
    variants,
    whole,
    words,
} from "../foundation/values";

/** A time of whole seconds, as Cassandra counts these settings. */
const wholeSeconds = (least: string) =>
    duration().refine((given) => milliseconds(given) % 1000 === 0 && milliseconds(given) >= milliseconds(least), {
        error: `a time of whole seconds of at least ${least}, such as 7d`,
    });

/** Who clients are: nobody in particular, or users with passwords. */
export const authenticationSettings = variants("kind", [
    settings({
        kind: z.literal("none").describe("Whoever reaches the CQL port may do everything. Refused in production."),
    }),
    settings({
        kind: z.literal("password").describe("Users with passwords, kept in system_auth; the default."),
        superuser: loginSettings({ username: "admin" })
            .refine(
                (login) => login.kind !== "generated" || login.username !== "cassandra",
                // cassandra/cassandra is what everybody knows, and what the setup takes all rights from.
                { path: ["username"], error: "a user other than cassandra, whose rights are taken away" },
            )
            .describe(
                "The superuser that replaces cassandra/cassandra. A rotation makes the user <username>_<rotation>, and leaves the former one valid until the next; raise it by one at a time. Default: admin, generated.",
            ),
        systemAuthReplication: whole(1, 9)
            .optional()
            .describe(
                "Copies of system_auth in this datacenter; never lowered. With one copy its node's end locks everybody out. Default: 3, or the number of nodes if that is less.",
            ),
        authorizer: flag()
            .default(true)
            .describe(
                "Whether roles need grants (CassandraAuthorizer); else every login may do everything. Default true.",
            ),
        cacheValidity: wholeSeconds("1s")
            .default("2s")
            .describe(
                "How long nodes remember roles, permissions and credentials; a revoked one holds that long. Default 2s.",
            ),
    }),
]).prefault({ kind: "password" });

export type AuthenticationSettings = z.output<typeof authenticationSettings>;
export type PasswordSettings = Extract<AuthenticationSettings, { kind: "password" }>;

/** Where the certificates of one of Cassandra's two kinds of connection come from. */
const nodeCertificateSettings = variants("kind", [
    generatedCertificates,
    settings({
        kind: z
            .literal("existing")
            .describe("A Secret that exists in the namespace. The nodes see a new content within 10 min."),
        secretName: dnsName().describe("Name of the Secret."),
        // Cassandra reads key and chain from one file, and sees it renewed only where nothing copies it first.
        combinedKey: words()
            .default("tls-combined.pem")
            .describe(
                "Its key with the private key (PKCS8) and the certificate chain in one text, as cert-manager writes for additionalOutputFormats CombinedPEM. Default tls-combined.pem.",
            ),
        authorityKey: words().default("ca.crt").describe("Its key with the authorities to trust. Default ca.crt."),
        rotation: rotationSetting("what the pods have read of it, after its content has changed"),
    }),
]).prefault({ kind: "generated" });

export type NodeCertificateSettings = z.output<typeof nodeCertificateSettings>;

/** TLS between nodes. */
export const internodeEncryptionSettings = settings({
    mode: oneOf("none", "all", "dc", "rack")
        .default("all")
        .describe(
            "Which connections between nodes are encrypted: none, all, those between datacenters (dc), those between racks (rack). Only all keeps out who has no certificate, so production refuses the others. Default all.",
        ),
    optional: flag()
        .default(false)
        .describe(
            "Whether nodes accept connections without TLS too: for the steps that turn it on in a running cluster. Default false.",
        ),
    certificates: nodeCertificateSettings.describe("The nodes' certificate. Its authority signs nothing else."),
}).prefault({});

export type InternodeEncryptionSettings = z.output<typeof internodeEncryptionSettings>;

/** TLS between clients and nodes. */
export const clientEncryptionSettings = settings({
    mode: oneOf("none", "optional", "required")
        .default("none")
        .describe("Whether clients use TLS, on the one CQL port: none, optional, required. Default none."),
    mutual: flag()
        .default(false)
        .describe(
            "Whether clients must show a certificate of the same authority; one for them is in the Secret <name>-client-certificate. Needs mode required. Default false.",
        ),
    certificates: nodeCertificateSettings.describe("The certificate that clients see."),
})
    .refine((given) => !given.mutual || given.mode === "required", {
        path: ["mutual"],
        error: "false unless mode is required: who comes without TLS shows no certificate",
    })
    .refine((given) => !given.mutual || given.certificates.kind === "generated", {
        path: ["certificates", "kind"],
        error: "generated with mutual, since the program's own clients need a certificate too",
    })
    .prefault({});

export type ClientEncryptionSettings = z.output<typeof clientEncryptionSettings>;

/** A keyspace's name, as nodetool takes it. */
const keyspaceName = () =>
    text(/^[A-Za-z][A-Za-z0-9_]*$/, 48, "a keyspace's name: at most 48 letters, digits and _, a letter first");

/** gc_grace_seconds of a table that says nothing else: 10 days. What was deleted longer ago may come back. */
export const gcGrace = "10d";

/** Regular repair. */
export const repairSettings = settings({
    enabled: flag()
        .default(true)
        .describe("Whether all nodes are repaired regularly; else deleted data may come back. Default true."),
    schedule: scheduleLine()
        .default("0 1 * * 0")
        .describe("When a repair begins: a cron line, UTC. Default Sundays at 1 (0 1 * * 0)."),
    keyspaces: z
        .array(keyspaceName())
        .min(1)
        .optional()
        .describe("The keyspaces to repair. Default all that have replicas, those of the system included."),
    parallelism: oneOf("parallel", "sequential", "dc_parallel")
        .default("parallel")
        .describe(
            "How replicas of one node's ranges compare: at once, one after the other, or one in each datacenter at once. Nodes themselves are always repaired one after the other. Default parallel.",
        ),
    deadline: wholeSeconds("10m")
        .default("2d")
        .describe("How long the repair of all nodes may take; then it has failed. Default 2d."),
})
    .refine(
        // From the begin of one repair to the end of the next: a deletion must not be forgotten in between.
        ({ enabled, schedule, deadline }) =>
            !enabled || daysBetween(schedule) * milliseconds("1d") + milliseconds(deadline) < milliseconds(gcGrace),
        {
            path: ["schedule"],
            error: `a schedule whose runs, with deadline, are less than gc_grace_seconds (${gcGrace}) apart, such as 0 1 * * 0 with 2d`,
        },
    )
    .prefault({});

export type RepairSettings = z.output<typeof repairSettings>;

/** Snapshots: hard links on the nodes' own volumes, which guard against mistakes, not against a volume's end. */
export const snapshotSettings = settings({
    auto: flag()
        .default(true)
        .describe("Whether a table that is dropped or truncated leaves a snapshot (auto_snapshot). Default true."),
    autoKeep: wholeSeconds("1m")
        .optional()
        .describe("How long such a snapshot stays (auto_snapshot_ttl). Default: for ever."),
    beforeCompaction: flag()
        .default(false)
        .describe(
            "Whether each compaction leaves a snapshot (snapshot_before_compaction); nothing ever removes them. Default false.",
        ),
    incrementalBackups: flag()
        .default(false)
        .describe(
            "Whether each flushed file is linked into backups/ (incremental_backups); nothing ever removes them. Default false.",
        ),
    scheduled: settings({
        schedule: scheduleLine().describe("When all nodes take a snapshot: a cron line, UTC."),
        keep: wholeSeconds("1h").default("7d").describe("How long it stays. Default 7d."),
    })
        .optional()
        .describe("Snapshots of all tables, as scheduled-<time>. Default none."),
})
    .refine((given) => given.auto || given.autoKeep === undefined, {
        path: ["autoKeep"],
        error: "nothing where auto is false",
    })
    .prefault({});

export type SnapshotSettings = z.output<typeof snapshotSettings>;

/** The parts of the settings that this file checks. */
export interface SurroundingsSettings {
    readonly authentication: AuthenticationSettings;
    readonly internodeEncryption: InternodeEncryptionSettings;
    readonly clientEncryption: ClientEncryptionSettings;
    readonly repair: RepairSettings;
    readonly snapshots: SnapshotSettings;
}

/** What production does without: the path below the settings, what was expected, and what was found. */
export function surroundingsFaults(
    given: Pick<SurroundingsSettings, "authentication" | "internodeEncryption" | "clientEncryption">,
    tier: Tier,
): { readonly path: readonly string[]; readonly expected: string; readonly found: string }[] {
    if (tier !== "production") {
        return [];
    }
    const { authentication, internodeEncryption, clientEncryption } = given;
    const faults = [];
    if (authentication.kind === "none") {
        const expected = "password in production: without users whoever reaches the port may drop everything";
        faults.push({ path: ["authentication", "kind"], expected, found: formatFound(authentication.kind) });
    } else if (clientEncryption.mode !== "required") {
        const expected = "required in production, since logins send their password as it is";
        faults.push({ path: ["clientEncryption", "mode"], expected, found: formatFound(clientEncryption.mode) });
    }
    if (internodeEncryption.mode !== "all") {
        const expected = "all in production: else who claims to be near needs no certificate";
        faults.push({ path: ["internodeEncryption", "mode"], expected, found: formatFound(internodeEncryption.mode) });
    }
    return faults;
}

/** The longest time between two runs of a cron line, in days; years where it leaves months out. */
function daysBetween(line: string): number {
    // Every single one is any, also where it is written as a step (robfig/cron, which the control plane reads it with).
    const [, , day = "", month, weekday] = line.split(" ").map((field) => (field === "*/1" ? "*" : field));
    if (month !== "*") {
        return 366;
    }
    const step = /^\*\/(\d+)$/.exec(day)?.[1];
    const byMonth = day === "*" ? 1 : step === undefined ? 31 : Number(step);
    // Cron's own rule: a day fits when either field does, where both say something.
    return weekday === "*" ? byMonth : Math.min(7, day === "*" ? 7 : byMonth);
}
