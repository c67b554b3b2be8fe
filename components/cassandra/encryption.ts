import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type CertificateAuthority, certificateAuthority, type SignedCertificate } from "../foundation/certificates";
import type { ConfigValue } from "../foundation/configFiles";
import type { Labels } from "../foundation/labels";
import type { Mount } from "../foundation/pods";
import type {
    ClientEncryptionSettings,
    InternodeEncryptionSettings,
    NodeCertificateSettings,
    SurroundingsSettings,
} from "./surroundingsSchema";

type Encryption = Pick<SurroundingsSettings, "internodeEncryption" | "clientEncryption">;
type Volume = k8s.types.input.core.v1.Volume;

/** Where nodes find their certificates. */
const folders = { internode: "/certificates/internode", clients: "/certificates/clients" } as const;
type Side = keyof typeof folders;

/** Keys of the generated Secrets, and names of the files: the private key with its chain, and whom to trust. */
export const certificateFiles = { combined: "node.pem", authorities: "trusted.pem" } as const;

/** Names of the generated Secrets. */
export const certificateSecrets = (instance: string) => ({
    internode: `${instance}-internode`,
    clients: `${instance}-client-tls`,
    /** What clients show, where they must. */
    client: `${instance}-client-certificate`,
});

/** Whether nodes speak TLS to each other at all: `none` with `optional` is the first step of turning it on. */
const internodeUsed = ({ mode, optional }: InternodeEncryptionSettings) => mode !== "none" || optional;
const clientsUsed = ({ mode }: ClientEncryptionSettings) => mode !== "none";

/** Files instead of key stores: PEM needs no password, and Cassandra sees within 10 minutes that they were renewed. */
function pemFiles(side: Side): Record<string, ConfigValue> {
    return {
        ssl_context_factory: { class_name: "org.apache.cassandra.security.PEMBasedSslContextFactory" },
        keystore: `${folders[side]}/${certificateFiles.combined}`,
        truststore: `${folders[side]}/${certificateFiles.authorities}`,
    };
}

/** TLS between nodes, for cassandra.yaml. */
export function serverEncryption(settings: InternodeEncryptionSettings): Record<string, ConfigValue> {
    const options: Record<string, ConfigValue> = { internode_encryption: settings.mode };
    if (internodeUsed(settings)) {
        Object.assign(options, pemFiles("internode"), {
            optional: settings.optional,
            // Nodes of before 4.0 only: everybody else finds TLS on the one storage port.
            legacy_ssl_storage_port_enabled: false,
            require_client_auth: true,
            // Cassandra compares addresses, and those of pods are unknown when certificates are made. What keeps others
            // out is the authority, which signs nothing but nodes.
            require_endpoint_verification: false,
        });
    }
    return { server_encryption_options: options };
}

/** TLS between clients and nodes, for cassandra.yaml. */
export function clientEncryption(settings: ClientEncryptionSettings): Record<string, ConfigValue> {
    const options: Record<string, ConfigValue> = { enabled: clientsUsed(settings) };
    if (clientsUsed(settings)) {
        Object.assign(options, pemFiles("clients"), {
            optional: settings.mode === "optional",
            require_client_auth: settings.mutual,
        });
    }
    return { client_encryption_options: options };
}

/** The sides that have certificates, with their settings. */
function sides(settings: Encryption): { readonly side: Side; readonly certificates: NodeCertificateSettings }[] {
    const { internodeEncryption, clientEncryption: forClients } = settings;
    return [
        ...(internodeUsed(internodeEncryption)
            ? [{ side: "internode" as const, certificates: internodeEncryption.certificates }]
            : []),
        ...(clientsUsed(forClients) ? [{ side: "clients" as const, certificates: forClients.certificates }] : []),
    ];
}

function secretVolume(instance: string, side: Side, certificates: NodeCertificateSettings): Volume {
    const secret =
        certificates.kind === "generated"
            ? { secretName: certificateSecrets(instance)[side] }
            : {
                  secretName: certificates.secretName,
                  items: [
                      { key: certificates.combinedKey, path: certificateFiles.combined },
                      { key: certificates.authorityKey, path: certificateFiles.authorities },
                  ],
              };
    return { name: `certificates-${side}`, secret };
}

