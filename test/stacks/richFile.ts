/** A development stack that runs all of its parts itself and uses much of what there is, for tests that break it. */
export const richFile = `
config:
  data-platform:cluster:
    context: dev
    apiServer: { cidrs: [10.43.0.1/32] }
    zones: [zone-1, zone-2, zone-3]
    storageClasses: { standard: {}, efs: { shared: true } }
  data-platform:environment: { name: dev, owner: data-team, tier: development }
  data-platform:images:
    pins: { zookeeper: 3.9.5, teraslice: v3.18.0-nodev24.19.0 }
    pullSecrets: [mirror]
    pullCredentials: { mirror: { secure: AAABAcipher } }
  data-platform:targets:
    stateful: [{ key: pool, value: stateful }, { key: pool, value: stateful, constraint: accepted }]
    jobs: [{ key: topology.kubernetes.io/zone, value: zone-1, constraint: preferred }]
  data-platform:priorityClasses:
    critical: { value: 1000000, description: Masters. }
  data-platform:zookeeper:
    members: 5
    storage: 20Gi
    logStorage: 5Gi
    storageClass: standard
    heap: 512Mi
    resources: { cpu: 250m, memory: 1Gi }
    minSessionTimeout: 4s
    maxSessionTimeout: 40s
    purgeInterval: 12h
    spread: { hosts: preferred, zones: required }
    clients: [{ namespace: other, podLabels: { app: reader } }]
    tls:
      client: optional
      clientCertificates: want
      quorum: required
      certificates: { kind: generated, validity: 90d, renewBefore: 10d, rotation: 1 }
    authentication:
      required: false
      superUser: { kind: generated, username: root, rotation: 1 }
      users: { reader: { kind: generated }, writer: { kind: existing, secretName: writer, rotation: 2 } }
    monitoring: { interval: 15s, alerts: false }
    scrapers: [{ namespace: other }]
    targets: stateful
    priority: critical
    namespace:
      name: ensembles
      quota: { pods: 9, cpu: "4", cpuLimit: "16", memory: 16Gi, storage: 200Gi }
  data-platform:opensearch:
    kind: cluster
    clusterName: search-dev
    data:
      nodes: 4
      storage: 5Gi
      storageClass: standard
      heap: 1Gi
      resources: { cpu: 500m, memory: 2Gi }
      spread: { zones: preferred }
      priority: critical
    managers: { nodes: 3, storage: 1Gi, spread: { hosts: preferred, zones: required }, targets: stateful }
    memoryMap: true
    recovery: 45m
    yellowAfter: 10m
    security:
      certificates: { kind: generated, rotation: 1 }
      admin: { rotation: 2 }
    users: { reports: { indexPatterns: ["reports-*"], rotation: 1 } }
    lifecycle: [{ name: logs, patterns: ["logs-*"], deleteAfter: 30d }]
    snapshots:
      repositories:
        nightly:
          bucket: snapshots
          basePath: dev/nightly
          endpoint: https://minio.example.com:9000
          pathStyle: true
          credentials: { secretName: snapshots, rotation: 1 }
      egress: [{ to: [{ cidr: 10.4.0.0/16 }], ports: [{ port: 9000 }] }]
    clients: [{ namespace: other }]
    namespace: { quota: { pods: 12, memory: 32Gi, storage: 100Gi } }
    exposure:
      kind: ingress
      className: nginx
      host: search.example.com
      annotations: { example.com/a: b }
      from: [{ namespace: ingress, podLabels: { app: controller } }]
      tls: { kind: issuer, clusterIssuer: letsencrypt }
      authentication: { kind: own }
      proxy: { replicas: 2, spread: { hosts: required }, maxBodySize: 100Mi, timeout: 1m }
  data-platform:uploader:
    kind: server
    storage: 10Gi
    storageClass: standard
    maxUploadSize: 256Mi
    keepFor: 30d
    transferTimeout: 1m
    writing: { kind: generated, username: jobs, rotation: 1 }
    clients: [{ namespace: other }]
    writers: [{ namespace: ci, podLabels: { app: runner } }]
    monitoring: { enabled: true, interval: 1m }
    targets: stateful
    exposure:
      kind: httpRoute
      gateway: { namespace: gateways, name: public, sectionName: https }
      hostnames: [packages.example.com, packages.example.org]
      from: [{ namespace: gateways }]
      tls: { kind: listener }
      authentication:
        kind: forward
        url: http://oauth2-proxy.auth:4180/oauth2/auth
        signInUrl: https://auth.example.com/oauth2/start
        peers: [{ namespace: auth }]
        port: 4180
  data-platform:monitoring:
    labels: { release: kube-prometheus-stack }
    interval: 1m
    scrapers: [{ namespace: monitoring, podLabels: { app: prometheus } }]
    alertLabels: { team: data }
  data-platform:systems:
    teraslice:
      name: ts-dev
      targets: stateful
      executionControllerTargets: stateful
      priority: critical
      podSpecOverrides: true
      envVars: { TZ: UTC }
      timing: { shutdownTimeout: 30s }
      indices: { jobs: { shards: 2, replicas: 2 }, state: { rollover: daily, retention: 30d } }
      credentialsRotation: 1
      monitoring: { alerts: false }
      exposure:
        kind: loadBalancer
        sourceRanges: [10.0.0.0/8]
        host: teraslice.example.com
        port: 8443
        tls: { kind: generated, validity: 90d }
        authentication: { kind: proxy, login: { kind: generated, username: operator, rotation: 1 } }
      assetStorage: { type: s3, connection: store }
      sharedAssets: { storageClass: efs, size: 5Gi }
      connectors:
        elasticsearchNext:
          logs: { node: [https://logs.example.com:9200], username: a, password: { secure: AAABAcipher2 } }
        s3:
          store: { endpoint: http://minio:9000, accessKeyId: { secure: AAABAa }, secretAccessKey: { secure: AAABAb } }
        kafka: { events: { brokers: ["kafka-1:9092", "kafka-2:9092"] } }
        valkey:
          cache: { addresses: [{ host: valkey }], password: { namespace: keys, secretName: cache, key: password } }
      egress:
        - to: [{ cidr: 10.0.0.0/8 }]
          ports: [{ port: 9000 }, { port: 9092 }, { port: 6379 }, { port: 9200 }]
      metrics: { scrapers: [{ namespace: monitoring }] }
      namespace: { quota: { pods: 50, memory: 64Gi }, containerDefaults: { cpu: 200m, memory: 1Gi } }
      jobDefaults:
        targets: jobs
        workers: 2
        resources: { requests: { cpu: 250m, memory: 1Gi }, limits: { cpu: "1", memory: 2Gi } }
        volumes: [{ name: reference, path: /data/reference }]
        labels: { team: search }
        externalPorts: [{ port: 8080, name: http, from: [{ namespace: other }] }]
        stateful: true
        podSpecOverride: { hostname: a, tolerations: [{ key: a }] }
`;

