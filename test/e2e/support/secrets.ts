import { type KubeObject, nameOf } from "./objects";

interface WithData extends KubeObject {
    readonly data?: Readonly<Record<string, string>>;
}

/** Objects that hold one of the texts, in the clear or in the base64 form of a Secret: `Kind namespace/name`, sorted. */
export function holdersOf(objects: readonly WithData[], texts: readonly string[]): readonly string[] {
    return objects
        .filter((object) => {
            const decoded = Object.values(object.kind === "Secret" ? (object.data ?? {}) : {}).map((value) =>
                Buffer.from(value, "base64").toString("utf8"),
            );
            return reveals([JSON.stringify(object), ...decoded].join("\n"), texts);
        })
        .map((object) => `${object.kind} ${nameOf(object)}`)
        .sort();
}

/** Whether a text holds one of the others, in the clear or in base64. */
export function reveals(text: string, secrets: readonly string[]): boolean {
    return secrets.some((secret) => text.includes(secret) || text.includes(Buffer.from(secret).toString("base64")));
}

/** The entries of a Secret, decoded. */
export function secretData(secret: WithData): Readonly<Record<string, string>> {
    return Object.fromEntries(
        Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
    );
}

interface ExportedResource {
    readonly type: string;
    readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Outputs of a resource that must stay secret, by its type. */
const secretOutputs: Readonly<Record<string, readonly string[]>> = {
    "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
    "tls:index/privateKey:PrivateKey": ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"],
};

/** Every password, hash and private key that a stack has generated, from its export with `--show-secrets`. */
export function generatedSecrets(exported: string): readonly string[] {
    const { deployment } = JSON.parse(exported) as { deployment: { resources: readonly ExportedResource[] } };
    return deployment.resources.flatMap(({ type, outputs }) =>
        (secretOutputs[type] ?? []).map((key) => {
            const { plaintext } = outputs?.[key] as { plaintext: string };
            const text = JSON.parse(plaintext) as string;
            // Of a key any line will do: others indent it or escape its line breaks.
            return text.split("\n")[1] ?? text;
        }),
    );
}
