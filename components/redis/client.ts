import { type Foundation, serviceHost } from "../foundation/environment";
import { yaml } from "../foundation/configFiles";
import { masterGroup, ports } from "./names";
import type { RedisInstanceSettings } from "./schema";
import type { SecretKey } from "./resources";

/** How clients reach an instance. */
export interface RedisEndpoints {
    /** `host:port` that follows the master; in a cluster one leader, for clients that find the others by themselves. */
    readonly master: string;
    /** `host:port` of replicas, for reading; undefined in a cluster and with one member. */
    readonly replicas: string | undefined;
    /** `host:port` of the Sentinels; undefined without. */
    readonly sentinels: string | undefined;
}

/** Where clients of an instance connect, by the Services that the operator makes. */
export function endpoints(
    foundation: Foundation,
    name: string,
    namespace: string,
    settings: RedisInstanceSettings,
): RedisEndpoints {
    const at = (service: string, port: number) => `${serviceHost(foundation, service, namespace)}:${port}`;
    const replication = settings.kind !== "cluster";
    return {
        master: at(`${name}-master`, ports.redis),
        replicas: replication && settings.size > 1 ? at(`${name}-replica`, ports.redis) : undefined,
        sentinels:
            replication && settings.sentinel.kind !== "none" ? at(`${name}-sentinel`, ports.sentinel) : undefined,
    };
}

/** What a client has to be told, without the secrets themselves: where they are. */
export function clientFile(
    found: RedisEndpoints,
    settings: RedisInstanceSettings,
    secrets: { readonly password: SecretKey | undefined; readonly authority: SecretKey | undefined },
): string {
    return yaml({
        mode: settings.kind === "cluster" ? "cluster" : found.sentinels === undefined ? "replication" : "sentinel",
        master: found.master,
        replicas: found.replicas,
        ...(found.sentinels !== undefined && { sentinels: found.sentinels, masterGroup }),
        tls: secrets.authority !== undefined,
        ...(secrets.password && { passwordFrom: { ...secrets.password } }),
        ...(secrets.authority && { authoritiesFrom: { ...secrets.authority } }),
    });
}
