/** A development stack that uses much of what there is, for tests that break it. */
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
    targets: stateful
    priority: critical
    namespace:
      name: ensembles
      quota: { pods: 9, cpu: "4", cpuLimit: "16", memory: 16Gi, storage: 200Gi }
  data-platform:opensearch:
    kind: single
    storage: 5Gi
    heap: 512Mi
    memoryMap: true
  data-platform:systems:
    teraslice:
      name: ts-dev
      targets: stateful
      executionControllerTargets: stateful
      priority: critical
      podSpecOverrides: true
      envVars: { TZ: UTC }
      timing: { shutdownTimeout: 30s }
      indices: { jobs: { shards: 2, replicas: 0 }, state: { rollover: daily } }
      assetStorage: { type: s3, connection: store }
      sharedAssets: { storageClass: efs, size: 5Gi }
      connectors:
        elasticsearchNext:
          logs: { node: [https://logs.example.com:9200], username: a, password: { secure: AAABAcipher2 } }
        s3:
          store: { endpoint: http://minio:9000, accessKeyId: { secure: AAABAa }, secretAccessKey: { secure: AAABAb } }
        kafka: { events: { brokers: ["kafka-1:9092", "kafka-2:9092"] } }
        valkey: { cache: { addresses: [{ host: valkey }] } }
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
