import { certificateFiles } from "./nodeConfig";
import { home } from "./places";

/** Where the scripts of a node find things; tests put other folders in their place. */
export interface NodePlaces {
    /** The data volume. */
    readonly data: string;
    /** Scratch space of the pod. */
    readonly scratch: string;
    /** The configuration folder. */
    readonly config: string;
    /** The image's entry point. */
    readonly entryPoint: string;
    /** The tool that writes the node's keystore. */
    readonly keystoreTool: string;
    /** Folder with one folder of keys for each S3 repository. */
    readonly snapshotKeys: string;
    /** Folder with the node's certificate and the authorities. */
    readonly certificates: string;
    /** File of curl options with the probe's user and password. */
    readonly login: string;
    /** The node itself. */
    readonly url: string;
}

export const nodePlaces: NodePlaces = {
    data: `${home}/data`,
    scratch: "/tmp",
    config: `${home}/config`,
    entryPoint: `${home}/opensearch-docker-entrypoint.sh`,
    keystoreTool: `${home}/bin/opensearch-keystore`,
    snapshotKeys: "/snapshots",
    certificates: `${home}/config/certificates`,
    login: "/readiness/login",
    url: "https://localhost:9200",
};

/** File on the data volume that says: this volume has been part of a cluster that works. */
const joined = (places: NodePlaces) => `${places.data}/.joined`;
/** File in scratch that says: since this start the cluster has been green. */
const green = (places: NodePlaces) => `${places.scratch}/.green`;
/** File in scratch, as old as the time for which the cluster has been yellow with nothing on its way. */
const settled = (places: NodePlaces) => `${places.scratch}/.settled`;

/**
 * Starts a node. Its argument, for a node that may be cluster manager, is a file with the names of the first cluster
 * managers. They are handed on only while the volume has never been part of a working cluster: after that the node only
 * joins. (A node that has begun but never got that far still needs them, so an empty data folder is no criterion.)
 *
 * @param repositories names of the S3 repositories, whose keys go into the node's keystore
 */
export function startScript(repositories: readonly string[], places: NodePlaces = nodePlaces): string {
    const keys = repositories.flatMap((name) =>
        ["access_key", "secret_key"].map(
            (key) =>
                `"$keystore" add --force --stdin s3.client.${name}.${key} < '${places.snapshotKeys}/${name}/${key}'\n`,
        ),
    );
    const keystore = `
keystore='${places.keystoreTool}'
if [ ! -e '${places.config}/opensearch.keystore' ]; then
    "$keystore" create
fi
${keys.join("")}`;
    return `#!/bin/bash
set -euo pipefail
# Scratch outlives a container: what an earlier one has seen says nothing of this one.
rm -f '${green(places)}' '${settled(places)}'
${repositories.length === 0 ? "" : keystore}
arguments=()
if [ $# -eq 1 ] && [ ! -e '${joined(places)}' ]; then
    arguments+=("-Ecluster.initial_cluster_manager_nodes=$(<"$1")")
fi
exec '${places.entryPoint}' opensearch "\${arguments[@]}"
`;
}

/**
 * Readiness of a node. Until the cluster has been green once since the node's start, only green makes it ready, so a
 * roll goes on only then; afterwards the node must only answer as member of an initialised cluster, or every node would
 * lose its clients with the first shard that is missing.
 *
 * With the argument `manager`, a node that holds no data is ready before the security index exists, which only data
 * nodes can hold and which start after it; but only while its volume has never been part of a working cluster.
 *
 * @param yellowAfter seconds after which yellow will do, if nothing is on its way; undefined for never
 */
export function readinessScript(yellowAfter: number | undefined, places: NodePlaces = nodePlaces): string {
    const yellow = `
# Everything that can be assigned is assigned: no shard is starting, moving or waited for.
if [ "$status" = 408 ] && grep -q '"status":"yellow"' "$answer" \\
    && [ "$(grep -oE '"(initializing_shards|relocating_shards|delayed_unassigned_shards|number_of_pending_tasks|number_of_in_flight_fetch)":0[,}]' "$answer" | wc -l)" -eq 5 ]; then
    [ -e '${settled(places)}' ] || touch '${settled(places)}'
    if [ $(($(date +%s) - $(stat -c %Y '${settled(places)}'))) -ge ${yellowAfter ?? 0} ]; then
        touch '${green(places)}'
        exit 0
    fi
else
    rm -f '${settled(places)}'
fi
`;
    return `#!/bin/bash
set -uo pipefail
answer='${places.scratch}/readiness.answer'
# Asks the node: sets status, 000 without an answer.
ask() {
    status=$(curl --silent --max-time 5 --cacert '${places.certificates}/${certificateFiles.authorities}' \\
        --output "$answer" --write-out '%{http_code}' "$@") || status=000
}

if [ -e '${green(places)}' ]; then
    # Needs no login, so a rotation of the password takes no node away from its clients.
    ask '${places.url}/_plugins/_security/health?mode=strict'
    [ "$status" = 200 ]
    exit
fi

rm -f "$answer"
ask --config '${places.login}' \\
    '${places.url}/_cluster/health?wait_for_status=green&timeout=1s&cluster_manager_timeout=2s'
if [ "$status" = 503 ] && [ "\${1:-}" = manager ] && [ ! -e '${joined(places)}' ]; then
    grep -q 'Security not initialized' "$answer" && ! grep -q 'Cluster manager not present' "$answer"
    exit
fi
if [ "$status" = 200 ] || [ "$status" = 408 ]; then
    touch '${joined(places)}'
fi
if [ "$status" = 200 ]; then
    touch '${green(places)}'
    exit 0
fi
${yellowAfter === undefined ? "" : yellow}exit 1
`;
}
