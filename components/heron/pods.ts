import type { types } from "@pulumi/kubernetes";
import type { Mount, Pod, Scratch } from "../foundation/pods";
import { mebibytes } from "../foundation/quantity";
import type { Control } from "./control";
import { configFiles, gcsKeyDirectory, packagesDirectory, trackerConfig, trackerFile } from "./files";
import { apiPort, apiServerScratch, toolScratch, trackerPort, uiPort } from "./schema";

/** The image names no user, and nothing of the tools asks for a certain one. */
const user = 1000;

/** Folder of the API server's configuration. */
const configDirectory = "/etc/heron/conf";
/** Folder of the tracker's configuration. */
const trackerDirectory = "/etc/heron/tracker";

/** Time of a JVM, and of Python archives that unpack themselves, until they answer. */
export const startSeconds = 300;

/** Seconds that requests in progress get before the process is asked to stop: neither server waits for them itself. */
const drainSeconds = 30;

/** A probe that asks the tool itself; all three answer cheaply and ask nobody else. */
function probes(path: string): Pick<Pod["containers"][number], "startupProbe" | "readinessProbe" | "livenessProbe"> {
    const get = { httpGet: { path, port: "http" }, timeoutSeconds: 5 };
    return {
        startupProbe: { ...get, periodSeconds: 5, failureThreshold: startSeconds / 5 },
        readinessProbe: { ...get, periodSeconds: 10, failureThreshold: 3 },
        livenessProbe: { ...get, periodSeconds: 20, failureThreshold: 6 },
    };
}

const scratch = (sizeLimit: string): Scratch[] => [{ volume: "tmp", path: "/tmp", sizeLimit }];

/** Java's temporary files and Python's unpacked archives (PEX) lie there; the image's root can't be written. */
const home: readonly types.input.core.v1.EnvVar[] = [
    { name: "HOME", value: "/tmp" },
    { name: "PEX_ROOT", value: "/tmp/pex" },
];

/** Arguments of the API server. There is no -D among them: every one would be copied into every topology's package. */
function apiServerArguments({ clusterName, settings, hosts }: Control): string[] {
    return [
        "heron-apiserver",
        "--cluster",
        clusterName,
        "--config-path",
        configDirectory,
        "--port",
        String(apiPort),
        // Otherwise packages' URLs name the pod, which no other pod can resolve.
        ...(settings.uploader.kind === "http" ? ["--download-hostname", hosts.apiserver] : []),
        ...(settings.apiServer.verbose ? ["--verbose"] : []),
    ];
}

/** Login of the bucket, where it comes from a Secret. Only the API server has it. */
function credentials({ settings: { uploader } }: Control): {
    readonly env: readonly types.input.core.v1.EnvVar[];
    readonly volumes: readonly types.input.core.v1.Volume[];
    readonly mounts: readonly Mount[];
} {
    if (uploader.kind === "s3" && uploader.credentials !== undefined) {
        const { secretName, accessKeyIdKey, secretAccessKeyKey } = uploader.credentials;
        const variable = (name: string, key: string) => ({
            name,
            valueFrom: { secretKeyRef: { name: secretName, key } },
        });
        return {
            env: [variable("AWS_ACCESS_KEY_ID", accessKeyIdKey), variable("AWS_SECRET_ACCESS_KEY", secretAccessKeyKey)],
            volumes: [],
            mounts: [],
        };
    }
    if (uploader.kind === "gcs" && uploader.credentials !== undefined) {
        const { secretName, key } = uploader.credentials;
        return {
            env: [],
            volumes: [{ name: "gcs-key", secret: { secretName, items: [{ key, path: key }], defaultMode: 0o440 } }],
            mounts: [{ volume: "gcs-key", path: gcsKeyDirectory, readOnly: true }],
        };
    }
    return { env: [], volumes: [], mounts: [] };
}

/** The API server's pod. */
export function apiServerPod(given: Control): Pod {
    const { settings, objects, image } = given;
    const { apiServer, uploader } = settings;
    const files = configFiles(given);
    const login = credentials(given);
    const heap = `${mebibytes(apiServer.heap)}m`;
    const served = uploader.kind === "http";
    return {
        containers: [
            {
                name: "apiserver",
                image,
                command: apiServerArguments(given),
                env: [
                    ...home,
                    { name: "HERON_APISERVER_MEM_MIN", value: heap },
                    { name: "HERON_APISERVER_MEM_MAX", value: heap },
                    { name: "HERON_APISERVER_MEM_DIRECT", value: `${mebibytes(apiServer.directMemory)}m` },
                    ...login.env,
                ],
                ports: { http: apiPort },
                resources: apiServer.resources,
                mounts: [
                    // File by file: the API server copies the folder with all in it, and in a mounted ConfigMap that
                    // includes the links and hidden folders by which the kubelet exchanges it.
                    ...Object.keys(files).map((file) => ({
                        volume: "config",
                        path: `${configDirectory}/${file}`,
                        subPath: file,
                        readOnly: true,
                    })),
                    ...(served ? [{ volume: "packages", path: packagesDirectory }] : []),
                    ...login.mounts,
                ],
                ...probes("/api/v1/version"),
                preStop: ["sleep", String(drainSeconds)],
            },
        ],
        user,
        volumes: [
            { name: "config", configMap: { name: objects.config } },
            ...(served ? [{ name: "packages", persistentVolumeClaim: { claimName: objects.packages } }] : []),
            ...login.volumes,
        ],
        scratch: scratch(apiServerScratch),
        gracePeriodSeconds: drainSeconds + 30,
        configHashes: [...Object.values(files), `credentials ${settings.credentialsRotation}`],
    };
}

/** The tracker's pod. It ends itself with SIGKILL when asked to stop, so exit code 137 is no failure. */
export function trackerPod(given: Control): Pod {
    const { settings, objects, image } = given;
    return {
        containers: [
            {
                name: "tracker",
                image,
                command: ["heron-tracker", `--config-file=${trackerDirectory}/${trackerFile}`, `--port=${trackerPort}`],
                env: home,
                ports: { http: trackerPort },
                resources: settings.tracker.resources,
                mounts: [{ volume: "config", path: trackerDirectory, readOnly: true }],
                ...probes("/health"),
            },
        ],
        user,
        volumes: [{ name: "config", configMap: { name: objects.trackerConfig } }],
        scratch: scratch(toolScratch),
        gracePeriodSeconds: 30,
        configHashes: [trackerConfig(given)],
    };
}

/** The UI's pod. */
export function uiPod({ settings, image, trackerUrl }: Control): Pod {
    const { basePath, resources } = settings.ui;
    return {
        containers: [
            {
                name: "ui",
                image,
                command: [
                    "heron-ui",
                    `--tracker-url=${trackerUrl}`,
                    `--port=${uiPort}`,
                    ...(basePath === undefined ? [] : [`--base-url=${basePath}`]),
                ],
                env: home,
                ports: { http: uiPort },
                resources,
                ...probes("/health"),
            },
        ],
        user,
        scratch: scratch(toolScratch),
        gracePeriodSeconds: 30,
    };
}
