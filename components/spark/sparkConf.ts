/** Ports that drivers and executors listen on, fixed so that network policies can name them. */
export const ports = {
    /** Driver, for executors that register and report (spark.driver.port; Spark's own default on Kubernetes). */
    driver: 7078,
    /** Block managers of drivers and executors (spark.blockManager.port; by default a random one on executors). */
    blockManager: 7079,
    /** The driver's UI (spark.ui.port). */
    ui: 4040,
} as const;

/**
 * Keys of Spark's configuration that a setting or the operator owns, by their beginning. The operator's webhook refuses
 * some of them too (internal/webhook/sparkconf_validator.go).
 */
const ownedPrefixes = [
    "spark.app.name",
    "spark.authenticate",
    "spark.blockManager.port",
    "spark.driver.blockManager.port",
    "spark.driver.cores",
    "spark.driver.extraJavaOptions",
    "spark.driver.host",
    "spark.driver.memory",
    "spark.driver.port",
    "spark.dynamicAllocation.",
    "spark.executor.cores",
    "spark.executor.extraJavaOptions",
    "spark.executor.instances",
    "spark.executor.memory",
    "spark.jars",
    "spark.kubernetes.",
    "spark.local.dir",
    "spark.master",
    "spark.network.crypto.",
    "spark.submit.",
    "spark.ui.port",
] as const;

/** Settings of the Kubernetes scheduler that none of the above touches, and that applications do tune. */
const freeKubernetes = ["spark.kubernetes.allocation.", "spark.kubernetes.executor.deleteOnTermination"] as const;

/** What a name of a secret looks like: the pattern by which Spark hides values in its UI and logs. */
const secretName = /secret|password|passwd|token|credential|access[._-]?key|api[._-]?key/i;

/** Whether a key's value would be a secret, which a configuration that everybody may read must not hold. */
export function namesSecret(key: string): boolean {
    return secretName.test(key);
}

/** Whether a key of Spark's configuration is one that a setting stands for. */
export function isOwned(key: string): boolean {
    const begins = (prefixes: readonly string[]) => prefixes.some((prefix) => key.startsWith(prefix));
    return begins(ownedPrefixes) && !begins(freeKubernetes);
}
