import assert from "node:assert/strict";
import { podSecurityLabels } from "../../../../policy/rules/security/podSecurityLabels";
import { type Fields, judge, messagesOf, object, unknown, withField } from "../../support";

const prefix = "pod-security.kubernetes.io/";
const reason = { "data-platform/pod-security-reason": "its image runs as root" };

const namespace = (enforce: unknown, audit: unknown = enforce, warn: unknown = enforce): Fields =>
    withField(object("v1", "Namespace"), ["metadata", "labels"], {
        [`${prefix}enforce`]: enforce,
        [`${prefix}audit`]: audit,
        [`${prefix}warn`]: warn,
    });
const withReason = (inputs: Fields): Fields => withField(inputs, ["metadata", "annotations"], reason);
const place = (mode: string) => `Namespace metadata.labels["${prefix}${mode}"]`;

describe("rule security-pod-security-labels", () => {
    for (const [what, good] of [
        ["restricted", namespace("restricted")],
        ["baseline with a reason", withReason(namespace("baseline"))],
        ["privileged with a reason", withReason(namespace("privileged"))],
        ["a stricter audit", withReason(namespace("baseline", "restricted"))],
    ] as const) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(messagesOf(podSecurityLabels, good), []);
        });
    }

    const enforce = `${place("enforce")}: expected restricted, or a reason in annotation data-platform/pod-security-reason`;
    for (const [what, broken, messages] of [
        ["baseline without a reason", namespace("baseline"), [`${enforce}, found "baseline"`]],
        ["privileged without a reason", namespace("privileged"), [`${enforce}, found "privileged"`]],
        [
            "an empty reason",
            withField(namespace("baseline"), ["metadata", "annotations"], { "data-platform/pod-security-reason": "" }),
            [`${enforce}, found "baseline"`],
        ],
        ["nothing enforced", namespace(undefined, "restricted", "restricted"), [`${enforce}, found nothing`]],
        [
            "no level of Kubernetes",
            withReason(namespace("strict", "restricted", "restricted")),
            [`${place("enforce")}: expected restricted, baseline, privileged, found "strict"`],
        ],
        [
            "a laxer audit",
            namespace("restricted", "baseline", "restricted"),
            [`${place("audit")}: expected restricted, found "baseline"`],
        ],
        [
            "a laxer warn",
            withReason(namespace("baseline", "baseline", "privileged")),
            [`${place("warn")}: expected restricted or baseline, found "privileged"`],
        ],
    ] as const) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(messagesOf(podSecurityLabels, broken), messages);
        });
    }

    it("refuses a namespace without labels, in three points", () => {
        const bare = withField(object("v1", "Namespace"), ["metadata", "labels"], undefined);
        assert.equal(messagesOf(podSecurityLabels, bare).length, 3);
    });

    it("judges of a patch what it says", () => {
        const type = "kubernetes:core/v1:NamespacePatch";
        const patch = (labels: Fields) => withField(object("v1", "Namespace"), ["metadata", "labels"], labels);
        assert.deepEqual(messagesOf(podSecurityLabels, patch({}), {}, type), []);
        assert.equal(messagesOf(podSecurityLabels, patch({ [`${prefix}enforce`]: "baseline" }), {}, type).length, 1);
    });

    it("does not judge a level that is not known yet", () => {
        const { messages, unknowns } = judge(podSecurityLabels, namespace(unknown));
        assert.deepEqual([messages.length, unknowns.length], [0, 1]);
    });

    it("has nothing to say of other objects", () => {
        assert.deepEqual(messagesOf(podSecurityLabels, object("v1", "ConfigMap")), []);
    });
});
