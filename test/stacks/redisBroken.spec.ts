import { type Broken, itFindsEach, systemWith } from "./brokenTable";

/** One instance, with settings beside the class of its volumes. */
const cache = (settings: string) =>
    systemWith(
        "redis",
        `{ operator: { kind: existing, peers: [{ namespace: redis-operator }] }, instances: { cache: { storageClass: fast, ${settings} } } }`,
    );

const broken: readonly Broken[] = [
    [
        "no operator's pods",
        [systemWith("redis", "{ operator: { kind: existing }, instances: { cache: { storageClass: fast } } }")],
        ["data-platform:systems.redis.operator.peers: expected a list, found nothing"],
    ],
    [
        "an operator's pods in no namespace, which would be that of each instance",
        [
            systemWith(
                "redis",
                "{ operator: { kind: existing, peers: [{ podLabels: { name: redis-operator } }] }, instances: { cache: { storageClass: fast } } }",
            ),
        ],
        [
            "data-platform:systems.redis.operator.peers[0].namespace: expected the operator's namespace: without one, these would be pods beside those that it starts, found nothing",
        ],
    ],
    [
        "no instance",
        [
            systemWith(
                "redis",
                "{ operator: { kind: existing, peers: [{ namespace: redis-operator }] }, instances: {} }",
            ),
        ],
        ["data-platform:systems.redis.instances: expected at least one instance, found an empty map"],
    ],
    [
        "an instance whose name is no label",
        [
            systemWith(
                "redis",
                "{ operator: { kind: existing, peers: [{ namespace: redis-operator }] }, instances: { My_Cache: { storageClass: fast } } }",
            ),
        ],
        [
            'data-platform:systems.redis.instances.My_Cache: expected a key that is a DNS label of at most 20 characters: lower-case letters, digits and -, starting and ending with a letter or digit, found "My_Cache"',
        ],
    ],
    [
        "a kind that is none",
        [cache("kind: standalone")],
        ['data-platform:systems.redis.instances.cache.kind: expected replication | cluster, found "standalone"'],
    ],
    [
        "no member",
        [cache("size: 0")],
        ["data-platform:systems.redis.instances.cache.size: expected a whole number from 1 to 9, found 0"],
    ],
    [
        "an even number of Sentinels",
        [cache("sentinel: { size: 4 }")],
        [
            "data-platform:systems.redis.instances.cache.sentinel.size: expected 3, 5 or 7: an even number tolerates no more losses than one fewer, found 4",
        ],
    ],
    [
        "a quorum that is never reached",
        [cache("sentinel: { size: 3, quorum: 5 }")],
        ["data-platform:systems.redis.instances.cache.sentinel.quorum: expected a quorum of at most size, found 5"],
    ],
    [
        "a Sentinel that decides alone",
        [cache("sentinel: { quorum: 1 }")],
        ["data-platform:systems.redis.instances.cache.sentinel.quorum: expected a whole number from 2 to 7, found 1"],
    ],
    [
        "a time without a unit",
        [cache("sentinel: { downAfter: 5 }")],
        [
            "data-platform:systems.redis.instances.cache.sentinel.downAfter: expected a time with its unit, such as 500ms, 60s, 5m, 2h or 1d, found 5",
        ],
    ],
    [
        "replicas without which no restart is possible",
        [cache("minReplicas: 2")],
        [
            "data-platform:systems.redis.instances.cache.minReplicas: expected fewer than size - 1, or the restart of one replica stops all writes, found 2",
        ],
    ],
    [
        "too few leaders",
        [cache("kind: cluster, leaders: 2")],
        ["data-platform:systems.redis.instances.cache.leaders: expected a whole number from 3 to 100, found 2"],
    ],
    [
        "followers of a replication",
        [cache("followersPerLeader: 1")],
        [
            "data-platform:systems.redis.instances.cache.followersPerLeader: expected one of the known keys (kind, size, minReplicas, sentinel, namespace, storage, storageClass, keepVolumes, resources, maxMemoryPercent, eviction, persistence, directives, password, tls, metrics, monitoring, clients, gracePeriod, readyTimeout, targets, spread, priority), found an unknown key",
        ],
    ],
    [
        "Sentinels of a cluster",
        [cache("kind: cluster, sentinel: { size: 3 }")],
        [
            "data-platform:systems.redis.instances.cache.sentinel: expected one of the known keys (kind, leaders, followersPerLeader, nodeTimeout, nodeConfStorage, namespace, storage, storageClass, keepVolumes, resources, maxMemoryPercent, eviction, persistence, directives, password, tls, metrics, monitoring, clients, gracePeriod, readyTimeout, targets, spread, priority), found an unknown key",
        ],
    ],
    [
        "all memory for data",
        [cache("maxMemoryPercent: 100")],
        [
            "data-platform:systems.redis.instances.cache.maxMemoryPercent: expected a whole number from 10 to 80, found 100",
        ],
    ],
    [
        "an eviction that Redis does not know",
        [cache("eviction: lru")],
        [
            'data-platform:systems.redis.instances.cache.eviction: expected noeviction | allkeys-lru | allkeys-lfu | allkeys-random | volatile-lru | volatile-lfu | volatile-random | volatile-ttl, found "lru"',
        ],
    ],
    [
        "storage without a unit",
        [cache("storage: 10")],
        [
            "data-platform:systems.redis.instances.cache.storage: expected a Kubernetes quantity of at least 1Mi with a unit, such as 512Mi or 10Gi, found 10",
        ],
    ],
    [
        "a write policy that Redis does not know",
        [cache("persistence: { fsync: sometimes }")],
        [
            'data-platform:systems.redis.instances.cache.persistence.fsync: expected always | everysec | no, found "sometimes"',
        ],
    ],
    [
        "a snapshot every half second",
        [cache("persistence: { snapshots: [{ after: 500ms, changes: 1 }] }")],
        [
            'data-platform:systems.redis.instances.cache.persistence.snapshots[0].after: expected whole seconds, such as 5m, found "500ms"',
        ],
    ],
    [
        "a password among the directives",
        [cache("directives: { requirepass: hunter2 }")],
        [
            'data-platform:systems.redis.instances.cache.directives.requirepass: expected a key that is a directive that neither the operator nor another setting writes, found "requirepass"',
        ],
    ],
    [
        "a directive in capitals",
        [cache("directives: { HZ: '20' }")],
        [
            'data-platform:systems.redis.instances.cache.directives.HZ: expected a key that is a directive of redis.conf: lower-case letters, digits and -, found "HZ"',
        ],
    ],
    [
        "a password in the clear",
        [cache("password: { kind: plain, value: hunter2 }")],
        [
            'data-platform:systems.redis.instances.cache.password.kind: expected generated | existing | none, found "plain"',
        ],
    ],
    [
        "a Secret without a name",
        [cache("password: { kind: existing }")],
        [
            "data-platform:systems.redis.instances.cache.password.secretName: expected a DNS name: labels of lower-case letters, digits and -, joined by dots, found nothing",
        ],
    ],
    [
        "encryption of another kind",
        [cache("tls: { kind: mutual }")],
        ['data-platform:systems.redis.instances.cache.tls.kind: expected none | encrypted, found "mutual"'],
    ],
    [
        "a CPU limit below the request",
        [cache("resources: { cpu: 2, cpuLimit: 1 }")],
        [
            "data-platform:systems.redis.instances.cache.resources.cpuLimit: expected a CPU limit of at least the request, found 1",
        ],
    ],
    [
        "a misspelt setting",
        [cache("keepVolume: false")],
        [
            "data-platform:systems.redis.instances.cache.keepVolume: expected a known key (did you mean keepVolumes?), found an unknown key",
        ],
    ],
    [
        "no time to become ready",
        [cache("readyTimeout: 5s")],
        ['data-platform:systems.redis.instances.cache.readyTimeout: expected a time of at least 1m, found "5s"'],
    ],
    [
        "a client that is nobody",
        [cache("clients: [{}]")],
        [
            "data-platform:systems.redis.instances.cache.clients[0]: expected either pods (namespace or namespaceLabels, podLabels) or a cidr, found an empty map",
        ],
    ],
    [
        "no password in production",
        [cache("password: { kind: none }")],
        [
            'data-platform:systems.redis.instances.cache.password.kind: expected generated or existing in a production environment, found "none"',
        ],
    ],
    [
        "two members in production",
        [cache("size: 2")],
        [
            "data-platform:systems.redis.instances.cache.size: expected at least 3 in a production environment, so that a restart leaves a master and a replica, found 2",
        ],
    ],
    [
        "nobody to take over in production",
        [cache("sentinel: { kind: none }")],
        [
            'data-platform:systems.redis.instances.cache.sentinel.kind: expected own in a production environment, since nobody else replaces a lost master, found "none"',
        ],
    ],
    [
        "leaders without followers in production",
        [cache("kind: cluster, followersPerLeader: 0")],
        [
            "data-platform:systems.redis.instances.cache.followersPerLeader: expected at least 1 in a production environment, since the keys of a lost leader are gone, found 0",
        ],
    ],
];

describe("A stack file that is wrong about redis", () => itFindsEach(broken));
