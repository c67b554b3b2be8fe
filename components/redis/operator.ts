import type { Foundation } from "../foundation/environment";
import { type Labels } from "../foundation/labels";
import { type Peer, tcp } from "../foundation/networkPolicy";
import { containerSecurity, podSecurity } from "../foundation/pods";
import { requirements } from "../foundation/resources";
import { type OperatorChart, placementValues, releaseName } from "../operator/operator";
import { type ChartValue, imageParts } from "../operator/chartValues";
import type { ChartOperatorSettings } from "../operator/schema";
import { ports } from "./names";
import { redisChartDefaults } from "./schema";

/** An instance that the operator has to reach. */
export interface OperatedInstance {
    readonly namespace: string;
    /** Labels of its sets of pods, as the operator gives them. */
    readonly members: readonly Labels[];
    readonly sentinels: Labels | undefined;
}

/** The user of the operator's image (its Dockerfile). */
const user = 65532;

/** The operator's chart as its instances need it. */
export function redisChart(
    foundation: Foundation,
    settings: ChartOperatorSettings,
    instances: readonly OperatedInstance[],
): OperatorChart {
    const name = releaseName(foundation, settings);
    const reference = foundation.images.reference("redis-operator");
    const image = imageParts(reference);
    // templates/_helpers.tpl: redisOperator.selectorLabels
    const selector = { name };
    const { affinity, tolerations, priorityClassName } = placementValues(foundation, settings, selector);
    const given = (entries: Record<string, ChartValue | undefined>) =>
        Object.fromEntries(
            Object.entries(entries).filter((entry): entry is [string, ChartValue] => entry[1] !== undefined),
        );
    const peers = (of: (instance: OperatedInstance) => readonly Labels[]): Peer[] =>
        instances.flatMap((instance) =>
            of(instance).map((podLabels) => ({ namespace: instance.namespace, podLabels })),
        );
    return {
        name: redisChartDefaults.chart,
        images: [reference],
        values: {
            redisOperator: {
                // Name of the Deployment and of the cluster-scoped role: two stacks share a cluster.
                name,
                // Not every namespace: two operators would work on the same resources.
                watchNamespace: instances.map(({ namespace }) => namespace).join(","),
                serviceDNSDomain: foundation.network.dns.domain,
                imageName: `${image.registry}/${image.repository}`,
                imageTag: image.tag,
                // The same in the pods that it starts, whose configuration it writes; the chart pins another one apart.
                initContainerImageTag: image.tag,
                imagePullPolicy: "IfNotPresent",
                imagePullSecrets: foundation.images.pullSecretReferences,
                webhook: false,
            },
            replicas: settings.replicas,
            resources: requirements(settings.resources) as ChartValue,
            podSecurityContext: podSecurity(user),
            securityContext: containerSecurity,
            featureGates: {
                // The configuration is written by an init container into a scratch volume, not by the images' entry
                // points into their root: those append to it at each start, and know neither the operator's name for the
                // authority (REDIS_TLS_CA_CERT) nor that Sentinel has to speak TLS with the members.
                GenerateConfigInInitContainer: true,
            },
            ...given({ affinity, tolerations, priorityClassName }),
        },
        pods: [
            {
                part: "operator",
                selector,
                egress: [
                    { peers: peers(({ members }) => members), ports: tcp(ports.redis) },
                    {
                        peers: peers(({ sentinels }) => (sentinels === undefined ? [] : [sentinels])),
                        ports: tcp(ports.sentinel),
                    },
                ],
            },
        ],
    };
}
