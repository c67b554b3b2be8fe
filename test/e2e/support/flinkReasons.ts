import type { Reasons } from "./flinkDifferences";

/*
 * Where the objects of our Flink sessions are meant to differ from those of Flink's session client: `+` what only ours
 * have, `-` what only the client's have, `~` what differs.
 */

const pod = "spec.template.spec";
const main = `${pod}.containers[flink-main-container]`;

const labels: Reasons = { "+metadata.labels": "those of every object of an environment" };

const owner: Reasons = {
    "-metadata.ownerReferences": "the engine deletes them; a Deployment that is replaced must not take them with it",
};

/** Objects that the client does not make, by what stands behind the session's id in their names, each with its use. */
export const furtherObjects: Reasons = {
    "ConfigMap -client": "files for those who use the session",
};

/** Meant differences of the JobManager's Deployment. */
export const ofDeployments: Reasons = {
    ...labels,
    "~spec.revisionHistoryLimit": "as all Deployments here",
    "~spec.strategy.type": "Recreate: without election two JobManagers would both lead",
    "-spec.strategy.rollingUpdate": "the same",
    "~spec.strategy.rollingUpdate": "with election one more than wanted, never one less",
    "+spec.template.metadata.labels": "those of every object of an environment",
    "+spec.template.metadata.annotations": "a hash of the configuration, which restarts the JobManagers",
    [`+${main}.ports[metrics]`]: "Prometheus finds it by its name",
    [`+${main}.resources.limits.ephemeral-storage`]: "the scratch volumes count against it",
    [`+${main}.resources.requests.ephemeral-storage`]: "the same",
    [`+${main}.volumeMounts`]: "the root file system can't be written: scratch for what is",
    [`-${main}.volumeMounts[/opt/flink/artifacts]`]:
        "jars of application mode; a session's come over REST into the upload directory",
    [`+${pod}.volumes`]: "the scratch volumes",
    [`-${pod}.volumes[user-artifacts-volume]`]: "as its mount",
    [`+${main}.startupProbe`]: "the client makes none",
    [`+${main}.readinessProbe`]: "the client makes none",
    [`+${main}.livenessProbe`]: "the client makes none",
    [`+${main}.securityContext`]: "Pod Security restricted",
    [`+${pod}.securityContext`]: "Pod Security restricted",
    [`~${pod}.terminationGracePeriodSeconds`]: "longer than Flink's own cluster.services.shutdown-timeout",
    [`+${pod}.affinity`]: "the stack's targets, and JobManagers keep apart",
    [`+${pod}.tolerations`]: "the stack's targets",
    [`+${pod}.topologySpreadConstraints`]: "JobManagers keep apart",
    [`+${pod}.priorityClassName`]: "the stack's",
    [`+${pod}.imagePullSecrets`]: "the stack's",
    [`+${pod}.automountServiceAccountToken`]: "said, since the default of the account may change",
    [`+${pod}.enableServiceLinks`]: "no variables about Services of the namespace",
};

/** Meant differences of the Services. */
export const ofServices: Reasons = {
    ...labels,
    ...owner,
    "~spec.ports[rest].targetPort": "the same port by its name",
    "~spec.ports[jobmanager-rpc].targetPort": "the same port by its name",
    "~spec.ports[blobserver].targetPort": "the same port by its name",
    "+spec.publishNotReadyAddresses": "TaskManagers register before the JobManager's probe says that it is ready",
};

/** Meant differences of the ConfigMaps. */
export const ofConfigMaps: Reasons = {
    ...labels,
    "-metadata.labels":
        "Flink's own ConfigMaps are removed by them, when a session is stopped for good and by hand; ours must not go along",
    ...owner,
    "~data.config.yaml": "its text: keys sorted and flat; its content is compared key by key",
};

/** Meant differences of what the configuration says. */
export const ofConfiguration: Reasons = {
    "-kubernetes.pod-template-file.taskmanager": "a path of the client's machine; the JobManager knows its own",
    "+jobmanager.bind-host": "said, since the client leaves out what it is told, and the stock file says localhost",
    "+rest.bind-address": "the same",
    "+taskmanager.bind-host": "the same",
};
