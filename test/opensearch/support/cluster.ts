import * as assert from "node:assert/strict";
import { parse } from "yaml";
import type { Plan } from "../../../bin/plan/plan";
import { configHashAnnotation } from "../../../components/foundation/pods";
import { OpenSearchCluster, type OpenSearchClusterArgs } from "../../../components/opensearch/cluster";
import type { ClusterSettings } from "../../../components/opensearch/clusterSchema";
import { foundation, type FoundationOverrides } from "../../support/foundation";
import { assertHardened, assertSound } from "../../support/invariants";
import { at, find, mapAt, planOf } from "../../support/plans";

export type Settings = Omit<ClusterSettings, "kind">;
export interface Overrides extends Partial<Pick<OpenSearchClusterArgs, "users" | "lifecycle" | "clients">> {
    readonly settings?: Settings;
    readonly foundation?: FoundationOverrides;
}

export const planned = async (
    { settings, foundation: overrides, ...args }: Overrides = {},
    then?: (cluster: OpenSearchCluster) => void,
) => {
    let cluster: OpenSearchCluster | undefined;
    const plan = await planOf(() => {
        cluster = new OpenSearchCluster("search", {
            foundation: foundation(overrides),
            namespace: "stores",
            settings: { kind: "cluster", ...settings },
            ...args,
        });
        then?.(cluster);
    });
    // The policy of the setup Task, whose pod is a Job's.
    assertSound(plan, ["search-setup-task-network"]);
    assertHardened(find(plan, "Job"));
    assert.ok(cluster !== undefined);
    return { plan, cluster };
};

export const pod = "spec.template.spec";
export const container = `${pod}.containers[name=opensearch]`;
export const hash = `spec.template.metadata.annotations["${configHashAnnotation}"]`;
export const selector = (component: string) => ({
    "app.kubernetes.io/name": "opensearch",
    "app.kubernetes.io/instance": "search",
    "app.kubernetes.io/component": component,
});
export const peer = (component: string) => ({ podSelector: { matchLabels: selector(component) } });
export const dataOf = (plan: Plan, kind: string, name: string) =>
    mapAt(find(plan, kind, name).inputs, kind === "Secret" ? "stringData" : "data");
export const yml = (plan: Plan): unknown => parse(String(dataOf(plan, "ConfigMap", "search-config")["opensearch.yml"]));
export const setting = (plan: Plan, key: string) => (yml(plan) as Record<string, unknown>)[key];
export const setup = (plan: Plan) => dataOf(plan, "ConfigMap", "search-setup");
export const hashOf = (plan: Plan, kind: "StatefulSet" | "Job", name?: string) =>
    at(find(plan, kind, name).inputs, hash);

export const existing: NonNullable<Settings["security"]> = {
    certificates: { kind: "existing", secretName: "node-tls", certificateKey: "node.crt" },
    existing: { nodeNames: ["CN=os-*,O=acme"], adminSecretName: "admin-tls", adminName: "CN=root,O=acme" },
};
