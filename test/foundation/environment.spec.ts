import * as assert from "node:assert/strict";
import {
    apiServerSettings,
    dnsSettings,
    environmentName,
    environmentSettings,
    protection,
    serviceHost,
    targetsNamed,
} from "../../components/foundation/environment";
import { checked } from "../../components/foundation/faults";
import { objectLabels, selectorLabels } from "../../components/foundation/labels";
import { foundation, type FoundationOverrides, identity, identityLabels } from "../support/foundation";

describe("an environment", () => {
    it("finds its target sets by name", () => {
        const given = foundation();
        assert.equal(targetsNamed(given, "stateful"), given.targets["stateful"]);
        assert.deepEqual(targetsNamed(given, undefined), []);
        assert.throws(() => targetsNamed(given, "statefull"), { message: 'there is no target set "statefull"' });
    });

    it("names hosts in the cluster's own domain", () => {
        assert.equal(serviceHost(foundation(), "zk", "ns"), "zk.ns.svc.cluster.local");
        assert.equal(
            serviceHost(foundation({ dns: { domain: "c.example" } }), "zk-1.zk", "ns"),
            "zk-1.zk.ns.svc.c.example",
        );
    });

    it("prefixes what it names", () => {
        assert.equal(environmentName(foundation({ environment: { name: "prod" } }).environment, "batch"), "prod-batch");
    });

    it("has defaults for name resolution that kubeadm and kind set", () => {
        assert.deepEqual(dnsSettings.parse({}), {
            domain: "cluster.local",
            namespace: "kube-system",
            podLabels: { "k8s-app": "kube-dns" },
            cidrs: [],
        });
    });

    it("must say where the API server is, if anything", () => {
        assert.deepEqual(apiServerSettings.parse({ cidrs: ["10.0.0.1/32"] }), {
            cidrs: ["10.0.0.1/32"],
            ports: [443, 6443],
        });
        assert.throws(() => apiServerSettings.parse({ cidrs: [] }));
        assert.throws(() => apiServerSettings.parse({ cidrs: ["10.0.0.1/32"], ports: [] }));
    });

    it("protects what keeps data in production, and wherever it is asked to", () => {
        const protects = (given: FoundationOverrides) => protection(foundation(given)).protect;
        assert.equal(protects({ environment: { tier: "production" } }), true);
        assert.equal(protects({ environment: { tier: "staging" } }), false);
        assert.equal(protects({ environment: { tier: "development", protect: true } }), true);
        assert.equal(protects({ environment: { tier: "production", protect: false } }), false);
    });

    it("has a short name, an owner and a tier", () => {
        const good = { name: "dev", owner: "data-team", tier: "staging" };
        assert.deepEqual(environmentSettings.parse(good), good);
        assert.throws(
            () => checked(environmentSettings, "e", { ...good, name: "a".repeat(21) }),
            /at most 20 characters/,
        );
        assert.throws(
            () => checked(environmentSettings, "e", { ...good, owner: "" }),
            /owner: expected text, .*found ""/,
        );
        assert.throws(
            () => checked(environmentSettings, "e", { ...good, tier: "prod" }),
            /tier: expected development \| staging \| production, found "prod"/,
        );
    });
});

describe("labels", () => {
    it("of an object say what it is and whose", () => {
        assert.deepEqual(objectLabels(foundation().environment, identity), identityLabels);
    });

    it("that select pods are those that never change: neither owner nor environment among them", () => {
        assert.deepEqual(selectorLabels(identity), {
            "app.kubernetes.io/name": "store",
            "app.kubernetes.io/instance": "store-a",
            "app.kubernetes.io/component": "member",
        });
    });
});
