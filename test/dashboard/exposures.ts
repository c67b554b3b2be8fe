import type { Peer } from "../../components/foundation/networkPolicy";
import type { ExposureSettings } from "../../components/dashboard/schema";

/** Some exposure without a fault, of each kind; a test changes a part of it. */
type Given<Kind> = Extract<ExposureSettings, { kind: Kind }>;

export const controllers: Peer[] = [{ namespace: "ingress", podLabels: { app: "controller" } }];
export const inTheClear = { kind: "none", confirm: "passwords and data travel in the clear" } as const;
export const nobodyAsked = { kind: "none", confirm: "anyone who reaches it may use it" } as const;
export const everyone = "the whole internet may connect" as const;
export const forward: Extract<Given<"httpRoute">["authentication"], { kind: "forward" }> = {
    kind: "forward",
    url: "http://auth.sso.svc.cluster.local/oauth2/auth",
    peers: [{ namespace: "sso" }],
};

export const ingress = (overrides: Partial<Given<"ingress">> = {}): Given<"ingress"> => ({
    kind: "ingress",
    host: "ui.example.com",
    from: controllers,
    tls: { kind: "secret", secretName: "ui-cert" },
    ...overrides,
});

export const httpRoute = (overrides: Partial<Given<"httpRoute">> = {}): Given<"httpRoute"> => ({
    kind: "httpRoute",
    gateway: { namespace: "gateways", name: "public" },
    hostnames: ["ui.example.com"],
    from: controllers,
    tls: { kind: "listener" },
    ...overrides,
});

export const loadBalancer = (overrides: Partial<Given<"loadBalancer">> = {}): Given<"loadBalancer"> => ({
    kind: "loadBalancer",
    sourceRanges: ["192.0.2.0/24"],
    tls: { kind: "secret", secretName: "ui-cert" },
    ...overrides,
});
