import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import type { z } from "zod";
import { zookeeperSettings } from "../../components/zookeeper/schema";
import { heapMebibytes } from "../../components/foundation/quantity";
import { heapShare, livenessCommand, readinessCommand, zooCfg } from "../../components/zookeeper/zooCfg";

type Given = z.input<typeof zookeeperSettings>;

const config = (given: Given = {}, hosts: readonly string[] = ["a"]): string =>
    zooCfg(zookeeperSettings.parse(given), hosts);
const lines = (given: Given = {}, hosts?: readonly string[]): readonly string[] => config(given, hosts).split("\n");

describe("zoo.cfg", () => {
    it("of three members, with everything set", () => {
        const given: Given = {
            logStorage: "5Gi",
            tickTime: "3s",
            initLimit: 20,
            syncLimit: 8,
            minSessionTimeout: "4s",
            maxSessionTimeout: "1m",
            maxClientConnections: 0,
            purgeInterval: "1d",
            retainedSnapshots: 7,
        };
        assert.equal(
            config(given, ["zk-1.zk", "zk-2.zk", "zk-3.zk"]),
            `tickTime=3000
initLimit=20
syncLimit=8
minSessionTimeout=4000
maxSessionTimeout=60000
dataDir=/data
dataLogDir=/datalog
autopurge.snapRetainCount=7
autopurge.purgeInterval=24
maxClientCnxns=0
standaloneEnabled=false
reconfigEnabled=false
admin.enableServer=false
4lw.commands.whitelist=srvr,ruok,mntr,conf
metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider
metricsProvider.httpPort=7000
metricsProvider.exportJvmInfo=true
server.1=zk-1.zk:2888:3888;2181
server.2=zk-2.zk:2888:3888;2181
server.3=zk-3.zk:2888:3888;2181
`,
        );
    });

    it("of a single member, with the defaults and without metrics", () => {
        assert.equal(
            config({ members: 1, metrics: false }, ["zk-1.zk"]),
            `tickTime=2000
initLimit=10
syncLimit=5
dataDir=/data
autopurge.snapRetainCount=5
autopurge.purgeInterval=6
maxClientCnxns=60
standaloneEnabled=true
reconfigEnabled=false
admin.enableServer=false
4lw.commands.whitelist=srvr,ruok,mntr,conf
server.1=zk-1.zk:2888:3888;2181
`,
        );
    });

    it("of a member with TLS and logins, all of it required", () => {
        const given: Given = {
            members: 1,
            metrics: false,
            tls: { client: "required", clientCertificates: "need", quorum: "required" },
            authentication: {},
        };
        const [, added] = config(given, ["zk-1.zk"]).split("4lw.commands.whitelist=srvr,ruok,mntr,conf\n");
        assert.equal(
            added,
            `serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
secureClientPort=2281
ssl.keyStore.location=/security/client.pem
ssl.keyStore.type=PEM
ssl.trustStore.location=/security/client-ca.pem
ssl.trustStore.type=PEM
ssl.clientAuth=need
ssl.enabledProtocols=TLSv1.3,TLSv1.2
sslQuorum=true
portUnification=false
ssl.quorum.keyStore.location=/security/quorum.pem
ssl.quorum.keyStore.type=PEM
ssl.quorum.trustStore.location=/security/quorum-ca.pem
ssl.quorum.trustStore.type=PEM
fips-mode=false
ssl.quorum.hostnameVerification=true
ssl.quorum.clientHostnameVerification=false
learner.closeSocketAsync=true
leader.closeSocketAsync=true
authProvider.sasl=org.apache.zookeeper.server.auth.SASLAuthenticationProvider
sessionRequireClientSASLAuth=true
server.1=zk-1.zk:2888:3888;127.0.0.1:2181
`,
        );
    });

    for (const [quorum, dials, accepts] of [
        ["accepted", "sslQuorum=false", "portUnification=true"],
        ["preferred", "sslQuorum=true", "portUnification=true"],
        ["required", "sslQuorum=true", "portUnification=false"],
    ] as const) {
        it(`lets members of a quorum with TLS ${quorum} dial and accept alike (${dials}, ${accepts})`, () => {
            const written = lines({ tls: { quorum } });
            assert.ok(
                [dials, accepts].every((line) => written.includes(line)),
                written.join("\n"),
            );
            assert.deepEqual(
                written.filter((line) => /^(secureClientPort|serverCnxnFactory|ssl\.keyStore)/.test(line)),
                [],
            );
        });
    }

    for (const [client, address] of [
        ["off", "2181"],
        ["optional", "2181"],
        ["required", "127.0.0.1:2181"],
    ] as const) {
        it(`serves clients without TLS on ${address} where TLS for clients is ${client}`, () => {
            const written = lines({ tls: { client } });
            assert.ok(written.includes(`server.1=a:2888:3888;${address}`), written.join("\n"));
            assert.equal(written.includes("secureClientPort=2281"), client !== "off");
            assert.deepEqual(
                written.filter((line) => /Quorum|\.quorum\.|portUnification|fips/.test(line)),
                [],
            );
        });
    }

    for (const [setting, given, line] of [
        ["tickTime", { tickTime: "500ms" }, "tickTime=500"],
        ["initLimit", { initLimit: 600 }, "initLimit=600"],
        ["syncLimit", { syncLimit: 1 }, "syncLimit=1"],
        ["minSessionTimeout", { minSessionTimeout: "5s" }, "minSessionTimeout=5000"],
        ["maxSessionTimeout", { maxSessionTimeout: "2m" }, "maxSessionTimeout=120000"],
        ["logStorage", { logStorage: "1Gi" }, "dataLogDir=/datalog"],
        ["retainedSnapshots", { retainedSnapshots: 3 }, "autopurge.snapRetainCount=3"],
        ["purgeInterval", { purgeInterval: "0h" }, "autopurge.purgeInterval=0"],
        ["purgeInterval in another unit", { purgeInterval: "120m" }, "autopurge.purgeInterval=2"],
        ["maxClientConnections", { maxClientConnections: 5 }, "maxClientCnxns=5"],
        ["clientCertificates", { tls: { client: "optional", clientCertificates: "want" } }, "ssl.clientAuth=want"],
        ["authentication.required", { authentication: { required: false } }, "sessionRequireClientSASLAuth=false"],
    ] as const) {
        it(`shows ${setting}`, () => {
            assert.ok(lines(given).includes(line), config(given));
            assert.ok(!lines().includes(line), "it is the default");
        });
    }

    it("names no key twice and no server but its hosts, whatever is set", () => {
        const host = fc.stringMatching(/^[a-z]{1,8}$/);
        fc.assert(
            fc.property(fc.array(host, { minLength: 1, maxLength: 7 }), fc.boolean(), (hosts, metrics) => {
                const written = lines({ metrics }, hosts).filter((line) => line !== "");
                const keys = written.map((line) => line.split("=")[0]);
                assert.equal(new Set(keys).size, keys.length);
                assert.deepEqual(
                    written.filter((line) => line.startsWith("server.")),
                    hosts.map((each, index) => `server.${index + 1}=${each}:2888:3888;2181`),
                );
            }),
        );
    });
});

