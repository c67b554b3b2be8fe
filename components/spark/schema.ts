import { z } from "zod";
import { groupName } from "../foundation/groupAccess";
import { namespaceSettings } from "../foundation/namespace";
import { egressSettings, peerSettings } from "../foundation/networkPolicy";
import { parseQuantity } from "../foundation/quantity";
import { dnsLabel, flag, settings, variants } from "../foundation/values";
import { monitorSettings } from "../monitoring/schema";
import { type ChartDefaults, chartOperatorShape, existingOperatorSettings } from "../operator/schema";
import { applicationName, applicationSettings } from "./applicationSchema";

/** The chart of the operator: `kubeflow/spark-operator`, the home of what was GoogleCloudPlatform's. */
export const operatorChart: ChartDefaults = {
    chart: "spark-operator",
    // The release whose CustomResourceDefinitions the rendered applications are checked against.
    version: "2.5.2",
    repository: "https://kubeflow.github.io/spark-operator",
    release: "spark-operator",
    // Each submission starts a JVM in the controller: with 300Mi, the chart's own example, it is killed.
    resources: { cpu: "100m", memory: "1Gi", ephemeralStorage: "2Gi" },
    scratch: "1Gi",
};

/** Below this, `spark-submit` in the controller is killed. */
const leastOperatorMemory = "512Mi";

/** The operator that submits applications. */
const operator = variants("kind", [
    existingOperatorSettings,
    settings({
        ...chartOperatorShape(operatorChart),
        webhook: flag()
            .default(true)
            .describe(
                "Whether its webhook checks and completes the applications that others submit; those of the stack need none. While it is down, nothing is submitted. Default true.",
            ),
    }).refine((given) => parseQuantity(given.resources.memory) >= parseQuantity(leastOperatorMemory), {
        path: ["resources", "memory"],
        error: `at least ${leastOperatorMemory}, since each submission starts a JVM in the operator's pod`,
    }),
]).prefault({ kind: "existing" });

/** A namespace in which applications run. */
const sparkJobNamespaceSettings = settings({
    namespace: namespaceSettings.describe("The namespace."),
    submitters: z
        .array(groupName())
        .default([])
        .describe(
            "Groups of people who submit applications. Whoever may submit can do all that drivers may. Default none: only administrators of the cluster can.",
        ),
    applications: z
        .record(applicationName(), applicationSettings)
        .default({})
        .describe("Applications that the stack submits, by name. Default none."),
    clients: z
        .array(peerSettings)
        .default([])
        .describe("Who may connect to the drivers' UI (port 4040). It asks for no login. Default nobody."),
    egress: z
        .array(egressSettings)
        .default([])
        .describe("Where drivers and executors read and write. Default nowhere."),
    monitoring: monitorSettings.describe("How its drivers are watched, where the environment is."),
});

/** What `data-platform:systems.spark` may hold. */
export const sparkSettings = settings({
    operator: operator.describe("The operator that submits applications. Default one that is there."),
    jobNamespaces: z
        .record(dnsLabel(20), sparkJobNamespaceSettings)
        .refine((given) => Object.keys(given).length > 0, { error: "at least one job namespace" })
        .describe("The namespaces in which applications run, by a short name for each."),
});

export type SparkSettings = z.input<typeof sparkSettings>;
export type CheckedSparkSettings = z.output<typeof sparkSettings>;
export type SparkOperatorSettings = CheckedSparkSettings["operator"];
/** The settings of one job namespace, checked. */
export type SparkJobNamespaceSettings = CheckedSparkSettings["jobNamespaces"][string];
