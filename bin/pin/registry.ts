import { createHash } from "node:crypto";
import { isFields } from "../../policy/views/raw";

/** An image by tag, the way registries know it. */
export interface TaggedImage {
    readonly registry: string;
    readonly repository: string;
    readonly tag: string;
}

/** A registry's answer that gives no digest; the message is one complete line. */
export class RegistryFault extends Error {}

/** What `resolveDigest` can be told. */
export interface RegistryOptions {
    /**
     * Base URL of a registry's API.
     * @default https://<registry>, http for the loopback, Docker Hub's API host for docker.io
     */
    readonly baseUrl?: (registry: string) => string;
    /**
     * How long one request may take.
     * @default 30
     */
    readonly timeoutSeconds?: number;
}

/**
 * An index first: its digest covers every platform, so that nodes of any architecture pull what was pinned. Plain
 * manifests are for images that have no index. (OCI distribution specification 1.1, Docker Registry HTTP API V2.)
 */
const manifestTypes = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Splits a full image reference; a digest is dropped. */
export function parseImage(reference: string): TaggedImage {
    const [tagged = ""] = reference.split("@");
    const slash = tagged.indexOf("/");
    const colon = tagged.lastIndexOf(":");
    if (slash < 1 || colon < slash) {
        throw new RegistryFault(`${reference}: not a full image reference, registry/repository:tag`);
    }
    return {
        registry: tagged.slice(0, slash),
        repository: tagged.slice(slash + 1, colon),
        tag: tagged.slice(colon + 1),
    };
}

function usualBaseUrl(registry: string): string {
    if (registry === "docker.io") {
        // Docker Hub serves images under one host's name and its API under another's.
        return "https://registry-1.docker.io";
    }
    return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(registry) ? `http://${registry}` : `https://${registry}`;
}

/**
 * The digest that a tag points to now, `sha256:<hex>`. Asks without credentials, with a token where the registry wants
 * one.
 *
 * @throws RegistryFault in one line when the registry can't be reached, refuses, or doesn't know the tag.
 */
export async function resolveDigest(
    image: TaggedImage,
    { baseUrl = usualBaseUrl, timeoutSeconds = 30 }: RegistryOptions = {},
): Promise<string> {
    const name = `${image.registry}/${image.repository}:${image.tag}`;
    const url = `${baseUrl(image.registry)}/v2/${image.repository}/manifests/${image.tag}`;
    const get = async (address: string, init: RequestInit): Promise<Response> => {
        try {
            return await fetch(address, { ...init, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
        } catch (error) {
            throw new RegistryFault(`${name}: ${new URL(address).host} can't be reached (${reasonOf(error)})`);
        }
    };
    const ask = (method: string, token?: string): Promise<Response> =>
        get(url, {
            method,
            headers: { accept: manifestTypes, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        });

    let token: string | undefined;
    let response = await ask("HEAD");
    if (response.status === 401) {
        const challenge = tokenUrl(response.headers.get("www-authenticate") ?? "", image.repository);
        if (challenge === undefined) {
            throw new RegistryFault(`${name}: ${image.registry} wants credentials; pin the digest by hand`);
        }
        token = tokenOf(await bodyOf(await get(challenge, {})));
        if (token === undefined) {
            throw new RegistryFault(`${name}: ${new URL(challenge).host} gives no token without credentials`);
        }
        response = await ask("HEAD", token);
    }
    if (response.status === 404) {
        throw new RegistryFault(`${name}: there is no such tag`);
    }
    if (!response.ok) {
        throw new RegistryFault(`${name}: ${image.registry} answers ${response.status}`);
    }
    const digest = response.headers.get("docker-content-digest") ?? (await contentDigest(await ask("GET", token)));
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
        throw new RegistryFault(`${name}: ${image.registry} gives no sha256 digest`);
    }
    return digest;
}

/** The header is optional in the specification; the digest is the hash of the manifest's bytes in any case. */
async function contentDigest(response: Response): Promise<string> {
    const bytes = Buffer.from(await response.arrayBuffer());
    return response.ok ? `sha256:${createHash("sha256").update(bytes).digest("hex")}` : "";
}

/** Where to get a token, out of a challenge such as `Bearer realm="https://…",service="…",scope="…"`. */
export function tokenUrl(challenge: string, repository: string): string | undefined {
    const parameters = Object.fromEntries(
        [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key?.toLowerCase(), value]),
    ) as Readonly<Record<string, string | undefined>>;
    if (!/^bearer /i.test(challenge) || parameters.realm === undefined || !URL.canParse(parameters.realm)) {
        return undefined;
    }
    const url = new URL(parameters.realm);
    if (parameters.service !== undefined) {
        url.searchParams.set("service", parameters.service);
    }
    url.searchParams.set("scope", parameters.scope ?? `repository:${repository}:pull`);
    return url.href;
}

async function bodyOf(response: Response): Promise<unknown> {
    try {
        return response.ok ? await response.json() : undefined;
    } catch {
        return undefined;
    }
}

function tokenOf(body: unknown): string | undefined {
    const token = isFields(body) ? (body.token ?? body.access_token) : undefined;
    return typeof token === "string" ? token : undefined;
}

/** `fetch` hides what happened in its error's cause. */
function reasonOf(error: unknown): string {
    if (!(error instanceof Error)) {
        return String(error);
    }
    if (error.name === "TimeoutError") {
        return "no answer in time";
    }
    const { cause } = error;
    const code = isFields(cause) && typeof cause.code === "string" ? cause.code : undefined;
    return code ?? (cause instanceof Error ? cause.message : error.message);
}
