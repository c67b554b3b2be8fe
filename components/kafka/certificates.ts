import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type CertificateAuthority, certificateAuthority } from "../foundation/certificates";
import type { Labels } from "../foundation/labels";
import { certificateFiles } from "./places";
import type { CheckedKafkaSettings } from "./schema";
import { brokerName } from "./users";

/** The nodes' certificate, and who signs those of users. */
export interface NodeCertificates {
    readonly authority: CertificateAuthority;
    /** Name of the Secret with the nodes' PEM files. */
    readonly secretName: string;
    readonly resources: readonly pulumi.Resource[];
}

/**
 * One certificate for all nodes, since each is server and client of every other.
 *
 * @param dnsNames every name that a client may reach a node by: it compares them with the certificate
 */
export function nodeCertificates(
    name: string,
    tls: Extract<CheckedKafkaSettings["tls"], { mode: "mutual" }>,
    where: { readonly namespace: string; readonly labels: Labels; readonly dnsNames: readonly string[] },
    opts: pulumi.CustomResourceOptions,
): NodeCertificates {
    const authority = certificateAuthority(name, tls.certificates, opts);
    const { certificate, key } = authority.sign(`${name}-node`, {
        commonName: brokerName,
        dnsNames: where.dnsNames,
        uses: ["server", "client"],
    });
    const secretName = `${name}-nodes`;
    const secret = new k8s.core.v1.Secret(
        `${name}-nodes-secret`,
        {
            metadata: { name: secretName, namespace: where.namespace, labels: where.labels },
            stringData: {
                // Kafka reads a PEM keystore from one file: the key and its chain.
                [certificateFiles.keystore]: pulumi.secret(pulumi.interpolate`${key}${certificate}`),
                [certificateFiles.authorities]: authority.trusted,
            },
        },
        opts,
    );
    return { authority, secretName, resources: [secret] };
}
