import * as assert from "node:assert/strict";
import type { z } from "zod";
import { sumOfDemands } from "../../components/foundation/demand";
import { checked, SettingsFaults } from "../../components/foundation/faults";
import { s3Uploader } from "../../components/uploader/connection";
import { demand, s3UploaderSettings, uploaderServerSettings } from "../../components/uploader/schema";

const faults = (schema: z.ZodType, given: unknown): readonly string[] => {
    try {
        checked(schema, "packages", given);
        return [];
    } catch (error) {
        assert.ok(error instanceof SettingsFaults);
        return error.message.split("\n  ").slice(1);
    }
};

describe("the settings of a server for packages", () => {
    it("keep everything, and let one generated user write, unless told otherwise", () => {
        assert.deepEqual(uploaderServerSettings.parse({}), {
            storage: "20Gi",
            maxUploadSize: "512Mi",
            monitoring: { enabled: true, alerts: true },
            transferTimeout: "5m",
            writing: { kind: "generated", username: "uploader", rotation: 0 },
            clients: [],
            writers: [],
            resources: { cpu: "250m", memory: "256Mi", ephemeralStorage: "512Mi" },
        });
    });

    it("may go in again as they came out", () => {
        const once = uploaderServerSettings.parse({ kind: "server", keepFor: "30d", writing: { kind: "none" } });
        assert.deepEqual(uploaderServerSettings.parse(once), once);
    });

    for (const [given, expected] of [
        [{ keepFor: "23h" }, 'keepFor: expected a time of at least 1d, such as 30d, found "23h"'],
        [{ transferTimeout: "999ms" }, 'transferTimeout: expected a time of at least 1s, found "999ms"'],
        [
            { maxUploadSize: "2Gi", storage: "1Gi" },
            'maxUploadSize: expected at most storage, since the package goes there, found "2Gi"',
        ],
        [
            { writing: { kind: "none" }, writers: [{ namespace: "team" }] },
            "writers: expected no writers, since writing.kind is none, found a list of 1",
        ],
        [
            { writing: { kind: "generated", username: "a:b" } },
            'writing.username: expected a user name: at most 63 letters, digits, ., _ and -, not first, found "a:b"',
        ],
        [
            { writing: { kind: "generated", rotation: -1 } },
            "writing.rotation: expected a whole number from 0 to 1000000, found -1",
        ],
        [
            { writing: { kind: "existing" } },
            "writing.secretName: expected a DNS name: labels of lower-case letters, digits and -, joined by dots, found nothing",
        ],
        [{ writing: { kind: "open" } }, 'writing.kind: expected generated | existing | none, found "open"'],
        [
            { resources: { ephemeralStorage: "15Mi" } },
            'resources.ephemeralStorage: expected at least 16Mi, which scratch volumes may fill, found "15Mi"',
        ],
    ] as const) {
        it(`refuse ${JSON.stringify(given)}`, () =>
            assert.deepEqual(faults(uploaderServerSettings, given), [expected]));
    }

    it("take what is just allowed", () => {
        const given = { keepFor: "1d", transferTimeout: "1s", storage: "1Gi", maxUploadSize: "1Gi" };
        assert.deepEqual(faults(uploaderServerSettings, given), []);
    });

    it("ask a quota for the server, and for the cleanup where there is one", () => {
        const resources = { cpu: "100m", cpuLimit: "1", memory: "128Mi" };
        const asked = (given: z.input<typeof uploaderServerSettings>) =>
            sumOfDemands(demand(uploaderServerSettings.parse({ ...given, resources, storage: "5Gi" })));
        const memory = (mebibytes: number) => ({ memory: mebibytes * 2 ** 20, memoryLimit: mebibytes * 2 ** 20 });
        const server = { pods: 1, cpu: 0.1, cpuLimit: 1, ...memory(128), storage: 5 * 2 ** 30 };
        assert.deepEqual(asked({}), server);
        assert.deepEqual(asked({ keepFor: "7d" }), { ...server, cpu: 0.11, cpuLimit: 1.1, ...memory(192) });
    });
});

describe("a bucket for packages", () => {
    const peers = [{ cidr: "10.1.0.0/16" }];
    const bucket = { kind: "s3", bucket: "packages-dev", endpoint: "http://store.example:9000", peers } as const;

    for (const [what, given, expected] of [
        [
            "at a URL",
            bucket,
            {
                kind: "s3",
                bucket: "packages-dev",
                endpoint: "http://store.example:9000",
                pathPrefix: "packages",
                flow: { peers, ports: [{ port: 9000, protocol: "TCP" }] },
            },
        ],
        [
            "of AWS, with a login",
            {
                kind: "s3",
                bucket: "packages-dev",
                region: "eu-central-1",
                pathPrefix: "heron/dev",
                credentials: { secretName: "bucket" },
                peers,
            },
            {
                kind: "s3",
                bucket: "packages-dev",
                region: "eu-central-1",
                pathPrefix: "heron/dev",
                credentials: {
                    secretName: "bucket",
                    accessKeyIdKey: "AWS_ACCESS_KEY_ID",
                    secretAccessKeyKey: "AWS_SECRET_ACCESS_KEY",
                },
                flow: { peers, ports: [{ port: 443, protocol: "TCP" }] },
            },
        ],
    ] as const) {
        it(`is one ${what}`, () => assert.deepEqual(s3Uploader(s3UploaderSettings.parse(given)), expected));
    }

    for (const [given, expected] of [
        [
            { ...bucket, endpoint: undefined },
            "region: expected a region, or the URL of a store as endpoint, found nothing",
        ],
        [
            { ...bucket, bucket: "Packages" },
            'bucket: expected a bucket name: 3 to 63 lower-case letters, digits, - and ., found "Packages"',
        ],
        [
            { ...bucket, pathPrefix: "/packages" },
            'pathPrefix: expected parts of letters, digits, ., _ and -, joined by /, with none at either end, found "/packages"',
        ],
        [{ ...bucket, peers: [] }, "peers: expected at least 1 entries, found an empty list"],
    ] as const) {
        it(`is not ${JSON.stringify(given)}`, () => assert.deepEqual(faults(s3UploaderSettings, given), [expected]));
    }
});
