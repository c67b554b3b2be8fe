import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { Twister2, type Twister2Args } from "../../components/twister2/twister2";
import { type JobNamespaceSettings, twister2Settings, type Twister2Settings } from "../../components/twister2/schema";
import { foundation, type FoundationOverrides } from "../support/foundation";
import type { ZooKeeperConnection } from "../../components/zookeeper/connection";
import { assertSound } from "../support/invariants";
import { planOf } from "../support/plans";

/** Settings of one job namespace, as they are written. */
export type JobNamespaceInput = Twister2Settings["jobNamespaces"][string];

export const apiServer = { cidrs: ["10.43.0.1/32"], ports: [443] };

/** A foundation for Twister2: it says where the API server is. */
export const good = (overrides: FoundationOverrides = {}) => foundation({ apiServer, ...overrides });

/** Checked settings of one job namespace, `research`. */
export function jobNamespace(
    given: JobNamespaceInput = {},
    others: Omit<Twister2Settings, "jobNamespaces"> = {},
): JobNamespaceSettings {
    const checked = twister2Settings.parse({ ...others, jobNamespaces: { research: given } }).jobNamespaces["research"];
    assert.ok(checked !== undefined);
    return checked;
}

export interface Overrides extends Omit<Twister2Settings, "jobNamespaces"> {
    /** Settings of the job namespace. */
    readonly research?: JobNamespaceInput;
    /** Further job namespaces. */
    readonly others?: Twister2Settings["jobNamespaces"];
    readonly foundation?: FoundationOverrides;
    readonly ensemble?: Twister2Args["zookeeper"];
}

/** The plan of a whole Twister2 with the job namespace `research`, and further ones; it is sound. */
export async function planned(overrides: Overrides = {}): Promise<{ plan: Plan; twister2: Twister2 }> {
    const { research, others, foundation: changed, ensemble, ...settings } = overrides;
    let twister2: Twister2 | undefined;
    const plan = await planOf(() => {
        twister2 = new Twister2("twister2", {
            foundation: good(changed),
            namespace: "dev-twister2",
            jobNamespaces: { research: "dev-research", teaching: "dev-teaching" },
            settings: { ...settings, jobNamespaces: { research: research ?? {}, ...others } },
            zookeeper: ensemble,
        });
    });
    assertSound(plan);
    assert.ok(twister2 !== undefined);
    return { plan, twister2 };
}

export const peerOf = (namespace: string, podLabels?: object) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    ...(podLabels && { podSelector: { matchLabels: podLabels } }),
});
export const dashboardLabels = {
    "app.kubernetes.io/name": "twister2",
    "app.kubernetes.io/instance": "twister2-dash",
    "app.kubernetes.io/component": "dashboard",
};
export const uploaderLabels = {
    "app.kubernetes.io/name": "uploader",
    "app.kubernetes.io/instance": "twister2-research-uploader",
    "app.kubernetes.io/component": "server",
};
export const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));
export const ensemble: ZooKeeperConnection = {
    connectionString: "zk:2181",
    flow: { peers: [{ namespace: "dev-zookeeper" }], ports: [{ port: 2181 }] },
};
