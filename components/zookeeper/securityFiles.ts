import type { types } from "@pulumi/kubernetes";
import type { CertificateSettings } from "../foundation/certificates";
import type { AuthenticationSettings, LoginSettings, TlsSettings } from "./securitySchema";

/** Where the init container finds what is secret, one folder for each certificate and login. */
export const secretsDirectory = "/secrets";
/** Where it writes the files that the server reads: memory, never a disk. */
export const securityDirectory = "/security";

/** What of the settings makes a member need files that are secret. */
export interface Security {
    readonly tls: TlsSettings;
    readonly authentication?: AuthenticationSettings | undefined;
}

/** The Secret that a certificate is in: keys as cert-manager names them, unless told otherwise. */
export interface CertificateSource {
    readonly secretName: string;
    readonly certificateKey: string;
    readonly privateKeyKey: string;
    readonly authorityKey: string;
}

/** The Secret that a login is in. */
export interface LoginSource {
    readonly secretName: string;
    readonly usernameKey: string;
    readonly passwordKey: string;
}

/** Names of the objects that hold generated secrets. */
export const secretNames = {
    /** What members show to clients. */
    tls: (name: string) => `${name}-tls`,
    /** What members show to each other. */
    quorumTls: (name: string) => `${name}-quorum-tls`,
    /** What clients need. */
    clientTls: (name: string) => `${name}-client-tls`,
    superUser: (name: string) => `${name}-super-login`,
    user: (name: string, user: string) => `${name}-user-${user}-login`,
};

/** Keys of the generated Secrets, the ones that cert-manager and Kubernetes' own Secret types have. */
export const certificateKeys = {
    certificateKey: "tls.crt",
    privateKeyKey: "tls.key",
    authorityKey: "ca.crt",
} as const;
export const loginKeys = { usernameKey: "username", passwordKey: "password" } as const;

/** Where a certificate is, generated or not. */
export function certificateSource(settings: CertificateSettings, generatedName: string): CertificateSource {
    return settings.kind === "existing" ? settings : { secretName: generatedName, ...certificateKeys };
}

/** Where a login is, generated or not. */
export function loginSource(settings: LoginSettings, generatedName: string): LoginSource {
    return settings.kind === "existing" ? settings : { secretName: generatedName, ...loginKeys };
}

interface Folders {
    readonly certificates: Readonly<Record<string, CertificateSource>>;
    readonly logins: Readonly<Record<string, LoginSource>>;
}

/** The folders of {@link secretsDirectory}; the super user's login comes first. */
function folders(name: string, { tls, authentication }: Security): Folders {
    return {
        certificates: {
            ...(tls.client !== "off" && { client: certificateSource(tls.certificates, secretNames.tls(name)) }),
            ...(tls.quorum !== "off" && { quorum: certificateSource(tls.certificates, secretNames.quorumTls(name)) }),
        },
        logins: {
            ...(authentication && {
                super: loginSource(authentication.superUser, secretNames.superUser(name)),
                ...Object.fromEntries(
                    Object.entries(authentication.users).map(([user, login]) => [
                        `user-${user}`,
                        loginSource(login, secretNames.user(name, user)),
                    ]),
                ),
            }),
        },
    };
}

/** Whether members need any secret. */
export function needsSecrets({ tls, authentication }: Security): boolean {
    return tls.client !== "off" || tls.quorum !== "off" || authentication !== undefined;
}

/** All that is secret as one volume: a folder for each certificate and login, with the same file names in each. */
export function secretsVolume(name: string, security: Security): types.input.core.v1.Volume {
    const { certificates, logins } = folders(name, security);
    const source = (secretName: string, folder: string, files: Readonly<Record<string, string>>) => ({
        secret: {
            name: secretName,
            items: Object.entries(files).map(([file, key]) => ({ key, path: `${folder}/${file}` })),
        },
    });
    return {
        name: "secrets",
        projected: {
            defaultMode: 0o440,
            sources: [
                ...Object.entries(certificates).map(([folder, from]) =>
                    source(from.secretName, folder, {
                        "tls.crt": from.certificateKey,
                        "tls.key": from.privateKeyKey,
                        "ca.crt": from.authorityKey,
                    }),
                ),
                ...Object.entries(logins).map(([folder, from]) =>
                    source(from.secretName, folder, { username: from.usernameKey, password: from.passwordKey }),
                ),
            ],
        },
    };
}

