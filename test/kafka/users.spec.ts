import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { certificateAuthority, generatedCertificates } from "../../components/foundation/certificates";
import { kafkaUserSettings } from "../../components/kafka/declaredSchema";
import {
    adminName,
    brokerName,
    principalMappingRules,
    registerUsers,
    superUsers,
    userProperties,
} from "../../components/kafka/users";
import { assertSound } from "../support/invariants";
import { all, at, find, mapAt, planOf } from "../support/plans";

class Cluster extends pulumi.ComponentResource {
    public readonly certificates: ReadonlyMap<string, unknown>;

    constructor(users: z.input<typeof kafkaUserSettings>, rotation = 0) {
        super("data-platform:test:Cluster", "events", {});
        const opts = { parent: this };
        const authority = certificateAuthority(
            "events",
            generatedCertificates.parse({ kind: "generated", rotation }),
            opts,
        );
        this.certificates = registerUsers(
            "events",
            {
                namespace: "data",
                labels: { app: "kafka" },
                authority,
                bootstrapServers: "events:9092",
                users: kafkaUserSettings.parse(users),
            },
            opts,
        ).certificates;
        this.registerOutputs({});
    }
}

const planned = (users: z.input<typeof kafkaUserSettings>, rotation?: number) =>
    planOf(() => new Cluster(users, rotation));

describe("the users of a cluster", () => {
    it("have a Secret each, with a certificate that names them", async () => {
        let names: string[] = [];
        const plan = await planOf(() => {
            names = [...new Cluster({ billing: {}, shop: {} }).certificates.keys()];
        });
        assertSound(plan);
        assert.deepEqual(names, ["billing", "shop"]);
        assert.deepEqual(
            all(plan, "Secret").map(({ inputs }) => at(inputs, "metadata.name")),
            ["events-admin", "events-user-billing", "events-user-shop"],
        );
        const request = find(plan, "CertRequest", "events-user-billing-turn-0-request-0").inputs;
        assert.equal(at(request, "subject.commonName"), "billing");
        const signed = find(plan, "LocallySignedCert", "events-user-billing-turn-0-certificate-0").inputs;
        assert.deepEqual(at(signed, "allowedUses"), ["digital_signature", "client_auth"]);
        const secret = find(plan, "Secret", "events-user-billing");
        assert.deepEqual(Object.keys(mapAt(secret.inputs, "stringData")).sort(), [
            "ca.crt",
            "client.properties",
            "keystore.pem",
            "tls.crt",
            "tls.key",
        ]);
        assert.equal(at(secret.inputs, "metadata.namespace"), "data");
        assert.deepEqual(at(secret.inputs, "metadata.labels"), { app: "kafka" });
    });

    it("keep their keys secret [kafka-P38]", async () => {
        const secret = find(await planned({ billing: {} }), "Secret", "events-user-billing");
        const hidden = secret.secretPaths.join(" ");
        assert.match(hidden, /stringData/);
    });

    it("get a new key by a counter of their own, and of all [kafka-P47]", async () => {
        const keys = async (rotation: number, all_?: number) =>
            all(await planned({ billing: { rotation }, shop: {} }, all_), "PrivateKey")
                .map(({ name }) => name)
                .filter((name) => name.includes("-user-"));
        assert.deepEqual(await keys(0), ["events-user-billing-turn-0-key-0", "events-user-shop-turn-0-key-0"]);
        assert.deepEqual(await keys(1), ["events-user-billing-turn-1-key-0", "events-user-shop-turn-0-key-0"]);
        assert.deepEqual(await keys(0, 1), ["events-user-billing-turn-0-key-1", "events-user-shop-turn-0-key-1"]);
    });

    it("can not be called like those who may do everything [kafka-P46]", async () => {
        assert.equal(superUsers, `User:${brokerName};User:${adminName}`);
        for (const name of [brokerName, adminName]) {
            assert.ok(!kafkaUserSettings.safeParse({ [name]: {} }).success, name);
        }
        const request = find(await planned({}), "CertRequest", "events-admin-request-0").inputs;
        assert.equal(at(request, "subject.commonName"), adminName);
    });

    it("are the whole common name, and nothing beside it", () => {
        const [, pattern = ""] = /^RULE:(.*)\/\$1\/,DEFAULT$/.exec(principalMappingRules) ?? [];
        const rule = new RegExp(pattern);
        assert.equal(rule.exec("CN=kafka admin")?.[1], "kafka admin");
        assert.equal(rule.exec("CN=billing")?.[1], "billing");
        assert.equal(rule.exec("CN=billing,O=other"), null);
        assert.equal(rule.exec("O=other,CN=billing"), null);
    });

    it("have a configuration for Kafka's clients, of PEM files", () => {
        assert.equal(
            userProperties("events:9092"),
            [
                "bootstrap.servers=events:9092",
                "security.protocol=SSL",
                "ssl.keystore.type=PEM",
                "ssl.keystore.location=/etc/kafka-user/keystore.pem",
                "ssl.truststore.type=PEM",
                "ssl.truststore.location=/etc/kafka-user/ca.crt",
                "",
            ].join("\n"),
        );
    });
});
