import type { Cluster } from "./cluster";
import { openProxy } from "./proxy";

/** Verbs of the API, those of api-resources and those that only RBAC knows. */
const verbs = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
    "approve",
    "sign",
];

/** Whoever asks the API server for something. */
export interface Subject {
    readonly user: string;
    readonly groups: readonly string[];
}

/** What is asked for: in a namespace, or in all of them and outside any; of one object, or of any. */
export interface Where {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
}

/** A resource or subresource that the API server serves. */
interface Served {
    readonly group: string;
    readonly resource: string;
    readonly subresource: string;
}

interface ApiResourceList {
    readonly groupVersion: string;
    readonly resources: readonly { readonly name: string }[];
}

/** Asks the API server who may do what, by way of `kubectl proxy`, which logs in as the kubeconfig says. */
export class AccessReviews {
    private constructor(
        private readonly address: string,
        private readonly served: readonly Served[],
        public readonly close: () => void,
    ) {}

    static async open(cluster: Cluster): Promise<AccessReviews> {
        const { address, close } = await openProxy(cluster);
        try {
            return new AccessReviews(address, await servedBy(address), close);
        } catch (error) {
            close();
            throw error;
        }
    }

    /** Number of the pairs that each question asks for. */
    get pairs(): number {
        return this.served.length * verbs.length;
    }

    /**
     * Every pair that somebody may do in a namespace, as `verb resource.group`; without a namespace, in all of them
     * and on what lives outside any. With the name of an object, what holds for that one counts too.
     */
    async allowed({ user, groups }: Subject, { namespace, name }: Where = {}): Promise<readonly string[]> {
        const questions = this.served.flatMap((served) => verbs.map((verb) => ({ verb, ...served })));
        const answers: string[] = [];
        const ask = async (): Promise<void> => {
            for (let next = questions.shift(); next !== undefined; next = questions.shift()) {
                const { verb, group, resource, subresource } = next;
                const answer = await request<{ readonly status: { readonly allowed: boolean } }>(
                    `${this.address}/apis/authorization.k8s.io/v1/subjectaccessreviews`,
                    {
                        apiVersion: "authorization.k8s.io/v1",
                        kind: "SubjectAccessReview",
                        spec: {
                            user,
                            groups,
                            resourceAttributes: {
                                namespace: namespace ?? "",
                                name: name ?? "",
                                verb,
                                group,
                                resource,
                                subresource,
                            },
                        },
                    },
                );
                if (answer.status.allowed) {
                    const path = subresource === "" ? resource : `${resource}/${subresource}`;
                    answers.push(`${verb} ${path}${group === "" ? "" : `.${group}`}`);
                }
            }
        };
        await Promise.all(Array.from({ length: 16 }, ask));
        return answers.sort();
    }
}

/** What permissions name though nothing is served there: admission asks for it (OwnerReferencesPermissionEnforcement). */
const onlyNamed: readonly Served[] = [{ group: "apps", resource: "deployments", subresource: "finalizers" }];

async function servedBy(address: string): Promise<readonly Served[]> {
    const groups = await request<{
        readonly groups: readonly { readonly versions: readonly { readonly groupVersion: string }[] }[];
    }>(`${address}/apis`);
    const paths = groups.groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => `apis/${groupVersion}`));
    const lists = await Promise.all(["api/v1", ...paths].map((path) => request<ApiResourceList>(`${address}/${path}`)));
    const served = lists.flatMap(({ groupVersion, resources }) =>
        resources.map(({ name }): Served => {
            const [resource = "", subresource = ""] = name.split("/");
            const group = groupVersion.includes("/") ? (groupVersion.split("/")[0] ?? "") : "";
            return { group, resource, subresource };
        }),
    );
    // A group may be served in several versions; permissions know groups only.
    return [...new Map([...served, ...onlyNamed].map((each) => [JSON.stringify(each), each])).values()];
}

async function request<T>(url: string, body?: object): Promise<T> {
    const response = await fetch(url, {
        ...(body !== undefined && {
            method: "POST",
            body: JSON.stringify(body),
            headers: { "Content-Type": "application/json" },
        }),
    });
    if (!response.ok) {
        throw new Error(`${url}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as T;
}
