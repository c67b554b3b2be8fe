import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { brokerGroups, firstIds, idsOf, rangeWidth } from "../../components/kafka/ids";
import { layoutOf } from "../../components/kafka/layout";
import { ownProperties, serverProperties } from "../../components/kafka/properties";
import { kafkaPlan, racks, settingsWith } from "./fixtures";
import { all } from "../support/plans";

/** Any racks that settings allow: names and first ids of their own, in any order. */
const anyRacks = fc
    .tuple(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: firstIds.length }),
        fc.shuffledSubarray([...firstIds], { minLength: firstIds.length }),
        fc.array(fc.integer({ min: 1, max: rangeWidth }), { minLength: firstIds.length, maxLength: firstIds.length }),
    )
    .map(([names, firsts, nodes]) =>
        Object.fromEntries(
            names.map((name, index) => [name, { firstId: firsts[index] ?? 100, nodes: nodes[index] ?? 1 }]),
        ),
    );

const layout = (settings: ReturnType<typeof settingsWith>) => layoutOf("kafka", settings, (service) => `${service}.ns`);

describe("ids of nodes", () => {
    it("are unique, of three digits, and apart from the controllers', for any racks [kafka-P12]", () => {
        fc.assert(
            fc.property(anyRacks, (given) => {
                const settings = settingsWith({
                    brokers: { racks: given },
                    replication: { factor: 1, minInsyncReplicas: 1 },
                });
                const { groups, voters } = layout(settings);
                const ids = [...voters.map(({ id }) => id), ...groups.flatMap(idsOf)];
                assert.equal(new Set(ids).size, ids.length);
                assert.ok(groups.flatMap(idsOf).every((id) => id >= 100 && id <= 999));
                assert.deepEqual(
                    voters.map(({ id }) => id),
                    [0, 1, 2],
                );
            }),
        );
    });

    it("of one rack stay when another is added, grows, or stands elsewhere in the file [kafka-P13]", () => {
        fc.assert(
            fc.property(anyRacks, fc.integer({ min: 0 }), (given, seed) => {
                const names = Object.keys(given);
                const chosen = names[seed % names.length] ?? "";
                const idsIn = (from: typeof given) =>
                    idsOf(
                        brokerGroups({ racks: from }).find(({ rack }) => rack === chosen) ?? { firstId: 0, nodes: 0 },
                    );
                const alone = Object.fromEntries(Object.entries(given).filter(([name]) => name === chosen));
                assert.deepEqual(idsIn(alone), idsIn(given));
                assert.deepEqual(idsIn(Object.fromEntries(Object.entries(given).reverse())), idsIn(given));
                const grown = { ...given, [chosen]: { firstId: given[chosen]?.firstId ?? 100, nodes: rangeWidth } };
                const before = idsIn(given);
                assert.deepEqual(idsIn(grown).slice(0, before.length), before);
            }),
        );
    });

    it("of voters are the controllers', so that growing the brokers changes no file of any node [kafka-P11]", () => {
        fc.assert(
            fc.property(anyRacks, (given) => {
                const replication = { factor: 1, minInsyncReplicas: 1 };
                const text = (from: typeof given) => {
                    const settings = settingsWith({ brokers: { racks: from }, replication });
                    return serverProperties(settings, layout(settings).voters);
                };
                const grown = Object.fromEntries(
                    Object.entries(given).map(([name, rack]) => [name, { ...rack, nodes: rangeWidth }]),
                );
                assert.equal(text(grown), text(given));
            }),
        );
        const settings = settingsWith();
        assert.equal(
            ownProperties(settings, layout(settings).voters)["controller.quorum.voters"],
            [0, 1, 2].map((id) => `${id}@kafka-controller-${id}.kafka-controllers.ns:9093`).join(","),
        );
    });

    it("of combined nodes are the voters' too", () => {
        const { voters, groups, brokerRole } = layout(settingsWith({ controllers: { kind: "combined" } }));
        assert.deepEqual(
            voters.map(({ id }) => id),
            [100, 101, 102],
        );
        assert.deepEqual(groups.flatMap(idsOf), [100, 101, 102]);
        assert.equal(brokerRole, "broker,controller");
    });

    it("of a rack that grows change nothing elsewhere in the plan", async () => {
        const sets = async (nodes: number) => {
            const plan = await kafkaPlan({ brokers: { racks: { ...racks, east: { ...racks.east, nodes } } } });
            return new Map(all(plan, "StatefulSet").map(({ name, inputs }) => [name, JSON.stringify(inputs)]));
        };
        const [before, after] = [await sets(2), await sets(4)];
        const changed = [...after].filter(([name, inputs]) => before.get(name) !== inputs).map(([name]) => name);
        assert.deepEqual(changed, ["kafka-broker-east-set"]);
    });
});
