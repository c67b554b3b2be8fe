import * as assert from "node:assert/strict";
import { Dashboard } from "../../components/dashboard/dashboard";
import type { ExposureSettings } from "../../components/dashboard/schema";
import { configHash } from "../../components/foundation/configFiles";
import { foundation } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { all, at, find, planOf } from "../support/plans";
import { forward, httpRoute, ingress, loadBalancer } from "./exposures";
import { bare, conf, container, generated, open, type Overrides, planned, pod, podLabels } from "./planned";

const proxyParts = [
    "Access ui-access",
    "ConfigMap ui-config",
    "Dashboard ui",
    "Deployment ui-proxy-deployment",
    "MasterSet ui-proxy",
    "NetworkPolicy ui-proxy-network",
    "ServiceAccount ui-access-account",
];
const login = ["RandomPassword ui-password", "Secret ui-login"];
describe("Dashboard", () => {
    const parts: readonly (readonly [string, ExposureSettings | undefined, readonly string[]])[] = [
        ["nothing by default", undefined, ["Dashboard ui"]],
        ["an Ingress alone where nobody is asked", ingress(open), ["Dashboard ui", "Ingress ui-ingress"]],
        ["a route alone where nobody is asked", httpRoute(open), ["Dashboard ui", "HTTPRoute ui-route"]],
        ["a balancer alone where nothing is protected", bare, ["Dashboard ui", "Service ui-balancer"]],
        [
            "an Ingress, and a proxy with a login",
            ingress(),
            [...proxyParts, ...login, "Ingress ui-ingress", "Service ui-proxy-service"],
        ],
        [
            "a route, and a proxy that asks somebody else",
            httpRoute({ authentication: forward }),
            [...proxyParts, "HTTPRoute ui-route", "Service ui-proxy-service"],
        ],
        ["a balancer, and a proxy that speaks TLS", loadBalancer(open), [...proxyParts, "Service ui-balancer"]],
        [
            "a balancer, and a proxy with a login and a certificate of its own",
            generated,
            [
                ...proxyParts,
                ...login,
                "CertRequest ui-tls-request-0",
                "LocallySignedCert ui-tls-certificate-0",
                "PrivateKey ui-tls-authority-0-key",
                "PrivateKey ui-tls-authority-1-key",
                "PrivateKey ui-tls-key-0",
                "Secret ui-tls",
                "SelfSignedCert ui-tls-authority-0-certificate",
                "SelfSignedCert ui-tls-authority-1-certificate",
                "Service ui-balancer",
            ],
        ],
    ];
    for (const [what, settings, expected] of parts) {
        it(`registers ${what}`, async () => {
            const { registered } = await planned(settings && { settings });
            assert.deepEqual(registered, [...expected].sort());
        });
    }

    it("tells how it is opened", async () => {
        const { plan, dashboard } = await planned({ settings: ingress(open) });
        const url = "https://ui.example.com/";
        assert.deepEqual(dashboard.entry, { title: "Some UI", namespace: "apps", url, command: url });
        assert.deepEqual(find(plan, "Dashboard").outputs, { url, command: url });
        assert.deepEqual([dashboard.address, dashboard.trusted], [undefined, undefined]);
        const closed = await planned({ backend: { scheme: "https" } });
        assert.match(closed.dashboard.entry.command, /service\/app 8080:80 # then https:\/\/localhost:8080\/$/);
        assert.deepEqual(find(closed.plan, "Dashboard").outputs, { command: closed.dashboard.entry.command });
    });

    it("gives a balancer's address, and what its generated certificate is trusted by", async () => {
        const { plan, dashboard } = await planned({ settings: generated });
        assert.ok(dashboard.address !== undefined && dashboard.trusted !== undefined);
        assert.ok("address" in find(plan, "Dashboard").outputs);
        const waitsFor = find(plan, "Secret", "ui-tls").dependencies.map((urn) => urn.split("::").at(-1));
        assert.deepEqual(waitsFor, [
            "ui-tls-certificate-0",
            "ui-tls-key-0",
            "ui-tls-authority-0-certificate",
            "ui-tls-authority-1-certificate",
        ]);
    });

    it("keeps its inputs to how open it is", async () => {
        for (const [settings, expected] of [
            [{ kind: "none" }, { exposure: "none" }],
            [ingress(), { exposure: "ingress", tls: "secret", authentication: "proxy" }],
            [bare, { exposure: "loadBalancer", tls: "none", authentication: "none" }],
        ] as const) {
            assert.deepEqual(find((await planned({ settings })).plan, "Dashboard").inputs, expected);
        }
    });

    it("keeps the password out of everything but a Secret", async () => {
        const { plan } = await planned({ settings: ingress() });
        const secret = find(plan, "Secret", "ui-login");
        assert.deepEqual(Object.keys(at(secret.inputs, "stringData") as object).sort(), [
            "htpasswd",
            "password",
            "username",
        ]);
        assert.ok(secret.secretPaths.some((each) => each.includes("password")));
        assert.ok(secret.secretPaths.some((each) => each.includes("htpasswd")));
        const others = plan.resources.filter(({ secretPaths, type }) => secretPaths.length > 0 && type !== secret.type);
        assert.deepEqual(others, []);
    });

    it("rolls the proxy when its configuration or a counter changes, and for nothing else", async () => {
        const hash = async (given: Overrides) =>
            at(
                find((await planned(given)).plan, "Deployment", "ui-proxy").inputs,
                'spec.template.metadata.annotations["data-platform/config-hash"]',
            );
        const turned = { kind: "proxy", login: { kind: "generated", rotation: 1 } } as const;
        const https = { scheme: "https", caCertificate: "PEM" } as const;
        const plain = await hash({ settings: ingress() });
        const { plan } = await planned({ settings: ingress() });
        assert.equal(plain, configHash(String(at(find(plan, "ConfigMap", "ui-config").inputs, conf)), "login 0"));
        assert.equal(plain, await hash({ settings: ingress(), foundation: { environment: { owner: "others" } } }));
        const hashes = [
            plain,
            await hash({ settings: ingress({ proxy: { timeout: "1m" } }) }),
            await hash({ settings: ingress({ authentication: turned }) }),
            await hash({ settings: ingress(), backend: https }),
            await hash({ settings: ingress(), backend: { ...https, rotation: 1 } }),
            await hash({ settings: generated }),
            await hash({ settings: { ...generated, tls: { kind: "generated", rotation: 1 } } }),
        ];
        assert.equal(new Set(hashes).size, hashes.length);
    });

    it("has the route wait for the proxy, and the proxy for what it mounts", async () => {
        const { plan } = await planned({ settings: ingress(), backend: { scheme: "https", caCertificate: "PEM" } });
        const set = find(plan, "MasterSet", "ui-proxy");
        assert.ok(
            find(plan, "Ingress").dependencies.some((urn) => urn.startsWith(set.urn) || urn.includes("ui-proxy")),
        );
        for (const [kind, name] of [
            ["ConfigMap", "ui-config"],
            ["ConfigMap", "ui-backend"],
            ["Secret", "ui-login"],
        ] as const) {
            assert.ok(set.dependencies.includes(find(plan, kind, name).urn), name);
        }
    });

    it("stops the proxy after all nodes know, and connections have had time to end", async () => {
        const { plan } = await planned({ settings: ingress() });
        const deployment = find(plan, "Deployment", "ui-proxy").inputs;
        assert.deepEqual(at(deployment, `${container}.lifecycle.preStop.exec.command`), ["sleep", "5"]);
        assert.match(String(at(find(plan, "ConfigMap", "ui-config").inputs, conf)), /worker_shutdown_timeout 20s;/);
        assert.equal(at(deployment, `${pod}.terminationGracePeriodSeconds`), 30);
        assert.equal(at(deployment, "spec.strategy.type"), "RollingUpdate");
    });

    it("has a balancer made anew where its class changes, which nothing else can do", async () => {
        const balancer = find((await planned({ settings: bare })).plan, "Service", "ui-balancer");
        assert.equal(balancer.deleteBeforeReplace, true);
    });

    it("stands beside another one in the same namespace", async () => {
        const given = { foundation: foundation(), namespace: "apps", title: "Some UI" };
        const backend = { service: "app", port: 80, portName: "api", podLabels, containerPort: 5678 };
        const plan = await planOf(() => [
            new Dashboard("ui", { ...given, backend, settings: ingress() }),
            new Dashboard("other", { ...given, backend, settings: ingress() }),
        ]);
        assertSound(plan);
        assert.equal(all(plan, "Deployment").length, 2);
    });

    it("refuses to send requests to an https backend unchecked, before it registers anything", async () => {
        const https = { scheme: "https", caCertificate: "PEM" } as const;
        await assert.rejects(
            planned({ settings: ingress(open), backend: https }),
            /ui can't be used as given:\n {2}authentication\.kind: expected proxy, forward or own, .*found "none"/,
        );
        await assert.rejects(planned({ settings: ingress(), backend: { scheme: "https" } }), /caCertificate/);
        await assert.rejects(planned({ settings: ingress({ from: [] }) }), /from: expected/);
        await assert.rejects(
            planned({ settings: ingress({ proxy: { targets: "nowhere" } }) }),
            /there is no target set "nowhere"/,
        );
    });

    describe("of what asks for a login itself", () => {
        const secured = { scheme: "https", caCertificate: "PEM", ownLogin: true } as const;
        const own = { kind: "own" } as const;

        it("only checks its certificate, and hands the login on", async () => {
            for (const settings of [ingress, httpRoute, loadBalancer]) {
                const { plan } = await planned({ settings: settings({ authentication: own }), backend: secured });
                const conf = String(at(find(plan, "ConfigMap", "ui-config").inputs, 'data["nginx.conf"]'));
                assert.match(conf, /proxy_ssl_verify on;/);
                assert.doesNotMatch(conf, /auth_basic|auth_request|Authorization/);
                assert.deepEqual(all(plan, "RandomPassword"), []);
            }
        });

        it("can't be behind a second password, which a request has no place for", async () => {
            await assert.rejects(
                planned({ settings: ingress(), backend: secured }),
                /authentication\.kind: expected own or forward, since what is behind asks for a login itself/,
            );
        });

        it("is not what asks nobody", async () => {
            await assert.rejects(
                planned({ settings: ingress({ authentication: own }) }),
                /authentication\.kind: expected any other, since what is behind asks nobody who reads for a login/,
            );
        });
    });
});
