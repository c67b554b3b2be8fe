import type { Labels } from "../foundation/labels";

/** ServiceAccounts of a job namespace. */
export const accounts = {
    /** Drivers, which start executors. */
    driver: "spark",
    /** Executors, which call nothing. */
    executor: "spark-executor",
} as const;

/** A part of an application. */
export type SparkPart = "driver" | "executor";

/** Labels of pods that Spark starts for applications of the operator (Spark's Constants, the operator's common/spark.go). */
export function partLabels(part: SparkPart): Labels {
    return { "spark-role": part, "sparkoperator.k8s.io/launched-by-spark-operator": "true" };
}

/** Names of the containers: Spark takes these from a pod template (spark.kubernetes.*.podTemplateContainerName). */
export const containerNames: Readonly<Record<SparkPart, string>> = {
    driver: "spark-kubernetes-driver",
    executor: "spark-kubernetes-executor",
};

/** API group and version of the operator's resources. */
export const apiVersion = "sparkoperator.k8s.io/v1beta2";

/** Name of the ConfigMap with the files of an application's volume. */
export function filesName(application: string, volume: string): string {
    return `${application}-${volume}`;
}