describe("the Java heap", () => {
    for (const [given, mebibytes] of [
        [{}, 921],
        [{ resources: { memory: "1Gi" } }, 614],
        [{ heap: "1Gi" }, 1024],
        [{ heap: "1G", resources: { memory: "4Gi" } }, 953],
    ] as const) {
        it(`is ${mebibytes} MiB for ${JSON.stringify(given)}`, () => {
            const { heap, resources } = zookeeperSettings.parse(given);
            assert.equal(heapMebibytes(heap, resources.memory, heapShare), mebibytes);
        });
    }
});

describe("probes", () => {
    /** What `nc` would print, judged by the pattern of the command as grep does. */
    const ready = (members: number, answer: string): boolean => {
        const [shell, flag, script] = readinessCommand(members);
        assert.deepEqual([shell, flag], ["bash", "-c"]);
        const [, pattern] = /^printf srvr \| nc -w 2 127\.0\.0\.1 2181 \| grep -Eq '(.+)'$/.exec(script ?? "") ?? [];
        assert.ok(pattern !== undefined, script);
        return answer.split("\n").some((line) => new RegExp(pattern).test(line));
    };

    for (const [members, mode, expected] of [
        [3, "leader", true],
        [3, "follower", true],
        [3, "observer", true],
        [3, "standalone", false],
        [1, "standalone", true],
        [1, "leader", false],
    ] as const) {
        it(`count ${mode} of ${members} as ${expected ? "ready" : "not ready"}`, () => {
            assert.equal(
                ready(members, `Zookeeper version: 3.9.4\nLatency: 0\nMode: ${mode}\nNode count: 5`),
                expected,
            );
        });
    }

    for (const answer of [
        "This ZooKeeper instance is not currently serving requests",
        "srvr is not executed because it is not in the whitelist.",
        "imok",
        "",
    ]) {
        it(`don't count ${JSON.stringify(answer)} as ready`, () => {
            assert.equal(ready(3, answer), false);
            assert.equal(ready(1, answer), false);
        });
    }

    it("need no quorum for a member to be alive", () => {
        assert.deepEqual(livenessCommand, ["bash", "-c", '[ "$(printf ruok | nc -w 2 127.0.0.1 2181)" = imok ]']);
        const asked = /^4lw\.commands\.whitelist=(.*)$/m.exec(config())?.[1]?.split(",") ?? [];
        assert.ok(["srvr", "ruok"].every((command) => asked.includes(command)));
    });
});
