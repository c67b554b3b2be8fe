import { z } from "zod";
import { settings, words } from "../../../components/foundation/values";
import { violation } from "../../message";
import { fitsOne } from "../../glob";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";
import type { ObjectMeta } from "../../views/view";

/** Kinds that config text, DNS, selectors of other tools, other objects, or people address by name. */
const defaultKinds = [
    "ClusterRole",
    "ClusterTrainingRuntime",
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Namespace",
    "PersistentVolumeClaim",
    "PriorityClass",
    "Redis",
    "RedisCluster",
    "RedisReplication",
    "RedisSentinel",
    "Role",
    "ScheduledSparkApplication",
    "Secret",
    "Service",
    "ServiceAccount",
    "SparkApplication",
    "StatefulSet",
    "StorageClass",
    "TrainJob",
    "TrainingRuntime",
];

/** Kubernetes' own kinds outside of namespaces, and those of others that say so by their name. */
const defaultClusterKinds = [
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "Cluster*",
    "CustomResourceDefinition",
    "DeviceClass",
    "FlowSchema",
    "GatewayClass",
    "IPAddress",
    "IngressClass",
    "MutatingAdmissionPolicy*",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "Self*Review",
    "ServiceCIDR",
    "StorageClass",
    "StorageVersion*",
    "SubjectAccessReview",
    "TokenReview",
    "ValidatingAdmissionPolicy*",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
];

/** Set by the Kubernetes provider on an object that it named itself: by then `metadata.name` is filled in. */
const autonamed = "pulumi.com/autonamed";

export const explicitNames = defineRule({
    name: "naming-explicit-names",
    description:
        "Objects that others address by name have a name of their own choosing, not a generated one, and every object of a namespace names it.",
    severity: "high",
    remediation:
        "Set what the message names. With a generated name a change that replaces the object gives it another name, and whatever addresses the old one breaks; without a namespace it goes wherever the provider's default points.",
    levels: usualLevels,
    settings: settings({
        kinds: z.array(words()).default(defaultKinds).describe("Kinds that need an explicit name."),
        clusterKinds: z
            .array(words())
            .default(defaultClusterKinds)
            .describe("Kinds that belong to no namespace; * stands for any text."),
    }),
    check: ({ kind, patch, metadata }, { kinds, clusterKinds }) =>
        collect(
            [
                () => (patch || !kinds.includes(kind) ? [] : nameFaults(kind, metadata)),
                () => (fitsOne(clusterKinds, kind) ? [] : namespaceFaults(kind, metadata)),
            ],
            (part) => part(),
        ),
});

function namespaceFaults(kind: string, { namespace }: ObjectMeta): string[] {
    const found: unknown = namespace;
    return typeof found === "string" && found !== ""
        ? []
        : [violation(`${kind} metadata.namespace`, "an explicit namespace", found)];
}

function nameFaults(kind: string, metadata: ObjectMeta): string[] {
    const name: unknown = metadata.name;
    const generated = metadata.annotations?.[autonamed] === "true";
    return typeof name === "string" && name !== "" && !generated
        ? []
        : [violation(`${kind} metadata.name`, "an explicit name", generated ? `${String(name)} (generated)` : name)];
}
