import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "./environment";
import { type Identity, type Labels, objectLabels, startedBy } from "./labels";

/** One permission of a Role: verbs on resources of API groups (`""` is the core group). */
export interface AccessRule {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    /**
     * The only objects that the verbs hold for, by name.
     *
     * @default all
     */
    readonly resourceNames?: readonly string[];
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
    /**
     * What the account may do in another namespace, which then holds a Role and a RoleBinding of the same name.
     *
     * @default nothing
     */
    readonly elsewhere?: { readonly namespace: string; readonly rules: readonly AccessRule[] };
    /**
     * Name of a ServiceAccount that exists, such as the namespace's `default`, instead of one of its own.
     *
     * @default none: the component makes one
     */
    readonly existingAccount?: string;
    /**
     * Who starts pods under the existing account by itself, which is why it gets rights at all.
     *
     * @default pods of the stack name the account
     */
    readonly startedBy?: string;
}

/** Who a set's pods are towards the API server: a ServiceAccount, and a Role only where the pods call the API. */
export class Access extends pulumi.ComponentResource {
    /** Name of the ServiceAccount. */
    public readonly serviceAccountName: string;
    /** Whether pods need the account's token: only where it may do something. */
    public readonly mountsToken: boolean;

    constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, existingAccount, elsewhere } = args;
        const rules = args.rules ?? [];
        super("data-platform:foundation:Access", name, {}, opts);
        const objectName = args.objectName ?? name;
        this.serviceAccountName = existingAccount ?? objectName;
        this.mountsToken = rules.length > 0 || (elsewhere?.rules ?? []).length > 0;
        const labels = objectLabels(foundation.environment, args.identity);
        const account =
            existingAccount !== undefined
                ? []
                : [
                      new k8s.core.v1.ServiceAccount(
                          `${name}-account`,
                          {
                              metadata: { name: objectName, namespace, labels },
                              automountServiceAccountToken: this.mountsToken,
                              imagePullSecrets: foundation.images.pullSecretReferences,
                          },
                          { parent: this },
                      ),
                  ];
        const subject = { kind: "ServiceAccount", name: this.serviceAccountName, namespace };
        const bind = (role: string, where: string, given: readonly AccessRule[]) => {
            if (given.length > 0) {
                const metadata = { name: objectName, namespace: where, labels };
                const annotations = args.startedBy === undefined ? undefined : startedBy(args.startedBy);
                boundRole(role, { metadata, annotations, rules: given, subjects: [subject] }, this, account);
            }
        };
        bind(name, namespace, rules);
        bind(`${name}-elsewhere`, elsewhere?.namespace ?? namespace, elsewhere?.rules ?? []);
        this.registerOutputs({ serviceAccountName: this.serviceAccountName });
    }
}

/** Rules as Kubernetes wants them. */
export function policyRules(rules: readonly AccessRule[]): k8s.types.input.rbac.v1.PolicyRule[] {
    return rules.map(({ apiGroups, resources, verbs, resourceNames }) => ({
        apiGroups: [...apiGroups],
        resources: [...resources],
        verbs: [...verbs],
        ...(resourceNames && { resourceNames: [...resourceNames] }),
    }));
}

/** The API group of roles and bindings. */
export const rbacGroup = "rbac.authorization.k8s.io";

/** A Role, and a RoleBinding of the same name. */
export function boundRole(
    name: string,
    args: {
        readonly metadata: {
            readonly name: string;
            readonly namespace: string;
            readonly labels: Labels;
        };
        /** Annotations of the binding. */
        readonly annotations?: Labels | undefined;
        readonly rules: readonly AccessRule[];
        readonly subjects: k8s.types.input.rbac.v1.Subject[];
    },
    parent: pulumi.Resource,
    after: readonly pulumi.Resource[] = [],
): void {
    const { metadata, annotations, subjects } = args;
    const role = new k8s.rbac.v1.Role(`${name}-role`, { metadata, rules: policyRules(args.rules) }, { parent });
    new k8s.rbac.v1.RoleBinding(
        `${name}-binding`,
        {
            metadata: { ...metadata, ...(annotations && { annotations }) },
            roleRef: { apiGroup: rbacGroup, kind: "Role", name: metadata.name },
            subjects,
        },
        { parent, dependsOn: [...after, role] },
    );
}
