import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type AccessRule, boundRole, policyRules, rbacGroup } from "./access";
import { environmentName, type Foundation } from "./environment";
import { type Identity, objectLabels } from "./labels";
import { words } from "./values";

/** Groups that everybody is in: whoever asks for them means named people. */
const everybody = ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"];

/** Name of a group of people, as the cluster's authentication gives it. */
export const groupName = () =>
    words().refine((name) => !everybody.includes(name), {
        error: "a group of named people, not one that everybody is in",
        abort: true,
    });

export interface GroupAccessArgs {
    readonly foundation: Foundation;
    /**
     * Namespace that `rules` hold in.
     *
     * @default none: needed with rules
     */
    readonly namespace?: string | undefined;
    readonly identity: Identity;
    /**
     * Name of the Role and the RoleBinding; those of the cluster carry the environment's name before it.
     *
     * @default the component's name
     */
    readonly objectName?: string;
    /** Names of the groups, at least one. */
    readonly groups: readonly string[];
    /**
     * What their members may do in the namespace.
     *
     * @default nothing
     */
    readonly rules?: readonly AccessRule[];
    /**
     * What they may do with what belongs to no namespace.
     *
     * @default nothing
     */
    readonly clusterRules?: readonly AccessRule[];
}

/** What groups of people may do: a Role in a namespace and a ClusterRole, each with its binding. */
export class GroupAccess extends pulumi.ComponentResource {
    constructor(name: string, args: GroupAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace } = args;
        super("data-platform:foundation:GroupAccess", name, {}, opts);
        const objectName = args.objectName ?? name;
        const labels = objectLabels(foundation.environment, args.identity);
        const subjects = args.groups.map((group) => ({ kind: "Group", apiGroup: rbacGroup, name: group }));
        const rules = args.rules ?? [];
        if (rules.length > 0) {
            if (namespace === undefined) {
                throw new Error(`${name}: rules need a namespace that they hold in`);
            }
            boundRole(name, { metadata: { name: objectName, namespace, labels }, rules, subjects }, this);
        }
        const clusterRules = args.clusterRules ?? [];
        if (clusterRules.length > 0) {
            const metadata = { name: environmentName(foundation.environment, objectName), labels };
            const role = new k8s.rbac.v1.ClusterRole(
                `${name}-cluster-role`,
                { metadata, rules: policyRules(clusterRules) },
                { parent: this },
            );
            new k8s.rbac.v1.ClusterRoleBinding(
                `${name}-cluster-binding`,
                { metadata, roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: metadata.name }, subjects },
                { parent: this, dependsOn: [role] },
            );
        }
        this.registerOutputs({});
    }
}
