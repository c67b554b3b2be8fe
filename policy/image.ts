/** The parts of an image reference. */
export interface Image {
    readonly repository: string;
    readonly tag: string | undefined;
    readonly digest: string | undefined;
}

/** Takes `[host[:port]/]path[:tag][@digest]` apart. A colon before the last slash belongs to a port. */
export function parseImage(reference: string): Image {
    const [named = "", digest] = reference.split("@");
    const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
    return colon === -1
        ? { repository: named, tag: undefined, digest }
        : { repository: named.slice(0, colon), tag: named.slice(colon + 1), digest };
}
