import * as pulumi from "@pulumi/pulumi";
import { type Foundation } from "../foundation/environment";
import { GroupAccess } from "../foundation/groupAccess";
import { objectLabels } from "../foundation/labels";
import { egressFlows, networkPolicy, tcp } from "../foundation/networkPolicy";
import { seconds } from "../foundation/values";
import { awaitedResource, type WaitFor } from "../operator/customResource";
import { jobSpec } from "./jobSpec";
import { apiVersion, frameworkLabel, nodeLabels, nodePort } from "./names";
import type { JobNamespaceSettings, RuntimeSettings } from "./schema";

/** A runtime as jobs refer to it. */
export interface NamedRuntime {
    /** Name of its object. */
    readonly objectName: string;
    readonly settings: RuntimeSettings;
}

export interface TensorflowJobNamespaceArgs {
    readonly foundation: Foundation;
    /** The namespace, which is there. */
    readonly namespace: string;
    /** The settings, checked. */
    readonly settings: JobNamespaceSettings;
    /** The runtimes by their short names. */
    readonly runtimes: Readonly<Record<string, NamedRuntime>>;
    /**
     * What jobs are made after, and gone before: the runtimes, which the trainer keeps while a job uses them.
     *
     * @default nothing
     */
    readonly after?: readonly pulumi.Resource[];
}

/** What submitters may do. */
const submitterRules = [
    {
        apiGroups: ["trainer.kubeflow.org"],
        resources: ["trainjobs"],
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
    },
    { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: ["pods", "pods/log", "events"], verbs: ["get", "list", "watch"] },
];

/** A namespace in which jobs run: who may submit them, whom they may connect to, and those of the stack file. */
export class TensorflowJobNamespace extends pulumi.ComponentResource {
    /** @throws Error when a job names a runtime that is not there. */
    constructor(name: string, args: TensorflowJobNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, settings } = args;
        super("data-platform:tensorflow:TensorflowJobNamespace", name, { namespace }, opts);
        const inside = { parent: this };
        const identity = { name: "tensorflow", instance: name, component: "job" };
        const labels = objectLabels(foundation.environment, identity);
        const amongNodes = { peers: [{ podLabels: nodeLabels }], ports: tcp(nodePort) };
        const policy = networkPolicy(
            `${name}-network`,
            {
                objectName: "training-nodes",
                namespace,
                labels,
                selector: nodeLabels,
                ingress: [amongNodes],
                egress: [amongNodes, ...egressFlows(settings.egress)],
                startedBy: "Kubeflow Trainer",
            },
            inside,
        );
        if (settings.submitters.length > 0) {
            new GroupAccess(
                `${name}-submitters`,
                {
                    foundation,
                    namespace,
                    identity,
                    objectName: "training-submitters",
                    groups: settings.submitters,
                    rules: submitterRules,
                    clusterRules: [
                        {
                            apiGroups: ["trainer.kubeflow.org"],
                            resources: ["clustertrainingruntimes"],
                            verbs: ["get", "list", "watch"],
                        },
                    ],
                },
                inside,
            );
        }
        for (const [jobName, job] of Object.entries(settings.jobs)) {
            const runtime = args.runtimes[job.runtime];
            if (runtime === undefined) {
                throw new Error(`${name}: there is no runtime "${job.runtime}" for the job ${jobName}`);
            }
            const complete: WaitFor = "condition=Complete";
            awaitedResource(
                `${name}-job-${jobName}`,
                {
                    apiVersion,
                    kind: "TrainJob",
                    metadata: { name: jobName, namespace, labels: { ...labels, ...frameworkLabel } },
                    content: { spec: jobSpec(job, runtime.objectName, runtime.settings) },
                    waitFor: job.awaited === "complete" ? complete : undefined,
                    timeoutSeconds: seconds(job.timeout),
                },
                {
                    parent: this,
                    dependsOn: [policy, ...(args.after ?? [])],
                    // The API server refuses to change them on a job that is there.
                    replaceOnChanges: [
                        "spec.runtimeRef",
                        "spec.trainer",
                        "spec.activeDeadlineSeconds",
                        "spec.runtimePatches",
                    ],
                },
            );
        }
        this.registerOutputs({});
    }
}
