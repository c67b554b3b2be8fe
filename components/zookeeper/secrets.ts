import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { certificateAuthority, type SignedCertificate } from "../foundation/certificates";
import { generatedPassword } from "../foundation/credentials";
import type { Labels } from "../foundation/labels";
import type { ZooKeeperAuthentication, ZooKeeperLogin, ZooKeeperTls } from "./connection";
import { certificateKeys, loginKeys, secretNames } from "./securityFiles";
import type { AuthenticationSettings, LoginSettings, TlsSettings } from "./securitySchema";

/** Whose secrets they are. */
export interface SecretsOwner {
    /** The component's name, which everything is called after. */
    readonly name: string;
    readonly namespace: string;
    readonly labels: Labels;
    /** Options of each resource: its parent. */
    readonly inside: pulumi.CustomResourceOptions;
}

function secret(owner: SecretsOwner, name: string, stringData: Record<string, pulumi.Input<string>>) {
    const { namespace, labels, inside } = owner;
    return new k8s.core.v1.Secret(name, { metadata: { name, namespace, labels }, type: "Opaque", stringData }, inside);
}

const certificateData = (trusted: pulumi.Output<string>, signed: SignedCertificate) => ({
    [certificateKeys.authorityKey]: trusted,
    [certificateKeys.certificateKey]: signed.certificate,
    [certificateKeys.privateKeyKey]: pulumi.secret(signed.key),
});

/** Registered objects that members mount, and what clients need to know of them. */
export interface Registered<Client> {
    readonly client: Client;
    readonly objects: readonly pulumi.Resource[];
}

/**
 * The certificates of an ensemble. Members and clients have an authority each: the quorum trusts its members' own alone,
 * so that no certificate of a client opens it.
 *
 * @param hosts names of the members
 * @param services further names that clients connect to
 * @param connectionString the members' ports for clients with TLS
 */
export function registerTls(
    owner: SecretsOwner,
    settings: TlsSettings,
    names: { readonly hosts: readonly string[]; readonly services: readonly string[] },
    connectionString: string,
): Registered<ZooKeeperTls | undefined> {
    const { certificates, client, clientCertificates, quorum } = settings;
    const connection = { connectionString, required: client === "required", rotation: certificates.rotation };
    if (certificates.kind === "existing") {
        const trusted = settings.caCertificate !== undefined && { caCertificate: settings.caCertificate };
        return { client: client === "off" ? undefined : { ...connection, ...trusted }, objects: [] };
    }
    const { name, inside } = owner;
    const objects: pulumi.Resource[] = [];
    if (quorum !== "off") {
        const object = secretNames.quorumTls(name);
        const authority = certificateAuthority(object, certificates, inside);
        const member = authority.sign(`${object}-member`, {
            commonName: `${name} member`,
            dnsNames: names.hosts,
            uses: ["server", "client"],
        });
        objects.push(secret(owner, object, certificateData(authority.trusted, member)));
    }
    if (client === "off") {
        return { client: undefined, objects };
    }
    const object = secretNames.tls(name);
    const authority = certificateAuthority(object, certificates, inside);
    const member = authority.sign(`${object}-member`, {
        commonName: name,
        dnsNames: [...names.hosts, ...names.services],
        uses: ["server"],
    });
    objects.push(secret(owner, object, certificateData(authority.trusted, member)));
    const clientCertificate =
        clientCertificates === "none"
            ? undefined
            : authority.sign(`${object}-client`, { commonName: `${name} client`, uses: ["client"] });
    // No member mounts it: it is for clients in this namespace, and for people.
    secret(
        owner,
        secretNames.clientTls(name),
        clientCertificate === undefined
            ? { [certificateKeys.authorityKey]: authority.trusted }
            : certificateData(authority.trusted, clientCertificate),
    );
    return {
        client: { ...connection, caCertificate: authority.trusted, ...(clientCertificate && { clientCertificate }) },
        objects,
    };
}

/** The generated logins of an ensemble: a Secret each, which members mount and clients of this namespace may. */
export function registerAuthentication(
    owner: SecretsOwner,
    settings: AuthenticationSettings,
): Registered<ZooKeeperAuthentication> {
    const objects: pulumi.Resource[] = [];
    const register = (object: string, given: LoginSettings): ZooKeeperLogin | undefined => {
        if (given.kind === "existing") {
            return undefined;
        }
        const { username, rotation } = given;
        const password = pulumi.secret(generatedPassword(`${object}-password`, { rotation }, owner.inside).password);
        objects.push(secret(owner, object, { [loginKeys.usernameKey]: username, [loginKeys.passwordKey]: password }));
        return { username, password, rotation };
    };
    register(secretNames.superUser(owner.name), settings.superUser);
    const logins = Object.entries(settings.users).flatMap(([user, given]) => {
        const login = register(secretNames.user(owner.name, user), given);
        return login === undefined ? [] : [[user, login] as const];
    });
    return { client: { required: settings.required, logins: Object.fromEntries(logins) }, objects };
}
