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
