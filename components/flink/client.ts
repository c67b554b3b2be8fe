import { yaml } from "../foundation/configFiles";
import { exposedTypes } from "./config";
import { ports, restService, type Session } from "./session";

/**
 * What people need to use a session with Flink's own client: a configuration directory, and the commands. No file holds
 * a secret; the client uses its caller's kubeconfig.
 */
export function clientFiles(session: Session): Readonly<Record<string, string>> {
    return { "config.yaml": clientConfig(session), "commands.txt": commands(session) };
}

/** The client's config.yaml: it finds a native session by its id, and any other by its address. */
function clientConfig({ id, namespace, settings }: Session): string {
    const { mode, rest } = settings;
    const found =
        mode.kind === "native"
            ? {
                  "execution.target": "kubernetes-session",
                  "kubernetes.cluster-id": id,
                  "kubernetes.namespace": namespace,
                  "kubernetes.rest-service.exposed.type": exposedTypes[rest.kind],
                  ...(rest.kind === "nodePort" && {
                      "kubernetes.rest-service.exposed.node-port-address-type": rest.nodeAddress,
                  }),
              }
            : { "execution.target": "remote", "rest.address": `${restService(id)}.${namespace}` };
    return yaml({ ...found, "rest.port": ports.rest });
}

function commands({ id, namespace, settings, release }: Session): string {
    const service = restService(id);
    const local = `localhost:${ports.rest}`;
    const attach = [
        "",
        "# Attach to the session; quit leaves it running",
        `bin/kubernetes-session.sh -Dkubernetes.cluster-id=${id} -Dkubernetes.namespace=${namespace} -Dexecution.attached=true`,
        "",
        "# Run a job from where the rest Service is reached",
        `bin/flink run --detached --target kubernetes-session -Dkubernetes.cluster-id=${id} -Dkubernetes.namespace=${namespace} <job>.jar`,
    ];
    return [
        `# Commands of Flink ${release}, the session's own release; FLINK_CONF_DIR is the directory of this file`,
        "",
        "# The UI and the REST API on this machine",
        `kubectl --namespace ${namespace} port-forward service/${service} ${ports.rest}:${ports.rest}`,
        "",
        "# Run a job through it",
        `bin/flink run --detached --target remote -m ${local} <job>.jar`,
        `bin/flink list --target remote -m ${local}`,
        ...(settings.mode.kind === "native" ? attach : []),
        "",
    ].join("\n");
}
