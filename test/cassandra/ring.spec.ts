import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { nodesOf, racksOf, seedsOf, targetsOf } from "../../components/cassandra/ring";
import { cassandraSettings, type CassandraSettings } from "../../components/cassandra/schema";
import { foundation } from "../support/foundation";

type Racks = NonNullable<CassandraSettings["racks"]>;

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const anyRacks: fc.Arbitrary<Racks> = fc.dictionary(label, fc.record({ nodes: fc.integer({ min: 1, max: 9 }) }), {
    minKeys: 1,
    maxKeys: 5,
    noNullPrototype: true,
});
const anySeeds = fc.integer({ min: 1, max: 2 });

describe("the ring", () => {
    it("has each node once, in its rack, numbered from 0", () => {
        fc.assert(
            fc.property(anyRacks, (racks) => {
                const nodes = nodesOf("ring", racks);
                assert.equal(new Set(nodes.map(({ pod }) => pod)).size, nodes.length);
                for (const [rack, { nodes: size }] of Object.entries(racks)) {
                    const own = nodes.filter((node) => node.rack === rack);
                    assert.deepEqual(
                        own.map(({ pod, ordinal }) => [pod, ordinal]),
                        Array.from({ length: size }, (_, index) => [`ring-${rack}-${index}`, index]),
                    );
                }
            }),
        );
    });

    it("has seeds that exist, in each rack, and never more of a rack than asked for [cassandra-P12]", () => {
        fc.assert(
            fc.property(anyRacks, anySeeds, (racks, seedsPerRack) => {
                const seeds = seedsOf("ring", racks, seedsPerRack);
                const pods = nodesOf("ring", racks).map(({ pod }) => pod);
                assert.ok(seeds.every(({ pod }) => pods.includes(pod)));
                for (const [rack, { nodes }] of Object.entries(racks)) {
                    const own = seeds.filter((seed) => seed.rack === rack);
                    assert.equal(own.length, Math.min(seedsPerRack, nodes));
                }
            }),
        );
    });

    it("changes nothing in other racks, and no seed, when one rack grows", () => {
        fc.assert(
            fc.property(anyRacks, anySeeds, fc.nat(), (given, seedsPerRack, pick) => {
                const racks = Object.fromEntries(
                    Object.entries(given).map(([rack, { nodes }]) => [rack, { nodes: nodes + seedsPerRack }]),
                );
                const names = Object.keys(racks);
                const grown = names[pick % names.length] ?? "";
                const after = { ...racks, [grown]: { nodes: (racks[grown]?.nodes ?? 0) + 1 } };
                const others = (of: Racks) => nodesOf("ring", of).filter(({ rack }) => rack !== grown);
                assert.deepEqual(others(after), others(racks));
                assert.deepEqual(seedsOf("ring", after, seedsPerRack), seedsOf("ring", racks, seedsPerRack));
                const before = nodesOf("ring", racks).map(({ pod }) => pod);
                const added = nodesOf("ring", after).filter(({ pod }) => !before.includes(pod));
                assert.deepEqual(
                    added.map(({ pod }) => pod),
                    [`ring-${grown}-${racks[grown]?.nodes ?? 0}`],
                );
            }),
        );
    });

    it("goes through its racks in the order of their names, however the file has them", () => {
        fc.assert(
            fc.property(anyRacks, (racks) => {
                const names = racksOf("ring", racks).map(({ name }) => name);
                assert.deepEqual(names, [...names].sort());
                const turned = Object.fromEntries(Object.entries(racks).reverse());
                assert.deepEqual(racksOf("ring", turned), racksOf("ring", racks));
            }),
        );
    });

    it("is called by the racks' own names in Cassandra, and is the same for the same settings", () => {
        const { racks } = cassandraSettings.parse({
            racks: { a: { nodes: 1, rack: "Rack1-chicago" }, b: { nodes: 2 } },
        });
        assert.deepEqual(
            racksOf("ring", racks).map(({ ringName, objectName }) => [ringName, objectName]),
            [
                ["Rack1-chicago", "ring-a"],
                ["b", "ring-b"],
            ],
        );
        assert.deepEqual(nodesOf("ring", racks), nodesOf("ring", racks));
    });

    it("holds a rack in its zone, beside its own targets or the datacenter's", () => {
        const zone = { key: "topology.kubernetes.io/zone", value: "west", constraint: "required" };
        const fast = { key: "disk", value: "nvme", constraint: "preferred" } as const;
        const pool = { key: "pool", value: "stateful", constraint: "required" } as const;
        const given = foundation({ targets: { stateful: [pool], fast: [fast] } });
        assert.deepEqual(targetsOf(given, { zone: "west", targets: undefined }, "stateful"), [pool, zone]);
        assert.deepEqual(targetsOf(given, { zone: "west", targets: "fast" }, "stateful"), [fast, zone]);
        assert.deepEqual(targetsOf(given, { zone: undefined, targets: undefined }, undefined), []);
    });
});
