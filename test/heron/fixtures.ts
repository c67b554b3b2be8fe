import * as assert from "node:assert/strict";
import type { Plan, PlannedResource } from "../../bin/plan/plan";
import { type Control, control, type DlogStore } from "../../components/heron/control";
import { Heron } from "../../components/heron/heron";
import { type CheckedHeronSettings, type HeronSettings, heronSettings } from "../../components/heron/schema";
import type { ZooKeeperConnection } from "../../components/zookeeper/connection";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { planOf } from "../support/plans";

/** The stack's ensemble. */
export const zookeeper: ZooKeeperConnection = {
    connectionString: "zk-1:2181,zk-2:2181",
    flow: { peers: [{ namespace: "zk" }], ports: [{ port: 2181, protocol: "TCP" }] },
};

/** Where the cluster's API answers. */
export const apiServer = { cidrs: ["10.0.0.1/32"], ports: [6443] };

/** Settings with packages on bookies. */
export const onBookies: HeronSettings = { uploader: { kind: "dlog" }, bookkeeper: {} };

/** What a test changes. */
export interface Overrides {
    readonly settings?: HeronSettings;
    readonly foundation?: FoundationOverrides;
    readonly zookeeper?: ZooKeeperConnection | undefined;
    /** Name of the component. */
    readonly name?: string;
}

/** A checked settings object. */
export const checkedSettings = (given: HeronSettings = {}): CheckedHeronSettings => heronSettings.parse(given);

/** What the files and pods are computed from. */
export function given(overrides: Overrides = {}, dlog?: DlogStore): Control {
    return control({
        component: overrides.name ?? "heron",
        foundation: foundation({ apiServer, ...overrides.foundation }),
        namespace: "dev-heron",
        topologyNamespace: "dev-topologies",
        settings: checkedSettings(overrides.settings),
        zookeeper: overrides.zookeeper ?? zookeeper,
        dlog,
    });
}

/** A component, and everything that it registers. */
export async function planned(overrides: Overrides = {}): Promise<{ readonly plan: Plan; readonly heron: Heron }> {
    const name = overrides.name ?? "heron";
    let heron: Heron | undefined;
    const plan = await planOf(() => {
        heron = new Heron(name, {
            foundation: foundation({ apiServer, ...overrides.foundation }),
            namespace: "dev-heron",
            topologyNamespace: "dev-topologies",
            settings: overrides.settings ?? {},
            zookeeper: "zookeeper" in overrides ? overrides.zookeeper : zookeeper,
        });
    });
    assertSound(plan, [`${name}-topology-network`, `${name}-topology-monitor-pods`]);
    assert.ok(heron !== undefined);
    return { plan, heron };
}

/** Names of what a resource waits for. */
export const waitsFor = (plan: Plan, resource: PlannedResource): string[] =>
    plan.resources.filter(({ urn }) => resource.dependencies.includes(urn)).map(({ name }) => name);