/** A staging stack that leans on what somebody else runs, and on what exists. */
export const leaningFile = `
config:
  data-platform:cluster: { context: staging, apiServer: { cidrs: [10.43.0.1/32] } }
  data-platform:environment: { name: staging, owner: data-team, tier: staging }
  data-platform:zookeeper:
    kind: external
    connectionString: zk-1:2281,zk-2:2281/dev
    peers: [{ namespace: zookeeper }]
    port: 2281
    tls: {}
  data-platform:opensearch:
    kind: cluster
    security:
      certificates: { kind: existing, secretName: nodes, rotation: 1 }
      existing:
        nodeNames: ["CN=node-*,O=acme"]
        adminSecretName: admin
        adminName: CN=admin,O=acme
    namespace: { name: search }
  data-platform:uploader:
    kind: s3
    bucket: packages
    endpoint: https://minio.example.com:9000
    pathPrefix: staging/packages
    credentials: { secretName: bucket }
    peers: [{ cidr: 10.4.0.0/16 }]
  data-platform:monitoring: { scrapers: [{ namespaceLabels: { team: monitoring } }], alerts: false }
  data-platform:systems:
    teraslice:
      name: ts-staging
      indices: { analytics: { rollover: monthly, retention: 62d }, state: { retention: 366d } }
      connectors:
        s3:
          store:
            endpoint: https://minio.example.com:9000
            accessKeyId: { namespace: keys, secretName: bucket, key: id }
            secretAccessKey: { namespace: keys, secretName: bucket, key: secret }
      assetStorage: { type: s3, connection: store }
      egress: [{ to: [{ cidr: 10.4.0.0/16 }], ports: [{ port: 9000 }] }]
      exposure:
        kind: ingress
        host: ts.example.com
        annotations: { nginx.ingress.kubernetes.io/auth-url: "https://auth.example.com" }
        from: [{ namespace: ingress }]
        tls: { kind: secret, secretName: ts-tls }
        authentication: { kind: annotations, annotatedBy: [nginx.ingress.kubernetes.io/auth-url] }
`;

