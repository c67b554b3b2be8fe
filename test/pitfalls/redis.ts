import type { Pitfall } from "./pitfall";

const here = (file: string) => `components/redis/${file}.ts`;
const instance = "test/redis/redisInstance.spec.ts";
const settings = "test/redis/settings.spec.ts";

const pitfall = (
    number: number,
    defect: string,
    spec: string,
    [file, find, replace]: readonly [string, string, string],
): Pitfall => ({ id: `redis-P${number}`, defect, spec, break: { file: here(file), find, replace } });

/** Redis: section 4.4 of the fact sheet, its crosscutting sections, and the code of the operator's release 0.26.0. */
export const redisPitfalls: readonly Pitfall[] = [
    pitfall(1, "removing an instance deletes its volumes", instance, [
        "resources",
        "keepAfterDelete: settings.keepVolumes,",
        "keepAfterDelete: false,",
    ]),
    pitfall(2, "up is over before the operator has made a master, or all leaders", instance, [
        "redisInstance",
        "waitFor: readiness(settings),",
        "",
    ]),
    pitfall(3, "annotations for the engine reach the pods, whose change restarts them all", instance, [
        "resources",
        'const ignoredAnnotations = ["pulumi.com/waitFor"];',
        "const ignoredAnnotations: string[] = [];",
    ]),
    pitfall(4, "the operator's default budget never lets a single pod leave", instance, [
        "resources",
        "(replicas > 1 ? { pdb: { enabled: true, maxUnavailable: 1 } } : {})",
        "(replicas > 0 ? { pdb: { enabled: true } } : {})",
    ]),
    pitfall(
        5,
        "the annotation that lets the operator delete StatefulSets stays, and a change takes all pods",
        instance,
        [
            "redisInstance",
            "const annotations = { [configHashAnnotation]",
            'const annotations = { "redis.opstreelabs.in/recreate-statefulset": "true", [configHashAnnotation]',
        ],
    ),
    pitfall(6, "a changed configuration reaches no member, since the operator does not look at it", instance, [
        "redisInstance",
        "configHash(config, ...rotations(settings)) }",
        'configHash("") }',
    ]),
    pitfall(7, "the operator's init container runs without the security of the others", instance, [
        "resources",
        "            securityContext: containerSecurity,\n        },\n        ...(tls && {",
        "        },\n        ...(tls && {",
    ]),
    pitfall(8, "Sentinel inside the replication speaks no TLS, and has neither probes nor a budget", instance, [
        "resources",
        "        clusterSize: settings.size,",
        "        clusterSize: settings.size,\n        sentinel: {},",
    ]),
    pitfall(9, "Sentinel looks after a group that clients don't ask for", instance, [
        "names",
        'export const masterGroup = "mymaster";',
        'export const masterGroup = "myMaster";',
    ]),
    pitfall(10, "the members serve whoever connects", instance, [
        "resources",
        "...(build.password && { redisSecret: { name: build.password.secretName, key: build.password.key } }),",
        "",
    ]),
    pitfall(11, "the operator reaches members by names that their certificate lacks", instance, [
        "names",
        "...headless.map((service) => `*.${host(service)}`),",
        "...headless.map(host),",
    ]),
    pitfall(12, "a cluster has no data volume, whatever storage says", instance, [
        "resources",
        "persistenceEnabled: true,",
        "persistenceEnabled: false,",
    ]),
    pitfall(13, "all leaders together get as many followers as one should have", instance, [
        "resources",
        "redisFollower: part(leaders * followersPerLeader),",
        "redisFollower: part(followersPerLeader),",
    ]),
    pitfall(14, "a follower runs beside its leader and is lost with it", instance, [
        "resources",
        "...placement(build, settings, selectorLabels(build.identity), true),",
        "...placement(build, settings, selectorLabels(build.identity), false),",
    ]),
    pitfall(15, "a roll takes the next member while the one before is still a master of its own", instance, [
        "resources",
        "const settleSeconds = 40;",
        "const settleSeconds = 0;",
    ]),
    pitfall(
        16,
        "the operator and Sentinel don't reach the members through the network policies",
        "test/redis/reachable.spec.ts",
        ["network", "toMembers([...observers, ...operator, ...clients])", "toMembers(clients)"],
    ),
    pitfall(17, "production runs without a password, or without anybody to take over", instance, [
        "checks",
        'if (tier !== "production") {',
        'if (tier === "production") {',
    ]),
    pitfall(18, "a field that the definition lacks is dropped without a word", "test/redis/crd.spec.ts", [
        "resources",
        "        redisConfig: { additionalRedisConfig: build.configName },\n        securityContext",
        "        redisConf: { additionalRedisConfig: build.configName },\n        securityContext",
    ]),
    pitfall(19, "data grows until the kernel kills the process, or keys go that nobody meant to lose", settings, [
        "redisConf",
        '["maxmemory", maxMemory(settings)],',
        "",
    ]),
    pitfall(20, "the operator's two generators name the file of writes differently, and Redis starts empty", settings, [
        "redisConf",
        '["appendfilename", \'"appendonly.aof"\'],',
        "",
    ]),
    pitfall(21, "a master that is cut off takes writes that are lost", settings, [
        "redisConf",
        "(settings.size > 2 ? 1 : 0)",
        "0",
    ]),
    pitfall(22, "an even number of Sentinels", settings, [
        "schema",
        ".literal([3, 5, 7], {",
        ".literal([2, 3, 5, 7], {",
    ]),
    pitfall(23, "two operators work on the same instances, since each watches every namespace", settings, [
        "operator",
        'watchNamespace: instances.map(({ namespace }) => namespace).join(","),',
        'watchNamespace: "",',
    ]),
    pitfall(24, "the operator goes before its instances, whose finalizers nobody ends", settings, [
        "redis",
        "after: operator.after,",
        "",
    ]),
    pitfall(25, "an operator of another release than the init containers that write its configuration", settings, [
        "operator",
        "initContainerImageTag: image.tag,",
        "",
    ]),
];
