import type { Labels } from "../foundation/labels";
import { type Flow, tcp } from "../foundation/networkPolicy";
import { portOf } from "../foundation/values";
import type { S3UploaderSettings } from "./schema";

/** A login that the program has generated, for those who upload over HTTP. */
export interface ServerLogin {
    readonly username: string;
    /** Secret in the server's namespace, and its keys. */
    readonly secretName: string;
    readonly usernameKey: string;
    readonly passwordKey: string;
}

/** What a system needs to know to use a web server for packages. */
export interface ServerConnection {
    readonly kind: "server";
    /** URL of the server, without a slash at the end: packages are below it. */
    readonly url: string;
    /** The Service, and the port it listens on. */
    readonly service: { readonly name: string; readonly namespace: string; readonly port: number };
    /** Labels that select the server's pod, among others that it may have. */
    readonly podLabels: Labels;
    /** Where the packages are in the server's container, for clients that copy them there. */
    readonly directory: string;
    /** The generated login of writers; absent where there is none. */
    readonly login?: ServerLogin | undefined;
    /** The way there, for the network policies of its clients. */
    readonly flow: Flow;
}

/** What a system needs to know to use a bucket for packages. */
export interface S3Connection {
    readonly kind: "s3";
    readonly bucket: string;
    /** URL of the store; absent for AWS's own. */
    readonly endpoint?: string;
    readonly region?: string;
    /** First part of the keys of all packages, without a slash at either end. */
    readonly pathPrefix: string;
    /** Secret, in the namespace of the pods that use the bucket; absent where the client finds an access key itself. */
    readonly credentials?: NonNullable<S3UploaderSettings["credentials"]>;
    /** The way there, for the network policies of its clients. */
    readonly flow: Flow;
}

/** A place for packages, whoever runs it. */
export type UploaderConnection = ServerConnection | S3Connection;

/** The connection to a bucket. */
export function s3Uploader(settings: S3UploaderSettings): S3Connection {
    const { bucket, endpoint, region, pathPrefix, credentials } = settings;
    return {
        kind: "s3",
        bucket,
        ...(endpoint !== undefined && { endpoint }),
        ...(region !== undefined && { region }),
        pathPrefix,
        ...(credentials && { credentials }),
        // AWS is asked with TLS.
        flow: { peers: settings.peers, ports: tcp(endpoint === undefined ? 443 : portOf(endpoint)) },
    };
}
