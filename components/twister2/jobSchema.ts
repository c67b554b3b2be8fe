import { z } from "zod";
import { targetSetName } from "../foundation/placement";
import {
    bytes,
    cpu,
    duration,
    flag,
    labelKey,
    labelValue,
    milliseconds,
    oneOf,
    port,
    settings,
    text,
    whole,
    words,
} from "../foundation/values";
import { absolutePath } from "./uploadSchema";

const time = (own: string, key: string, meaning: string) =>
    duration().default(own).describe(`${meaning} (${key}). Default ${own}.`);

const className = () =>
    text(
        /^[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*$/,
        500,
        "a Java class with its package, such as edu.iu.dsc.tws.examples.basic.HelloWorld",
    );

/** What each worker of one kind gets. */
const computeResourceSettings = settings({
    cpu: cpu().describe("Cores that each worker requests."),
    memory: bytes().describe("Memory that each worker requests; workers.jvmMemoryFraction of it is its heap."),
    disk: bytes().optional().describe("Volatile disk of each worker. Default none."),
    instances: whole(1, 100_000).describe("Number of pods."),
    workersPerPod: whole(1, 1000).default(1).describe("Workers in each pod. Default 1."),
    scalable: flag().default(false).describe("Whether a job may scale them; one kind at most. Default false."),
});

/** What a job gets whose code says nothing else. */
export const jobDefaultSettings = settings({
    name: text(
        /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
        30,
        "a job name of at most 30 lower-case letters, digits and -, starting with a letter and not ending with -",
    )
        .optional()
        .describe("Name of jobs that have none (twister2.resource.job.name). Default: none."),
    id: text(
        /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
        49,
        "a job id of at most 49 lower-case letters, digits and -, starting with a letter and not ending with -",
    )
        .optional()
        .describe(
            "Id of the one job that is started again from its checkpoints (twister2.job.id). Default: made of the user, the name and the time.",
        ),
    userName: words()
        .optional()
        .describe("User in the ids of jobs (twister2.user.name). Default: the user that submits."),
    workerClass: className()
        .optional()
        .describe("Class of the workers (twister2.resource.job.worker.class). Default: none."),
    driverClass: className()
        .optional()
        .describe("Class of the driver (twister2.resource.job.driver.class). Default: none."),
    computeResources: z
        .array(computeResourceSettings)
        .default([])
        .describe("Kinds of workers (twister2.resource.worker.compute.resources). Default none: jobs bring their own."),
    additionalPorts: z
        .array(words())
        .default([])
        .describe(
            "Names of further ports of each worker (twister2.resource.worker.additional.ports), which follow its first one. Default none.",
        ),
})
    .refine(({ computeResources }) => computeResources.filter(({ scalable }) => scalable).length <= 1, {
        path: ["computeResources"],
        error: "at most one kind that is scalable",
    })
    .prefault({});

/** The job master of each job. */
export const jobMasterSettings = settings({
    used: flag().default(true).describe("Whether jobs have a job master (twister2.job.master.used). Default true."),
    runsInClient: flag()
        .default(false)
        .describe(
            "Whether it runs in the submitting client instead of a pod (twister2.job.master.runs.in.client), which pods must reach: egress says how. Default false.",
        ),
    providedIp: z
        .union([z.ipv4(), z.ipv6()], { error: "an IP address" })
        .optional()
        .describe(
            "Its address where it runs in the client and the client can't know it (twister2.job.master.provided.ip). Default: what the client finds.",
        ),
    port: port().default(11011).describe("Its port (twister2.job.master.port). Default 11011."),
    cpu: cpu().default("200m").describe("Cores that it requests (twister2.job.master.cpu). Default 200m."),
    memory: bytes()
        .default("1Gi")
        .describe("Its heap (twister2.job.master.ram); the pod requests 128Mi more. Default 1Gi."),
    disk: bytes().optional().describe("Its volatile disk (twister2.job.master.volatile.volume.size). Default none."),
    dashboardConnections: whole(1, 1000)
        .default(3)
        .describe(
            "Connections to the dashboard (twister2.job.master.to.dashboard.connections); more for jobs with many workers. Default 3.",
        ),
    responseTimeout: time(
        "100s",
        "twister2.worker.to.job.master.response.wait.duration",
        "How long workers wait for its answer",
    ),
})
    .refine((given) => given.providedIp === undefined || given.runsInClient, {
        path: ["providedIp"],
        error: "nothing, unless runsInClient: a job master in a pod is found by its name",
    })
    .prefault({});

const operators = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] as const;

