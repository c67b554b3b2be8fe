import * as assert from "node:assert/strict";
import { at, find } from "../support/plans";
import { forward, httpRoute, ingress, inTheClear, loadBalancer } from "./exposures";
import {
    bare,
    conf,
    container,
    existing,
    generated,
    open,
    type Overrides,
    planned,
    pod,
    podLabels,
    proxyLabels,
} from "./planned";

const path = "spec.rules[0].http.paths[0]";

describe("a setting of a dashboard", () => {
    const cases: readonly (readonly [string, Overrides, string, string, unknown])[] = [
        ["className", { settings: ingress({ className: "traefik" }) }, "Ingress", "spec.ingressClassName", "traefik"],
        ["the default class", { settings: ingress() }, "Ingress", "spec.ingressClassName", undefined],
        ["host", { settings: ingress() }, "Ingress", "spec.rules[0].host", "ui.example.com"],
        ["path", { settings: ingress({ path: "/ui" }) }, "Ingress", `${path}.path`, "/ui"],
        ["the path's type", { settings: ingress() }, "Ingress", `${path}.pathType`, "Prefix"],
        [
            "the exposed Service",
            { settings: ingress(open) },
            "Ingress",
            `${path}.backend.service`,
            { name: "app", port: { name: "api" } },
        ],
        [
            "the proxy's Service",
            { settings: ingress() },
            "Ingress",
            `${path}.backend.service`,
            { name: "ui-proxy", port: { name: "web" } },
        ],
        [
            "tls.secretName",
            { settings: ingress() },
            "Ingress",
            "spec.tls",
            [{ hosts: ["ui.example.com"], secretName: "ui-cert" }],
        ],
        [
            "tls.clusterIssuer, and the Secret that it fills",
            { settings: ingress({ tls: { kind: "issuer", clusterIssuer: "letsencrypt" } }) },
            "Ingress",
            "spec.tls",
            [{ hosts: ["ui.example.com"], secretName: "ui-tls" }],
        ],
        [
            "tls.clusterIssuer, which is an annotation beside annotations",
            {
                settings: ingress({
                    tls: { kind: "issuer", clusterIssuer: "letsencrypt" },
                    annotations: { "example.com/a": "b" },
                }),
            },
            "Ingress",
            "metadata.annotations",
            { "example.com/a": "b", "cert-manager.io/cluster-issuer": "letsencrypt", "pulumi.com/skipAwait": "true" },
        ],
        ["no TLS", { settings: ingress({ ...open, tls: inTheClear }) }, "Ingress", "spec.tls", undefined],
        [
            "gateway.sectionName",
            { settings: httpRoute({ gateway: { namespace: "gw", name: "public", sectionName: "https" } }) },
            "HTTPRoute",
            "spec.parentRefs",
            [
                {
                    group: "gateway.networking.k8s.io",
                    kind: "Gateway",
                    namespace: "gw",
                    name: "public",
                    sectionName: "https",
                },
            ],
        ],
        ["hostnames", { settings: httpRoute() }, "HTTPRoute", "spec.hostnames", ["ui.example.com"]],
        [
            "path and the exposed Service",
            { settings: httpRoute({ ...open, path: "/ui" }) },
            "HTTPRoute",
            "spec.rules",
            [
                {
                    matches: [{ path: { type: "PathPrefix", value: "/ui" } }],
                    backendRefs: [{ group: "", kind: "Service", name: "app", port: 80, weight: 1 }],
                },
            ],
        ],
        [
            "the proxy's Service",
            { settings: httpRoute() },
            "HTTPRoute",
            "spec.rules[0].backendRefs[0]",
            { group: "", kind: "Service", name: "ui-proxy", port: 8080, weight: 1 },
        ],
        [
            "the exposed pods",
            { settings: bare },
            "Service ui-balancer",
            "spec",
            {
                type: "LoadBalancer",
                loadBalancerSourceRanges: ["192.0.2.0/24"],
                externalTrafficPolicy: "Local",
                selector: podLabels,
                ports: [{ name: "http", port: 80, targetPort: 5678, protocol: "TCP" }],
            },
        ],
        [
            "the proxy's pods",
            { settings: loadBalancer({ className: "example.com/internal", port: 8443 }) },
            "Service ui-balancer",
            "spec",
            {
                type: "LoadBalancer",
                loadBalancerClass: "example.com/internal",
                loadBalancerSourceRanges: ["192.0.2.0/24"],
                externalTrafficPolicy: "Local",
                selector: proxyLabels,
                ports: [{ name: "https", port: 8443, targetPort: 8443, protocol: "TCP" }],
            },
        ],
        ["TLS' own port", { settings: loadBalancer() }, "Service ui-balancer", "spec.ports[0].port", 443],
        [
            "annotations",
            { settings: loadBalancer({ annotations: { "example.com/a": "b" } }) },
            "Service ui-balancer",
            "metadata.annotations",
            { "example.com/a": "b" },
        ],
        ["no annotations by default", { settings: bare }, "Service ui-balancer", "metadata.annotations", undefined],
        [
            "the environment's registry",
            { settings: ingress(), foundation: { images: { registry: "reg.example.com" } } },
            "Deployment ui-proxy",
            `${container}.image`,
            "reg.example.com/nginxinc/nginx-unprivileged:1.28.0",
        ],
        [
            "proxy.replicas",
            { settings: ingress({ proxy: { replicas: 3 } }) },
            "Deployment ui-proxy",
            "spec.replicas",
            3,
        ],
        ["one proxy by default", { settings: ingress() }, "Deployment ui-proxy", "spec.replicas", 1],
        [
            "proxy.resources",
            { settings: ingress({ proxy: { resources: { memory: "256Mi" } } }) },
            "Deployment ui-proxy",
            `${container}.resources.limits`,
            { cpu: "200m", memory: "256Mi", "ephemeral-storage": "128Mi" },
        ],
        [
            "proxy.targets",
            { settings: ingress({ proxy: { targets: "stateful" } }) },
            "Deployment ui-proxy",
            `${pod}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`,
            [{ matchExpressions: [{ key: "pool", operator: "In", values: ["stateful"] }] }],
        ],
        [
            "proxy.spread",
            { settings: ingress({ proxy: { replicas: 2, spread: { zones: "required" } } }) },
            "Deployment ui-proxy",
            `${pod}.topologySpreadConstraints[0].whenUnsatisfiable`,
            "DoNotSchedule",
        ],
        [
            "proxy.priority",
            { settings: ingress({ proxy: { priority: "high" } }) },
            "Deployment ui-proxy",
            `${pod}.priorityClassName`,
            "dev-high",
        ],
        [
            "a probe in the clear behind a controller",
            { settings: ingress() },
            "Deployment ui-proxy",
            `${container}.readinessProbe.httpGet`,
            { path: "/healthz", port: "web", scheme: "HTTP" },
        ],
        [
            "a probe by TLS on a balancer",
            { settings: loadBalancer() },
            "Deployment ui-proxy",
            `${container}.livenessProbe.httpGet`,
            { path: "/healthz", port: "web", scheme: "HTTPS" },
        ],
        [
            "an existing certificate",
            { settings: loadBalancer() },
            "Deployment ui-proxy",
            `${pod}.volumes[name=tls].secret`,
            {
                secretName: "ui-cert",
                defaultMode: 0o440,
                items: [
                    { key: "tls.crt", path: "tls.crt" },
                    { key: "tls.key", path: "tls.key" },
                ],
            },
        ],
        [
            "the Ingress' certificate nowhere in the proxy",
            { settings: ingress() },
            "Deployment ui-proxy",
            `${pod}.volumes[name=tls]`,
            undefined,
        ],
        [
            "an existing login",
            { settings: ingress({ authentication: existing }) },
            "Deployment ui-proxy",
            `${pod}.volumes[name=login].secret`,
            { secretName: "users", defaultMode: 0o440, items: [{ key: "people", path: "htpasswd" }] },
        ],
        [
            "of the generated login only the hash",
            { settings: ingress() },
            "Deployment ui-proxy",
            `${pod}.volumes[name=login].secret`,
            { secretName: "ui-login", defaultMode: 0o440, items: [{ key: "htpasswd", path: "htpasswd" }] },
        ],
        [
            "the certificate's name",
            { settings: generated },
            "CertRequest ui-tls-request-0",
            "dnsNames",
            ["ui.example.com"],
        ],
        [
            "what the certificate is for",
            { settings: generated },
            "LocallySignedCert",
            "allowedUses",
            ["digital_signature", "server_auth"],
        ],
        ["the certificate's kind", { settings: generated }, "Secret ui-tls", "type", "kubernetes.io/tls"],
        [
            "the login's rotation",
            { settings: ingress({ authentication: { kind: "proxy", login: { kind: "generated", rotation: 4 } } }) },
            "RandomPassword",
            "keepers",
            { rotation: "4" },
        ],
        [
            "who an https backend is trusted by",
            { settings: ingress(), backend: { scheme: "https", caCertificate: "PEM" } },
            "ConfigMap ui-backend",
            "data",
            { "ca.crt": "PEM" },
        ],
    ];
    for (const [what, given, object, where, expected] of cases) {
        it(`shows ${what} in its ${object}`, async () => {
            const [kind = "", name] = object.split(" ");
            assert.deepEqual(at(find((await planned(given)).plan, kind, name).inputs, where), expected);
        });
    }

    const texts: readonly (readonly [string, Overrides, RegExp])[] = [
        ["the Service's full name", { settings: ingress() }, /proxy_pass http:\/\/app\.apps\.svc\.cluster\.local:80;/],
        [
            "the cluster's own domain",
            { settings: ingress(), foundation: { dns: { domain: "c.example" } } },
            /proxy_pass http:\/\/app\.apps\.svc\.c\.example:80;/,
        ],
        [
            "an https backend, checked",
            { settings: ingress(), backend: { scheme: "https", caCertificate: "PEM" } },
            /proxy_pass https:[^}]*proxy_ssl_verify on;\s+proxy_ssl_trusted_certificate \/etc\/proxy\/backend\/ca\.crt;/,
        ],
        [
            "the password",
            { settings: ingress() },
            /auth_basic "ui";\s+auth_basic_user_file \/etc\/proxy\/login\/htpasswd;/,
        ],
        [
            "the server that is asked",
            { settings: ingress({ authentication: forward }) },
            /proxy_pass http:\/\/auth\.sso\.svc\.cluster\.local\/oauth2\/auth;/,
        ],
        [
            "authentication.signInUrl",
            { settings: ingress({ authentication: { ...forward, signInUrl: "https://auth.example.com/" } }) },
            /error_page 401 https:\/\/auth\.example\.com\/;/,
        ],
        [
            "TLS on a balancer",
            { settings: loadBalancer() },
            /listen 8443 ssl .*\n\s+ssl_certificate \/etc\/proxy\/tls\//,
        ],
        ["no TLS behind a controller", { settings: ingress() }, /listen 8080 default_server;/],
        ["browsers' TLS behind a controller", { settings: ingress() }, /X-Forwarded-Proto https;/],
        [
            "browsers without TLS",
            { settings: ingress({ tls: inTheClear, authentication: forward }) },
            /X-Forwarded-Proto http;/,
        ],
        ["who stands before a controller", { settings: ingress() }, /X-Forwarded-For \$proxy_add_x_forwarded_for;/],
        ["nothing that browsers say on a balancer", { settings: loadBalancer() }, /X-Forwarded-For \$remote_addr;/],
        [
            "proxy.maxBodySize",
            { settings: ingress({ proxy: { maxBodySize: "2Mi" } }) },
            /client_max_body_size 2097152;/,
        ],
        [
            "proxy.timeout",
            { settings: ingress({ proxy: { timeout: "2m" } }) },
            /proxy_read_timeout 120s;\s+proxy_send_timeout 120s;/,
        ],
    ];
    for (const [what, given, expected] of texts) {
        it(`shows ${what} in the proxy's configuration`, async () => {
            assert.match(
                String(at(find((await planned(given)).plan, "ConfigMap", "ui-config").inputs, conf)),
                expected,
            );
        });
    }
});
