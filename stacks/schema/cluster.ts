import { apiServerSettings, dnsSettings } from "../../components/foundation/environment";
import { secret, settings, words } from "../../components/foundation/values";

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
}).refine((given) => [given.context, given.kubeconfig, given.render].filter((way) => way !== undefined).length === 1, {
    error: "exactly one of context, kubeconfig and render",
});
