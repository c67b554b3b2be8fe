import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { formatBytes, formatCpu, isQuantity, mebibytes, parseQuantity } from "../../components/foundation/quantity";

describe("quantities", () => {
    for (const [text, value] of [
        ["0", 0],
        ["2", 2],
        ["0.5", 0.5],
        [".5", 0.5],
        ["1.", 1],
        ["500m", 0.5],
        ["100m", 0.1],
        ["250u", 0.00025],
        ["7n", 7e-9],
        ["1k", 1000],
        ["512M", 512e6],
        ["3G", 3e9],
        ["1T", 1e12],
        ["1P", 1e15],
        ["1E", 1e18],
        ["1Ki", 1024],
        ["512Mi", 512 * 2 ** 20],
        ["1.5Gi", 1.5 * 2 ** 30],
        ["2Ti", 2 * 2 ** 40],
        ["1Pi", 2 ** 50],
        ["1Ei", 2 ** 60],
        ["1e3", 1000],
        ["1E3", 1000],
        ["12e-1", 1.2],
        ["5e+2", 500],
    ] as const) {
        it(`reads ${text} as ${value}`, () => assert.equal(parseQuantity(text), value));
    }

    for (const text of [
        "",
        " ",
        "m",
        "-1",
        "+1",
        "1 Gi",
        "1GiB",
        "1gi",
        "1K",
        "1mi",
        "0x10",
        "1,5",
        "1e",
        "1e100",
        "Gi",
        "1.2.3",
        "1Gi\n2",
    ]) {
        it(`refuses ${JSON.stringify(text)}`, () => {
            assert.equal(isQuantity(text), false);
            assert.throws(() => parseQuantity(text), { message: `"${text}" is not a Kubernetes quantity` });
        });
    }

    it("takes the same amount in two notations for the same number", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 1_000_000 }), (millicores) => {
                assert.equal(parseQuantity(`${millicores}m`), parseQuantity(String(millicores / 1000)));
            }),
        );
    });

    it("never writes fewer cores than it was given, and less than a millicore more", () => {
        fc.assert(
            fc.property(fc.double({ min: 1e-9, max: 1e4, noNaN: true }), (cores) => {
                const written = parseQuantity(formatCpu(cores));
                // The finest step that Kubernetes knows is 1e-9.
                assert.ok(written >= cores - 1e-9, `${cores} became ${formatCpu(cores)}`);
                assert.ok(written <= cores + 1e-3, `${cores} became ${formatCpu(cores)}`);
            }),
        );
    });

    for (const [cores, written] of [
        [2, "2"],
        [0.5, "500m"],
        [0.1 + 0.2, "300m"],
        [1.0001, "1001m"],
        [1e-9, "1m"],
    ] as const) {
        it(`writes ${cores} cores as ${written}`, () => assert.equal(formatCpu(cores), written));
    }

    it("never writes fewer bytes than it was given, and less than a mebibyte more", () => {
        fc.assert(
            fc.property(
                fc.oneof(
                    fc.integer({ min: 1, max: 2 ** 31 - 1 }),
                    fc.double({ min: 1, max: 2 ** 45, noNaN: true }),
                    // Close to a whole unit, where rounding to one decimal is tempting.
                    fc
                        .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -9, max: 9 }))
                        .map(([n, d]) => n * 2 ** 37 + d),
                ),
                (amount) => {
                    const written = parseQuantity(formatBytes(amount));
                    assert.ok(written >= amount, `${amount} became ${formatBytes(amount)}`);
                    assert.ok(written < amount + 2 ** 20, `${amount} became ${formatBytes(amount)}`);
                },
            ),
        );
    });

    for (const [amount, written] of [
        [2 ** 30, "1Gi"],
        [1.5 * 2 ** 30, "1.5Gi"],
        [1.1 * 2 ** 30, "1.1Gi"],
        [1.25 * 2 ** 30, "1280Mi"],
        [2 ** 40 + 1, "1048577Mi"],
        [1536, "1.5Ki"],
        [1000, "1000"],
        [1000.5, "1001"],
    ] as const) {
        it(`writes ${amount} bytes as ${written}`, () => assert.equal(formatBytes(amount), written));
    }

    it("counts whole mebibytes", () => {
        assert.equal(mebibytes("1Gi"), 1024);
        assert.equal(mebibytes("1G"), 953);
        assert.equal(mebibytes("1535.9Mi"), 1535);
    });
});