/**
 * Plain texts that change whenever a secret does that the pods have read: the roll that a rotation asks for. The names
 * of generated users are here too, since nothing else in the template knows them.
 */
export function rotations({ tls, authentication }: Security): readonly string[] {
    const login = (folder: string, given: LoginSettings) =>
        `${folder} ${given.kind === "generated" ? `${given.username} ` : ""}${given.rotation}`;
    return [
        ...(tls.client === "off" && tls.quorum === "off" ? [] : [`certificates ${tls.certificates.rotation}`]),
        ...(authentication === undefined
            ? []
            : [
                  login("super", authentication.superUser),
                  ...Object.entries(authentication.users).map(([user, given]) => login(`user-${user}`, given)),
              ]),
    ];
}

/** The JAAS file: the server's users, and the super user as the client that runs inside the member. */
export const jaasFile = `${securityDirectory}/jaas.conf`;

/** The file of a key store or of a trust store. */
export const storeFile = (of: "client" | "quorum", kind: "key" | "trust"): string =>
    `${securityDirectory}/${of}${kind === "key" ? "" : "-ca"}.pem`;

const prologue = `set -euo pipefail
umask 077
fail() { echo "$1" >&2; exit 1; }`;

/**
 * ZooKeeper wants key and chain in one PEM file, and reads keys in PKCS8 only (PemReader): anything else is refused
 * here, where the reason can be told, instead of by the first connection.
 */
const stores = (certificates: readonly string[]): string => `
for part in ${certificates.join(" ")}; do
  from="${secretsDirectory}/$part"
  grep -q -e '-BEGIN PRIVATE KEY-' "$from/tls.key" || fail "$part: the key is not PKCS8 (BEGIN PRIVATE KEY)"
  for file in tls.crt ca.crt; do
    grep -q -e '-BEGIN CERTIFICATE-' "$from/$file" || fail "$part: no certificate in $file"
  done
  { cat "$from/tls.key"; echo; cat "$from/tls.crt"; } > "${securityDirectory}/$part.pem"
  cat "$from/ca.crt" > "${securityDirectory}/$part-ca.pem"
done`;

/**
 * Java reads a JAAS value in quotes, where \\ escapes, and expands \${…} in it; so a password that has it is refused.
 * A user name becomes part of a key and of a Java option, so it has the form that settings allow.
 */
const jaas = (logins: readonly string[]): string => `
module=org.apache.zookeeper.server.auth.DigestLoginModule
users=
declare -A known=()
for part in ${logins.join(" ")}; do
  user=$(<"${secretsDirectory}/$part/username")
  [[ $user =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$ ]] || fail "$part: the user name may have letters, digits, ., _ and -"
  [[ -z \${known[$user]:-} ]] || fail "$part: another login has the same user name"
  known[$user]=yes
  password=$(<"${secretsDirectory}/$part/password")
  [[ -n $password ]] || fail "$part: the password is empty"
  [[ $password != *$'\\n'* && $password != *'\${'* ]] || fail "$part: the password has a line break or \\\${"
  password=\${password//\\\\/\\\\\\\\}
  password=\${password//\\"/\\\\\\"}
  users+=" user_$user=\\"$password\\""
  if [[ $part = super ]]; then client="username=\\"$user\\" password=\\"$password\\""; fi
done
printf '%s { %s required %s; };\\n' Server $module "$users" Client $module "$client" > ${jaasFile}`;

/** What the init container runs: turns the Secrets into the files that the server reads. */
export function securityScript(name: string, security: Security): string {
    const { certificates, logins } = folders(name, security);
    const [forStores, forJaas] = [Object.keys(certificates), Object.keys(logins)];
    return [
        prologue,
        ...(forStores.length > 0 ? [stores(forStores)] : []),
        ...(forJaas.length > 0 ? [jaas(forJaas)] : []),
        "",
    ].join("\n");
}
