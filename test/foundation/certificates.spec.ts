import * as assert from "node:assert/strict";
import type { Plan } from "../../bin/plan/plan";
import {
    certificateAuthority,
    certificateSettings,
    type GeneratedCertificateSettings,
} from "../../components/foundation/certificates";
import { faultsOf, formatFault } from "../../components/foundation/faults";
import { all, at, find, planOf } from "../support/plans";

const settingsOf = (given: object = {}) =>
    certificateSettings.parse({ kind: "generated", ...given }) as GeneratedCertificateSettings;

const planned = (given: object = {}): Promise<Plan> =>
    planOf(() => {
        const authority = certificateAuthority("zk", settingsOf(given), {});
        authority.sign("zk-member", {
            commonName: "zk",
            dnsNames: ["zk.ns.svc", "*.zk-members.ns.svc"],
            ipAddresses: ["127.0.0.1"],
            uses: ["server", "client"],
        });
    });

const names = (plan: Plan, kind: string) =>
    all(plan, kind)
        .map(({ name }) => name)
        .sort();

describe("a certificate authority", () => {
    it("has one to come from the beginning, so that its certificates are trusted before they are there", async () => {
        assert.deepEqual(names(await planned(), "SelfSignedCert"), [
            "zk-authority-0-certificate",
            "zk-authority-1-certificate",
        ]);
    });

    it("keeps the one before, the present one and the one to come, through every rotation", async () => {
        for (const rotation of [1, 2, 7]) {
            assert.deepEqual(
                names(await planned({ rotation }), "SelfSignedCert"),
                [rotation - 1, rotation, rotation + 1].map((number) => `zk-authority-${number}-certificate`),
            );
        }
    });

    it("never has old and new members that don't trust each other", async () => {
        for (const rotation of [0, 1, 5]) {
            const trusted = async (number: number) => names(await planned({ rotation: number }), "SelfSignedCert");
            const signer = (number: number) => `zk-authority-${number}-certificate`;
            assert.ok((await trusted(rotation)).includes(signer(rotation + 1)), "old members trust new certificates");
            assert.ok((await trusted(rotation + 1)).includes(signer(rotation)), "new members trust old certificates");
        }
    });

    it("gives a rotation a new key", async () => {
        assert.ok(names(await planned({ rotation: 3 }), "PrivateKey").includes("zk-member-key-3"));
    });

    it("signs for the names and uses that are asked for", async () => {
        const plan = await planned();
        const request = find(plan, "CertRequest").inputs;
        assert.deepEqual(at(request, "dnsNames"), ["zk.ns.svc", "*.zk-members.ns.svc"]);
        assert.deepEqual(at(request, "ipAddresses"), ["127.0.0.1"]);
        assert.deepEqual(at(request, "subject"), { commonName: "zk" });
        assert.deepEqual(at(find(plan, "LocallySignedCert").inputs, "allowedUses"), [
            "digital_signature",
            "server_auth",
            "client_auth",
        ]);
    });

    it("issues for a year and renews a month before its end, or as said", async () => {
        const hours = async (given: object) => {
            const { inputs } = find(await planned(given), "LocallySignedCert");
            return [at(inputs, "validityPeriodHours"), at(inputs, "earlyRenewalHours")];
        };
        assert.deepEqual(await hours({}), [365 * 24, 30 * 24]);
        assert.deepEqual(await hours({ validity: "90d", renewBefore: "10d" }), [90 * 24, 10 * 24]);
    });

    it("keeps every private key secret", async () => {
        const plan = await planned();
        for (const kind of ["SelfSignedCert", "CertRequest"]) {
            all(plan, kind).forEach((each) => assert.deepEqual(each.secretPaths, ["privateKeyPem"], each.name));
        }
        assert.ok(find(plan, "LocallySignedCert").secretPaths.includes("caPrivateKeyPem"));
    });
});

describe("the settings of certificates", () => {
    const broken: readonly (readonly [object, string])[] = [
        [{ kind: "existing" }, "secretName: expected a DNS name"],
        [
            { kind: "generated", validity: "90m" },
            'validity: expected a time of whole hours of at least 2d, such as 90d, found "90m"',
        ],
        [
            { kind: "generated", validity: "10d", renewBefore: "10d" },
            'renewBefore: expected a time shorter than validity, found "10d"',
        ],
        [{ kind: "bought" }, 'kind: expected generated | existing, found "bought"'],
    ];
    for (const [input, line] of broken) {
        it(`are not ${JSON.stringify(input)}`, () => {
            const result = certificateSettings.safeParse(input);
            assert.ok(!result.success);
            const lines = faultsOf(result.error, input).map(formatFault);
            assert.ok(
                lines.some((each) => each.startsWith(line)),
                lines.join("\n"),
            );
        });
    }

    it("are generated by default, and parse to themselves", () => {
        const parsed = certificateSettings.parse(undefined);
        assert.deepEqual(parsed, { kind: "generated", validity: "365d", renewBefore: "30d", rotation: 0 });
        assert.deepEqual(certificateSettings.parse(parsed), parsed);
        const existing = certificateSettings.parse({ kind: "existing", secretName: "tls" });
        assert.deepEqual(certificateSettings.parse(existing), existing);
    });
});
