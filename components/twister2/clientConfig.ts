import { Scalar, stringify } from "yaml";
import { targetsWith, type Target } from "../foundation/placement";
import { mebibytes, parseQuantity } from "../foundation/quantity";
import { ifGiven, milliseconds, seconds } from "../foundation/values";
import { openMpiSecretName } from "./openMpi";
import type { CheckedTwister2Settings, JobNamespaceSettings } from "./schema";
import { gibibytes } from "./uploadSchema";

/** The web server that the client copies packages to. */
export interface WebServer {
    /** URL below which job pods find them, without a slash at its end. */
    readonly url: string;
    readonly directory: string;
    readonly label: { readonly key: string; readonly value: string };
}

/** What the client's configuration is made of. */
export interface ClientContext {
    /** Name of the job namespace. */
    readonly namespace: string;
    readonly settings: JobNamespaceSettings;
    readonly nodeLocations: CheckedTwister2Settings["nodeLocations"];
    /** Image of job masters and workers. */
    readonly image: string;
    /** Absent where there is no web server for packages. */
    readonly webServer?: WebServer | undefined;
    /** URL of the dashboard; absent where there is none. */
    readonly dashboard?: string | undefined;
    /** Addresses of ZooKeeper; absent where jobs are not fault tolerant. */
    readonly zookeeper?: string | undefined;
    /** Targets of the workers. */
    readonly targets: readonly Target[];
}

type Leaf = string | number | boolean | Scalar;
type Value = Leaf | undefined | readonly Value[] | { readonly [key: string]: Value };
type Keys = Readonly<Record<string, Value>>;

/** A number that stays a `Double`: the client casts some to it, and fails on `1` (Twister2Job.loadComputeResources). */
function double(value: number): Scalar {
    const scalar = new Scalar(value);
    scalar.minFractionDigits = 1;
    return scalar;
}

const channels = {
    tcp: "edu.iu.dsc.tws.comms.tcp.TWSTCPChannel",
    mpi: "edu.iu.dsc.tws.comms.mpi.TWSMPIChannel",
    ucx: "edu.iu.dsc.tws.comms.ucx.TWSUCXChannel",
} as const;

function resourceKeys(context: ClientContext): Keys {
    const { settings } = context;
    const { jobDefaults, storage, faultTolerance } = settings;
    return {
        "twister2.resource.kubernetes.docker.image": context.image,
        "twister2.resource.class.launcher": "edu.iu.dsc.tws.rsched.schedulers.k8s.KubernetesLauncher",
        "kubernetes.namespace": context.namespace,
        "kubernetes.image.pull.policy": settings.pullPolicy,
        "kubernetes.log.in.client": settings.logInClient,
        "kubernetes.check.pods.reachable": settings.network.checkPodsReachable,
        "twister2.resource.systempackage.copy": settings.copySystemPackage,
        "twister2.resource.job.name": jobDefaults.name,
        "twister2.resource.job.worker.class": jobDefaults.workerClass,
        "twister2.resource.job.driver.class": jobDefaults.driverClass,
        "twister2.resource.worker.compute.resources": listUnlessEmpty(
            jobDefaults.computeResources.map(computeResource),
        ),
        "twister2.resource.worker.additional.ports": listUnlessEmpty(jobDefaults.additionalPorts),
        "twister2.resource.persistent.volume.per.worker": double(
            storage.kind === "mounted" ? gibibytes(storage.perWorker) : 0,
        ),
        "twister2.job.master.persistent.volume.size": double(
            storage.kind === "mounted" ? (ifGiven(storage.jobMaster, gibibytes) ?? 0) : 0,
        ),
        ...(storage.kind === "mounted" && {
            "twister2.resource.kubernetes.persistent.storage.class": storage.storageClass,
            "twister2.resource.kubernetes.storage.access.mode": storage.accessMode,
        }),
        ...uploaderKeys(context),
        ...nodeLocationKeys(context.nodeLocations),
        "kubernetes.bind.worker.to.cpu": settings.workers.bindToCpu,
        ...mappingKeys(context),
        "kubernetes.worker.mapping.uniform": settings.workers.uniformMapping,
        ...(context.zookeeper !== undefined && {
            // Its presence alone makes every job fault tolerant (ZKContext.isZooKeeperServerUsed).
            "twister2.resource.zookeeper.server.addresses": context.zookeeper,
            "twister2.resource.zookeeper.root.node.path": faultTolerance.rootPath,
        }),
    };
}

