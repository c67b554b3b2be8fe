import { z } from "zod";
import { peerSettings } from "../foundation/networkPolicy";
import { cidr, labelKey, port, settings, text, variants, words } from "../foundation/values";

/** What stands for a broker's id in a host. */
export const idMark = "{id}";

const hostForm = /^[a-z0-9{}]([-a-z0-9{}]*[a-z0-9{}])?(\.[a-z0-9{}]([-a-z0-9{}]*[a-z0-9{}])?)*$/;

const hostExpected = `a host name with ${idMark} once, in the place of the broker's id, such as broker-${idMark}.kafka.example.com`;

/** Whether a host name has valid places for ids: none but the mark, at most once. */
const marks = (host: string): number => host.split(idMark).length - 1;
const wellMarked = (host: string): boolean => !/[{}]/.test(host.replaceAll(idMark, ""));

const hostOfEach = () =>
    text(hostForm, 240, hostExpected).refine((host) => marks(host) === 1 && wellMarked(host), {
        error: hostExpected,
        abort: true,
    });

const nodeHostExpected = `a host name that leads to the nodes, with ${idMark} at most once`;

const clients = (who: string) =>
    z.array(peerSettings).min(1).describe(`${who}, for the network policy of the brokers.`);

const annotations = () =>
    z
        .record(labelKey(), words())
        .default({})
        .describe(
            "Annotations of the Services, such as those of external-dns or of a cloud; {host} in a value is the broker's host. Default none.",
        );

/** How clients outside the cluster reach each broker by a name of its own. All forms need TLS. */
const externalSettings = variants("kind", [
    settings({ kind: z.literal("none").describe("Not at all; the default.") }),
    settings({
        kind: z.literal("nodePort").describe("By a port of every node for each broker."),
        host: text(hostForm, 240, nodeHostExpected)
            .refine((host) => marks(host) <= 1 && wellMarked(host), { error: nodeHostExpected, abort: true })
            .describe(
                `Host name that leads to the nodes, which brokers tell their clients; ${idMark} is the broker's id.`,
            ),
        portBase: z
            .literal([30000, 31000], { error: "30000 or 31000, to which the broker's id is added" })
            .default(31000)
            .describe(
                "The port of a broker is this and its id: 31100 for broker 100. Both are in Kubernetes' default range 30000-32767. Default 31000.",
            ),
        clients: clients("Who may connect"),
    }),
    settings({
        kind: z.literal("loadBalancer").describe("By a load balancer of its own for each broker."),
        host: hostOfEach().describe(
            `Host name of each balancer, which brokers tell their clients; ${idMark} is the broker's id. DNS records are yours, or external-dns' (with annotations).`,
        ),
        loadBalancerClass: words().optional().describe("Class of the balancers. Default: the cluster's."),
        sourceRanges: z.array(cidr()).min(1).describe("Networks whose clients may connect."),
        annotations: annotations(),
    }),
    settings({
        kind: z
            .literal("perBrokerHosts")
            .describe("Through a gateway of yours that tells hosts apart by SNI and passes TLS on as it is."),
        host: hostOfEach().describe(
            `Host name of each broker at the gateway, which brokers tell their clients; ${idMark} is the broker's id.`,
        ),
        port: port().default(443).describe("Port of the gateway, which brokers tell their clients. Default 443."),
        clients: clients("The pods of the gateway"),
    }),
]).prefault({ kind: "none" });

export type ExternalSettings = z.output<typeof externalSettings>;

/** Where clients connect. */
export const listenerSettings = settings({
    external: externalSettings.describe("How clients outside the cluster connect. Default not at all."),
}).prefault({});
