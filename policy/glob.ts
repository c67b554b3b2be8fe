/** A text in which `*` stands for any text, as an expression. */
export function globOf(pattern: string): RegExp {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "s");
}

/** Whether one of the patterns fits. */
export function fitsOne(patterns: readonly string[], text: string): boolean {
    return patterns.some((pattern) => globOf(pattern).test(text));
}
