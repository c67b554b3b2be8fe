/** Text that is markup already. */
export class Markup {
    public constructor(public readonly text: string) {}
}

/** What may stand in a template: text, which is escaped, markup, and lists of either. */
export type Content = string | number | Markup | readonly Content[] | undefined;

/**
 * Markup from a template: whatever is put into it is taken literally, in texts and in quoted attributes, unless it is
 * markup itself. There is no other way to make any, so nothing from a plan can be more than text.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
    return new Markup(parts.map((part, index) => `${part}${contentText(values[index])}`).join(""));
}

function contentText(content: Content): string {
    if (content === undefined) {
        return "";
    }
    if (content instanceof Markup) {
        return content.text;
    }
    return typeof content === "object" ? content.map(contentText).join("") : escapeMarkup(String(content));
}

// What XML 1.0 has no place for: control characters but tab and line ends.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escapeMarkup(text: string): string {
    return text
        .replace(forbidden, "\ufffd")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;")
        .replaceAll("'", "&#39;");
}