/** Nodes that workers run on, by one label. */
const nodeMappingSettings = settings({
    key: labelKey().describe("Key of a node label (twister2.resource.kubernetes.worker.mapping.key)."),
    operator: oneOf(...operators)
        .default("In")
        .describe("How values are compared (twister2.resource.kubernetes.worker.mapping.operator). Default In."),
    values: z
        .array(labelValue())
        .default([])
        .describe(
            "Values of the label (twister2.resource.kubernetes.worker.mapping.values): none for Exists and DoesNotExist, one whole number for Gt and Lt. Default none.",
        ),
}).superRefine(({ operator, values }, context) => {
    const expected = valuesExpected(operator, values);
    if (expected !== undefined) {
        context.addIssue({ code: "custom", path: ["values"], message: expected });
    }
});

function valuesExpected(operator: (typeof operators)[number], values: readonly string[]): string | undefined {
    switch (operator) {
        case "Exists":
        case "DoesNotExist":
            return values.length === 0 ? undefined : `no values, since ${operator} compares none`;
        case "Gt":
        case "Lt":
            return values.length === 1 && /^-?\d+$/.test(values[0] ?? "")
                ? undefined
                : `one whole number as text, since ${operator} compares with one`;
        case "In":
        case "NotIn":
            return values.length > 0 ? undefined : `at least one value for ${operator}`;
    }
}

/** The workers of each job. */
export const workerSettings = settings({
    jvmMemoryFraction: z
        .number({ error: "a number above 0 and at most 0.95" })
        .gt(0, { error: "a number above 0 and at most 0.95", abort: true })
        .max(0.95, { error: "a number above 0 and at most 0.95", abort: true })
        .default(0.8)
        .describe(
            "Part of a worker's memory that is its heap (twister2.kubernetes.jvm.memory.fraction); the job's package lies in memory beside it. Default 0.8.",
        ),
    basePort: port()
        .default(9000)
        .describe("Port of a pod's first worker (kubernetes.worker.base.port); the others' follow it. Default 9000."),
    transportProtocol: oneOf("TCP", "UDP")
        .default("TCP")
        .describe("How workers connect (kubernetes.worker.transport.protocol). Default TCP."),
    nodePort: settings({
        port: whole(30000, 32767)
            .optional()
            .describe("Its number (kubernetes.service.node.port). Default: one that the cluster picks for each job."),
    })
        .optional()
        .describe(
            "Given where workers are reached from outside, at a port of the nodes (kubernetes.node.port.service.requested). Default: they are not.",
        ),
    bindToCpu: flag()
        .default(false)
        .describe(
            "Whether each worker has cores of its own (kubernetes.bind.worker.to.cpu): limits instead of requests, and whole cores. Default false.",
        ),
    nodeMapping: nodeMappingSettings
        .optional()
        .describe("Nodes that the workers of a job's first kind run on, by one label. Default: any."),
    uniformMapping: oneOf("none", "all-same-node", "all-separate-nodes")
        .default("none")
        .describe("Whether a job's workers share nodes (kubernetes.worker.mapping.uniform). Default none: either."),
    interfaces: z
        .array(text(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/, 15, "the name of a network interface, such as eth0"))
        .default([])
        .describe(
            "Network interfaces, the first that is up counts (twister2.network.interfaces.for.workers). Default: that of the pod's name.",
        ),
    pythonPort: port()
        .default(5400)
        .describe("Port of Python workers, plus the worker's number (twister2.python.port). Default 5400."),
    joinTimeout: time(
        "100s",
        "twister2.worker.controller.max.wait.time.for.all.workers.to.join",
        "How long the workers of a job wait for the last to join, with its node and image; then the job fails",
    ),
    barrierTimeout: time(
        "100s",
        "twister2.worker.controller.max.wait.time.on.barrier",
        "How long they wait for each other at a barrier",
    ),
    initBarrierTimeout: time(
        "10m",
        "twister2.worker.controller.max.wait.time.on.init.barrier",
        "How long they wait at the first barrier",
    ),
}).prefault({});

