import { node, nodePort } from "./names";

/** Seconds for all nodes to be found by name: they have to be scheduled, and a name that was not there is cached. */
const findSeconds = 600;

/**
 * Runs a job's own command. The trainer knows nothing of TensorFlow, so with several nodes this tells each of them who
 * the others are (TF_CONFIG), by the host names that JobSet gives: <job>-node-0-<index>.<job>.
 *
 * It stands in the runtime's command, and the job's own command in its arguments: a TrainJob's `command` would replace
 * the runtime's, its `args` do not.
 */
export const startScript = `import json, os, socket, sys, time

nodes = int(os.environ["TRAINING_NODES"])
if not sys.argv[1:]:
    sys.exit("no command: put it into the job's trainer.args, not into trainer.command")
if nodes > 1:
    index = int(os.environ["JOB_COMPLETION_INDEX"])
    if index >= nodes:
        sys.exit(f"node {index} of {nodes}: set TRAINING_NODES to the job's numNodes")
    job = os.environ["TRAINING_JOB"]
    behind = f"{job}.{os.environ['TRAINING_NAMESPACE']}.svc.{os.environ['TRAINING_DOMAIN']}"
    hosts = [f"{job}-${node}-0-{each}.{behind}" for each in range(nodes)]
    end = time.monotonic() + ${findSeconds}
    for host in hosts:
        while True:
            try:
                socket.getaddrinfo(host, ${nodePort})
                break
            except socket.gaierror:
                if time.monotonic() > end:
                    sys.exit(f"{host} was not found within ${findSeconds} seconds")
                time.sleep(2)
    cluster = {"worker": [f"{host}:${nodePort}" for host in hosts]}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})
os.execvp(sys.argv[1], sys.argv[1:])
`;
