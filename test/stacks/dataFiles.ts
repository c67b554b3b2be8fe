/** A development stack of the data systems, which runs the operators of those that have one, with much of what each offers. */
export const dataFile = `
config:
  data-platform:cluster:
    context: dev
    apiServer: { cidrs: [10.43.0.1/32] }
    zones: [zone-1, zone-2, zone-3]
    storageClasses: { standard: {} }
  data-platform:environment: { name: dev, owner: data-team, tier: development }
  data-platform:images: { registry: registry.example.com/mirror, pullSecrets: [mirror] }
  data-platform:targets:
    stateful: [{ key: pool, value: stateful }, { key: pool, value: stateful, constraint: accepted }]
    batch: [{ key: pool, value: batch, constraint: preferred }, { key: pool, value: batch, constraint: accepted }]
  data-platform:priorityClasses: { critical: { value: 1000 }, batch: { value: 10, preemption: Never } }
  data-platform:monitoring:
    labels: { release: prometheus }
    scrapers: [{ namespace: monitoring }]
  data-platform:systems:
    cassandra:
      namespace: { name: rings, quota: { pods: 30, cpu: "16", memory: 64Gi, storage: 2Ti } }
      clusterName: Events of everybody
      datacenter: west
      racks:
        one: { nodes: 3, zone: zone-1 }
        two: { nodes: 3, rack: second, zone: zone-2, targets: stateful }
        three: { nodes: 4 }
      seedsPerRack: 2
      externalSeeds: { hosts: [seed-1.east.example.com, 10.7.0.1], peers: [{ cidr: 10.7.0.0/16 }] }
      numTokens: 8
      storage: 20Gi
      commitlogStorage: 5Gi
      storageClass: standard
      resources: { cpu: 250m, memory: 2Gi }
      heap: 768Mi
      jvmOptions: ["-Dcassandra.max_local_pause_in_ms=10000", -Xss512k]
      gracePeriod: 10m
      startTimeout: 20m
      config: { compaction_throughput: 32MiB/s, concurrent_reads: 16, memtable: { configurations: { default: { class_name: TrieMemtable } } } }
      authentication:
        kind: password
        superuser: { kind: generated, username: root, rotation: 2 }
        systemAuthReplication: 3
        cacheValidity: 10s
      internodeEncryption:
        mode: all
        optional: true
        certificates: { kind: generated, validity: 90d, renewBefore: 10d, rotation: 1 }
      clientEncryption: { mode: required, mutual: true, certificates: { kind: generated, rotation: 1 } }
      repair: { schedule: "0 1 * * 6", keyspaces: [orders, system_auth], parallelism: sequential, deadline: 1d }
      snapshots: { autoKeep: 14d, incrementalBackups: true, scheduled: { schedule: "30 3 * * *", keep: 3d } }
      replace: { cassandra-two-1: 10.7.0.9 }
      exporter: { image: registry.example.com/jmx-agent:1.5.0, jar: /opt/jmx-agent.jar }
      monitoring: { interval: 15s, alerts: false }
      scrapers: [{ namespace: other }]
      clients: [{ namespace: other, podLabels: { app: reader } }]
      egress: [{ to: [{ cidr: 10.8.0.0/16 }], ports: [{ port: 443 }] }]
      targets: stateful
      spread: { hosts: required, zones: preferred }
      priority: critical
    kafka:
      namespace: { name: streams, quota: { pods: 40, cpu: "32", memory: 96Gi, storage: 2Ti } }
      clusterId: MkU3OEVBNTcwNTJENDM2Qg
      controllers:
        kind: dedicated
        nodes: 5
        storage: 2Gi
        storageClass: standard
        resources: { cpu: 100m, memory: 1Gi }
        heap: 256Mi
        targets: stateful
        spread: { zones: required }
        priority: critical
      brokers:
        racks:
          zone-1: { nodes: 2, firstId: 100 }
          second: { nodes: 2, firstId: 300, zone: zone-2 }
        storage: 20Gi
        storageClass: standard
        resources: { cpu: 250m, memory: 2Gi }
        heap: 1Gi
        jmxAgent: { image: registry.example.com/jmx-agent:1.5.0, jar: /opt/jmx-agent.jar }
        targets: stateful
        spread: { hosts: required }
        priority: critical
      replication: { factor: 3, minInsyncReplicas: 1 }
      retention: { time: 3d, bytes: 10Gi }
      config: { compression.type: zstd, num.io.threads: 4, log.cleaner.enable: true }
      listeners:
        external:
          kind: loadBalancer
          host: broker-{id}.kafka.example.com
          loadBalancerClass: internal
          sourceRanges: [10.0.0.0/8]
          annotations: { external-dns.alpha.kubernetes.io/hostname: "{host}" }
      tls: { mode: mutual, certificates: { kind: generated, validity: 30d, renewBefore: 5d, rotation: 1 } }
      topics:
        orders: { partitions: 12, config: { retention.ms: unlimited, retention.bytes: 10Gi, min.insync.replicas: 2 } }
        order-states: { partitions: 12, replicas: 3, config: { cleanup.policy: compact, segment.bytes: 100Mi, min.cleanable.dirty.ratio: 0.1 } }
        metrics: { partitions: 1, replicas: 1, config: { compression.type: lz4, max.message.bytes: 4Mi, min.insync.replicas: 1, flush.ms: 1s } }
      users:
        checkout: { writes: [orders], acls: [{ resource: transactionalId, name: checkout-*, operations: [Describe, Write] }], rotation: 1 }
        billing: { reads: [order*], groups: [billing], quotas: { consumerByteRate: 10Mi, requestPercentage: 50 } }
        operator: { acls: [{ resource: cluster, operations: [Describe], hosts: [10.0.0.7] }, { resource: topic, name: "*", operations: [DescribeConfigs] }] }
      provision: { wait: 20m, resources: { cpu: 100m, memory: 1Gi } }
      gate: { timeout: 2m }
      gracePeriod: 5m
      startTimeout: 30m
      clients: [{ namespace: other }]
      egress: [{ to: [{ cidr: 10.8.0.0/16 }], ports: [{ port: 9000 }] }]
      exporter: { resources: { cpu: 20m, memory: 64Mi } }
      monitoring: { interval: 30s }
    spark:
      operator:
        kind: chart
        version: 2.5.2
        repository: https://charts.example.com/spark
        release: submitter
        values: { controller: { workers: 4 } }
        namespace: { name: spark-operator, quota: { pods: 9, cpu: "8", memory: 16Gi } }
        replicas: 2
        resources: { cpu: 200m, memory: 2Gi, ephemeralStorage: 3Gi }
        targets: stateful
        spread: { hosts: preferred }
        priority: critical
        egress: [{ to: [{ cidr: 10.8.0.0/16 }], ports: [{ port: 443 }] }]
        timeout: 15m
        webhook: false
      jobNamespaces:
        reports:
          namespace: { name: reports, quota: { pods: 60, cpu: "64", cpuLimit: "128", memory: 256Gi } }
          submitters: [analytics, science]
          clients: [{ namespace: other }]
          egress: [{ to: [{ cidr: 10.8.0.0/16 }], ports: [{ port: 443 }] }]
          monitoring: { alerts: false }
          applications:
            daily:
              type: Scala
              mainClass: com.example.Daily
              mainApplicationFile: s3a://jobs/daily.jar
              arguments: [--day, yesterday]
              image: registry.example.com/daily:1.4.0
              sparkVersion: 4.0.1
              restart: { policy: OnFailure, retries: 5, submissionRetries: 1, retryInterval: 1m, submissionRetryInterval: 10s }
              timeToLive: 1d
              sparkConf: { spark.sql.shuffle.partitions: 64, spark.eventLog.enabled: false }
              hadoopConf: { fs.s3a.endpoint: "https://s3.example.com" }
              dependencies:
                jars: [https://maven.example.com/a.jar]
                files: [local:///opt/files/a.txt]
                packages: [org.postgresql:postgresql:42.7.4]
                excludePackages: [org.checkerframework:checker-qual]
                repositories: [https://maven.example.com/maven2]
              env: { TZ: UTC }
              secretEnv: { STORE_KEY: { secretName: store, key: key } }
              volumes:
                config: { kind: files, files: { log4j2.properties: "rootLogger.level = warn" }, path: /config }
                lists: { kind: configMap, name: lists, path: /lists, part: driver }
                keys: { kind: secret, name: keys, path: /keys, part: executors }
                reference: { kind: claim, name: reference, readOnly: true, path: /reference }
              driver:
                cores: 2
                cpu: 500m
                cpuLimit: "2"
                memory: 2Gi
                memoryOverhead: 512Mi
                ephemeralStorage: 8Gi
                javaOptions: -XX:+UseZGC
                labels: { team: analytics }
                scratch: 4Gi
                targets: batch
                priority: batch
              executor:
                cores: 4
                memory: 4Gi
                scratch: { kind: claim, storageClass: standard, size: 20Gi }
                labels: { team: analytics }
                targets: batch
                priority: batch
              dynamicAllocation: { min: 1, max: 8, initial: 2, shuffleTimeout: 30m }
              schedule: { cron: "0 4 * * *", timeZone: Europe/Berlin, concurrency: Replace, keepSuccessful: 3, keepFailed: 5 }
            stream:
              type: Python
              mainApplicationFile: local:///opt/spark/work-dir/stream.py
              restart: { policy: Always, retryInterval: 5s }
              encrypted: false
              executor: { instances: 2, scratch: { kind: emptyDir, size: 1Gi } }
              submission: { timeout: 2m }
        adhoc: { submitters: [science] }
    redis:
      operator:
        kind: chart
        values: { redisOperator: { watchNamespace: "" } }
        namespace: { quota: { pods: 5, cpu: "4", memory: 8Gi } }
        resources: { cpu: 100m, memory: 512Mi }
        targets: stateful
        priority: critical
      instances:
        sessions:
          kind: replication
          size: 5
          minReplicas: 2
          sentinel: { kind: own, size: 5, quorum: 3, downAfter: 10s, failoverTimeout: 2m, parallelSyncs: 2, resources: { cpu: 20m, memory: 64Mi }, targets: stateful, spread: { zones: required } }
          namespace: { name: sessions, quota: { pods: 30, cpu: "16", memory: 32Gi, storage: 200Gi } }
          storage: 5Gi
          storageClass: standard
          keepVolumes: false
          resources: { cpu: 100m, memory: 512Mi }
          maxMemoryPercent: 50
          eviction: volatile-lru
          persistence: { fsync: always, snapshots: [{ after: 10m, changes: 100 }] }
          directives: { hz: "20", slowlog-log-slower-than: "5000" }
          password: { kind: generated, rotation: 1 }
          tls: { kind: encrypted, certificates: { kind: generated, validity: 30d, renewBefore: 5d, rotation: 1 } }
          monitoring: { interval: 15s }
          clients: [{ namespace: other }]
          gracePeriod: 5m
          readyTimeout: 30m
          targets: stateful
          spread: { hosts: preferred }
          priority: critical
        catalog:
          kind: cluster
          leaders: 4
          followersPerLeader: 2
          nodeTimeout: 10s
          nodeConfStorage: 512Mi
          storageClass: standard
          persistence: { appendOnly: false, snapshots: [] }
          password: { kind: none }
          metrics: false
          spread: { zones: preferred }
    tensorflow:
      operator:
        kind: chart
        release: trainer
        namespace: { name: trainer }
        replicas: 2
        priority: critical
        timeout: 20m
      runtimes:
        plain: { nodes: 2, targets: batch, priority: batch, restarts: 0 }
        accelerated:
          image: registry.example.com/training:2.20.0-gpu
          resources: { cpu: "4", memory: 16Gi, ephemeralStorage: 20Gi }
          accelerators: { nvidia.com/gpu: 2 }
          scratch: 8Gi
          sharedMemory: 2Gi
          user: 4000
          gracePeriod: 5m
          targets: batch
          spread: { hosts: preferred }
          priority: batch
      jobNamespaces:
        research:
          namespace: { quota: { pods: 30, cpu: "64", cpuLimit: "256", memory: 256Gi } }
          submitters: [research]
          egress: [{ to: [{ cidr: 10.8.0.0/16 }], ports: [{ port: 443 }] }]
          jobs:
            digits:
              runtime: accelerated
              nodes: 3
              command: [python, /app/train.py]
              resources: { cpu: "2", memory: 8Gi }
              env: { EPOCHS: { kind: value, value: "10" }, STORE_KEY: { kind: secret, secretName: store, key: key } }
              volumes:
                work: { kind: configMap, configMapName: digits, path: /work }
                keys: { kind: secret, secretName: keys, path: /keys }
                samples: { kind: claim, claimName: samples, path: /samples, readOnly: true }
              deadline: 6h
              awaited: complete
              timeout: 8h
            later: { runtime: plain, command: [python, -c, pass], suspended: true }
        teaching: {}
`;

