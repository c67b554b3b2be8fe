import { z } from "zod";
import { environmentSettings } from "../../components/foundation/environment";
import { imageSettings } from "../../components/foundation/images";
import { namespaceSettings } from "../../components/foundation/namespace";
import { targetSettings } from "../../components/foundation/placement";
import { priorityClassSettings } from "../../components/foundation/priorityClasses";
import { dnsLabel, settings, variants } from "../../components/foundation/values";
import { externalOpenSearchSettings, singleNodeSettings } from "../../components/opensearch/schema";
import { terasliceSettings } from "../../components/teraslice/schema";
import { externalZookeeperSettings, zookeeperSettings } from "../../components/zookeeper/schema";
import { policySettings } from "../../policy/schema";
import { clusterSection } from "./cluster";

/** A component is told its namespace by name; a stack also makes it. */
const ownNamespace = { namespace: namespaceSettings.describe("The part's namespace.") };

/** The sections of a stack file, by their key without the project's prefix. */
export const sections = {
    cluster: clusterSection.describe("Where the stack goes."),
    environment: environmentSettings.describe("Whose environment it is, and how much it matters."),
    images: imageSettings.prefault({}).describe("Where images come from, and which versions."),
    targets: z
        .record(dnsLabel(), z.array(targetSettings).min(1))
        .default({})
        .describe("Target sets by name: where pods may, should or must run."),
    priorityClasses: z
        .record(dnsLabel(30), priorityClassSettings)
        .default({})
        .describe("Priority classes by short name; the objects are named <environment>-<name>."),
    zookeeper: variants("kind", [zookeeperSettings.safeExtend(ownNamespace), externalZookeeperSettings])
        .optional()
        .describe("ZooKeeper: an ensemble of the environment's own, or an external one."),
    opensearch: variants("kind", [singleNodeSettings.safeExtend(ownNamespace), externalOpenSearchSettings])
        .optional()
        .describe("OpenSearch: a single node for development, or an external cluster."),
    systems: settings({
        teraslice: terasliceSettings
            .optional()
            .describe("Teraslice, which keeps its state in the OpenSearch of the stack."),
    })
        .prefault({})
        .describe("The data systems to deploy."),
    policies: policySettings.prefault({}).describe("Levels, settings and exemptions of the rules."),
} as const;

export type SectionName = keyof typeof sections;

/** The typed content of one stack file: plain, frozen. */
export type StackConfig = { readonly [Name in SectionName]: z.output<(typeof sections)[Name]> };
