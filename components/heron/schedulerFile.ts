import type { ConfigValue } from "../foundation/configFiles";
import type { Control } from "./control";
import { executorTemplate, managerTemplate } from "./podTemplate";
import type { TopologyPart, TopologySettings, TopologyVolume } from "./topologySchema";

type Values = Record<string, ConfigValue>;

const requestModes = { equalToLimit: "EQUAL_TO_LIMIT", notSet: "NOT_SET" } as const;

/** What scheduler.yaml holds. Heron reads every key of Kubernetes as text, switches and numbers too. */
export function schedulerValues(given: Control): Values {
    const { settings, topologyNamespace } = given;
    const { scheduler, topologies } = settings;
    return {
        "heron.class.scheduler": "org.apache.heron.scheduler.kubernetes.KubernetesScheduler",
        "heron.class.launcher": "org.apache.heron.scheduler.kubernetes.KubernetesLauncher",
        // In the API server's process; Heron knows a scheduler of its own for other platforms.
        "heron.scheduler.is.service": false,
        "heron.directory.sandbox.java.home": scheduler.javaHome,
        "heron.directory.home": scheduler.home,
        "heron.directory.conf": scheduler.conf,
        "heron.executor.docker.image": given.image,
        "heron.kubernetes.scheduler.uri": scheduler.uri,
        "heron.kubernetes.scheduler.namespace": topologyNamespace,
        "heron.kubernetes.scheduler.imagePullPolicy": scheduler.imagePullPolicy,
        "heron.kubernetes.resource.request.mode": requestModes[scheduler.requestMode],
        "heron.kubernetes.pod.template.disabled": String(!topologies.podTemplates),
        "heron.kubernetes.volume.from.cli.disabled": String(!topologies.clientVolumes),
        ...(topologies.podTemplates && {
            "heron.kubernetes.executor.pod.template": `${given.objects.podTemplates}.${executorTemplate}`,
            "heron.kubernetes.manager.pod.template": `${given.objects.podTemplates}.${managerTemplate}`,
        }),
        ...prefixed("heron.kubernetes.pod.label.", topologies.podLabels),
        ...prefixed("heron.kubernetes.pod.annotation.", topologies.podAnnotations),
        ...prefixed("heron.kubernetes.service.label.", topologies.serviceLabels),
        ...prefixed("heron.kubernetes.service.annotation.", topologies.serviceAnnotations),
        ...prefixed("heron.kubernetes.pod.secret.", topologies.secretMounts),
        ...Object.fromEntries(
            Object.entries(topologies.secretVariables).map(([variable, { secretName, key }]) => [
                `heron.kubernetes.pod.secretKeyRef.${variable}`,
                `${secretName}:${key}`,
            ]),
        ),
        ...partValues(topologies, "executor"),
        ...partValues(topologies, "manager"),
    };
}

function prefixed(prefix: string, entries: Readonly<Record<string, string>>): Values {
    return Object.fromEntries(Object.entries(entries).map(([key, value]) => [`${prefix}${key}`, value]));
}

function partValues(topologies: TopologySettings, part: TopologyPart): Values {
    const { limits, requests, volumes } = topologies[part];
    const prefix = `heron.kubernetes.${part}`;
    return {
        [`${prefix}.limits.cpu`]: limits.cpu,
        [`${prefix}.limits.memory`]: limits.memory,
        [`${prefix}.requests.cpu`]: requests.cpu,
        [`${prefix}.requests.memory`]: requests.memory,
        ...(Object.assign(
            {},
            ...Object.entries(volumes).map(([name, volume]) => volumeValues(`${prefix}.volumes`, name, volume)),
        ) as Values),
    };
}

function volumeValues(prefix: string, name: string, volume: TopologyVolume): Values {
    const { type, ...options } = volumeOptions(volume);
    const mount = { path: volume.path, subPath: volume.subPath, readOnly: String(volume.readOnly) };
    return Object.fromEntries(
        Object.entries({ ...options, ...mount }).map(([option, value]) => [
            `${prefix}.${type}.${name}.${option}`,
            value,
        ]),
    );
}

/** Heron's type of a volume, and the options that only this type has (KubernetesContext.java). */
function volumeOptions(
    volume: TopologyVolume,
): Readonly<Record<string, string | undefined>> & { readonly type: string } {
    switch (volume.kind) {
        case "claim":
            return { type: "persistentVolumeClaim", claimName: volume.claimName };
        case "onDemand":
            return {
                type: "persistentVolumeClaim",
                claimName: "OnDemand",
                storageClassName: volume.storageClass,
                sizeLimit: volume.size,
                accessModes: volume.accessModes.join(","),
                volumeMode: volume.volumeMode,
            };
        case "emptyDir":
            return {
                type: "emptyDir",
                sizeLimit: volume.sizeLimit,
                medium: volume.medium === "memory" ? "Memory" : undefined,
            };
        case "nfs":
            return { type: "nfs", server: volume.server, pathOnNFS: volume.pathOnServer };
    }
}
