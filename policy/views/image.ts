/** The parts of an image reference. */
export interface Image {
    /** As written, with host and path. */
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

/**
 * The repository with its host, as a container runtime completes it: `kafka` is `docker.io/library/kafka`. The first
 * part is a host if it has a dot or a port or is `localhost` (ParseNormalizedNamed of the distribution project).
 */
export function fullRepository({ repository }: Image): string {
    const [first = "", ...rest] = repository.split("/");
    if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) {
        // The older name of the same registry.
        return [first === "index.docker.io" ? "docker.io" : first, ...rest].join("/");
    }
    return ["docker.io", ...(rest.length === 0 ? ["library"] : []), repository].join("/");
}
