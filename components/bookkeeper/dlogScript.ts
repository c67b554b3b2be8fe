import type { Fault } from "../foundation/faults";
import { bookkeeperCommand } from "./pods";
import { metadataServiceUri } from "./bookieConf";
import type { ZooKeeperServers } from "./connection";

/** Where a DistributedLog namespace is, and what holds its entries. */
export interface DlogBinding {
    /** The ensemble that holds the namespace's znode. */
    readonly zookeeper: ZooKeeperServers;
    /** Znode of the namespace, below the path of that ensemble's connection. */
    readonly path: string;
    /** Comma-separated `host:port` list of the ensemble that holds the metadata of the bookies. */
    readonly bookkeeperServers: string;
    /** Znode of that metadata, from the root of its ensemble. */
    readonly ledgersPath: string;
}

/**
 * The URI of a namespace. DistributedLog takes `,` and `;` between the servers (ServiceURI.create); a comma is safe where
 * a system puts the URI into a shell's command line, as Heron's topologies do.
 */
export function dlogUri({ zookeeper, path }: Pick<DlogBinding, "zookeeper" | "path">): string {
    return `distributedlog://${zookeeper.servers}${zookeeper.path}${path}`;
}

const znode = /^(\/[A-Za-z0-9._-]+)+$/;

const inside = (path: string, other: string) => `${path}/`.startsWith(`${other}/`);

/**
 * What is wrong with the znode of a namespace: a system that makes znodes of its own there, before the namespace is
 * bound, leaves one that can't be bound any more; and one bound inside a namespace is taken for a part of it.
 *
 * @param others znodes that other things live in, by what they are
 */
export function dlogPathFaults(path: string, others: Readonly<Record<string, string>>): Omit<Fault, "path">[] {
    if (!znode.test(path)) {
        return [
            {
                expected: "a znode such as /heronbkdl: parts of letters, digits, ., _ and -",
                found: JSON.stringify(path),
            },
        ];
    }
    return Object.entries(others)
        .filter(([, other]) => inside(path, other) || inside(other, path))
        .map(([what, other]) => ({
            expected: `a znode that is neither inside nor around that of ${what} (${other})`,
            found: JSON.stringify(path),
        }));
}

/**
 * Binds a namespace to the bookies. `dlog admin bind` ends with 0 whatever happened (DistributedLogAdmin.BindCommand), so
 * what counts is what it says, and its query takes an ensemble that can't be reached for one without a binding. A second
 * bind is the proof: with exactly this binding there it says that nothing is to be updated. It is told not to change a
 * different one: asked by default, it would ask again for ever where nobody answers (IOUtils.confirmPrompt).
 */
export function dlogScript(binding: DlogBinding): string {
    const { bookkeeperServers: servers, ledgersPath } = binding;
    return `dlog=/opt/bookkeeper/bin/dlog
uri=${quoted(dlogUri(binding))}
znode=${quoted(`${binding.zookeeper.path}${binding.path}`)}
ledgers=${quoted(ledgersPath)}
servers=${quoted(servers)}
metadata=${quoted(metadataServiceUri({ servers, path: "" }, ledgersPath))}

bind() { printf 'n\\n' | "$dlog" admin bind -l "$ledgers" -s "$servers" -c "$uri"; }
fail() {
    printf '%s\\n' "$@" >&2
    exit 1
}

printf 'metadataServiceUri=%s\\n' "$metadata" > "$BOOKIE_CONF"
${bookkeeperCommand} shell whatisinstanceid ||
    fail "There is no BookKeeper cluster at $ledgers of $servers, or ZooKeeper can not be reached." \\
        'Nothing was bound. Its bookies make the cluster when they start.'

bind
proof=$(bind)
case $proof in
*'No bookkeeper binding needs to be updated'*)
    "$dlog" admin bind -q "$uri"
    ;;
*'There is bookkeeper bound to'*)
    fail "$proof" "$uri is bound to other bookies, or to other addresses of ZooKeeper; it was left alone." \\
        'If they are the same bookies at new addresses, bind it anew by hand:' \\
        "dlog admin bind -l $ledgers -s $servers -f $uri" \\
        'If they are not, what is stored there is theirs: choose another path for the namespace.'
    ;;
*)
    fail "$proof" "$uri could not be bound: see above. Where it says that the node exists," \\
        "something else has made the znode $znode: choose another path for the namespace, or, if nobody needs it," \\
        'delete that znode, and run this again.'
    ;;
esac
`;
}

/** A text as one word of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
