import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Access } from "../foundation/access";
import { type Foundation, targetsNamed } from "../foundation/environment";
import { SettingsFaults } from "../foundation/faults";
import { GroupAccess } from "../foundation/groupAccess";
import { objectLabels } from "../foundation/labels";
import { type Flow, tcp } from "../foundation/networkPolicy";
import type { Target } from "../foundation/placement";
import { Uploader } from "../uploader/uploader";
import { jobTargetFaults } from "./checks";
import { clientConfig, type WebServer } from "./clientConfig";
import { jobStarter, jobPodLabels, jobPolicies } from "./network";
import { openMpiKey } from "./openMpi";
import { jobRules, submitterRules } from "./rules";
import type { CheckedTwister2Settings, JobNamespaceSettings } from "./schema";

/** What all job namespaces use alike. */
export interface JobSurroundings {
    readonly nodeLocations: CheckedTwister2Settings["nodeLocations"];
    /** The dashboard; absent where there is none. */
    readonly dashboard?: { readonly url: string; readonly flow: Flow } | undefined;
    /** ZooKeeper; absent where there is none. */
    readonly zookeeper?: { readonly connectionString: string; readonly flow: Flow } | undefined;
}

export interface Twister2JobNamespaceArgs {
    readonly foundation: Foundation;
    /** Name of the namespace. */
    readonly namespace: string;
    /** Its settings, checked. */
    readonly settings: JobNamespaceSettings;
    readonly surroundings: JobSurroundings;
}

/** The Service that the client's default URL and the official manifests name. */
const uploaderService = "twister2-uploader";
/** The label by which the client finds the uploader's pod. */
const uploaderLabel = { key: "app", value: "twister2-uploader" } as const;

/** A namespace in which jobs run: what has to be there before the first is submitted. */
export class Twister2JobNamespace extends pulumi.ComponentResource {
    /** The files of the client's folder `conf/kubernetes`, by name. */
    public readonly clientConfig: Readonly<Record<string, string>>;

    /** @throws SettingsFaults when the targets of jobs are more than Twister2 can do. */
    constructor(name: string, args: Twister2JobNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        const { foundation, namespace, settings, surroundings } = args;
        const targets = jobTargets(name, foundation, settings);
        super(
            "data-platform:twister2:Twister2JobNamespace",
            name,
            { namespace, uploader: settings.uploader.kind, openMpi: settings.openMpi.kind },
            opts,
        );
        // Never `app: twister2`: by that label jobs find their pods, and `twister2 clearall` removes claims.
        const identity = { name: "twister2", instance: name, component: "jobs" };
        const labels = objectLabels(foundation.environment, identity);
        const inside = { parent: this };
        const zookeeper = settings.faultTolerance.enabled === false ? undefined : surroundings.zookeeper;
        const uploader = uploaderOf(name, args, inside);

        new Access(
            `${name}-jobs`,
            // Twister2's pods name no account, and so run under this one.
            {
                foundation,
                namespace,
                identity,
                objectName: "twister2-jobs",
                existingAccount: "default",
                startedBy: jobStarter,
                rules: jobRules,
            },
            inside,
        );
        if (settings.submitters.length > 0) {
            new GroupAccess(
                `${name}-submitters`,
                {
                    foundation,
                    namespace,
                    identity: { ...identity, component: "submitters" },
                    objectName: "twister2-submitters",
                    groups: settings.submitters,
                    rules: submitterRules(settings),
                },
                inside,
            );
        }
        openMpiKey(`${name}-ssh`, settings.openMpi, { namespace, labels }, inside);
        const { dashboard } = surroundings;
        jobPolicies(
            `${name}-jobs`,
            {
                foundation,
                namespace,
                labels,
                settings,
                services: [
                    ...(uploader === undefined ? [] : [uploader.flow]),
                    ...(zookeeper === undefined ? [] : [zookeeper.flow]),
                    ...(dashboard === undefined ? [] : [dashboard.flow]),
                ],
            },
            inside,
        );
        this.clientConfig = clientConfig({
            namespace,
            settings,
            nodeLocations: surroundings.nodeLocations,
            image: foundation.images.reference("twister2"),
            webServer: uploader?.webServer,
            dashboard: dashboard?.url,
            zookeeper: zookeeper?.connectionString,
            targets,
        });
        new k8s.core.v1.ConfigMap(
            `${name}-client`,
            { metadata: { name: "twister2-client", namespace, labels }, data: this.clientConfig },
            inside,
        );
        this.registerOutputs({});
    }
}

function jobTargets(
    name: string,
    foundation: Foundation,
    { jobTargets: set }: JobNamespaceSettings,
): readonly Target[] {
    const targets = targetsNamed(foundation, set);
    const faults = set === undefined ? [] : jobTargetFaults(targets);
    if (faults.length > 0) {
        throw new SettingsFaults(
            name,
            faults.map((fault) => ({ path: "jobTargets", ...fault })),
        );
    }
    return targets;
}

/** Where job pods get their package from: the way there, and what of it the client must know. */
function uploaderOf(
    name: string,
    { foundation, namespace, settings: { uploader } }: Twister2JobNamespaceArgs,
    opts: pulumi.ComponentResourceOptions,
): { readonly flow: Flow; readonly webServer?: WebServer } | undefined {
    switch (uploader.kind) {
        case "none":
            return undefined;
        case "s3":
            return { flow: { peers: uploader.peers, ports: tcp(uploader.port) } };
        case "existing": {
            const { url, directory, label, port } = uploader;
            return {
                flow: { peers: [{ podLabels: { [label.key]: label.value } }], ports: tcp(port) },
                webServer: { url, directory, label },
            };
        }
        case "server": {
            const { kind: _, ...server } = uploader;
            const made = new Uploader(
                `${name}-uploader`,
                {
                    foundation,
                    namespace,
                    // The client copies by kubectl, so nobody writes over HTTP.
                    settings: { ...server, writing: { kind: "none" } },
                    clients: [{ podLabels: jobPodLabels }],
                    podLabels: { [uploaderLabel.key]: uploaderLabel.value },
                    serviceName: uploaderService,
                },
                opts,
            );
            return {
                flow: made.flow,
                webServer: { url: made.url, directory: made.directory, label: uploaderLabel },
            };
        }
    }
}
