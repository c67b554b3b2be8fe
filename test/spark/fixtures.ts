import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import type { ApplicationSettings } from "../../components/spark/applicationSchema";
import { type SparkJobNamespaceSettings, sparkSettings, type SparkSettings } from "../../components/spark/schema";
import { Spark } from "../../components/spark/spark";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { planOf } from "../support/plans";

/** Settings of one job namespace, as they are written. */
export type JobNamespaceInput = SparkSettings["jobNamespaces"][string];
/** Settings of one application, as they are written. */
export type ApplicationInput = NonNullable<JobNamespaceInput["applications"]>[string];

export const apiServer = { cidrs: ["10.43.0.1/32"], ports: [443] };

/** A foundation for Spark: it says where the API server is. */
export const good = (overrides: FoundationOverrides = {}) => foundation({ apiServer, ...overrides });

/** A good application, and what a test changes of it. */
export const application = (overrides: Partial<ApplicationInput> = {}): ApplicationInput => ({
    type: "Scala",
    mainClass: "org.example.Pi",
    mainApplicationFile: "local:///opt/app/pi.jar",
    ...overrides,
});

/** Checked settings of one job namespace. */
export function jobNamespace(given: JobNamespaceInput = {}): SparkJobNamespaceSettings {
    const checked = sparkSettings.parse({ jobNamespaces: { etl: given } }).jobNamespaces["etl"];
    assert.ok(checked !== undefined);
    return checked;
}

/** Checked settings of one application. */
export function checkedApplication(overrides: Partial<ApplicationInput> = {}): ApplicationSettings {
    const checked = jobNamespace({ applications: { pi: application(overrides) } }).applications["pi"];
    assert.ok(checked !== undefined);
    return checked;
}

export interface Overrides {
    readonly operator?: SparkSettings["operator"];
    /** Settings of the job namespace. */
    readonly etl?: JobNamespaceInput;
    /** Further job namespaces. */
    readonly others?: SparkSettings["jobNamespaces"];
    readonly foundation?: FoundationOverrides;
}

/** The plan of a whole Spark with the job namespace `etl`, and further ones; it is sound. */
export async function planned(overrides: Overrides = {}): Promise<{ plan: Plan; spark: Spark }> {
    const { operator, etl, others, foundation: changed } = overrides;
    let spark: Spark | undefined;
    const plan = await planOf(() => {
        spark = new Spark("spark", {
            foundation: good(changed),
            operatorNamespace: "dev-spark-operator",
            jobNamespaces: { etl: "dev-etl", ml: "dev-ml" },
            settings: { ...(operator && { operator }), jobNamespaces: { etl: etl ?? {}, ...others } },
        });
    });
    assert.ok(spark !== undefined);
    assertSound(plan);
    return { plan, spark };
}

/** The plan with one application, `pi`. */
export async function plannedApplication(
    overrides: Partial<ApplicationInput> = {},
    others: Omit<Overrides, "etl"> & { readonly etl?: JobNamespaceInput } = {},
): Promise<Plan> {
    const { etl, ...rest } = others;
    return (await planned({ ...rest, etl: { ...etl, applications: { pi: application(overrides) } } })).plan;
}
