import { yaml } from "../foundation/configFiles";
import { portOf } from "../foundation/values";
import type { CheckedClusterSettings } from "./clusterSchema";

/** Where the nodes find their certificates, below the configuration folder. */
export const certificatesFolder = "certificates";

/** Names of the files of a certificate, wherever it is mounted. */
export const certificateFiles = { certificate: "tls.crt", key: "tls.key", authorities: "ca.crt" } as const;

/** The `opensearch.yml` of all nodes; a node's name and roles come with its pod. */
export function opensearchYml(
    settings: CheckedClusterSettings,
    cluster: {
        readonly name: string;
        /** Names behind which other nodes are. */
        readonly seedHosts: readonly string[];
        /** Distinguished names of the nodes' certificates. */
        readonly nodeNames: readonly string[];
        /** Distinguished name of the administrator's certificate. */
        readonly adminName: string;
    },
): string {
    const certificates = {
        pemcert_filepath: `${certificatesFolder}/${certificateFiles.certificate}`,
        pemkey_filepath: `${certificatesFolder}/${certificateFiles.key}`,
        pemtrustedcas_filepath: `${certificatesFolder}/${certificateFiles.authorities}`,
    };
    return yaml({
        "cluster.name": cluster.name,
        "network.host": "0.0.0.0",
        "discovery.seed_hosts": cluster.seedHosts,
        "node.store.allow_mmap": settings.memoryMap,
        "bootstrap.memory_lock": false,
        ...prefixed("plugins.security.ssl.http.", {
            ...certificates,
            enabled: true,
            // The administrator's certificate is asked for, and nobody must have one.
            clientauth_mode: "OPTIONAL",
        }),
        ...prefixed("plugins.security.ssl.transport.", {
            ...certificates,
            // Nodes know each other by address, and the reverse lookup of a pod's address is not reliable: who is a node
            // is decided by nodes_dn, and by who signed.
            enforce_hostname_verification: false,
        }),
        // A renewed certificate takes the place of one that ends, without a restart.
        "plugins.security.ssl.certificates_hot_reload.enabled": true,
        "plugins.security.nodes_dn": cluster.nodeNames,
        "plugins.security.authcz.admin_dn": [cluster.adminName],
        // The default content has well-known passwords.
        "plugins.security.allow_default_init_securityindex": false,
        "plugins.security.system_indices.enabled": true,
        ...Object.fromEntries(
            Object.entries(settings.snapshots?.repositories ?? {}).flatMap((entry) => Object.entries(s3Client(entry))),
        ),
    });
}

function s3Client([name, given]: [
    string,
    NonNullable<CheckedClusterSettings["snapshots"]>["repositories"][string],
]): Record<string, string | boolean | undefined> {
    const { endpoint } = given;
    return prefixed(`s3.client.${name}.`, {
        path_style_access: given.pathStyle,
        region: given.region,
        ...(endpoint !== undefined && {
            endpoint: `${new URL(endpoint).hostname}:${portOf(endpoint)}`,
            protocol: new URL(endpoint).protocol.replace(":", ""),
        }),
    });
}

function prefixed<Value>(prefix: string, entries: Readonly<Record<string, Value>>): Record<string, Value> {
    return Object.fromEntries(Object.entries(entries).map(([key, value]) => [`${prefix}${key}`, value]));
}
