/** Whether text matches a pattern in which `*` stands for any text. */
export function matchesGlob(pattern: string, text: string): boolean {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}

/** Whether one of the patterns fits. */
export function fitsOne(patterns: readonly string[], text: string): boolean {
    return patterns.some((pattern) => matchesGlob(pattern, text));
}