/** A development stack of the systems that start pods by themselves, with much of what each offers. */
export const systemsFile = `
config:
  data-platform:cluster:
    context: dev
    apiServer: { cidrs: [10.43.0.1/32] }
    storageClasses: { standard: {}, nfs: { shared: true } }
  data-platform:environment: { name: dev, owner: data-team, tier: development }
  data-platform:images: { pullSecrets: [mirror] }
  data-platform:targets:
    batch: [{ key: pool, value: batch }, { key: pool, value: batch, constraint: accepted }, { key: zone, value: west, constraint: preferred }]
    pool: [{ key: pool, value: batch }]
  data-platform:priorityClasses: { critical: { value: 1000 }, batch: { value: 10, preemption: Never } }
  data-platform:monitoring:
    labels: { release: prometheus }
    scrapers: [{ namespace: monitoring }]
  data-platform:zookeeper: { members: 3, storageClass: standard }
  data-platform:systems:
    heron:
      zookeeper: { kind: ensemble, members: 3, storage: 5Gi }
      uploader: { kind: dlog, replicas: 2 }
      statefulStorage: { kind: dlog, replicas: 2 }
      bookkeeper: { bookies: 4, storageClass: standard, autorecovery: { kind: pods, replicas: 2 } }
      topologyNamespace: { quota: { cpu: "64", cpuLimit: "128", memory: 256Gi, pods: 100 } }
      targets: batch
      priority: critical
      topologies:
        targets: batch
        priority: batch
        clientVolumes: true
        executor: { volumes: { scratch: { kind: emptyDir, sizeLimit: 1Gi, path: /scratch } }, limits: { memory: 4Gi } }
        secretVariables: { TOKEN: { secretName: tokens, key: token } }
        egress: [{ to: [{ namespace: kafka }], ports: [{ port: 9092 }] }]
      packing: { algorithm: resourceCompliant }
      tracker: { replicas: 2 }
      exposure: { ui: { kind: ingress, host: heron.example.com, from: [{ namespace: ingress }], tls: { kind: secret, secretName: tls }, authentication: { kind: proxy } } }
    twister2:
      zookeeper: { kind: shared }
      dashboard: { kind: own, storage: 2Gi, targets: batch, priority: critical }
      nodeLocations: { kind: config, racks: { blue: [10.0.0.1] }, datacenters: { one: [blue] } }
      jobNamespaces:
        research:
          namespace: { quota: { cpu: "64", memory: 128Gi, memoryLimit: 512Gi } }
          submitters: [research]
          jobTargets: pool
          openMpi: { kind: generated, rotation: 1 }
          uploader: { kind: server, storage: 5Gi, keepFor: 7d }
          storage: { kind: mounted, storageClass: nfs, perWorker: 1Gi, jobMaster: 1Gi }
          checkpointing: { enabled: true }
          jobDefaults: { computeResources: [{ cpu: "1", memory: 2Gi, instances: 4 }] }
        batch: { uploader: { kind: none }, logInClient: true }
    flink:
      streams:
        namespace: { quota: { cpu: "64", cpuLimit: "256", memory: 128Gi, pods: 50 } }
        mode: { kind: native, least: 1, most: 8 }
        jobManager: { replicas: 2, targets: batch, priority: critical }
        taskManager: { slots: 4, targets: batch, priority: batch, labels: { team: streams }, evictable: false }
        highAvailability: { kind: zookeeper, storageDir: "s3://bucket/ha" }
        checkpointing: { directory: "s3://bucket/checkpoints", backend: rocksdb, incremental: true }
        plugins: [s3-fs-presto]
        egress: [{ to: [{ cidr: 192.0.2.0/24 }], ports: [{ port: 443 }] }]
        submitters: [{ group: research, rights: [submit, forward, debug] }]
        config: { pipeline.object-reuse: true }
        logLevels: { org.apache.kafka: WARN }
      fixed:
        mode: { kind: standalone, replicas: 3 }
        rest: { kind: loadBalancer, sourceRanges: [10.0.0.0/8] }
        secretFiles: { keys: /secrets/keys }
`;
