import assert from "node:assert/strict";
import { claimedBytes, claimsOf, hasClaims } from "../../../policy/views/claims";
import { unknownCheckingProxy } from "../../../policy/views/unknown";
import { viewOf } from "../../../policy/views/view";
import { type Fields, goodStatefulSet, object, resourceOf, unknown, withField } from "../support";

const claim = (storage: string) => ({ spec: { resources: { requests: { storage } } } });
const view = (inputs: Fields) => viewOf({ ...resourceOf(inputs), inputs: unknownCheckingProxy(inputs) })!;
const found = (inputs: Fields) => claimsOf(view(inputs)).map((each) => [each.path, claimedBytes(each)]);
const volumes = ["spec", "template", "spec", "volumes"];
const redis = (storage: Fields) => object("redis.redis.opstreelabs.in/v1beta2", "RedisCluster", { storage });

describe("claimsOf", () => {
    const cases: [string, Fields, [string, number][]][] = [
        ["a claim itself", object("v1", "PersistentVolumeClaim", claim("1Ki").spec), [["spec", 1024]]],
        [
            "the templates of a StatefulSet",
            withField(goodStatefulSet(), ["spec", "volumeClaimTemplates"], [claim("1Ki"), claim("2Ki")]),
            [
                ["spec.volumeClaimTemplates[0].spec", 1024],
                ["spec.volumeClaimTemplates[1].spec", 2048],
            ],
        ],
        [
            "ephemeral volumes",
            withField(goodStatefulSet(), volumes, [
                { emptyDir: {} },
                { ephemeral: { volumeClaimTemplate: claim("1") } },
            ]),
            [["spec.template.spec.volumes[1].ephemeral.volumeClaimTemplate.spec", 1]],
        ],
        [
            "what operators name alike",
            redis({ volumeClaimTemplate: claim("1"), nodeConfVolumeClaimTemplate: claim("2"), keepAfterDelete: true }),
            [
                ["spec.storage.volumeClaimTemplate.spec", 1],
                ["spec.storage.nodeConfVolumeClaimTemplate.spec", 2],
            ],
        ],
        [
            "lists in custom resources",
            object("example.com/v1", "Store", { volumeClaimTemplates: [claim("3")] }),
            [["spec.volumeClaimTemplates[0].spec", 3]],
        ],
        ["none in a ConfigMap", object("v1", "ConfigMap"), []],
        [
            "none in a definition",
            object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { volumeClaimTemplate: claim("1") }),
            [],
        ],
    ];
    for (const [what, inputs, claims] of cases) {
        it(`finds ${what}`, () => assert.deepEqual(found(inputs), claims));
    }

    it("throws at an unknown claim only when it is judged", () => {
        const [first] = claimsOf(view(redis({ volumeClaimTemplate: unknown })));
        assert.throws(() => first?.spec);
        assert.equal(claimsOf(view(redis({ volumeClaimTemplate: claim("1"), other: unknown }))).length, 1);
    });
});

describe("hasClaims", () => {
    for (const [volume, keeps] of [
        [{ emptyDir: {} }, false],
        [{ persistentVolumeClaim: { claimName: "a" } }, true],
        [{ ephemeral: {} }, true],
    ] as const) {
        it(JSON.stringify(volume), () => {
            const [template] = view(withField(goodStatefulSet(), volumes, [volume])).podTemplates;
            assert.equal(hasClaims(template!), keeps);
        });
    }
});
