import type { Pitfall } from "./pitfall";

const here = (file: string) => `components/tensorflow/${file}.ts`;
const main = "test/tensorflow/tensorflow.spec.ts";

const pitfall = (
    number: number,
    defect: string,
    [file, find, replace]: readonly [string, string, string],
    spec = main,
): Pitfall => ({ id: `tensorflow-P${number}`, defect, spec, break: { file: here(file), find, replace } });

/** TensorFlow: section 4.5 of the fact sheet, its crosscutting sections, and the code of Kubeflow Trainer 2.3.0. */
export const tensorflowPitfalls: readonly Pitfall[] = [
    pitfall(1, "two stacks overwrite each other's runtimes, which belong to no namespace", [
        "tensorflow",
        "objectName: environmentName(foundation.environment, short)",
        "objectName: short",
    ]),
    pitfall(2, "jobs of the former operator's kind, which release 2 does not know", [
        "names",
        'apiVersion = "trainer.kubeflow.org/v1alpha1"',
        'apiVersion = "kubeflow.org/v1"',
    ]),
    pitfall(3, "the trainer ships no runtime for TensorFlow, and changes only what carries its labels", [
        "runtimeSpec",
        "metadata: { labels: trainerStep },",
        "metadata: { labels: {} },",
    ]),
    pitfall(4, "a job's number of nodes is ignored", ["runtimeSpec", "mlPolicy: { numNodes: settings.nodes },", ""]),
    pitfall(5, "a job's command replaces the script that tells nodes of each other", [
        "jobSpec",
        "args: [...job.command],",
        "command: [...job.command],",
    ]),
    pitfall(6, "a node does not know how many there are", [
        "jobSpec",
        '{ name: "TRAINING_NODES", value: String(nodes) },',
        "",
    ]),
    pitfall(7, "the nodes that are left wait for a lost one for ever", ["runtimeSpec", "backoffLimit: 0,", ""]),
    pitfall(8, "jobs run as root, as the image does", [
        "runtimeSpec",
        "securityContext: podSecurity(settings.user),",
        "",
    ]),
    pitfall(9, "TensorFlow has no home that it can write, and 64 MiB of shared memory", [
        "runtimeSpec",
        '{ name: "HOME", value: "/tmp" },',
        "",
    ]),
    pitfall(10, "anybody in the cluster talks to the nodes, which ask for no login", [
        "jobNamespace",
        "ingress: [amongNodes],",
        "ingress: [{ ...amongNodes, peers: [{ namespaceLabels: {} }] }],",
    ]),
    pitfall(11, "nodes don't find each other before all of them are ready", [
        "runtimeSpec",
        "network: { enableDNSHostnames: true, publishNotReadyAddresses: true },",
        "",
    ]),
    pitfall(12, "an up waits for hours for a training that nobody waits for", [
        "jobNamespace",
        'waitFor: job.awaited === "complete" ? complete : undefined,',
        "waitFor: complete,",
    ]),
    pitfall(13, "a secret stands in a job's spec", [
        "jobSpec",
        "{ name, valueFrom: { secretKeyRef: { name: given.secretName, key: given.key } } }",
        "{ name, value: given.key }",
    ]),
    pitfall(14, "the webhook refuses a patch whose owner has no domain", [
        "jobSpec",
        'const manager = "data-platform/stack";',
        'const manager = "stack";',
    ]),
    pitfall(15, "the installer of the trainer's own runtimes runs as root and fetches programs", [
        "operator",
        "runtimes: { defaultEnabled: false },",
        "runtimes: { defaultEnabled: true },",
    ]),
    pitfall(16, "TF_CONFIG names hosts that nobody has", [
        "startScript",
        '[f"{job}-${node}-0-{each}.{behind}" for each in range(nodes)]',
        '[f"{job}-{each}.{behind}" for each in range(nodes)]',
    ]),
    pitfall(
        17,
        "a field that the definition lacks is dropped without a word",
        [
            "runtimeSpec",
            "failurePolicy: { maxRestarts: settings.restarts },",
            "failurePolicy: { restarts: settings.restarts },",
        ],
        "test/tensorflow/crd.spec.ts",
    ),
];
