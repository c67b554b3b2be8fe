import * as assert from "node:assert/strict";
import type { z } from "zod";
import { checked, SettingsFaults } from "../../components/foundation/faults";
import { externalZooKeeper } from "../../components/zookeeper/connection";
import { demand, externalZookeeperSettings, zookeeperSettings } from "../../components/zookeeper/schema";

const faults = (schema: z.ZodType, given: unknown): readonly string[] => {
    try {
        checked(schema, "zk", given);
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsFaults);
        return error.message.split("\n  ").slice(1);
    }
};

describe("the settings of an ensemble", () => {
    it("are three members with room for a heap, unless told otherwise", () => {
        const { members, storage, logStorage, resources, tickTime, metrics, clients } = zookeeperSettings.parse({});
        assert.deepEqual(
            { members, storage, logStorage, resources, tickTime, metrics, clients },
            {
                members: 3,
                storage: "10Gi",
                logStorage: undefined,
                resources: { cpu: "500m", memory: "1536Mi", ephemeralStorage: "512Mi" },
                tickTime: "2s",
                metrics: true,
                clients: [],
            },
        );
    });

    it("may go in again as they came out", () => {
        const once = zookeeperSettings.parse({
            kind: "ensemble",
            members: 5,
            heap: "512Mi",
            spread: { hosts: "required" },
            tls: { client: "optional", quorum: "accepted", certificates: { kind: "existing", secretName: "zk" } },
            authentication: { users: { heron: { kind: "existing", secretName: "heron" } } },
        });
        assert.deepEqual(zookeeperSettings.parse(once), once);
    });

    const even = "1, 3, 5 or 7: an even ensemble tolerates no more losses than one member fewer";
    const room = "a heap of at most 75 % of resources.memory, since the rest of the process needs room";
    const timeouts = "at most maxSessionTimeout (default twenty ticks)";
    for (const [given, expected] of [
        [{ members: 2 }, `members: expected ${even}, found 2`],
        [{ members: 9 }, `members: expected ${even}, found 9`],
        [{ members: "3" }, `members: expected ${even}, found "3"`],
        [{ heap: "1153Mi" }, `heap: expected ${room}, found "1153Mi"`],
        [{ tickTime: "0s" }, 'tickTime: expected a time above 0 and of at most 1m, found "0s"'],
        [{ minSessionTimeout: "41s" }, `minSessionTimeout: expected ${timeouts}, found "41s"`],
        [{ maxSessionTimeout: "3s" }, `minSessionTimeout: expected ${timeouts}, found nothing`],
        [{ minSessionTimeout: "9s", maxSessionTimeout: "8s" }, `minSessionTimeout: expected ${timeouts}, found "9s"`],
        [
            { purgeInterval: "90m" },
            'purgeInterval: expected whole hours, such as 6h (ZooKeeper counts the interval in hours), found "90m"',
        ],
        [{ retainedSnapshots: 2 }, "retainedSnapshots: expected a whole number from 3 to 1000, found 2"],
        [
            { resources: { ephemeralStorage: "127Mi" } },
            'resources.ephemeralStorage: expected at least 128Mi, which scratch volumes may fill, found "127Mi"',
        ],
        [{ initLimit: 0 }, "initLimit: expected a whole number from 1 to 600, found 0"],
        [{ syncLimit: 601 }, "syncLimit: expected a whole number from 1 to 600, found 601"],
        [{ maxClientConnections: -1 }, "maxClientConnections: expected a whole number from 0 to 100000, found -1"],
    ] as const) {
        it(`refuse ${JSON.stringify(given)}`, () => assert.deepEqual(faults(zookeeperSettings, given), [expected]));
    }

    const pem = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n";
    const nothing = "nothing, unless clients use TLS with existing certificates";
    const alone = "a user name that no other login has";
    for (const [given, expected] of [
        [{ tls: { client: "on" } }, 'tls.client: expected off | optional | required, found "on"'],
        [{ tls: { quorum: true } }, "tls.quorum: expected off | accepted | preferred | required, found true"],
        [
            { tls: { clientCertificates: "need" } },
            'tls.clientCertificates: expected none where client is off, since there is no TLS for clients, found "need"',
        ],
        [{ tls: { client: "required", caCertificate: pem } }, `tls.caCertificate: expected ${nothing}, found`],
        [
            { tls: { caCertificate: pem, certificates: { kind: "existing", secretName: "zk" } } },
            `tls.caCertificate: expected ${nothing}, found`,
        ],
        [
            {
                tls: {
                    client: "required",
                    caCertificate: "/etc/ca.pem",
                    certificates: { kind: "existing", secretName: "zk" },
                },
            },
            "tls.caCertificate: expected one or more certificates in PEM form (BEGIN CERTIFICATE), found",
        ],
        [{ authentication: { users: {} } }, "authentication.users: expected at least one login, found an empty map"],
        [
            { authentication: { users: { a: { kind: "generated" }, b: { kind: "generated" } } } },
            `authentication.users.b.username: expected ${alone}, found nothing`,
        ],
        [
            { authentication: { users: { a: { kind: "generated", username: "super" } } } },
            `authentication.users.a.username: expected ${alone}, found "super"`,
        ],
    ] as const) {
        it(`refuse ${JSON.stringify(given)}`, () => {
            const [fault, ...others] = faults(zookeeperSettings, given);
            assert.ok(fault?.startsWith(expected), fault);
            assert.deepEqual(others, []);
        });
    }

    it("have no TLS and no logins by default, and one login where there are any", () => {
        const { tls, authentication } = zookeeperSettings.parse({});
        assert.deepEqual(
            [tls.client, tls.clientCertificates, tls.quorum, authentication],
            ["off", "none", "off", undefined],
        );
        const given = zookeeperSettings.parse({ authentication: {} }).authentication;
        assert.deepEqual(given, {
            required: true,
            superUser: { kind: "generated", username: "super", rotation: 0 },
            users: { client: { kind: "generated", username: "client", rotation: 0 } },
        });
    });

    it("say what they demand of a quota", () => {
        const resources = { cpu: "2", memory: "4Gi", ephemeralStorage: "1Gi" };
        const given = { members: 5, resources, storage: "3Gi" } as const;
        assert.deepEqual(demand(zookeeperSettings.parse(given)), [{ pods: 5, resources, claims: ["3Gi"] }]);
        const more = { ...given, logStorage: "1Gi", tls: { quorum: "required" }, authentication: {} } as const;
        assert.deepEqual(demand(zookeeperSettings.parse(more)), [{ pods: 5, resources, claims: ["3Gi", "1Gi"] }]);
    });

    it("take what is just allowed", () => {
        assert.deepEqual(faults(zookeeperSettings, { heap: "1152Mi" }), []);
        assert.deepEqual(faults(zookeeperSettings, { minSessionTimeout: "40s" }), []);
        assert.deepEqual(faults(zookeeperSettings, { minSessionTimeout: "9s", maxSessionTimeout: "9s" }), []);
        assert.deepEqual(faults(zookeeperSettings, { tickTime: "6s", minSessionTimeout: "2m" }), []);
    });
});

