import * as assert from "node:assert/strict";
import type { ExposureSettings } from "../../components/dashboard/schema";
import { at, find } from "../support/plans";
import { forward, httpRoute, ingress, loadBalancer } from "./exposures";
import { bare, existing, open, planned, podLabels, proxyLabels } from "./planned";

describe("the network policies of a dashboard", () => {
    const policy = async (settings: ExposureSettings, name: string) =>
        find((await planned({ settings })).plan, "NetworkPolicy", name).inputs;
    const controller = {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress" } },
        podSelector: { matchLabels: { app: "controller" } },
    };
    const proxyPods = {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "apps" } },
        podSelector: { matchLabels: proxyLabels },
    };
    const rule = (peer: unknown, port: number) => [{ from: [peer], ports: [{ protocol: "TCP", port }] }];
    const flows: readonly (readonly [string, ExposureSettings, string, unknown])[] = [
        ["the controller into the proxy", ingress(), "ui-proxy-network", rule(controller, 8080)],
        ["the Gateway into the proxy", httpRoute(), "ui-proxy-network", rule(controller, 8080)],
        [
            "the source ranges into the proxy",
            loadBalancer(),
            "ui-proxy-network",
            rule({ ipBlock: { cidr: "192.0.2.0/24" } }, 8443),
        ],
        ["the proxy into the exposed pods", ingress(), "app-network", rule(proxyPods, 5678)],
        ["the controller into the exposed pods", ingress(open), "app-network", rule(controller, 5678)],
        [
            "the source ranges into the exposed pods",
            bare,
            "app-network",
            rule({ ipBlock: { cidr: "192.0.2.0/24" } }, 5678),
        ],
        ["nobody into pods that are not exposed", { kind: "none" }, "app-network", []],
    ];
    for (const [what, settings, name, expected] of flows) {
        it(`lets ${what}, and nobody else`, async () => {
            assert.deepEqual(at(await policy(settings, name), "spec.ingress"), expected);
        });
    }

    it("lets the proxy out to the exposed pods, and to the server that it asks", async () => {
        const backend = {
            to: [{ podSelector: { matchLabels: podLabels } }],
            ports: [{ protocol: "TCP", port: 5678 }],
        };
        const sso = (port: number) => ({
            to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "sso" } } }],
            ports: [{ protocol: "TCP", port }],
        });
        for (const [authentication, expected] of [
            [existing, [backend]],
            [forward, [backend, sso(80)]],
            [{ ...forward, url: "https://auth.sso/" }, [backend, sso(443)]],
            [{ ...forward, port: 4180 }, [backend, sso(4180)]],
        ] as const) {
            const { egress } = (await policy(ingress({ authentication }), "ui-proxy-network"))["spec"] as {
                egress: unknown;
            };
            assert.deepEqual(egress, expected);
        }
    });
});