/** What happens when a worker or a whole job fails. */
export const faultToleranceSettings = settings({
    enabled: flag()
        .optional()
        .describe(
            "Whether jobs keep their state in ZooKeeper, and so outlive the loss of workers and of the job master (twister2.resource.zookeeper.server.addresses). Every job depends on ZooKeeper then. Default: where zookeeper is not none.",
        ),
    rootPath: absolutePath()
        .default("/twister2")
        .describe(
            "Node of ZooKeeper below which jobs keep it (twister2.resource.zookeeper.root.node.path). Default /twister2.",
        ),
    failureTimeout: time(
        "10s",
        "twister2.fault.tolerance.failure.timeout",
        "How long a worker may be silent before it counts as failed",
    ),
    maxReexecutes: whole(0, 10_000)
        .default(5)
        .describe(
            "How often workers begin again after others failed (twister2.fault.tolerance.max.reexecutes). Default 5.",
        ),
    maxWorkerRestarts: whole(0, 10_000)
        .default(5)
        .describe("How often a worker may start again (twister2.fault.tolerance.max.worker.restarts). Default 5."),
    maxMpiJobRestarts: whole(0, 10_000)
        .default(1)
        .describe(
            "How often an OpenMPI job may start again (twister2.fault.tolerance.max.mpijob.restarts). Default 1.",
        ),
}).prefault({});

/** Checkpoints of jobs. */
export const checkpointingSettings = settings({
    enabled: flag()
        .default(false)
        .describe(
            "Whether jobs write checkpoints (twister2.checkpointing.enable); they need storage that workers and job master share. Default false.",
        ),
    sourceFrequency: time(
        "1s",
        "twister2.checkpointing.source.frequency",
        "How often a streaming job's sources begin one",
    ),
    requestTimeout: duration()
        .refine((given) => milliseconds(given) >= 1000 && milliseconds(given) % 1000 === 0, {
            error: "whole seconds, at least 1s: Twister2 counts them",
        })
        .default("10m")
        .describe(
            "How long a message about one may take (twister2.checkpointing.request.timeout). Default 10m, the code's; the client's own file says 50000, which are seconds.",
        ),
}).prefault({});

/** How workers talk to each other. */
export const networkSettings = settings({
    channel: oneOf("tcp", "mpi", "ucx")
        .default("tcp")
        .describe(
            "Their library (twister2.network.channel.class). mpi makes every job an OpenMPI job, which needs openMpi. Default tcp.",
        ),
    checkPasswordFreeSsh: flag()
        .default(false)
        .describe(
            "Whether an OpenMPI job tries its logins before it starts (twister2.kubernetes.check.pwd.free.ssh). Default false.",
        ),
    mpiParameters: z
        .string({ error: "text" })
        .default("")
        .describe("Further parameters of mpirun (twister2.resource.scheduler.mpi.params). Default none."),
    checkPodsReachable: flag()
        .default(false)
        .describe(
            "Whether workers wait until all pods can be reached (kubernetes.check.pods.reachable). Default false.",
        ),
}).prefault({});

/** Name of the target set of workers. */
export const jobTargetSetting = targetSetName()
    .optional()
    .describe(
        "Target set of the workers of a job's first kind, which become Twister2's node mapping: one required target and no others, since it knows one label and no tolerations, and none for job masters. Default: anywhere.",
    );
