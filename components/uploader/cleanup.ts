import { seconds } from "../foundation/values";
import { configDirectory, packagesDirectory } from "./nginxConf";

export const cleanupFile = "cleanup.sh";

/** Seconds between two passes. */
const interval = 3600;

/** Runs the cleanup until it is asked to stop. */
export function cleanupCommand(keepFor: string): readonly string[] {
    return ["bash", `${configDirectory}/${cleanupFile}`, packagesDirectory, String(seconds(keepFor)), String(interval)];
}

/**
 * Removes packages that nobody uses any more. Whether a package is in use can't be known here: a job that runs may
 * download it again any time, when a worker restarts. So what counts is when it was last uploaded or downloaded, and
 * whether somebody holds it:
 *
 * - Uploaded: the change time. The modification time would not do, for `PUT` sets it to what the client says in `Date`.
 * - Downloaded: the access time, which the kernel writes at most once a day (`relatime`); so a day is added to it.
 *   Where a mount does not record reading (`noatime`, caching network volumes), a pass finds out by an experiment, and
 *   removes nothing.
 * - Held: `<package>.keep` stands beside it.
 *
 * A download under way needs no care: it has the file open, and reads it to the end. A package that is replaced or read
 * between the look and the removal is put back: only the very file that was looked at is removed.
 */
export const cleanupScript = `set -u
directory=$1 keep=$2 interval=$3
own=$directory/.cleanup
day=86400

say() { printf 'cleanup: %s\\n' "$*"; }

records_reading() {
    mkdir -p "$own" && echo probe > "$own/probe" && touch -a -d @0 "$own/probe" && cat "$own/probe" > /dev/null &&
        [ "$(stat -c %X "$own/probe")" -gt 0 ]
}

held() {
    [ -e "$1.keep" ] || { [ "$1" != "\${1%.keep}" ] && [ -e "\${1%.keep}" ]; }
}

state() { find "$1" -maxdepth 0 -printf '%i %A@'; }

remove() { # file, its inode and access time when it was found to be old
    mv -T -- "$1" "$own/removed" || return
    if [ "$(state "$own/removed")" = "$2" ]; then
        rm -f -- "$own/removed" && say "removed $(printf %q "$1")"
    else
        mv -n -T -- "$own/removed" "$1"
    fi
}

clean() {
    if ! records_reading; then
        say 'removed nothing: the volume does not record when a package is read'
        return
    fi
    local now entry file
    now=$(date +%s)
    while IFS= read -r -d '' entry; do
        file=/\${entry#* /}
        held "$file" || remove "$file" "\${entry%% /*}"
    done < <(find "$directory" -xdev -mindepth 1 \\( -name '.*' -o -name lost+found \\) -prune -o -type f \\
        ! -newerct "@$((now - keep))" ! -newerat "@$((now - keep - day))" -printf '%i %A@ %p\\0')
}

# The image's stop signal is QUIT. The first process of a container has no default for either.
trap 'exit 0' TERM QUIT
while true; do
    clean
    sleep "$interval" &
    wait $!
done
`;
