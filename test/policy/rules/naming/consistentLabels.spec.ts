import assert from "node:assert/strict";
import { consistentLabels } from "../../../../policy/rules/naming/consistentLabels";
import {
    type Fields,
    goodStatefulSet,
    judgeStack,
    linkedOf,
    object,
    stackMessagesOf,
    unknown,
    withField,
} from "../../support";

const environment = "data-platform/environment";
const owner = "data-platform/owner";
const labelled = (inputs: Fields, name: string, labels: Fields) =>
    linkedOf(
        Object.entries(labels).reduce(
            (all, [key, value]) => withField(all, ["metadata", "labels", key], value),
            withField(inputs, ["metadata", "name"], name),
        ),
    );
const service = (name: string, labels: Fields = {}) => labelled(object("v1", "Service", {}), name, labels);
const namespace = labelled(withField(object("v1", "Namespace"), ["metadata", "namespace"], undefined), "dev-kafka", {});
const set = (key: string, value: unknown) =>
    linkedOf(withField(goodStatefulSet(), ["spec", "template", "metadata", "labels", key], value));

describe("rule naming-consistent-labels", () => {
    it("accepts labels that agree", () => {
        const stack = [namespace, linkedOf(goodStatefulSet()), service("a")];
        assert.deepEqual(stackMessagesOf(consistentLabels, stack), []);
    });

    for (const key of [
        "app.kubernetes.io/name",
        "app.kubernetes.io/instance",
        "app.kubernetes.io/part-of",
        "app.kubernetes.io/managed-by",
        environment,
        owner,
    ]) {
        it(`compares ${key} of a pod template with its workload's`, () => {
            const messages = stackMessagesOf(consistentLabels, [set(key, "other")]);
            assert.equal(messages.length, 1);
            assert.match(
                messages[0]!,
                /^events: pod template spec.template.metadata.labels\[.*\]: expected .*, as the StatefulSet has, found "other"$/,
            );
            assert.deepEqual(stackMessagesOf(consistentLabels, [set(key, "other")], { template: [] }), []);
            assert.deepEqual(stackMessagesOf(consistentLabels, [set(key, undefined)]), []);
        });
    }

    it("compares labels of the Jobs that a CronJob makes", () => {
        const cronJob = object("batch/v1", "CronJob", { jobTemplate: { metadata: { labels: { [owner]: "search" } } } });
        assert.deepEqual(stackMessagesOf(consistentLabels, [linkedOf(cronJob)]), [
            `events: job template spec.jobTemplate.metadata.labels["${owner}"]: expected data, as the CronJob has, found "search"`,
        ]);
    });

    it("lets the component of a template differ", () => {
        assert.deepEqual(stackMessagesOf(consistentLabels, [set("app.kubernetes.io/component", "other")]), []);
    });

    it("compares an object's owner with its namespace's, where the stack has that", () => {
        const stack = [namespace, service("a", { [owner]: "search" })];
        assert.deepEqual(stackMessagesOf(consistentLabels, stack), [
            `a: Service metadata.labels["${owner}"]: expected data, as its namespace has, found "search"`,
        ]);
        assert.deepEqual(stackMessagesOf(consistentLabels, stack, { namespace: [] }), []);
        assert.deepEqual(stackMessagesOf(consistentLabels, stack.slice(1)), []);
    });

    it("expects what most objects of the stack have", () => {
        const others = [service("a"), service("b")];
        const other = service("c", { [environment]: "prod" });
        assert.deepEqual(stackMessagesOf(consistentLabels, [...others, other]), [
            `c: Service metadata.labels["${environment}"]: expected dev, as most objects of the stack have, found "prod"`,
        ]);
        assert.deepEqual(stackMessagesOf(consistentLabels, [...others, other], { stack: [] }), []);
        // Of one each, nobody can say which is right.
        assert.deepEqual(stackMessagesOf(consistentLabels, [service("a"), other]), []);
    });

    it("leaves alone what has no environment, such as objects of a chart, and patches", () => {
        const helm = { "app.kubernetes.io/managed-by": "Helm" };
        const others = [service("a"), service("b")];
        assert.deepEqual(
            stackMessagesOf(consistentLabels, [...others, service("c", { ...helm, [environment]: undefined })]),
            [],
        );
        assert.equal(stackMessagesOf(consistentLabels, [...others, service("c", helm)]).length, 1);
        const patch = { ...service("c", helm), type: "kubernetes:core/v1:ServicePatch" };
        assert.deepEqual(stackMessagesOf(consistentLabels, [...others, patch]), []);
    });

    it("judges the objects beside one whose label is not known yet", () => {
        const stack = [namespace, service("a", { [owner]: unknown }), service("b", { [owner]: "search" })];
        const { messages, unknowns } = judgeStack(consistentLabels, stack);
        assert.deepEqual([messages.length, unknowns.length], [1, 1]);
    });
});
