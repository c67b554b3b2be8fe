/** Where the node agent and those who ask it find things; tests put other folders in their place. */
export interface AgentPlaces {
    /** File with the key that requests are signed with. It is read for each: a renewed one needs no restart. */
    readonly key: string;
    /** The command that stands for nodetool, as it would stand in a shell line. */
    readonly nodetool: string;
    /** Seconds between two signs of life while nodetool says nothing. */
    readonly pulse: number;
}

export const agentPlaces: AgentPlaces = { key: "/agent-key/key", nodetool: "nodetool", pulse: 30 };

/** Port of the node agent. */
export const agentPort = 7333;

/** How far the clocks of two nodes may differ, in seconds; as long may somebody repeat a request that he overheard. */
const clockSeconds = 300;

/**
 * What is signed: when and what. Whoever lacks the key can ask for nothing, and the key itself never travels.
 * Both scripts hold it.
 */
const signature = (places: Pick<AgentPlaces, "key">) => `
def signature(when, body):
    with open("${places.key}", "rb") as file:
        key = file.read().strip()
    return hmac.new(key, when.encode() + b"\\n" + body, hashlib.sha256).hexdigest()
`;

/**
 * The agent beside a node. JMX stays on the pod's own loopback, where whoever reaches it may do everything; the agent is
 * there too, and offers just three of nodetool's commands, to who has the key. One at a time; it answers with
 * nodetool's lines, and its exit code in the last.
 */
export function nodeAgentScript(places: AgentPlaces = agentPlaces, port: number = agentPort): string {
    return `import hashlib
import hmac
import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

nodetool = shlex.split("${places.nodetool}")
busy = threading.Lock()
name = re.compile(r"[A-Za-z0-9_-]{1,64}")
parallelism = {"parallel": [], "sequential": ["-seq"], "dc_parallel": ["-dcpar"]}

${signature(places)}

def checked(value):
    if not isinstance(value, str) or name.fullmatch(value) is None:
        raise ValueError("a name of letters, digits, _ and - was expected")
    return value


def commands(asked):
    """The commands of an operation, in order; ValueError for what is none."""
    operation = asked.get("operation")
    if operation == "status":
        return [["netstats"]]
    if operation == "repair":
        # The ranges of this node only, since each node is asked; and all data, not only what no repair has seen.
        flags = ["--full", "-pr"] + parallelism[asked["parallelism"]]
        keyspaces = [[checked(each)] for each in asked.get("keyspaces") or []] or [[]]
        return [["repair"] + flags + keyspace for keyspace in keyspaces]
    if operation == "snapshot":
        return [["snapshot", "-t", checked(asked["tag"]), "--ttl", "%ds" % int(asked["keepSeconds"])]]
    raise ValueError("an unknown operation")


class Agent(BaseHTTPRequestHandler):
    timeout = 60

    def refuse(self, status, reason):
        self.send_response(status)
        self.end_headers()
        self.wfile.write((reason + "\\n").encode())

    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 65536))
        when = self.headers.get("X-Time") or ""
        signed = self.headers.get("X-Signature") or ""
        if not hmac.compare_digest(signed.encode(), signature(when, body).encode()):
            return self.refuse(401, "the request is not signed with the key")
        if abs(time.time() - int(when)) > ${clockSeconds}:
            return self.refuse(401, "the request is too old, or the clocks differ by more than ${clockSeconds} s")
        try:
            asked = json.loads(body)
            if asked["node"] != socket.gethostname():
                raise ValueError("this node is " + socket.gethostname())
            todo = commands(asked)
        except (ValueError, KeyError, TypeError) as error:
            return self.refuse(400, "not understood: %s" % error)
        # What nodetool began goes on in the node when nodetool ends: one operation ends before the next begins.
        if not busy.acquire(blocking=False):
            return self.refuse(409, "busy with what was asked before")
        try:
            self.perform(todo, asked["operation"] == "status")
        finally:
            busy.release()

    def perform(self, todo, status):
        self.send_response(200)
        self.end_headers()
        writing = threading.Lock()
        ended = threading.Event()

        def say(line):
            with writing:
                try:
                    self.wfile.write(line.encode() + b"\\n")
                    self.wfile.flush()
                except OSError:
                    # Whoever asked is gone. The operation goes on, and nobody else is let in before it ends.
                    pass

        def pulse():
            while not ended.wait(${places.pulse}):
                say("")

        threading.Thread(target=pulse, daemon=True).start()
        code = 0
        for command in todo:
            said = []
            try:
                process = subprocess.Popen(
                    nodetool + command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
                )
                for line in process.stdout:
                    said.append(line.decode(errors="replace").rstrip())
                    say(said[-1])
                    del said[:-200]
                code = process.wait()
            except OSError as error:
                say("nodetool could not be started: %s" % error)
                code = 1
            if status and code == 0 and "Mode: NORMAL" not in said:
                code = 1
            if code != 0:
                break
        ended.set()
        say("exit %d" % code)

    def log_message(self, form, *values):
        print(form % values, flush=True)


# The first process of a container ignores the signal unless it says otherwise; the pod would wait out its grace period.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
server = ThreadingHTTPServer(("", ${port}), Agent)
server.daemon_threads = True
server.serve_forever()
`;
}

/** The other side: how a Job asks an agent. The scripts of the Jobs import it as \`agents\`. */
export function askAgentScript(places: Pick<AgentPlaces, "key" | "pulse"> = agentPlaces): string {
    return `import hashlib
import hmac
import http.client
import json
import time

${signature(places)}

def ask(node, asked, show=True):
    """Asks the agent of a node, and shows what nodetool says. None when it went well, else what went wrong."""
    body = json.dumps(dict(asked, node=node["name"])).encode()
    when = str(int(time.time()))
    headers = {"X-Time": when, "X-Signature": signature(when, body)}
    last = ""
    try:
        # An agent gives a sign of life more often than this.
        connection = http.client.HTTPConnection(node["host"], node["port"], timeout=${places.pulse * 4})
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        for raw in answer:
            line = raw.decode(errors="replace").rstrip()
            if line == "":
                continue
            if answer.status != 200:
                return line
            last = line
            if show and not line.startswith("exit "):
                print("%s: %s" % (node["name"], line), flush=True)
    except (OSError, http.client.HTTPException) as error:
        return "the agent does not answer (%s)" % error
    if last == "exit 0":
        return None
    if last.startswith("exit "):
        return "nodetool ended with code %s" % last[5:]
    return "the agent went away before nodetool ended"


def unfit(nodes):
    """The nodes that are not up and in normal mode, and why."""
    found = [(node, ask(node, {"operation": "status"}, show=False)) for node in nodes]
    return ["%s: %s" % (node["name"], reason) for node, reason in found if reason is not None]


def repair(nodes, keyspaces, parallelism):
    """Repairs the ranges of one node after the other, each once. None when all went well, else what went wrong."""
    reasons = unfit(nodes)
    if reasons:
        return "nothing was repaired, for these nodes are not up and in normal mode:\\n" + "\\n".join(reasons)
    for index, node in enumerate(nodes):
        print("%s: repair begins (%d of %d)" % (node["name"], index + 1, len(nodes)), flush=True)
        reason = ask(node, {"operation": "repair", "keyspaces": keyspaces, "parallelism": parallelism})
        if reason is not None:
            # Its repair may still be under way: the next node's would be the second at a time.
            left = ", ".join(each["name"] for each in nodes[index:])
            return "the repair of %s failed: %s\\nnot repaired: %s" % (node["name"], reason, left)
    return None
`;
}
