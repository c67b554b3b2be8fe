import type { Pitfall } from "./pitfall";

/** Those of Cassandra's authentication, TLS, repair and snapshots: sections 2.4 and 0.1 of the fact sheet, and upstream. */
export const cassandraSurroundingsPitfalls: readonly Pitfall[] = [
    {
        id: "cassandra-P30",
        defect: "a repair that is tried again, or runs beside another, begins with the first node anew and never ends",
        spec: "test/cassandra/repair.spec.ts",
        break: {
            file: "components/cassandra/repair.ts",
            find: "retries: 0,",
            replace: "retries: 3,",
        },
    },
    {
        id: "cassandra-P31",
        defect: "repair without -pr on every node: ranges that nobody repairs, or each as often as there are replicas",
        spec: "test/cassandra/repair.spec.ts",
        break: {
            file: "components/cassandra/nodeAgentScript.ts",
            find: '["--full", "-pr"]',
            replace: '["--full"]',
        },
    },
    {
        id: "cassandra-P32",
        defect: "JMX on the network, or exec rights for the repair: whoever reaches it may do everything",
        spec: "test/cassandra/repair.spec.ts",
        break: {
            file: "components/cassandra/nodeAgentScript.ts",
            find: "if not hmac.compare_digest(signed.encode(), signature(when, body).encode()):",
            replace: "if False:",
        },
    },
    {
        id: "cassandra-P33",
        defect: "repairs further apart than gc_grace_seconds, so that deleted data come back",
        spec: "test/cassandra/repair.spec.ts",
        break: {
            file: "components/cassandra/surroundingsSchema.ts",
            find: "milliseconds(deadline) < milliseconds(gcGrace)",
            replace: "milliseconds(deadline) <= milliseconds(gcGrace)",
        },
    },
    {
        id: "cassandra-P34",
        defect: "a repair that leaves out a node that is down, and ends well",
        spec: "test/cassandra/repair.spec.ts",
        break: {
            file: "components/cassandra/nodeAgentScript.ts",
            find: "    if reasons:",
            replace: "    if False:",
        },
    },
    {
        id: "cassandra-P35",
        defect: "a first process that ignores the request to stop, so that each pod waits out its grace period of 1800 s",
        spec: "test/cassandra/repair.spec.ts",
        break: {
            file: "components/cassandra/nodeAgentScript.ts",
            find: "lambda *_: sys.exit(0)",
            replace: "lambda *_: None",
        },
    },
    {
        id: "cassandra-P36",
        defect: "a dropped or truncated table that leaves no snapshot",
        spec: "test/cassandra/snapshots.spec.ts",
        break: {
            file: "components/cassandra/snapshots.ts",
            find: "auto_snapshot: settings.auto,",
            replace: "auto_snapshot: false,",
        },
    },
    {
        id: "cassandra-P37",
        defect: "scheduled snapshots that nobody ever removes, until the volume is full",
        spec: "test/cassandra/snapshots.spec.ts",
        break: {
            file: "components/cassandra/nodeAgentScript.ts",
            find: ', "--ttl", "%ds" % int(asked["keepSeconds"])]',
            replace: "]",
        },
    },
    {
        id: "cassandra-P38",
        defect: "a cluster without users, as upstream's defaults have it",
        spec: "test/cassandra/authentication.spec.ts",
        break: {
            file: "components/cassandra/surroundingsSchema.ts",
            find: '.prefault({ kind: "password" });',
            replace: '.prefault({ kind: "none" });',
        },
    },
    {
        id: "cassandra-P39",
        defect: "one copy of system_auth, whose node's end locks everybody out; or copies lowered by a later run",
        spec: "test/cassandra/authentication.spec.ts",
        break: {
            file: "components/cassandra/superuserScript.ts",
            find: 'if copies.get(here, 0) >= task["replication"]:',
            replace: 'if copies.get(here, 0) == task["replication"]:',
        },
    },
    {
        id: "cassandra-P40",
        defect: "a password on cqlsh's command line, for everybody who lists processes",
        spec: "test/cassandra/authentication.spec.ts",
        break: {
            file: "components/cassandra/superuserScript.ts",
            find: '"--credentials", credentials]',
            replace: '"--credentials", credentials, "-p", user[1]]',
        },
    },
    {
        id: "cassandra-P41",
        defect: "more copies of system_auth that are still empty, so that logins read by quorum fail",
        spec: "test/cassandra/authentication.spec.ts",
        break: {
            file: "components/cassandra/superuserScript.ts",
            find: "if failed is not None:",
            replace: "if False:",
        },
    },
    {
        id: "cassandra-P42",
        defect: "a rotation that takes the login away which systems still use",
        spec: "test/cassandra/authentication.spec.ts",
        break: {
            file: "components/cassandra/authentication.ts",
            find: "nameAt(username, rotation - 2)",
            replace: "nameAt(username, rotation - 1)",
        },
    },
    {
        id: "cassandra-P43",
        defect: "TLS between nodes that asks for no certificate",
        spec: "test/cassandra/encryption.spec.ts",
        break: {
            file: "components/cassandra/encryption.ts",
            find: "require_client_auth: true,",
            replace: "require_client_auth: false,",
        },
    },
    {
        id: "cassandra-P44",
        defect: "one authority for nodes and clients, so that a client's certificate makes a node",
        spec: "test/cassandra/encryption.spec.ts",
        break: {
            file: "components/cassandra/encryption.ts",
            find: "certificateAuthority(`${name}-${side}`, certificates, opts)",
            replace: "certificateAuthority(`${name}-internode`, certificates, opts)",
        },
    },
    {
        id: "cassandra-P45",
        defect: "certificates mounted as single files, or copied at the start, which end under a running node",
        spec: "test/cassandra/encryption.spec.ts",
        break: {
            file: "components/cassandra/encryption.ts",
            find: "path: folders[side], readOnly: true",
            replace: 'path: folders[side], subPath: "node.pem", readOnly: true',
        },
    },
    {
        id: "cassandra-P46",
        defect: "internode_encryption dc or rack: who claims to be near needs no certificate",
        spec: "test/cassandra/encryption.spec.ts",
        break: {
            file: "components/cassandra/surroundingsSchema.ts",
            find: 'if (internodeEncryption.mode !== "all") {',
            replace: 'if (internodeEncryption.mode === "none") {',
        },
    },
    {
        id: "cassandra-P47",
        defect: "logins over a connection without TLS",
        spec: "test/cassandra/encryption.spec.ts",
        break: {
            file: "components/cassandra/surroundingsSchema.ts",
            find: 'clientEncryption.mode !== "required"',
            replace: 'clientEncryption.mode === "none"',
        },
    },
];
