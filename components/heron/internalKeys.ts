/** How Heron counts a value: milliseconds, seconds, minutes, megabytes, bytes, a number, a share of one, yes or no. */
export type InternalKind = "ms" | "sec" | "min" | "mb" | "bytes" | "number" | "share" | "flag";

/** One of Heron's own keys: `[key, kind, default, meaning]`. Default as a stack file has it. */
export type InternalKey = readonly [string, InternalKind, string | number | boolean, string];

/*
 * Keys and defaults are those of heron_internals.yaml of the template `kubernetes`, 0.20.5; those of the checkpoint
 * manager stand in stateful.yaml.
 */

const general = {
    exportInterval: ["heron.metrics.export.interval.sec", "sec", "60s", "How often processes hand on their metrics"],
    maxExceptions: [
        "heron.metrics.max.exceptions.per.message.count",
        "number",
        1024,
        "Exceptions in one message of metrics",
    ],
    managerCheckInterval: [
        "heron.check.tmanager.location.interval.sec",
        "sec",
        "120s",
        "How often processes look where the topology's manager is",
    ],
} as const;

const logging = {
    maximumSize: ["heron.logging.maximum.size.mb", "mb", "100Mi", "Size at which a log file is rotated"],
    maximumFiles: ["heron.logging.maximum.files", "number", 5, "Log files that each process keeps"],
    pruneInterval: [
        "heron.logging.prune.interval.sec",
        "sec",
        "300s",
        "How often native processes remove old log files",
    ],
    flushInterval: ["heron.logging.flush.interval.sec", "sec", "10s", "How often native processes flush their log"],
    errorThreshold: ["heron.logging.err.threshold", "number", 3, "Level from which native processes log to stderr"],
} as const;

const streamManager = {
    drainInterval: ["heron.streammgr.cache.drain.frequency.ms", "ms", "10ms", "How often batches of tuples are sent"],
    drainSize: ["heron.streammgr.cache.drain.size.mb", "mb", "100Mi", "Size at which they are sent earlier"],
    statefulBuffer: [
        "heron.streammgr.stateful.buffer.size.mb",
        "mb",
        "100Mi",
        "Tuples held back for a checkpoint before it is given up",
    ],
    ackBuckets: ["heron.streammgr.xormgr.rotatingmap.nbuckets", "number", 3, "Buckets that track acknowledgements"],
    pooledMessages: [
        "heron.streammgr.mempool.max.message.number",
        "number",
        512,
        "Messages of each type that are reused",
    ],
    reconnectInterval: [
        "heron.streammgr.client.reconnect.interval.sec",
        "sec",
        "1s",
        "Time between two tries to reach another stream manager",
    ],
    managerReconnectInterval: [
        "heron.streammgr.client.reconnect.tmanager.interval.sec",
        "sec",
        "10s",
        "Time between two tries to reach the topology's manager",
    ],
    managerReconnects: ["heron.streammgr.client.reconnect.tmanager.max.attempts", "number", 30, "Most of these tries"],
    maximumPacket: ["heron.streammgr.network.options.maximum.packet.mb", "mb", "10Mi", "Largest packet"],
    heartbeatInterval: [
        "heron.streammgr.tmanager.heartbeat.interval.sec",
        "sec",
        "10s",
        "How often the topology's manager is told of life",
    ],
    readBatch: ["heron.streammgr.connection.read.batch.size.mb", "mb", "1Mi", "Read from a connection at once"],
    writeBatch: ["heron.streammgr.connection.write.batch.size.mb", "mb", "1Mi", "Written to a connection at once"],
    backpressureThreshold: [
        "heron.streammgr.network.backpressure.threshold",
        "number",
        3,
        "Times that a buffer is found full before spouts are slowed down",
    ],
    highWatermark: [
        "heron.streammgr.network.backpressure.highwatermark.mb",
        "mb",
        "100Mi",
        "Unsent data of a connection above which spouts are slowed down",
    ],
    lowWatermark: [
        "heron.streammgr.network.backpressure.lowwatermark.mb",
        "mb",
        "50Mi",
        "Unsent data of a connection below which they are let go again",
    ],
} as const;

