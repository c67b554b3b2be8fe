import { nativePort, places, storagePort } from "./places";
import type { Node } from "./ring";

/** Where the scripts find things; tests put other places in their stead. */
export interface ScriptPlaces {
    /** The image's configuration. */
    readonly image: string;
    /** The program's files, a mounted ConfigMap. */
    readonly files: string;
    /** The volume that becomes the node's configuration. */
    readonly config: string;
    /** File that readiness leaves on the volume: the node has joined the ring, so it holds the data that it should. */
    readonly joined: string;
    readonly storagePort: number;
    /** How often the node that may begin the cluster asks for others before it does, 10 seconds apart. */
    readonly tries: number;
    /** Seconds between two tries. */
    readonly pause: number;
}

export const scriptPlaces: ScriptPlaces = {
    image: places.config,
    files: "/files",
    config: "/config",
    joined: `${places.data}/joined`,
    storagePort,
    tries: 6,
    pause: 10,
};

/** Names of the files of the ConfigMap that are no files of Cassandra's. */
export const nodeFiles = {
    seeds: "seeds",
    external: "external-seeds",
    replace: "replace",
    jvmOptions: "jvm-options",
} as const;

/** The seeds as the script reads them: `<pod> <rack> <host>`, the one first that may begin the cluster. */
export function seedsFile(seeds: readonly Node[], hostOf: (pod: string) => string): string {
    return seeds.map(({ pod, rack }) => `${pod} ${rack} ${hostOf(pod)}\n`).join("");
}

/** Lines of `<pod> <address>`: whose place a node takes. */
export function replaceFile(replace: Readonly<Record<string, string>>): string {
    return Object.entries(replace)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([pod, address]) => `${pod} ${address}\n`)
        .join("");
}

/**
 * Fills the configuration folder before a node starts: the image's files, the program's over them, and what only this
 * node knows. A restart of the pod runs it again, so a new address of the pod is no matter.
 *
 * A node that is a seed in its own eyes does not fetch the data that it is to hold. So a node that has not joined yet
 * leaves itself out of the seeds, but for the first one where no other seed answers: it begins the cluster.
 *
 * Tokens are allocated for as many replicas as there are racks by now: with more replicas than racks Cassandra refuses
 * the second node of a rack (TokenAllocation 5.0), and racks come one after the other.
 */
export function configureScript(at: ScriptPlaces = scriptPlaces): string {
    return `set -euo pipefail
# A container that was started again finds what the one before has written.
rm -rf ${at.config}/*
cp -r ${at.image}/. ${at.config}/
for file in cassandra.yaml cassandra-rackdc.properties logback.xml; do
    cat "${at.files}/$file" > "${at.config}/$file"
done
cat ${at.files}/${nodeFiles.jvmOptions} >> ${at.config}/jvm17-server.options

fresh=yes
[ -e ${at.joined} ] && fresh=no

# Whether a node listens to others there.
answers() {
    timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" ${at.storagePort} 2>/dev/null
}

all=""
ringRacks=" "
others=""
first=""
while read -r pod rack host; do
    [ -n "$first" ] || first="$pod"
    all="$all,$host"
    case "$ringRacks" in *" $rack "*) ;; *) ringRacks="$ringRacks$rack " ;; esac
    if [ "$pod" = "$POD_NAME" ]; then continue; fi
    others="$others $rack=$host"
done < ${at.files}/${nodeFiles.seeds}
external=$(tr '\\n' ' ' < ${at.files}/${nodeFiles.external})
for host in $external; do all="$all,$host"; done

if [ "$fresh" = yes ]; then
    racks=1
    begins=no
    if [ "$first" = "$POD_NAME" ] && [ -z "$external" ]; then begins=yes; fi
    for try in $(seq 1 ${at.tries}); do
        known=" $RACK "
        racks=1
        answered=no
        for other in $others; do
            if answers "\${other#*=}"; then
                answered=yes
                case "$known" in
                    *" \${other%%=*} "*) ;;
                    *) known="$known\${other%%=*} "; racks=$((racks + 1)) ;;
                esac
            fi
        done
        # Only who would begin a cluster of its own waits: the others' start fails by itself where nobody answers.
        if [ "$answered" = yes ] || [ "$begins" = no ] || [ -z "$others" ]; then break; fi
        [ "$try" = ${at.tries} ] || sleep ${at.pause}
    done
    if [ "$begins" = no ] || [ "$answered" = yes ]; then
        all=""
        for other in $others; do all="$all,\${other#*=}"; done
        for host in $external; do all="$all,$host"; done
        echo "has not joined yet: joins, with $racks racks that answer"
    else
        echo "has not joined yet, and no other seed answers: begins the cluster"
    fi
    # One rack alone: as many as the image's own file says.
    if [ "$ringRacks" = " $RACK " ]; then racks=3; fi
    echo "allocate_tokens_for_local_replication_factor: $racks" >> ${at.config}/cassandra.yaml
    while read -r pod address; do
        if [ "$pod" = "$POD_NAME" ]; then
            echo "takes the place of $address"
            echo "-Dcassandra.replace_address_first_boot=$address" >> ${at.config}/jvm17-server.options
        fi
    done < ${at.files}/${nodeFiles.replace}
fi

cat >> ${at.config}/cassandra.yaml <<END
listen_address: "$POD_IP"
broadcast_address: "$POD_IP"
broadcast_rpc_address: "$POD_IP"
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "\${all#,}"
END
`;
}

/**
 * Ready is a node whose own view of the ring says of itself: up and normal (`UN`). Another node's line would not do, nor
 * would the mere port. First the port, which a node opens when it has joined and closes when it drains, since nodetool
 * starts a JVM.
 */
export function readinessScript(
    at: { readonly port: number; readonly joined: string } = { port: nativePort, joined: scriptPlaces.joined },
): string {
    return `exec 3<>"/dev/tcp/$POD_IP/${at.port}" || exit 1
exec 3>&-
ring=$(nodetool status) || exit 1
while read -r state address _; do
    if [ "$address" = "$POD_IP" ]; then
        if [ "$state" = UN ]; then
            [ -e ${at.joined} ] || : > ${at.joined}
            exit 0
        fi
        echo "in its own view of the ring this node is $state"
        exit 1
    fi
done <<< "$ring"
echo "this node is not in its own view of the ring"
exit 1
`;
}
