import * as k8s from "@pulumi/kubernetes";
import { compose } from "./compose";
import type { Platform } from "./platform";
import type { StackConfig } from "./schema/sections";

/** Registers everything that one stack asks for, and returns the stack's outputs. */
export function program(config: StackConfig): { platform: Platform } {
    const { context, kubeconfig, render } = config.cluster;
    const provider = new k8s.Provider("cluster", {
        ...(context !== undefined && { context }),
        ...(kubeconfig !== undefined && { kubeconfig: kubeconfig.output() }),
        ...(render !== undefined && { renderYamlToDirectory: render }),
        // Without it a changed kubeconfig may count as another cluster, and everything as to be replaced.
        clusterIdentifier: config.environment.name,
        // Objects that others address by name are updated in place, never replaced under running pods.
        enableConfigMapMutable: true,
        enableSecretMutable: true,
    });
    return { platform: compose(config, provider) };
}
