/** Repairs each node's own ranges, one node after the other; `task.json` beside it says which and how. */
export function repairScript(): string {
    return `import json
import os
import sys

from agents import repair

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "task.json")) as file:
    task = json.load(file)
failed = repair(task["nodes"], task["keyspaces"], task["parallelism"])
if failed is not None:
    sys.exit(failed)
print("all %d nodes are repaired" % len(task["nodes"]))
`;
}

/** Takes a snapshot of every node. A node that can't is no reason to leave out the others, but the Job has failed. */
export function snapshotScript(): string {
    return `import json
import os
import sys
import time

from agents import ask

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "task.json")) as file:
    task = json.load(file)
tag = time.strftime("scheduled-%Y%m%d-%H%M%S", time.gmtime())
asked = {"operation": "snapshot", "tag": tag, "keepSeconds": task["keepSeconds"]}
failed = ["%s: %s" % (node["name"], reason) for node in task["nodes"] for reason in [ask(node, asked)] if reason]
if failed:
    sys.exit("no snapshot %s of these nodes:\\n%s" % (tag, "\\n".join(failed)))
print("snapshot %s of all %d nodes" % (tag, len(task["nodes"])))
`;
}
