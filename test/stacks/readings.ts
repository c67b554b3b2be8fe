import { SecretValue } from "../../components/foundation/secretValue";
import { readStackText } from "../../stacks/load";
import { parseStack, prefix, type RawConfig } from "../../stacks/parse";
import { mergeRuntime } from "../../stacks/runtime";
import type { StackConfig } from "../../stacks/schema/sections";

/** Both ways in which a stack file's text is read. */
export interface Readings {
    /** As the file alone. */
    readonly asFile: () => StackConfig;
    /** As the engine hands it over. */
    readonly asRuntime: () => StackConfig;
}

/**
 * Both readings of a file, whose YAML is read once: that takes longer than all checks. Where thousands of files are
 * tried, it stands for `configOf` and `runtimeConfigOf`.
 */
export function readingsOf(text: string): Readings {
    let read: RawConfig | undefined;
    const raw = (): RawConfig => (read ??= readStackText(text, "Pulumi.test.yaml"));
    return {
        asFile: () => parseStack(raw()),
        asRuntime: () => parseStack(mergeRuntime(raw(), handedOver(raw()), [])),
    };
}

/** What the engine hands over: each section as text, encrypted values decrypted. */
function handedOver({ sections }: RawConfig): Record<string, string> {
    return Object.fromEntries(
        Object.entries(sections).map(([name, content]) => {
            const plain = decrypted(content);
            return [`${prefix}${name}`, typeof plain === "string" ? plain : JSON.stringify(plain)];
        }),
    );
}

function decrypted(value: unknown): unknown {
    if (value instanceof SecretValue) {
        return "hunter2";
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return Array.isArray(value)
        ? value.map(decrypted)
        : Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, decrypted(entry)]));
}
