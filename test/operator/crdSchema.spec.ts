import * as assert from "node:assert/strict";
import { crdFaults, crdsMissing } from "./crdSchema";

const file = "spark-operator-v2.5.2.yaml";

const application = (spec: Record<string, unknown> = {}) => ({
    apiVersion: "sparkoperator.k8s.io/v1beta2",
    kind: "SparkApplication",
    metadata: { name: "pi" },
    spec: {
        type: "Scala",
        sparkVersion: "4.0.1",
        mainApplicationFile: "local:///x.jar",
        driver: {},
        executor: {},
        ...spec,
    },
});

describe("crdFaults", () => {
    before(function () {
        if (crdsMissing !== undefined) {
            console.log(`      skipped: ${crdsMissing}`);
            this.skip();
        }
    });

    it("finds nothing in a good object", () => {
        assert.deepEqual(crdFaults(file, application()), []);
    });

    const broken: readonly (readonly [string, Record<string, unknown>, string])[] = [
        ["an unknown field", { tipe: "Scala" }, "spec.tipe: unknown"],
        ["a missing field", { sparkVersion: undefined }, "spec.sparkVersion: missing"],
        ["a word that is none of its kind", { type: "Perl" }, 'spec.type: "Perl" is none of Java, Python, Scala, R'],
        ["a number for text", { sparkVersion: 4 }, "spec.sparkVersion: no text"],
        ["text for a number", { driver: { cores: "1" } }, "spec.driver.cores: no integer"],
        ["half a core", { driver: { cores: 0.5 } }, "spec.driver.cores: no integer"],
        [
            "a number out of bounds",
            { restartPolicy: { onFailureRetries: -1 } },
            "spec.restartPolicy.onFailureRetries: -1 is out of bounds",
        ],
        ["a map for a list", { arguments: {} }, "spec.arguments: no list"],
        ["a list for a map", { driver: [] }, "spec.driver: no map"],
        ["the entry of a free map", { sparkConf: { a: 1 } }, "spec.sparkConf.a: no text"],
        ["null", { driver: null }, "spec.driver: null"],
    ];
    for (const [what, change, fault] of broken) {
        it(`finds ${what}`, () => assert.deepEqual(crdFaults(file, application(change)), [fault]));
    }

    it("finds a kind and a version that are not defined", () => {
        assert.deepEqual(crdFaults(file, { ...application(), kind: "SparkJob" }), [
            `${file} defines no SparkJob of sparkoperator.k8s.io/v1beta2`,
        ]);
        assert.equal(crdFaults(file, { ...application(), apiVersion: "sparkoperator.k8s.io/v1alpha1" }).length, 1);
    });

    it("leaves alone what a definition leaves open", () => {
        assert.deepEqual(crdFaults(file, application({ driver: { template: { anything: { at: ["all"] } } } })), []);
    });
});
