import { fitsOne } from "../glob";
import { podFields } from "./podSecurity";
import type { PodTemplateView } from "./podTemplates";
import { listAt } from "./raw";
import { isBinding, isRole, roleRefOf, subjectsOf } from "./rbac";
import { indexOf, placeOf } from "./stackIndex";
import type { StackObject, StackView } from "./stackView";

/** Kinds of Redis' operator (v1beta2) that have no field for an API token. */
export const kindsWithoutTokenField = ["Redis", "RedisCluster", "RedisReplication", "RedisSentinel"];

/** The ServiceAccount that a pod names; undefined where it leaves that to Kubernetes, which takes `default`. */
export function namedAccount(template: PodTemplateView): string | undefined {
    const { serviceAccountName, serviceAccount } = podFields(template);
    const name = serviceAccountName ?? serviceAccount;
    return typeof name === "string" && name !== "" ? name : undefined;
}

/** Tells of an account, as `<namespace>/<name>`, whether a binding of the stack gives it rights. */
export function rightsIn(stack: StackView, elsewhere: readonly string[]): (account: string) => boolean {
    const roles = indexOf(
        stack.objects.filter(({ view }) => isRole(view)),
        (object) => [[`${object.view.kind} ${placeOf(object)}`, object.view]],
    );
    const givesRights = ({ view }: StackObject): boolean => {
        const { kind, name } = roleRefOf(view);
        const namespace = kind === "Role" ? (view.metadata.namespace ?? "") : "";
        const found = roles.get(`${kind} ${namespace}/${name}`);
        // A role from elsewhere has rules, or nobody would bind it.
        return found.length === 0 || found.some(({ object }) => listAt(object, "rules").length > 0);
    };
    const bound = indexOf(
        stack.objects.filter(({ view }) => isBinding(view)),
        (binding) =>
            subjectsOf(binding.view)
                .filter(({ kind }) => kind === "ServiceAccount")
                .map(({ namespace, name }) => [`${namespace}/${name}`, binding]),
    );
    return (account) => fitsOne(elsewhere, account) || bound.get(account).some(givesRights);
}
