import { elements } from "./podSecurity";
import { type Fields, fieldsAt, isFields } from "./raw";
import { collect } from "./unknown";
import type { ResourceView } from "./view";

const rbacGroup = "rbac.authorization.k8s.io/";

/** One rule of a Role or ClusterRole. */
export interface PolicyRuleView {
    /** How messages name it: `Role rules[0]`. */
    readonly label: string;
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    readonly resourceNames: readonly string[];
    readonly nonResourceURLs: readonly string[];
}

/** Whether the object holds rules. */
export function isRole({ kind, apiVersion }: ResourceView): boolean {
    return apiVersion.startsWith(rbacGroup) && (kind === "Role" || kind === "ClusterRole");
}

/** Whether the object gives somebody a role. */
export function isBinding({ kind, apiVersion }: ResourceView): boolean {
    return apiVersion.startsWith(rbacGroup) && (kind === "RoleBinding" || kind === "ClusterRoleBinding");
}

/** Checks every rule of a role. */
export function eachPolicyRule(resource: ResourceView, check: (rule: PolicyRuleView) => readonly string[]): string[] {
    if (!isRole(resource)) {
        return [];
    }
    const rules = resource.object.rules;
    const indices = Array.isArray(rules) ? [...rules.keys()] : [];
    return collect(indices, (index) => {
        const rule: unknown = (rules as unknown[])[index];
        return isFields(rule) ? check(policyRule(`${resource.kind} rules[${index}]`, rule)) : [];
    });
}

function policyRule(label: string, rule: Fields): PolicyRuleView {
    const texts = (key: string): string[] => elements(rule, key).map(String);
    return {
        label,
        get apiGroups() {
            return texts("apiGroups");
        },
        get resources() {
            return texts("resources");
        },
        get verbs() {
            return texts("verbs");
        },
        get resourceNames() {
            return texts("resourceNames");
        },
        get nonResourceURLs() {
            return texts("nonResourceURLs");
        },
    };
}

/** Who a binding gives its role to. */
export interface SubjectView {
    readonly label: string;
    readonly kind: string;
    readonly name: string;
    /** Empty for a User or a Group. */
    readonly namespace: string;
}

/** The subjects of a binding. */
export function subjectsOf({ kind, object }: ResourceView): SubjectView[] {
    return elements(object, "subjects").map((subject, index) => {
        const fields = isFields(subject) ? subject : {};
        return {
            label: `${kind} subjects[${index}]`,
            kind: String(fields.kind),
            name: String(fields.name),
            namespace: typeof fields.namespace === "string" ? fields.namespace : "",
        };
    });
}

/** The role that a binding gives. */
export function roleRefOf({ object }: ResourceView): { readonly kind: string; readonly name: string } {
    const { kind, name } = fieldsAt(object, "roleRef");
    return { kind: String(kind), name: String(name) };
}
