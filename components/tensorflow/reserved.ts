/** Variables that the runtime sets for every node. */
export const reservedVariables: readonly string[] = [
    "TF_CONFIG",
    "HOME",
    "TMPDIR",
    "TRAINING_NODES",
    "TRAINING_JOB",
    "TRAINING_NAMESPACE",
    "TRAINING_DOMAIN",
    // Set by the Job controller for an indexed Job.
    "JOB_COMPLETION_INDEX",
];

/** Volumes that every node has. */
export const reservedVolumes: readonly string[] = ["tmp", "shared-memory"];

/** Where they are, and what the image itself needs. */
export const reservedPaths: readonly string[] = [
    "/tmp",
    "/dev",
    "/proc",
    "/sys",
    "/etc",
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/var/run/secrets",
];
