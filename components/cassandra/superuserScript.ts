/** Where the superuser's script finds things; tests put other folders in their place. */
export interface SuperuserPlaces {
    /** Folder with `<login>-username` and `<login>-password`. */
    readonly logins: string;
    readonly scratch: string;
    /** Seconds between two tries. */
    readonly pause: number;
    /** Seconds after which a cluster that is not there, or that accepts no login, is given up. */
    readonly patience: number;
}

export const superuserPlaces: SuperuserPlaces = { logins: "/logins", scratch: "/tmp", pause: 5, patience: 300 };

/**
 * Brings a cluster's superuser and the copies of its users to what `task.json` says, and may be repeated. In this order,
 * since reads of users need most copies: new copies of system_auth are filled before anything is written to them.
 * Passwords reach cqlsh in a file that nobody else reads, and CQL on its standard input.
 */
export function superuserScript(places: SuperuserPlaces = superuserPlaces): string {
    return `import json
import os
import secrets
import subprocess
import sys
import time

from agents import repair

scratch = "${places.scratch}"


def login(part):
    """The name and password of a login; None where there is none."""
    parts = []
    for what in ("username", "password"):
        path = os.path.join("${places.logins}", part + "-" + what)
        if not os.path.exists(path):
            return None
        with open(path) as file:
            # Whoever wrote the Secret with an editor has a line end in it.
            parts.append(file.read().rstrip("\\r\\n"))
        if parts[-1] == "" or "\\n" in parts[-1]:
            sys.exit("the %s of the superuser is empty or has several lines" % what)
    return tuple(parts)


def private(file, text):
    path = os.path.join(scratch, file)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    return path


def cqlsh(host, user, statements):
    """Runs CQL as a user. Ends with "done", "refused" or "failed", and what cqlsh said."""
    credentials = private("credentials", "[PlainTextAuthProvider]\\nusername = %s\\npassword = %s\\n" % user)
    tls = task["tls"]
    lines = []
    if tls is not None:
        lines = ["[ssl]", "validate = true", "certfile = " + tls["authorities"]]
        if tls["certificate"] is not None:
            lines += ["usercert = " + tls["certificate"], "userkey = " + tls["certificate"]]
    command = ["cqlsh", "--no-color", "--connect-timeout", "20", "--request-timeout", "120"]
    command += ["--cqlshrc", private("cqlshrc", "\\n".join(lines) + "\\n"), "--credentials", credentials]
    command += (["--ssl"] if tls is not None else []) + [host, str(task["port"])]
    ended = subprocess.run(
        command,
        input="\\n".join(statements) + "\\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        env=dict(os.environ, HOME=scratch),
    )
    said = ended.stdout
    for secret in (user[1], present[1]):
        said = said.replace(secret, "***")
    if ended.returncode == 0:
        return "done", said
    # A node that can't read enough copies of system_auth says "Bad credentials" too, but not that they are incorrect.
    return ("refused" if "are incorrect" in said or "is not permitted to log in" in said else "failed"), said


def run(user, statements):
    """Runs CQL as a user who can log in, on the first node that answers; what cqlsh said."""
    until = time.time() + ${places.patience}
    while True:
        for node in task["nodes"]:
            outcome, said = cqlsh(node["host"], user, statements)
            if outcome == "done":
                return said
            print("%s as %s on %s: %s" % (outcome, user[0], node["name"], said.strip()), flush=True)
        if time.time() > until:
            sys.exit("no node does it as %s" % user[0])
        time.sleep(${places.pause})


def first_accepted(users):
    """The first of some users who can log in. All of them are tried on a node before the next."""
    until = time.time() + ${places.patience}
    while True:
        refused = False
        for node in task["nodes"]:
            for user in users:
                outcome, said = cqlsh(node["host"], user, ["SELECT key FROM system.local;"])
                if outcome == "done":
                    return user
                if outcome == "failed":
                    print("waiting for %s: %s" % (node["name"], said.strip()), flush=True)
                    break
                refused = True
        if time.time() > until:
            names = ", ".join(user[0] for user in users)
            sys.exit("the cluster accepts none of the users " + names if refused else "the cluster does not answer")
        time.sleep(${places.pause})


def quoted(text, mark):
    return mark + text.replace(mark, mark + mark) + mark


def replicate(user):
    """Raises the copies of system_auth here, and leaves those of other datacenters alone; never lowers any."""
    said = run(user, ["SELECT JSON replication FROM system_schema.keyspaces WHERE keyspace_name = 'system_auth';"])
    rows = [line.strip() for line in said.splitlines() if line.strip().startswith("{")]
    if len(rows) != 1:
        sys.exit("the replication of system_auth could not be read: " + said)
    present = json.loads(rows[0])["replication"]
    strategy = present.pop("class").split(".")[-1]
    copies = {dc: int(number) for dc, number in present.items()} if strategy == "NetworkTopologyStrategy" else {}
    here = task["datacenter"]
    if copies.get(here, 0) >= task["replication"]:
        print("system_auth has %d copies in %s" % (copies[here], here), flush=True)
        return
    copies[here] = task["replication"]
    parts = ["'class': 'NetworkTopologyStrategy'"]
    parts += ["%s: %d" % (quoted(dc, "'"), number) for dc, number in sorted(copies.items())]
    run(user, ["ALTER KEYSPACE system_auth WITH replication = {%s};" % ", ".join(parts)])
    print("system_auth gets %d copies in %s" % (copies[here], here), flush=True)


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "task.json")) as file:
    task = json.load(file)
present = login("present")
if present is None:
    sys.exit("the superuser's Secret has no username or no password")
if present[0] == "cassandra":
    sys.exit("the superuser must be another than cassandra, whose rights are taken away")
former = login("former")
user = first_accepted([present] + ([former] if former is not None else []) + [("cassandra", "cassandra")])
replicate(user)
failed = repair(task["nodes"], ["system_auth"], "parallel")
if failed is not None:
    sys.exit("the copies of system_auth are not filled yet: " + failed)
role, password = quoted(present[0], '"'), quoted(present[1], "'")
if user != present:
    rights = "WITH PASSWORD = %s AND SUPERUSER = true AND LOGIN = true;" % password
    # It may be there with another password: from an attempt that ended half-way, or from before a new stack.
    run(user, ["CREATE ROLE IF NOT EXISTS %s %s" % (role, rights), "ALTER ROLE %s %s" % (role, rights)])
    print("%s is there" % present[0], flush=True)
# Nobody may take his own rights away: the new superuser takes those of the one whom everybody knows.
nobody = "WITH PASSWORD = %s AND SUPERUSER = false AND LOGIN = false;" % quoted(secrets.token_urlsafe(32), "'")
statements = ["ALTER ROLE IF EXISTS cassandra " + nobody]
if task["obsolete"] is not None:
    statements.append("DROP ROLE IF EXISTS %s;" % quoted(task["obsolete"], '"'))
run(present, statements)
print("%s is the superuser, and cassandra is nobody" % present[0], flush=True)
`;
}
