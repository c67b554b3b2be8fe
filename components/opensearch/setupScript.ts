import type { LifecyclePolicy } from "./lifecycle";
import { certificateFiles } from "./nodeConfig";
import { home } from "./places";

/** Where the setup script finds things; tests put other folders in their place. */
export interface SetupPlaces {
    /** Folder with the documents that it sends. */
    readonly files: string;
    readonly scratch: string;
    /** Folder with the security files. */
    readonly security: string;
    /** Folder with the administrator's certificate. */
    readonly admin: string;
    readonly securityTool: string;
    /** Seconds between two tries. */
    readonly pause: number;
}

export const setupPlaces: SetupPlaces = {
    files: "/setup",
    scratch: "/tmp",
    security: "/security",
    admin: "/admin",
    securityTool: `${home}/plugins/opensearch-security/tools/securityadmin.sh`,
    pause: 5,
};

/** What a cluster is to hold, besides indices. */
export interface ClusterSetup {
    readonly host: string;
    readonly port: number;
    /** Whether the security plugin is on, and the security index to be written. */
    readonly secure: boolean;
    readonly lifecycle: readonly LifecyclePolicy[];
    /** Names of the snapshot repositories. */
    readonly repositories: readonly string[];
}

/** Name of the file with a policy, and of the one with a repository. */
export const policyFile = (name: string) => `policy-${name}.json`;
export const repositoryFile = (name: string) => `repository-${name}.json`;

/**
 * Brings a cluster to what the settings say, and may be repeated. It waits for the cluster as long as its Job may run,
 * since it starts with the nodes: they are ready only when it has written the security index.
 */
export function setupScript(setup: ClusterSetup, places: SetupPlaces = setupPlaces): string {
    const { admin, files } = places;
    const certificate = [
        `--cacert '${admin}/${certificateFiles.authorities}'`,
        `--cert '${admin}/${certificateFiles.certificate}'`,
        `--key '${admin}/${certificateFiles.key}'`,
    ];
    const scheme = setup.secure ? "https" : "http";
    const steps = [
        ...setup.lifecycle.map(({ name, patterns, mark }) => `lifecycle '${name}' '${patterns}' '${mark}'\n`),
        ...setup.repositories.map((name) => `repository '${name}'\n`),
    ];
    const security = `
# Red is no reason to wait: the index of somebody else may be lost for good. The cluster may change while the tool runs
# (a roll), which it reports as a failure.
until bash '${places.securityTool}' -arc -icl -h '${setup.host}' -p ${setup.port} -cd '${places.security}' \\
    -cacert '${admin}/${certificateFiles.authorities}' -cert '${admin}/${certificateFiles.certificate}' -key '${admin}/${certificateFiles.key}'; do
    echo "the security index could not be written yet"
    sleep ${places.pause}
done
`;
    return `#!/bin/bash
set -euo pipefail
answer='${places.scratch}/setup.answer'
# Calls the cluster: method, path and, where there is one, the document. Sets status, 000 without an answer.
call() {
    local document=()
    if [ $# -eq 3 ]; then
        document=(--header 'Content-Type: application/json' --data-binary "$3")
    fi
    rm -f "$answer"
    status=$(curl --silent --globoff --max-time 60 --output "$answer" --write-out '%{http_code}' --request "$1" \\
        ${setup.secure ? `${certificate.join(" ")} ` : ""}"\${document[@]}" "${scheme}://${setup.host}:${setup.port}$2") || status=000
}
# Ends the script unless the status is one of those given.
expect() {
    local what=$1 wanted
    shift
    for wanted in "$@"; do
        if [ "$status" = "$wanted" ]; then
            return
        fi
    done
    echo "$what: status $status"
    cat "$answer" || true
    exit 1
}
# A policy of Index State Management: name, patterns, and the mark of its text.
lifecycle() {
    local path="/_plugins/_ism/policies/$1" of="{\\"policy_id\\":\\"$1\\"}" number term
    call GET "$path"
    expect "policy $1" 200 404
    if [ "$status" = 404 ]; then
        call PUT "$path" "@${files}/${policyFile("$1")}"
        expect "policy $1" 200 201
    elif ! grep -qF "$3" "$answer"; then
        number=$(grep -oE '"_seq_no":[0-9]+' "$answer" | cut -d: -f2)
        term=$(grep -oE '"_primary_term":[0-9]+' "$answer" | cut -d: -f2)
        call PUT "$path?if_seq_no=$number&if_primary_term=$term" "@${files}/${policyFile("$1")}"
        expect "policy $1" 200 201
        # Indices keep the version that they began with, unless they are told.
        call POST "/_plugins/_ism/change_policy/$2" "$of"
        expect "change of policy $1" 200 404
    fi
    # The pattern in the policy is for new indices only. Those that have a policy are left alone, and reported.
    call POST "/_plugins/_ism/add/$2" "$of"
    expect "indices of policy $1" 200 404
    echo "policy $1 is there"
}
repository() {
    call PUT "/_snapshot/$1" "@${files}/${repositoryFile("$1")}"
    expect "repository $1" 200
    echo "repository $1 is there"
}

until call GET '/_cluster/health' && [ "$status" = 200 ] && ! grep -q '"number_of_data_nodes":0[,}]' "$answer"; do
    echo "waiting for the cluster (status $status)"
    sleep ${places.pause}
done
${setup.secure ? security : ""}${steps.join("")}`;
}
