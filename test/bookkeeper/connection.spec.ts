import * as assert from "node:assert/strict";
import { plainServers } from "../../components/bookkeeper/connection";
import { zookeeper } from "./fixtures";

describe("the servers of a ZooKeeper connection", () => {
    for (const [connectionString, servers, path] of [
        ["a:2181", "a:2181", ""],
        ["a:2181,b:2182", "a:2181,b:2182", ""],
        ["a:2181,b:2182/heron", "a:2181,b:2182", "/heron"],
        ["a:2181/x/y", "a:2181", "/x/y"],
        ["a:2181/", "a:2181", ""],
    ] as const) {
        it(`of ${connectionString} stand apart from its path`, () =>
            assert.deepEqual(plainServers({ connectionString }, "books"), { servers, path }));
    }

    const tls = { connectionString: "zk:2281", rotation: 0 };
    it("are refused where they must be reached by TLS or with a login", () => {
        for (const secured of [
            { tls: { ...tls, required: true } },
            { authentication: { required: true, logins: {} } },
        ]) {
            assert.throws(
                () => plainServers({ ...zookeeper, ...secured }, "books"),
                /^Error: books connects to ZooKeeper without TLS and without a login, but the ensemble requires them$/,
            );
        }
    });

    it("are taken where they may be", () => {
        const open = { tls: { ...tls, required: false }, authentication: { required: false, logins: {} } };
        assert.equal(plainServers({ ...zookeeper, ...open }, "books").servers, zookeeper.connectionString);
    });
});
