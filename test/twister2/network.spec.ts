import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import { find, listAt } from "../support/plans";
import { dashboardLabels, ensemble, type Overrides, peerOf, planned, tcp, uploaderLabels } from "./fixtures";

const fromApiServer = { to: [{ ipBlock: { cidr: "10.43.0.1/32" } }], ports: tcp(443) };

/** Whom the pods of jobs may reach, besides each other and the API server. */
const egressOf = (plan: Plan): readonly unknown[] => {
    const egress = listAt(find(plan, "NetworkPolicy", "twister2-jobs").inputs, "spec.egress");
    assert.deepEqual(egress[0], fromApiServer);
    return egress.slice(1);
};

const toUploader = { to: [peerOf("dev-research", uploaderLabels)], ports: tcp(8080) };
const toDashboard = { to: [peerOf("dev-twister2", dashboardLabels)], ports: tcp(8080) };

describe("The network of Twister2's jobs", () => {
    const flows: readonly (readonly [string, Overrides, readonly unknown[]])[] = [
        ["uploader and dashboard", {}, [toUploader, toDashboard]],
        [
            "a bucket instead of an uploader",
            { research: { uploader: { kind: "s3", bucket: "jobs", peers: [{ cidr: "10.9.0.0/16" }], port: 9000 } } },
            [{ to: [{ ipBlock: { cidr: "10.9.0.0/16" } }], ports: tcp(9000) }, toDashboard],
        ],
        [
            "web servers of others",
            {
                research: {
                    uploader: { kind: "existing", url: "http://web", label: { key: "app", value: "web" }, port: 8081 },
                },
            },
            [{ to: [{ podSelector: { matchLabels: { app: "web" } } }], ports: tcp(8081) }, toDashboard],
        ],
        ["no uploader", { research: { uploader: { kind: "none" } } }, [toDashboard]],
        [
            "somebody else's dashboard",
            { dashboard: { kind: "external", host: "https://dash.example.com", peers: [{ cidr: "10.8.0.0/16" }] } },
            [toUploader, { to: [{ ipBlock: { cidr: "10.8.0.0/16" } }], ports: tcp(443) }],
        ],
        ["no dashboard", { dashboard: { kind: "none" } }, [toUploader]],
        [
            "the environment's ensemble",
            { zookeeper: { kind: "shared" }, ensemble },
            [toUploader, { to: [peerOf("dev-zookeeper")], ports: tcp(2181) }, toDashboard],
        ],
        [
            "somebody else's ensemble",
            {
                zookeeper: {
                    kind: "external",
                    connectionString: "zk-1:2182",
                    peers: [{ cidr: "10.7.0.0/16" }],
                    port: 2182,
                },
            },
            [toUploader, { to: [{ ipBlock: { cidr: "10.7.0.0/16" } }], ports: tcp(2182) }, toDashboard],
        ],
        [
            "no ensemble where jobs are not fault tolerant",
            { zookeeper: { kind: "shared" }, ensemble, research: { faultTolerance: { enabled: false } } },
            [toUploader, toDashboard],
        ],
        [
            "what egress names",
            { research: { egress: [{ to: [{ cidr: "10.6.0.0/16" }], ports: [{ port: 8020 }] }] } },
            [toUploader, toDashboard, { to: [{ ipBlock: { cidr: "10.6.0.0/16" } }], ports: tcp(8020) }],
        ],
    ];
    for (const [what, overrides, expected] of flows) {
        it(`lets jobs reach ${what}`, async () => {
            assert.deepEqual(egressOf((await planned(overrides)).plan), expected);
        });
    }
});