function listUnlessEmpty(list: readonly Value[]): readonly Value[] | undefined {
    return list.length === 0 ? undefined : list;
}

function computeResource(kind: JobNamespaceSettings["jobDefaults"]["computeResources"][number]): Keys {
    return {
        cpu: double(parseQuantity(kind.cpu)),
        ram: mebibytes(kind.memory),
        disk: double(ifGiven(kind.disk, gibibytes) ?? 0),
        instances: kind.instances,
        scalable: kind.scalable,
        workersPerPod: kind.workersPerPod,
    };
}

function uploaderKeys({ settings: { uploader }, webServer }: ClientContext): Keys {
    if (uploader.kind === "s3") {
        return {
            "twister2.resource.class.uploader": "edu.iu.dsc.tws.rsched.uploaders.s3.S3Uploader",
            "twister2.s3.bucket.name": `s3://${uploader.bucket}`,
            "twister2.s3.link.expiration.duration.sec": seconds(uploader.linkExpiration),
        };
    }
    return {
        "twister2.resource.class.uploader": "edu.iu.dsc.tws.rsched.uploaders.k8s.K8sUploader",
        ...(webServer && {
            "twister2.kubernetes.uploader.web.server": webServer.url,
            "twister2.kubernetes.uploader.web.server.directory": webServer.directory,
            "twister2.kubernetes.uploader.web.server.label": `${webServer.label.key}=${webServer.label.value}`,
        }),
    };
}

function nodeLocationKeys(given: ClientContext["nodeLocations"]): Keys {
    const singles = (names: Readonly<Record<string, readonly string[]>>) =>
        Object.entries(names).map(([name, members]) => ({ [name]: members }));
    return given.kind === "labels"
        ? {
              "twister2.resource.kubernetes.node.locations.from.config": false,
              "twister2.resource.rack.labey.key": given.rackKey,
              "twister2.resource.datacenter.labey.key": given.datacenterKey,
          }
        : {
              "twister2.resource.kubernetes.node.locations.from.config": true,
              // Both, empty or not: without one of them workers end with a NullPointerException.
              "twister2.resource.racks.list": singles(given.racks),
              "twister2.resource.datacenters.list": singles(given.datacenters),
          };
}

function mappingKeys({ settings: { workers }, targets }: ClientContext): Keys {
    const [target] = targetsWith(targets, "required");
    const mapping =
        target === undefined
            ? workers.nodeMapping
            : { key: target.key, operator: "In" as const, values: [target.value] };
    return {
        "kubernetes.worker.to.node.mapping": mapping !== undefined,
        ...(mapping && {
            "twister2.resource.kubernetes.worker.mapping.key": mapping.key,
            "twister2.resource.kubernetes.worker.mapping.operator": mapping.operator,
            "twister2.resource.kubernetes.worker.mapping.values": mapping.values,
        }),
    };
}

