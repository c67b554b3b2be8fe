import { tensorflowSettings } from "../../components/tensorflow/schema";
import { Tensorflow } from "../../components/tensorflow/tensorflow";
import { foundation, type FoundationOverrides } from "../support/foundation";
import { assertSound } from "../support/invariants";
import { planOf } from "../support/plans";
import type { z } from "zod";

export type Input = z.input<typeof tensorflowSettings>;
type Runtime = Input["runtimes"][string];
type Job = NonNullable<NonNullable<NonNullable<Input["jobNamespaces"]>[string]>["jobs"]>[string];
type JobNamespace = NonNullable<Input["jobNamespaces"]>[string];

export interface Overrides {
    readonly operator?: Input["operator"];
    readonly runtime?: Runtime;
    readonly job?: Partial<Job>;
    readonly jobNamespace?: JobNamespace;
    readonly foundation?: FoundationOverrides;
}

/** One runtime `plain`, and one namespace `ml` with one job `fit`. */
export const settingsWith = ({ operator, runtime, job, jobNamespace }: Overrides = {}): Input => ({
    ...(operator && { operator }),
    runtimes: { plain: runtime ?? {} },
    jobNamespaces: {
        ml: { jobs: { fit: { runtime: "plain", command: ["python", "/app/fit.py"], ...job } }, ...jobNamespace },
    },
});

/** The system `tf`, planned. */
export async function planned(overrides: Overrides = {}) {
    const plan = await planOf(() => {
        new Tensorflow("tf", {
            foundation: foundation(overrides.foundation),
            operatorNamespace: "dev-trainer",
            jobNamespaces: { ml: "dev-ml" },
            settings: tensorflowSettings.parse(settingsWith(overrides)),
        });
    });
    assertSound(plan);
    return plan;
}
