import * as assert from "node:assert/strict";
import { clusterSettings } from "../../components/opensearch/clusterSchema";
import { logins } from "../../components/opensearch/clusterUsers";
import { adminRole, indexRole, metricsRole, readinessRole } from "../../components/opensearch/security";

const loginsOf = (given: object) => logins(clusterSettings.parse({ kind: "cluster", ...given }));
const names = (given: object) => loginsOf(given).map(({ name, rotation }) => [name, rotation]);
const teraslice = (rotation: number) => ({ users: { teraslice: { indexPatterns: ["prod__*"], rotation } } });

describe("the logins of a cluster", () => {
    it("are the administrator's, the probe's and those of the users", () => {
        assert.deepEqual(loginsOf(teraslice(0)), [
            { user: "admin", rotation: 0, name: "admin", role: adminRole },
            { user: "readiness", rotation: 0, name: "readiness", role: readinessRole },
            { user: "teraslice", rotation: 0, name: "teraslice", role: indexRole(["prod__*"]) },
        ]);
    });

    it("of a user are the present and the former, the present first", () => {
        assert.deepEqual(names(teraslice(1)).slice(2), [
            ["teraslice_1", 1],
            ["teraslice", 0],
        ]);
        assert.deepEqual(names(teraslice(5)).slice(2), [
            ["teraslice_5", 5],
            ["teraslice_4", 4],
        ]);
    });

    it("of one user can't be those of another", () => {
        const users = { a: { indexPatterns: ["a"], rotation: 2 }, "a-1": { indexPatterns: ["b"] } };
        const all = names({ users }).map(([name]) => name);
        assert.equal(new Set(all).size, all.length);
        assert.throws(() => loginsOf({ users: { a_1: { indexPatterns: ["a"] } } }));
    });

    it("are Prometheus' too, with the exporter; its password changes with the administrator's", () => {
        const given = { exporter: true, security: { admin: { rotation: 4 } } };
        assert.deepEqual(loginsOf(given).slice(2), [
            { user: "metrics", rotation: 4, name: "metrics", role: metricsRole },
        ]);
    });

    it("of the probe change with the certificates, of the administrator by themselves", () => {
        const security = { certificates: { kind: "generated", rotation: 3 }, admin: { rotation: 4 } };
        assert.deepEqual(names({ security }), [
            ["admin", 4],
            ["readiness", 3],
        ]);
    });
});
