import { properties } from "../foundation/configFiles";
import { certificateFiles, certificateSecrets } from "./encryption";
import { nativePort } from "./places";
import type { CheckedCassandraSettings } from "./schema";

/** What clients are told of a datacenter. No secret: it says in which Secrets they are. */
export interface ClientFacts {
    readonly instance: string;
    readonly namespace: string;
    /** Host names that lead to ready nodes. */
    readonly contactPoints: readonly string[];
    readonly datacenter: string;
    readonly settings: Pick<CheckedCassandraSettings, "clientEncryption">;
}

/** Files for clients by their names: of the Java driver 4, and of cqlsh. */
export function clientFiles(facts: ClientFacts): Readonly<Record<string, string>> {
    return { "application.conf": applicationConf(facts), cqlshrc: cqlshrc(facts) };
}

const usesTls = ({ settings }: ClientFacts) => settings.clientEncryption.mode === "required";

/** Where the authorities to trust are; a comment, since each client mounts them elsewhere. */
function authorities({ instance, namespace, settings }: ClientFacts): string {
    const { certificates } = settings.clientEncryption;
    const [secretName, key] =
        certificates.kind === "existing"
            ? [certificates.secretName, certificates.authorityKey]
            : [certificateSecrets(instance).clients, certificateFiles.authorities];
    return `# The authorities to trust: key ${key} of the Secret ${secretName} in ${namespace}.\n`;
}

/** Configuration of the Java driver. Without a local datacenter it refuses to start. */
function applicationConf(facts: ClientFacts): string {
    const points = facts.contactPoints.map((host) => `"${host}:${nativePort}"`).join(", ");
    const entries = {
        "basic.contact-points": `[${points}]`,
        "basic.load-balancing-policy.local-datacenter": `"${facts.datacenter}"`,
        // A Service's address changes with its nodes' readiness: ask for it at each connection.
        "advanced.resolve-contact-points": false,
        ...(usesTls(facts) && {
            "advanced.ssl-engine-factory.class": "DefaultSslEngineFactory",
            // Drivers go on to the nodes' addresses, which no certificate names; the authority signs nothing else.
            "advanced.ssl-engine-factory.hostname-validation": false,
        }),
    };
    const lines = properties(entries).replace(/^/gm, "  ").replace(/ {2}$/, "").replace(/=/g, " = ");
    return `${usesTls(facts) ? authorities(facts) : ""}datastax-java-driver {\n${lines}}\n`;
}

function cqlshrc(facts: ClientFacts): string {
    const [host = ""] = facts.contactPoints;
    return [
        ...(usesTls(facts) ? [authorities(facts)] : []),
        "[connection]\n",
        properties({ hostname: host, port: nativePort, ...(usesTls(facts) && { ssl: true }) }),
        ...(usesTls(facts)
            ? ["\n[ssl]\n", properties({ certfile: `/tls/${certificateFiles.authorities}`, validate: true })]
            : []),
    ].join("");
}
