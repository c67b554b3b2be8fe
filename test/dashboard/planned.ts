import * as assert from "node:assert/strict";
import { Dashboard, type DashboardArgs } from "../../components/dashboard/dashboard";
import { exposurePeers } from "../../components/dashboard/exposure";
import type { ExposureSettings } from "../../components/dashboard/schema";
import { Access } from "../../components/foundation/access";
import { selectorLabels } from "../../components/foundation/labels";
import { tcp } from "../../components/foundation/networkPolicy";
import { MasterSet } from "../../components/sets/masterSet";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { kindsAndNames, planOf } from "../support/plans";
import { inTheClear, loadBalancer, nobodyAsked } from "./exposures";

export interface Overrides {
    readonly settings?: ExposureSettings;
    readonly foundation?: FoundationOverrides;
    readonly backend?: Partial<DashboardArgs["backend"]>;
}

export const podLabels = selectorLabels({ name: "app", instance: "app", component: "master" });
export const proxyLabels = selectorLabels({ name: "dashboard", instance: "ui", component: "proxy" });

/** A dashboard in front of a master set, composed as a stack composes them. */
export const planned = async ({ settings, foundation: overrides, backend }: Overrides = {}) => {
    const given = { foundation: foundation(overrides), namespace: "apps" };
    const identity = { name: "app", instance: "app", component: "master" };
    let dashboard: Dashboard | undefined;
    const plan = await planOf(() => {
        const set = new MasterSet("app", {
            ...given,
            identity,
            objectName: "app",
            replicas: 1,
            strategy: "Recreate",
            pod: {
                containers: [
                    {
                        name: "app",
                        image: "reg.example.com/app:1",
                        resources: { cpu: "1", memory: "1Gi" },
                        ports: { api: 5678 },
                    },
                ],
                user: 1000,
                gracePeriodSeconds: 30,
            },
            access: new Access("app-access", { ...given, identity }),
            services: [{ objectName: "app", ports: { api: 80 } }],
            ingress: [{ peers: exposurePeers("ui", "apps", settings ?? { kind: "none" }), ports: tcp(5678) }],
            egress: [],
        });
        dashboard = new Dashboard(
            "ui",
            {
                ...given,
                title: "Some UI",
                ...(settings && { settings }),
                backend: { service: "app", port: 80, portName: "api", podLabels, containerPort: 5678, ...backend },
            },
            { dependsOn: [set] },
        );
    });
    assertSound(plan);
    assert.ok(dashboard !== undefined);
    const registered = kindsAndNames(plan).filter((each) => / ui(-|$)/.test(each));
    return { plan, dashboard, registered };
};

/** Parts of exposures that several tests need. */
export const open = { authentication: nobodyAsked } as const;
export const bare = loadBalancer({ ...open, tls: inTheClear });
export const generated = loadBalancer({ tls: { kind: "generated" }, host: "ui.example.com" });
export const existing = {
    kind: "proxy",
    login: { kind: "existing", secretName: "users", htpasswdKey: "people" },
} as const;
export const pod = "spec.template.spec";
export const container = `${pod}.containers[name=proxy]`;
export const conf = 'data["nginx.conf"]';