/** A staging stack of the data systems whose operators, Secrets and certificates somebody else has made. */
export const leaningDataFile = `
config:
  data-platform:cluster: { context: staging, apiServer: { cidrs: [10.43.0.1/32] } }
  data-platform:environment: { name: staging, owner: data-team, tier: staging }
  data-platform:monitoring: { scrapers: [{ namespaceLabels: { team: monitoring } }], alerts: false }
  data-platform:systems:
    cassandra:
      racks: { one: { nodes: 1 } }
      lockMemory: true
      authentication:
        kind: password
        superuser: { kind: existing, secretName: superuser, usernameKey: name, rotation: 1 }
        authorizer: false
      internodeEncryption: { mode: rack, certificates: { kind: existing, secretName: nodes, combinedKey: node.pem, rotation: 1 } }
      clientEncryption: { mode: optional, certificates: { kind: existing, secretName: nodes, authorityKey: authority.crt } }
      repair: { enabled: false }
      snapshots: { auto: false, beforeCompaction: true }
      monitoring: { enabled: false }
    kafka:
      controllers: { kind: combined }
      brokers: { nodes: 5 }
      listeners: { external: { kind: nodePort, host: nodes.example.com, portBase: 30000, clients: [{ cidr: 10.0.0.0/8 }] } }
      topics: { a.b: { partitions: 3 }, a-b: { partitions: 3 } }
      exporter: { enabled: false }
    spark:
      operator: { kind: existing }
      jobNamespaces:
        adhoc:
          namespace: { name: adhoc, containerDefaults: { cpu: 200m, memory: 1Gi } }
          submitters: [science]
          applications:
            once: { type: R, mainApplicationFile: local:///opt/once.R, restart: { policy: Never }, submission: { awaited: false }, executor: { instances: 1 } }
            weekly: { type: Java, mainClass: com.example.Weekly, mainApplicationFile: "https://jobs.example.com/weekly.jar", schedule: { cron: "@weekly", suspended: true } }
    redis:
      operator: { kind: existing, peers: [{ namespace: operators, podLabels: { name: redis-operator } }] }
      instances:
        cache: { size: 1, sentinel: { kind: none }, password: { kind: existing, secretName: cache, passwordKey: word, rotation: 1 } }
        pair: { size: 2, tls: { kind: encrypted, certificates: { kind: existing, secretName: pair } } }
        keys: { kind: cluster, followersPerLeader: 0, tls: { kind: encrypted } }
    tensorflow:
      runtimes: { plain: {} }
      jobNamespaces: { teaching: { submitters: [students], jobs: { first: { runtime: plain, command: [python, -V] } } } }
`;