describe("an ensemble that somebody else runs", () => {
    const good = { kind: "external", connectionString: "zk-1:2181,zk-2:2182/heron", peers: [{ namespace: "zk" }] };

    it("is reached by its connection string, on the port that its policy needs", () => {
        const settings = externalZookeeperSettings.parse(good);
        assert.deepEqual(externalZooKeeper(settings), {
            connectionString: "zk-1:2181,zk-2:2182/heron",
            flow: { peers: [{ namespace: "zk" }], ports: [{ port: 2181, protocol: "TCP" }] },
        });
        const { flow } = externalZooKeeper({ ...settings, port: 2182 });
        assert.deepEqual(flow.ports, [{ port: 2182, protocol: "TCP" }]);
    });

    it("is reached with TLS where its settings say so", () => {
        const connectionString = good.connectionString;
        const connection = (tls: object) => externalZooKeeper(externalZookeeperSettings.parse({ ...good, tls })).tls;
        assert.deepEqual(connection({}), { connectionString, required: true, rotation: 0 });
        const caCertificate = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n";
        assert.deepEqual(connection({ caCertificate }), {
            connectionString,
            required: true,
            caCertificate,
            rotation: 0,
        });
    });

    for (const connectionString of ["", "zk", "zk:port", "zk:1,", "zk:1 zk:2", "zk:1/a b", "http://zk:1"]) {
        it(`is not named ${JSON.stringify(connectionString)}`, () => {
            const [fault, ...others] = faults(externalZookeeperSettings, { ...good, connectionString });
            assert.match(fault ?? "", /^connectionString: expected host:port pairs joined by commas/);
            assert.deepEqual(others, []);
        });
    }

    it("must be somewhere", () => {
        assert.deepEqual(faults(externalZookeeperSettings, { ...good, peers: [] }), [
            "peers: expected at least 1 entries, found an empty list",
        ]);
    });
});
