import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "./environment";
import { type Identity, objectLabels } from "./labels";

/** One permission of a Role: verbs on resources of API groups (`""` is the core group). */
export interface AccessRule {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
}

export interface AccessArgs {
    readonly foundation: Foundation;
    readonly namespace: string;
    readonly identity: Identity;
    /**
     * Name of the ServiceAccount, Role and RoleBinding.
     *
     * @default the component's name
     */
    readonly objectName?: string;
    /**
     * What the account may do in its namespace. Without rules there is no Role, and its pods mount no token.
     *
     * @default none
     */
    readonly rules?: readonly AccessRule[];
}

/** Who a set's pods are towards the API server: a ServiceAccount, and a Role only where the pods call the API. */
export class Access extends pulumi.ComponentResource {
    /** Name of the ServiceAccount. */
    public readonly serviceAccountName: string;
    /** Whether pods need the account's token: only where it may do something. */
    public readonly mountsToken: boolean;

    constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace } = args;
        const rules = args.rules ?? [];
        super("data-platform:foundation:Access", name, {}, opts);
        this.serviceAccountName = args.objectName ?? name;
        this.mountsToken = rules.length > 0;
        const metadata = {
            name: this.serviceAccountName,
            namespace,
            labels: objectLabels(foundation.environment, args.identity),
        };
        const account = new k8s.core.v1.ServiceAccount(
            `${name}-account`,
            {
                metadata,
                automountServiceAccountToken: this.mountsToken,
                imagePullSecrets: foundation.images.pullSecrets.map((secret) => ({ name: secret })),
            },
            { parent: this },
        );
        if (this.mountsToken) {
            const role = new k8s.rbac.v1.Role(
                `${name}-role`,
                {
                    metadata,
                    rules: rules.map(({ apiGroups, resources, verbs }) => ({
                        apiGroups: [...apiGroups],
                        resources: [...resources],
                        verbs: [...verbs],
                    })),
                },
                { parent: this },
            );
            new k8s.rbac.v1.RoleBinding(
                `${name}-binding`,
                {
                    metadata,
                    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: this.serviceAccountName },
                    subjects: [{ kind: "ServiceAccount", name: this.serviceAccountName, namespace }],
                },
                { parent: this, dependsOn: [account, role] },
            );
        }
        this.registerOutputs({ serviceAccountName: this.serviceAccountName });
    }
}
