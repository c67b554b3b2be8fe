import { secretPlaceholder } from "./plannedSecret";

/** What a text may hold that is a secret wherever it stands, by the form of its kind. */
const forms: readonly { readonly what: string; readonly pattern: RegExp }[] = [
    { what: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
    // AKIA and ASIA begin the ids of long-lived and of temporary keys (AWS IAM, "Unique identifiers").
    { what: "an access key of AWS", pattern: /\b(AKIA|ASIA)[0-9A-Z]{16}\b/ },
    // A header and a body, both JSON in base64url: {" is eyJ (RFC 7519).
    { what: "a JSON web token", pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/ },
];

const urlPassword = /[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@"']*:([^/?#\s@"']+)@/gi;

/** Words at the end of a name that say that its value is a secret: not PASSWORD_FILE, which says where one is. */
const secretName =
    /(^|_)(password|passwd|pwd|passphrase|(auth|access|api|bearer|refresh|session|security|bot|github|gitlab|slack)_?token|token|secret|(api|access|private|secret|encryption|signing)_?key|credentials?)$/;

/** Names that end so, but are those of a Secret or of a kind. */
const referenceName =
    /(^|_)(existing|image_?pull|pull|tls|ssl|kubernetes|use|num|max|next)_(secret|token|credentials?|password)$/;

/** Whether a name says that its value is a secret: DB_PASSWORD, dbPassword, spring.datasource.password. */
export function saysSecret(name: string): boolean {
    const snake = name
        .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
        .replace(/[.\-\s]+/g, "_")
        .toLowerCase();
    return secretName.test(snake) && !referenceName.test(snake);
}

/**
 * Whether a value is the secret itself: not a reference to one (`$(NAME)`, `${…}`, a template), a path, a switch or a
 * mark in angle brackets.
 */
export function isLiteral(value: string): boolean {
    // Quotes may be escaped: the text may be a script that writes a text.
    const text = value.trim().replace(/^[\\"']+|[\\"']+$/g, "");
    return !(text === "" || /^([$%@*&|>[{(<#]|\{\{|\.{0,2}\/|file:|true$|false$|null$|none$|yes$|no$|~$)/i.test(text));
}

/** Secrets in a text, each by what it is; the text itself is never told. */
export function secretsIn(text: string): string[] {
    const passwords = Array.from(text.matchAll(urlPassword), ([, password = ""]) => password);
    return [
        ...(text.includes(secretPlaceholder) ? ["a secret of the stack"] : []),
        ...forms.filter(({ pattern }) => pattern.test(text)).map(({ what }) => what),
        ...(passwords.some(isLiteral) ? ["a URL with a password"] : []),
    ];
}

/** A name, and a value after `=` or `:`, in quotes or not. */
const assignment = /(["']?)([A-Za-z_][\w.-]*)\1[ \t]*[=:][ \t]*("[^"\n]*"|'[^'\n]*'|[^\s"',;]+)/g;

/** How Flink is told of a variable from a Secret: by the Secret's name and key (`kubernetes.env.secretKeyRef`). */
const flinkReference = /\benv:[\w-]+,secret:[\w.-]+,key:[\w.-]+/g;

/** Names in a text that are said to be secrets and have a literal value. */
export function assignedSecrets(text: string, onlyQuoted = false): string[] {
    return text
        .replaceAll(flinkReference, "")
        .split("\n")
        .filter((line) => !/^\s*(#|\/\/|;|--\s)/.test(line))
        .flatMap((line) =>
            Array.from(line.matchAll(assignment))
                .filter(
                    ([, , name = "", value = ""]) =>
                        saysSecret(name) &&
                        isLiteral(value) &&
                        (!onlyQuoted || /^["']/.test(value)) &&
                        !/[(]/.test(value),
                )
                .map(([, , name = ""]) => name),
        );
}
