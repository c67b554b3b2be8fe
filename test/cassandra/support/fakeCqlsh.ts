import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { program } from "./scripts";

/** A role as the fake cluster has it. */
export interface FakeRole {
    readonly password: string;
    readonly login: boolean;
    readonly superuser: boolean;
}

/** What the fake cluster holds. */
export interface FakeState {
    readonly roles: Readonly<Record<string, FakeRole>>;
    readonly replication: Readonly<Record<string, string>>;
    /** Fails on this statement, once. */
    readonly failOn?: string;
    /** How many connections find nobody. */
    readonly away?: number;
}

/** A cluster as its first start leaves it. */
export const freshCluster: FakeState = {
    roles: { cassandra: { password: "cassandra", login: true, superuser: true } },
    replication: { class: "org.apache.cassandra.locator.SimpleStrategy", replication_factor: "1" },
};

/** A stub of cqlsh: reads credentials and CQL as the real one does, keeps roles and replication, records its calls. */
const stub = (root: string) => `#!/usr/bin/env python3
import configparser, json, os, re, stat, sys

state = json.load(open("${root}/state.json"))
argv = sys.argv[1:]
text = sys.stdin.read()

def save():
    json.dump(state, open("${root}/state.json", "w"))

def option(name):
    return argv[argv.index(name) + 1]

credentials = option("--credentials")
if stat.S_IMODE(os.stat(credentials).st_mode) != 0o600:
    sys.exit("credentials that others may read")
parser = configparser.ConfigParser(interpolation=None)
parser.read(credentials)
user = parser["PlainTextAuthProvider"]["username"]
password = parser["PlainTextAuthProvider"]["password"]
with open("${root}/calls", "a") as calls:
    calls.write(json.dumps({"argv": argv, "user": user, "text": text, "cqlshrc": open(option("--cqlshrc")).read()}) + "\\n")
if state.get("away", 0) > 0:
    state["away"] -= 1
    save()
    print("Connection error: ('Unable to connect to any servers', ConnectionRefusedError)")
    sys.exit(1)
role = state["roles"].get(user)
if role is None or role["password"] != password:
    print("Connection error: AuthenticationFailed('Error from server: code=0100 [Bad credentials] message=\\"Provided username %s and/or password are incorrect\\"')" % user)
    sys.exit(1)
if not role["login"]:
    print("AuthenticationFailed: %s is not permitted to log in" % user)
    sys.exit(1)
word = r"(?:\\"((?:[^\\"]|\\"\\")+)\\"|(\\w+))"
def named(match):
    return match.group(1).replace('""', '"') if match.group(1) is not None else match.group(2)
for line in text.splitlines():
    if state.get("failOn") and state["failOn"] in line:
        del state["failOn"]
        save()
        print("<stdin>:1:ServerError: no")
        sys.exit(2)
    role = re.match(r"(CREATE|ALTER|DROP) ROLE (IF (?:NOT )?EXISTS )?" + word, line)
    if role:
        name = role.group(3).replace('""', '"') if role.group(3) is not None else role.group(4)
        there = name in state["roles"]
        if role.group(1) == "DROP":
            state["roles"].pop(name, None)
            save()
            continue
        if role.group(1) == "CREATE" and there:
            continue
        if role.group(1) == "ALTER" and not there:
            continue
        if name == user:
            sys.exit("a superuser can't alter his own rights")
        rights = re.search(r"PASSWORD = '((?:[^']|'')*)' AND SUPERUSER = (true|false) AND LOGIN = (true|false);$", line)
        state["roles"][name] = {"password": rights.group(1).replace("''", "'"), "superuser": rights.group(2) == "true", "login": rights.group(3) == "true"}
    elif line.startswith("ALTER KEYSPACE system_auth"):
        state["replication"] = {k: v.strip("'") for k, v in re.findall(r"'([^']+)': ('[^']+'|\\d+)", line)}
    elif line.startswith("SELECT JSON replication"):
        print("\\n [json]\\n---\\n " + json.dumps({"replication": state["replication"]}) + "\\n\\n(1 rows)")
    elif not line.startswith("SELECT key"):
        sys.exit("not understood: " + line)
    save()
`;

/** One call of the stub. */
export interface FakeCall {
    readonly argv: readonly string[];
    readonly user: string;
    readonly text: string;
    readonly cqlshrc: string;
}

/** The fake cluster of a test. */
export class FakeCluster {
    constructor(
        private readonly root: string,
        state: FakeState = freshCluster,
    ) {
        this.set(state);
        program(root, "cqlsh", stub(root));
    }

    public set(state: FakeState): void {
        writeFileSync(join(this.root, "state.json"), JSON.stringify(state));
    }

    public get state(): FakeState {
        return JSON.parse(readFileSync(join(this.root, "state.json"), "utf8")) as FakeState;
    }

    public get calls(): readonly FakeCall[] {
        const file = join(this.root, "calls");
        const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
        return lines.map((line) => JSON.parse(line) as FakeCall);
    }
}
