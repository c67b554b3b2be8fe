import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { z } from "zod";
import { rotationSetting } from "./credentials";
import { dnsName, duration, milliseconds, settings, variants, words } from "./values";

const hour = 3600e3;
const wholeHours = (least: string) =>
    duration().refine((value) => milliseconds(value) % hour === 0 && milliseconds(value) >= milliseconds(least), {
        error: `a time of whole hours of at least ${least}, such as 90d`,
    });

/** Certificates of an authority of the stack's own. */
export const generatedCertificates = settings({
    kind: z.literal("generated").describe("An authority of the stack's own, kept in its state; the default."),
    validity: wholeHours("2d").default("365d").describe("How long certificates are valid. Default 365d."),
    renewBefore: wholeHours("1h")
        .default("30d")
        .describe("How long before its end the next up renews a certificate. Default 30d."),
    rotation: rotationSetting("all certificates, their keys and their authority"),
}).refine((given) => milliseconds(given.renewBefore) < milliseconds(given.validity), {
    path: ["renewBefore"],
    error: "a time shorter than validity",
});

/** Where the certificates of a system come from. */
export const certificateSettings = variants("kind", [
    generatedCertificates,
    settings({
        kind: z.literal("existing").describe("A Secret that exists in the namespace, as cert-manager writes it."),
        secretName: dnsName().describe("Name of the Secret. Its key must be PKCS8 (BEGIN PRIVATE KEY)."),
        certificateKey: words().default("tls.crt").describe("Its key with the certificate chain. Default tls.crt."),
        privateKeyKey: words().default("tls.key").describe("Its key with the private key. Default tls.key."),
        authorityKey: words().default("ca.crt").describe("Its key with the authorities to trust. Default ca.crt."),
        rotation: rotationSetting("what the pods have read of it, after its content has changed"),
    }),
]).prefault({ kind: "generated" });

export type CertificateSettings = z.output<typeof certificateSettings>;
export type GeneratedCertificateSettings = Extract<CertificateSettings, { kind: "generated" }>;

/** PEM texts that one side of a connection needs. */
export interface SignedCertificate {
    /** The certificate. */
    readonly certificate: pulumi.Output<string>;
    /** Its private key, PKCS8; a secret. */
    readonly key: pulumi.Output<string>;
}

/** Signs certificates, and says whom to trust. */
export interface CertificateAuthority {
    /** PEM certificates of the authorities to trust: the present one, the one before and the one after. */
    readonly trusted: pulumi.Output<string>;
    /** A certificate of the present authority, with a new key for each rotation. */
    sign(name: string, subject: CertificateSubject): SignedCertificate;
}

/** Whom a certificate names, and what it is good for. */
export interface CertificateSubject {
    readonly commonName: string;
    /** @default none */
    readonly dnsNames?: readonly string[];
    /** @default none */
    readonly ipAddresses?: readonly string[];
    /** Members of a cluster are both: they accept connections and open them. */
    readonly uses: readonly ("server" | "client")[];
}

const extendedUse = { server: "server_auth", client: "client_auth" } as const;

/**
 * An authority of the stack's own, whose rotation interrupts nothing. There are three at a time: certificates are signed
 * by number `rotation`, and trusted are that one, the one before and the one after. While a rotation rolls a cluster, its
 * old members already trust the new certificates, and its new members still trust the old ones.
 *
 * A certificate that nears its end is renewed by the next `up`; put `rotation` into the config hash of its users.
 */
export function certificateAuthority(
    name: string,
    settings: GeneratedCertificateSettings,
    opts: pulumi.CustomResourceOptions,
): CertificateAuthority {
    const numbers = [settings.rotation - 1, settings.rotation, settings.rotation + 1].filter((number) => number >= 0);
    const authorities = new Map(numbers.map((number) => [number, authority(`${name}-authority-${number}`, opts)]));
    const present = authorities.get(settings.rotation);
    if (present === undefined) {
        throw new Error(`${name} has no authority ${settings.rotation}`);
    }
    return {
        trusted: pulumi
            .all([...authorities.values()].map(({ certificate }) => certificate))
            .apply((certificates) => certificates.map((each) => `${each.trim()}\n`).join("")),
        sign: (child, subject) => {
            const key = privateKey(`${child}-key-${settings.rotation}`, opts);
            const request = new tls.CertRequest(
                `${child}-request-${settings.rotation}`,
                {
                    privateKeyPem: key.privateKeyPem,
                    subject: { commonName: subject.commonName },
                    ...(subject.dnsNames && { dnsNames: [...subject.dnsNames] }),
                    ...(subject.ipAddresses && { ipAddresses: [...subject.ipAddresses] }),
                },
                opts,
            );
            const signed = new tls.LocallySignedCert(
                `${child}-certificate-${settings.rotation}`,
                {
                    certRequestPem: request.certRequestPem,
                    caPrivateKeyPem: present.key.privateKeyPem,
                    caCertPem: present.certificate,
                    validityPeriodHours: milliseconds(settings.validity) / hour,
                    earlyRenewalHours: milliseconds(settings.renewBefore) / hour,
                    allowedUses: ["digital_signature", ...subject.uses.map((use) => extendedUse[use])],
                },
                opts,
            );
            return { certificate: signed.certPem, key: key.privateKeyPemPkcs8 };
        },
    };
}

/** Ten years: authorities end by rotation, long before their certificates do. */
const authorityHours = 87_600;

function authority(
    name: string,
    opts: pulumi.CustomResourceOptions,
): { readonly key: tls.PrivateKey; readonly certificate: pulumi.Output<string> } {
    const key = privateKey(`${name}-key`, opts);
    const certificate = new tls.SelfSignedCert(
        `${name}-certificate`,
        {
            privateKeyPem: key.privateKeyPem,
            subject: { commonName: name },
            isCaCertificate: true,
            validityPeriodHours: authorityHours,
            setSubjectKeyId: true,
            allowedUses: ["cert_signing", "crl_signing"],
        },
        opts,
    );
    return { key, certificate: certificate.certPem };
}

/** P-256: as strong as RSA of 3072 bits, and known to every Java and OpenSSL of the last ten years. */
function privateKey(name: string, opts: pulumi.CustomResourceOptions): tls.PrivateKey {
    return new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" }, opts);
}
