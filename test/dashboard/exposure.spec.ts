import * as assert from "node:assert/strict";
import {
    balancerAddress,
    type DashboardEntry,
    dashboardEntry,
    dashboardList,
    exposurePeers,
} from "../../components/dashboard/exposure";
import { type ExposureSettings, exposureSettings } from "../../components/dashboard/schema";
import { SettingsFaults } from "../../components/foundation/faults";
import { controllers, forward, httpRoute, ingress, inTheClear, loadBalancer, nobodyAsked } from "./exposures";

const entry = (given: ExposureSettings, port = 5678, scheme: "http" | "https" = "http") => {
    const { title, namespace, ...rest } = dashboardEntry({
        name: "ui",
        namespace: "apps",
        title: "Some UI",
        exposure: exposureSettings.parse(given),
        backend: { service: "x", port, scheme },
    });
    assert.deepEqual({ title, namespace }, { title: "Some UI", namespace: "apps" });
    return rest;
};

const forwarded = "kubectl --namespace apps port-forward service/x";
const address =
    "kubectl --namespace apps get service ui-balancer --output jsonpath='{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}'";
const login =
    "kubectl --namespace apps get secret ui-login --output go-template='{{.data.username | base64decode}} {{.data.password | base64decode}}{{\"\\n\"}}'";
const open = { authentication: nobodyAsked } as const;

describe("how a dashboard is opened", () => {
    for (const [what, found, expected] of [
        ["by kubectl", entry({ kind: "none" }), { command: `${forwarded} 5678:5678 # then http://localhost:5678/` }],
        [
            "by kubectl, on a local port that needs no root",
            entry({ kind: "none" }, 443, "https"),
            { command: `${forwarded} 8443:443 # then https://localhost:8443/` },
        ],
        [
            "at an Ingress' host",
            entry(ingress({ ...open, path: "/ui" })),
            { url: "https://ui.example.com/ui", command: "https://ui.example.com/ui" },
        ],
        [
            "without TLS",
            entry(ingress({ ...open, tls: inTheClear })),
            { url: "http://ui.example.com/", command: "http://ui.example.com/" },
        ],
        [
            "at a route's first name",
            entry(httpRoute({ ...open, hostnames: ["a.example.com", "b.example.com"] })),
            { url: "https://a.example.com/", command: "https://a.example.com/" },
        ],
        [
            "with a generated password, which a command shows",
            entry(ingress()),
            { url: "https://ui.example.com/", command: "https://ui.example.com/", login },
        ],
        [
            "with a password that is not ours to show",
            entry(ingress({ authentication: { kind: "proxy", login: { kind: "existing", secretName: "users" } } })),
            { url: "https://ui.example.com/", command: "https://ui.example.com/" },
        ],
        [
            "at a balancer's host",
            entry(loadBalancer({ ...open, host: "ui.example.com", port: 8443 })),
            { url: "https://ui.example.com:8443/", command: "https://ui.example.com:8443/" },
        ],
        [
            "at a balancer's address, which only the cluster knows",
            entry(loadBalancer()),
            { command: `${address} # then https://<address>/`, login },
        ],
        [
            "at a balancer's address without TLS, on a port of its own",
            entry(loadBalancer({ ...open, tls: inTheClear, port: 8080 })),
            { command: `${address} # then http://<address>:8080/` },
        ],
    ] as const) {
        it(`is told: ${what}`, () => assert.deepEqual(found, expected));
    }

    it("is listed by title, without what the command says already", () => {
        const one = (title: string, command = "c"): DashboardEntry => ({ title, namespace: "n", command });
        assert.deepEqual(dashboardList([one("b"), { ...one("c"), url: "u", login: "l" }, one("a", "d"), one("a")]), [
            { title: "a", command: "c" },
            { title: "a", command: "d" },
            { title: "b", command: "c" },
            { title: "c", command: "c", url: "u", login: "l" },
        ]);
    });
});

describe("whom the exposed pods let in", () => {
    const proxy = [
        {
            namespace: "apps",
            podLabels: {
                "app.kubernetes.io/name": "dashboard",
                "app.kubernetes.io/instance": "ui",
                "app.kubernetes.io/component": "proxy",
            },
        },
    ];
    for (const [what, given, expected] of [
        ["nobody", { kind: "none" }, []],
        ["the controller", ingress(open), controllers],
        ["the Gateway", httpRoute(open), controllers],
        [
            "the balancer's source ranges",
            loadBalancer({ ...open, tls: inTheClear, sourceRanges: ["192.0.2.0/24", "2001:db8::/32"] }),
            [{ cidr: "192.0.2.0/24" }, { cidr: "2001:db8::/32" }],
        ],
        ["the proxy that asks for a password", ingress(), proxy],
        ["the proxy that asks somebody else", httpRoute({ authentication: forward }), proxy],
        ["the proxy that speaks TLS", loadBalancer(open), proxy],
    ] as const) {
        it(`is ${what}`, () => assert.deepEqual(exposurePeers("ui", "apps", given), expected));
    }

    it("is not told for settings with a fault", () => {
        assert.throws(() => exposurePeers("ui", "apps", loadBalancer({ sourceRanges: [] })), SettingsFaults);
    });
});

describe("the address of a balancer", () => {
    for (const [status, expected] of [
        [undefined, ""],
        [{}, ""],
        [{ loadBalancer: {} }, ""],
        [{ loadBalancer: { ingress: [] } }, ""],
        [{ loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } }, "192.0.2.1"],
        [{ loadBalancer: { ingress: [{ hostname: "lb.example.com" }] } }, "lb.example.com"],
    ] as const) {
        it(`in ${JSON.stringify(status)}`, () => assert.equal(balancerAddress(status), expected));
    }
});