const topologyManager = {
    metricsKept: ["heron.tmanager.metrics.collector.maximum.interval.min", "min", "180m", "How long metrics are kept"],
    establishRetries: ["heron.tmanager.establish.retry.times", "number", 30, "Tries to become the topology's manager"],
    establishInterval: ["heron.tmanager.establish.retry.interval.sec", "sec", "1s", "Time between two of them"],
    serverPacket: [
        "heron.tmanager.network.server.options.maximum.packet.mb",
        "mb",
        "16Mi",
        "Largest packet of stream managers",
    ],
    controllerPacket: [
        "heron.tmanager.network.controller.options.maximum.packet.mb",
        "mb",
        "1Mi",
        "Largest packet of the API server",
    ],
    statsPacket: [
        "heron.tmanager.network.stats.options.maximum.packet.mb",
        "mb",
        "1Mi",
        "Largest packet of who asks for metrics",
    ],
    purgeInterval: [
        "heron.tmanager.metrics.collector.purge.interval.sec",
        "sec",
        "60s",
        "How often old metrics are removed",
    ],
    maxExceptions: ["heron.tmanager.metrics.collector.maximum.exception", "number", 256, "Exceptions that are kept"],
    bindAllInterfaces: [
        "heron.tmanager.metrics.network.bindallinterfaces",
        "flag",
        false,
        "Whether the metrics reporter listens on all addresses of the pod",
    ],
    streamManagerTimeout: [
        "heron.tmanager.stmgr.state.timeout.sec",
        "sec",
        "60s",
        "When a silent stream manager counts as dead",
    ],
} as const;

const metricsManager = {
    readBatchTime: ["heron.metricsmgr.network.read.batch.time.ms", "ms", "16ms", "Longest time of one reading"],
    readBatch: ["heron.metricsmgr.network.read.batch.size.bytes", "bytes", "32Ki", "Most that one reading takes"],
    writeBatchTime: ["heron.metricsmgr.network.write.batch.time.ms", "ms", "16ms", "Longest time of one writing"],
    writeBatch: ["heron.metricsmgr.network.write.batch.size.bytes", "bytes", "32Ki", "Most that one writing takes"],
    sendBuffer: [
        "heron.metricsmgr.network.options.socket.send.buffer.size.bytes",
        "bytes",
        "6553600",
        "The sockets' send buffer",
    ],
    receiveBuffer: [
        "heron.metricsmgr.network.options.socket.received.buffer.size.bytes",
        "bytes",
        "8738000",
        "The sockets' receive buffer",
    ],
    maximumPacket: ["heron.metricsmgr.network.options.maximum.packetsize.bytes", "bytes", "1Mi", "Largest packet"],
} as const;

