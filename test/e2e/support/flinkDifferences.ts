/** One place where two objects differ; what one of them lacks is undefined there. */
export interface Difference {
    /** Such as `spec.template.spec.containers[flink-main-container].readinessProbe`. */
    readonly path: string;
    readonly theirs: unknown;
    readonly ours: unknown;
}

/**
 * Differences that are meant, each with its reason: `+` what only ours has, `-` what only theirs has, `~` what differs,
 * before the beginning of a path.
 */
export type Reasons = Readonly<Record<string, string>>;

/** By what the entries of a list are told apart, in this order; other lists are compared as wholes. */
const identities = ["mountPath", "name", "key"] as const;

/** Every place where two values differ. */
export function differences(theirs: unknown, ours: unknown, path = ""): readonly Difference[] {
    if (isRecord(theirs) && isRecord(ours)) {
        const keys = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
        return keys.flatMap((key) => differences(theirs[key], ours[key], path === "" ? key : `${path}.${key}`));
    }
    const [named, other] = [byName(theirs), byName(ours)];
    if (named !== undefined && other !== undefined) {
        const names = [...new Set([...named.keys(), ...other.keys()])];
        return names.flatMap((name) => differences(named.get(name), other.get(name), `${path}[${name}]`));
    }
    return same(theirs, ours) ? [] : [{ path, theirs, ours }];
}

/** The differences that no reason covers, as lines for a failed test. */
export function unexplained(found: readonly Difference[], reasons: Reasons): readonly string[] {
    return found
        .filter((each) => !Object.keys(reasons).some((reason) => covers(reason, each)))
        .map((each) => `${signed(each)}: ${JSON.stringify(each.theirs)} → ${JSON.stringify(each.ours)}`);
}

/** The reasons that cover no difference any more. */
export function idle(found: readonly Difference[], reasons: Reasons): readonly string[] {
    return Object.keys(reasons).filter((reason) => !found.some((each) => covers(reason, each)));
}

/** An object without what the API server or a controller puts there. */
export function declared(object: unknown): unknown {
    const { metadata, spec, status: _status, ...rest } = object as Record<string, Record<string, unknown>>;
    const {
        uid: _uid,
        resourceVersion: _version,
        creationTimestamp: _time,
        generation: _generation,
        managedFields: _fields,
        annotations,
        ...named
    } = metadata ?? {};
    const { "deployment.kubernetes.io/revision": _revision, ...kept } = (annotations ?? {}) as Record<string, string>;
    return {
        ...rest,
        metadata: { ...named, ...(Object.keys(kept).length > 0 && { annotations: kept }) },
        ...(spec && { spec: withoutAddress(spec) }),
    };
}

/** A Service without an address that the cluster chose; `None` is the user's. */
function withoutAddress(spec: Record<string, unknown>): Record<string, unknown> {
    const { clusterIPs: _addresses, clusterIP, ...rest } = spec;
    return { ...rest, ...(clusterIP === "None" && { clusterIP }) };
}

function signed({ path, theirs, ours }: Difference): string {
    return `${theirs === undefined ? "+" : ours === undefined ? "-" : "~"}${path}`;
}

function covers(reason: string, difference: Difference): boolean {
    const path = signed(difference);
    return path === reason || (path.startsWith(reason) && /^[.[]/.test(path.slice(reason.length)));
}

function byName(value: unknown): ReadonlyMap<string, unknown> | undefined {
    if (value === undefined) {
        return new Map();
    }
    if (!Array.isArray(value) || !value.every(isRecord)) {
        return undefined;
    }
    const identity = identities.find((each) => value.every((entry) => typeof entry[each] === "string"));
    if (identity === undefined) {
        return undefined;
    }
    const named = new Map(value.map((entry) => [String(entry[identity]), entry]));
    return named.size === value.length ? named : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function same(one: unknown, other: unknown): boolean {
    return JSON.stringify(one) === JSON.stringify(other);
}
