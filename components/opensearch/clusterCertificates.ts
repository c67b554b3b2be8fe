import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { certificateAuthority } from "../foundation/certificates";
import type { Labels } from "../foundation/labels";
import type { SecretKey } from "../monitoring/monitor";
import type { CheckedClusterSettings } from "./clusterSchema";
import { certificateFiles } from "./nodeConfig";

type SecretVolume = k8s.types.input.core.v1.SecretVolumeSource;

/** The certificates of a cluster, wherever they come from. */
export interface ClusterCertificates {
    /** Volume source with the nodes' certificate. */
    readonly nodes: SecretVolume;
    /** Volume source with the administrator's certificate. */
    readonly admin: SecretVolume;
    /** Distinguished names of the nodes. */
    readonly nodeNames: readonly string[];
    /** Distinguished name of the administrator. */
    readonly adminName: string;
    /** Authorities that clients trust, PEM; undefined for those that everybody trusts. */
    readonly authorities: string | pulumi.Output<string> | undefined;
    /** Where who reads metrics finds the authorities. */
    readonly authoritiesKey: SecretKey;
    /** What registers their Secrets. */
    readonly resources: readonly pulumi.Resource[];
}

/**
 * One certificate for all nodes and one for the administrator, each in a Secret of its own: generated, or those that
 * exist.
 *
 * @param dnsNames names that clients, the probes and the setup Task reach the nodes by
 */
export function clusterCertificates(
    name: string,
    settings: CheckedClusterSettings["security"],
    where: { readonly namespace: string; readonly labels: Labels; readonly dnsNames: readonly string[] },
    opts: pulumi.CustomResourceOptions,
): ClusterCertificates {
    const { certificates, existing } = settings;
    if (certificates.kind === "existing") {
        if (existing === undefined) {
            throw new Error(`${name}: certificates that exist need security.existing`);
        }
        const items = [
            { key: certificates.certificateKey, path: certificateFiles.certificate },
            { key: certificates.privateKeyKey, path: certificateFiles.key },
            { key: certificates.authorityKey, path: certificateFiles.authorities },
        ];
        return {
            nodes: { secretName: certificates.secretName, items },
            admin: { secretName: existing.adminSecretName, items },
            nodeNames: existing.nodeNames,
            adminName: existing.adminName,
            authorities: existing.caCertificate,
            authoritiesKey: { secretName: certificates.secretName, key: certificates.authorityKey },
            resources: [],
        };
    }
    const authority = certificateAuthority(name, certificates, opts);
    const signed = {
        // Nodes accept connections and open them.
        nodes: authority.sign(`${name}-node`, {
            commonName: `${name}-node`,
            dnsNames: where.dnsNames,
            uses: ["server", "client"],
        }),
        admin: authority.sign(`${name}-admin`, { commonName: `${name}-admin`, uses: ["client"] }),
    };
    const secrets = Object.entries(signed).map(
        ([part, { certificate, key }]) =>
            new k8s.core.v1.Secret(
                `${name}-${part}-secret`,
                {
                    metadata: { name: `${name}-${part}`, namespace: where.namespace, labels: where.labels },
                    stringData: {
                        [certificateFiles.certificate]: certificate,
                        [certificateFiles.key]: key,
                        [certificateFiles.authorities]: authority.trusted,
                    },
                },
                opts,
            ),
    );
    return {
        nodes: { secretName: `${name}-nodes` },
        admin: { secretName: `${name}-admin` },
        nodeNames: [`CN=${name}-node`],
        adminName: `CN=${name}-admin`,
        authorities: authority.trusted,
        authoritiesKey: { secretName: `${name}-nodes`, key: certificateFiles.authorities },
        resources: secrets,
    };
}