/** What a node's pod needs for its certificates. Whole folders: a file mounted by itself would never be renewed. */
export function encryptionParts(
    instance: string,
    settings: Encryption,
): { readonly volumes: Volume[]; readonly mounts: Mount[]; readonly hashes: string[] } {
    const all = sides(settings);
    return {
        volumes: all.map(({ side, certificates }) => secretVolume(instance, side, certificates)),
        mounts: all.map(({ side }) => ({ volume: `certificates-${side}`, path: folders[side], readOnly: true })),
        hashes: all.map(({ side, certificates }) => `${side} rotation ${certificates.rotation}`),
    };
}

/** What the program's own client needs; undefined where clients use no TLS. */
export function clientParts(
    instance: string,
    settings: ClientEncryptionSettings,
):
    | {
          readonly volumes: Volume[];
          readonly mounts: Mount[];
          readonly authorities: string;
          readonly certificate: string | null;
      }
    | undefined {
    if (!clientsUsed(settings)) {
        return undefined;
    }
    const { certificates, mutual } = settings;
    const volume =
        certificates.kind === "existing"
            ? {
                  secretName: certificates.secretName,
                  items: [{ key: certificates.authorityKey, path: certificateFiles.authorities }],
              }
            : {
                  secretName: certificateSecrets(instance)[mutual ? "client" : "clients"],
                  items: [
                      ...(mutual ? [{ key: certificateFiles.combined, path: certificateFiles.combined }] : []),
                      { key: certificateFiles.authorities, path: certificateFiles.authorities },
                  ],
              };
    return {
        volumes: [{ name: "certificates", secret: volume }],
        mounts: [{ volume: "certificates", path: folders.clients, readOnly: true }],
        authorities: `${folders.clients}/${certificateFiles.authorities}`,
        certificate: mutual ? `${folders.clients}/${certificateFiles.combined}` : null,
    };
}

/** The certificates that are registered. */
export interface RegisteredCertificates {
    /** Authorities that clients trust, PEM; undefined without TLS for clients, and for certificates that exist. */
    readonly clientAuthorities: pulumi.Output<string> | undefined;
    readonly resources: readonly pulumi.Resource[];
}

/**
 * Registers the generated certificates, each in a Secret. Nodes and clients have authorities of their own: whoever shows
 * a certificate of the nodes' authority is taken for a node.
 *
 * @param dnsNames names that clients reach the nodes by
 */
export function registerCertificates(
    name: string,
    settings: Encryption,
    where: {
        readonly instance: string;
        readonly namespace: string;
        readonly labels: Labels;
        readonly dnsNames: readonly string[];
    },
    opts: pulumi.CustomResourceOptions,
): RegisteredCertificates {
    const names = certificateSecrets(where.instance);
    const resources: pulumi.Resource[] = [];
    const secret = (part: keyof typeof names, authority: CertificateAuthority, signed: SignedCertificate) => {
        const data = {
            [certificateFiles.combined]: pulumi.interpolate`${signed.key}${signed.certificate}`,
            [certificateFiles.authorities]: authority.trusted,
        };
        const metadata = { name: names[part], namespace: where.namespace, labels: where.labels };
        resources.push(new k8s.core.v1.Secret(`${name}-${part}-secret`, { metadata, stringData: data }, opts));
    };
    let clientAuthorities: pulumi.Output<string> | undefined;
    for (const { side, certificates } of sides(settings)) {
        if (certificates.kind === "existing") {
            continue;
        }
        const authority = certificateAuthority(`${name}-${side}`, certificates, opts);
        const commonName = `${where.instance}-${side}`;
        if (side === "internode") {
            const uses = ["server", "client"] as const;
            secret(side, authority, authority.sign(`${name}-${side}-node`, { commonName, uses }));
        } else {
            const subject = { commonName, dnsNames: where.dnsNames, uses: ["server"] as const };
            secret(side, authority, authority.sign(`${name}-${side}-node`, subject));
            clientAuthorities = authority.trusted;
            if (settings.clientEncryption.mutual) {
                const client = { commonName: `${where.instance}-client`, uses: ["client"] as const };
                secret("client", authority, authority.sign(`${name}-client`, client));
            }
        }
    }
    return { clientAuthorities, resources };
}
