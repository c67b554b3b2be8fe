import { z } from "zod";
import { apiServerSettings, dnsSettings } from "../../components/foundation/environment";
import { dnsName, flag, labelValue, secret, settings, words } from "../../components/foundation/values";

/** What checks need to know of a storage class. */
const storageClassSettings = settings({
    shared: flag()
        .default(false)
        .describe("Whether pods on several nodes can mount one of its volumes (ReadWriteMany). Default false."),
});

/** Where a stack goes. Never the laptop's current context: a stack without one of the three is a fault. */
export const clusterSection = settings({
    context: words().optional().describe("Context of the kubeconfig that KUBECONFIG or ~/.kube/config holds."),
    kubeconfig: secret().optional().describe("Content of a kubeconfig, encrypted."),
    render: words()
        .optional()
        .describe(
            "Directory to render manifests to, instead of a cluster. The Kubernetes plugin writes Secrets there in the clear.",
        ),
    apiServer: apiServerSettings
        .optional()
        .describe("Where the API server answers, for the network policies of components that call it."),
    dns: dnsSettings.prefault({}).describe("Where the cluster's DNS answers."),
    zones: z
        .array(labelValue().min(1, { error: "a zone, as the nodes' label topology.kubernetes.io/zone has it" }))
        .min(1)
        .refine((zones) => new Set(zones).size === zones.length, { error: "each zone once" })
        .optional()
        .describe(
            "Zones that the nodes are in, as their label topology.kubernetes.io/zone has them: targets that name another, and ensembles whose required spread would not outlive the loss of one, are faults. Default: not checked.",
        ),
    storageClasses: z
        .record(dnsName(), storageClassSettings)
        .optional()
        .describe("The cluster's storage classes by name: volumes of any other are faults. Default: not checked."),
}).refine((given) => [given.context, given.kubeconfig, given.render].filter((way) => way !== undefined).length === 1, {
    error: "exactly one of context, kubeconfig and render",
});
