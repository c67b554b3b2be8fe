import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../foundation/environment";
import { objectLabels } from "../foundation/labels";
import type { OpenSearchConnection } from "../opensearch/connection";

export interface TeamLoginArgs {
    readonly environment: Environment;
    /** Namespace of the Secret. */
    readonly namespace: string;
    /** Name of the Secret. */
    readonly secretName: string;
    /** How the team reaches the cluster: its own user. */
    readonly connection: Pick<OpenSearchConnection, "credentials" | "caCertificate">;
}

/** Keys of a team's Secret. */
export const teamLoginKeys = { username: "username", password: "password", authorities: "ca.crt" } as const;

/**
 * A team's login to a shared OpenSearch, in a Secret of the namespace for consumers: whoever deploys for the team needs
 * no right in the namespace of OpenSearch itself, where the nodes' keys are.
 */
export class TeamLogin extends pulumi.ComponentResource {
    constructor(name: string, args: TeamLoginArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data-platform:base:TeamLogin", name, {}, opts);
        const { credentials, caCertificate } = args.connection;
        new k8s.core.v1.Secret(
            `${name}-secret`,
            {
                metadata: {
                    name: args.secretName,
                    namespace: args.namespace,
                    labels: objectLabels(args.environment, { name: "opensearch", instance: name, component: "login" }),
                },
                stringData: {
                    ...(credentials && {
                        [teamLoginKeys.username]: credentials.username,
                        [teamLoginKeys.password]: credentials.password,
                    }),
                    ...(caCertificate !== undefined && { [teamLoginKeys.authorities]: caCertificate }),
                },
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}