function coreKeys({ settings: { jobMaster, workers, jobDefaults }, dashboard }: ClientContext): Keys {
    return {
        "twister2.job.id": jobDefaults.id,
        "twister2.user.name": jobDefaults.userName,
        "twister2.kubernetes.jvm.memory.fraction": workers.jvmMemoryFraction,
        "twister2.job.master.used": jobMaster.used,
        "twister2.job.master.runs.in.client": jobMaster.runsInClient,
        "twister2.job.master.port": jobMaster.port,
        "twister2.job.master.cpu": double(parseQuantity(jobMaster.cpu)),
        "twister2.job.master.ram": mebibytes(jobMaster.memory),
        "twister2.job.master.volatile.volume.size": double(ifGiven(jobMaster.disk, gibibytes) ?? 0),
        "twister2.job.master.to.dashboard.connections": jobMaster.dashboardConnections,
        "twister2.dashboard.host": dashboard,
        "twister2.worker.to.job.master.response.wait.duration": milliseconds(jobMaster.responseTimeout),
        "twister2.worker.controller.max.wait.time.for.all.workers.to.join": milliseconds(workers.joinTimeout),
        "twister2.worker.controller.max.wait.time.on.barrier": milliseconds(workers.barrierTimeout),
        "twister2.worker.controller.max.wait.time.on.init.barrier": milliseconds(workers.initBarrierTimeout),
    };
}

function networkKeys({ settings: { network, openMpi, workers, jobMaster } }: ClientContext): Keys {
    return {
        // Never absent: the code's own default is OpenMPI (SchedulerContext.NETWORK_CLASS_DEFAULT).
        "twister2.network.channel.class": channels[network.channel],
        "kubernetes.secret.name": openMpiSecretName(openMpi),
        "twister2.kubernetes.check.pwd.free.ssh": network.checkPasswordFreeSsh,
        "twister2.resource.scheduler.mpi.params": network.mpiParameters,
        "kubernetes.worker.base.port": workers.basePort,
        "kubernetes.worker.transport.protocol": workers.transportProtocol,
        "kubernetes.node.port.service.requested": workers.nodePort !== undefined,
        "kubernetes.service.node.port": workers.nodePort?.port,
        "twister2.network.interfaces.for.workers": listUnlessEmpty(workers.interfaces),
        "twister2.job.master.provided.ip": jobMaster.providedIp,
        "twister2.python.port": workers.pythonPort,
    };
}

function dataKeys({ settings: { storage, setStorage, logStorage } }: ClientContext): Keys {
    return {
        "twister2.persistent.storage.type": storage.kind,
        "twister2.tset.storage.type": setStorage,
        "twister2.logging.storage.type": logStorage,
        ...(storage.kind === "hdfs" && {
            "twister2.persistent.storage.root": storage.root,
            "twister2.data.hdfs.namenode": storage.namenode,
            "twister2.data.hdfs.namenode.port": storage.namenodePort,
        }),
    };
}

function checkpointKeys({ settings: { checkpointing, faultTolerance } }: ClientContext): Keys {
    return {
        "twister2.checkpointing.enable": checkpointing.enabled,
        "twister2.checkpointing.source.frequency": milliseconds(checkpointing.sourceFrequency),
        "twister2.checkpointing.request.timeout": seconds(checkpointing.requestTimeout),
        "twister2.fault.tolerance.failure.timeout": milliseconds(faultTolerance.failureTimeout),
        "twister2.fault.tolerance.max.reexecutes": faultTolerance.maxReexecutes,
        "twister2.fault.tolerance.max.worker.restarts": faultTolerance.maxWorkerRestarts,
        "twister2.fault.tolerance.max.mpijob.restarts": faultTolerance.maxMpiJobRestarts,
    };
}

/** Folder of the client that the files belong into. */
export const clientDirectory = "conf/kubernetes";

/**
 * The files of the client's folder `conf/kubernetes`, by name. Keys that the distribution has in `conf/common` are in the
 * file of the same name here, which the client reads later (ConfigLoader): a file there would have to repeat all of the
 * distribution's.
 */
export function clientConfig(context: ClientContext): Readonly<Record<string, string>> {
    const files = {
        "resource.yaml": resourceKeys(context),
        "core.yaml": coreKeys(context),
        "network.yaml": networkKeys(context),
        "data.yaml": dataKeys(context),
        "checkpoint.yaml": checkpointKeys(context),
    };
    return Object.fromEntries(Object.entries(files).map(([name, keys]) => [name, text(keys)]));
}

/** YAML 1.1, as the client's parser reads it: a rack `no` would be false otherwise. */
function text(keys: Keys): string {
    return stringify(keys, { version: "1.1", sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}