const instance = {
    maximumPacket: ["heron.instance.network.options.maximum.packetsize.bytes", "bytes", "10Mi", "Largest packet"],
    boltReadQueue: ["heron.instance.internal.bolt.read.queue.capacity", "number", 128, "Packets that wait for a bolt"],
    boltWriteQueue: [
        "heron.instance.internal.bolt.write.queue.capacity",
        "number",
        128,
        "Packets of a bolt that wait to be sent",
    ],
    spoutReadQueue: [
        "heron.instance.internal.spout.read.queue.capacity",
        "number",
        1024,
        "Packets that wait for a spout",
    ],
    spoutWriteQueue: [
        "heron.instance.internal.spout.write.queue.capacity",
        "number",
        128,
        "Packets of a spout that wait to be sent",
    ],
    metricsQueue: [
        "heron.instance.internal.metrics.write.queue.capacity",
        "number",
        128,
        "Packets of metrics that wait to be sent",
    ],
    readBatchTime: ["heron.instance.network.read.batch.time.ms", "ms", "16ms", "Longest time of one reading"],
    readBatch: ["heron.instance.network.read.batch.size.bytes", "bytes", "32Ki", "Most that one reading takes"],
    writeBatchTime: ["heron.instance.network.write.batch.time.ms", "ms", "16ms", "Longest time of one writing"],
    writeBatch: ["heron.instance.network.write.batch.size.bytes", "bytes", "32Ki", "Most that one writing takes"],
    sendBuffer: [
        "heron.instance.network.options.socket.send.buffer.size.bytes",
        "bytes",
        "6553600",
        "The sockets' send buffer",
    ],
    receiveBuffer: [
        "heron.instance.network.options.socket.received.buffer.size.bytes",
        "bytes",
        "8738000",
        "The sockets' receive buffer",
    ],
    dataTuples: ["heron.instance.set.data.tuple.capacity", "number", 1024, "Data tuples of one batch"],
    dataTupleSize: ["heron.instance.set.data.tuple.size.bytes", "bytes", "8Mi", "Size of one batch of data tuples"],
    controlTuples: ["heron.instance.set.control.tuple.capacity", "number", 1024, "Control tuples of one batch"],
    ackBatchTime: [
        "heron.instance.ack.batch.time.ms",
        "ms",
        "128ms",
        "Longest time that a spout handles acknowledgements at once",
    ],
    emitBatchTime: ["heron.instance.emit.batch.time.ms", "ms", "16ms", "Longest time that a spout emits at once"],
    emitBatch: ["heron.instance.emit.batch.size.bytes", "bytes", "32Ki", "Most that a spout emits at once"],
    executeBatchTime: [
        "heron.instance.execute.batch.time.ms",
        "ms",
        "16ms",
        "Longest time that a bolt executes at once",
    ],
    executeBatch: ["heron.instance.execute.batch.size.bytes", "bytes", "32Ki", "Most that a bolt executes at once"],
    stateCheckInterval: [
        "heron.instance.state.check.interval.sec",
        "sec",
        "5s",
        "How often an instance looks whether it was activated or deactivated",
    ],
    forceExitTimeout: [
        "heron.instance.force.exit.timeout.ms",
        "ms",
        "2s",
        "How long an instance may take to end after an exception that nobody caught",
    ],
    reconnectInterval: [
        "heron.instance.reconnect.streammgr.interval.sec",
        "sec",
        "5s",
        "Time between two tries to reach the stream manager",
    ],
    reconnects: ["heron.instance.reconnect.streammgr.times", "number", 60, "Most of these tries"],
    metricsReconnectInterval: [
        "heron.instance.reconnect.metricsmgr.interval.sec",
        "sec",
        "5s",
        "Time between two tries to reach the metrics manager",
    ],
    metricsReconnects: ["heron.instance.reconnect.metricsmgr.times", "number", 60, "Most of these tries"],
    sampleInterval: [
        "heron.instance.metrics.system.sample.interval.sec",
        "sec",
        "10s",
        "How often an instance measures its process",
    ],
    ackBuckets: ["heron.instance.acknowledgement.nbuckets", "number", 10, "Buckets that track acknowledgements"],
    expectedBoltReadQueue: [
        "heron.instance.tuning.expected.bolt.read.queue.size",
        "number",
        8,
        "Packets that should wait for a bolt",
    ],
    expectedBoltWriteQueue: [
        "heron.instance.tuning.expected.bolt.write.queue.size",
        "number",
        8,
        "Packets of a bolt that should wait to be sent",
    ],
    expectedSpoutReadQueue: [
        "heron.instance.tuning.expected.spout.read.queue.size",
        "number",
        512,
        "Packets that should wait for a spout",
    ],
    expectedSpoutWriteQueue: [
        "heron.instance.tuning.expected.spout.write.queue.size",
        "number",
        8,
        "Packets of a spout that should wait to be sent",
    ],
    expectedMetricsQueue: [
        "heron.instance.tuning.expected.metrics.write.queue.size",
        "number",
        8,
        "Packets of metrics that should wait to be sent",
    ],
    sampleWeight: [
        "heron.instance.tuning.current.sample.weight",
        "share",
        0.8,
        "Weight of the newest sample in tuning",
    ],
    tuningInterval: ["heron.instance.tuning.interval.ms", "ms", "100ms", "How often the queues are tuned"],
} as const;

const checkpointManager = {
    writeBatch: ["heron.ckptmgr.network.write.batch.size.bytes", "bytes", "32Ki", "Most that one writing takes"],
    writeBatchTime: ["heron.ckptmgr.network.write.batch.time.ms", "ms", "16ms", "Longest time of one writing"],
    readBatch: ["heron.ckptmgr.network.read.batch.size.bytes", "bytes", "32Ki", "Most that one reading takes"],
    readBatchTime: ["heron.ckptmgr.network.read.batch.time.ms", "ms", "16ms", "Longest time of one reading"],
    sendBuffer: [
        "heron.ckptmgr.network.options.socket.send.buffer.size.bytes",
        "bytes",
        "640Ki",
        "The sockets' send buffer",
    ],
    receiveBuffer: [
        "heron.ckptmgr.network.options.socket.receive.buffer.size.bytes",
        "bytes",
        "640Ki",
        "The sockets' receive buffer",
    ],
    maximumPacket: ["heron.ckptmgr.network.options.maximum.packetsize.bytes", "bytes", "10Mi", "Largest packet"],
} as const;

/** Heron's tuning keys by part and setting. */
export const internalKeys = {
    general,
    logging,
    streamManager,
    topologyManager,
    metricsManager,
    instance,
    checkpointManager,
} as const;
