import assert from "node:assert/strict";
import { requiredLabels } from "../../../../policy/rules/naming/requiredLabels";
import {
    goodLabels,
    goodStatefulSet,
    goodTemplate,
    judge,
    messagesOf,
    object,
    unknown,
    withField,
} from "../../support";

describe("rule naming-required-labels", () => {
    it("accepts an object and a pod template with all labels", () => {
        assert.deepEqual(messagesOf(requiredLabels, goodStatefulSet()), []);
        assert.deepEqual(messagesOf(requiredLabels, object("v1", "Namespace")), []);
    });

    for (const label of Object.keys(goodLabels)) {
        it(`asks for ${label} on the object`, () => {
            assert.deepEqual(
                messagesOf(requiredLabels, withField(goodStatefulSet(), ["metadata", "labels", label], undefined)),
                [`StatefulSet metadata.labels: expected labels ${label}, found nothing`],
            );
        });
        it(`asks for ${label} on the pod template`, () => {
            const path = ["spec", "template", "metadata", "labels", label];
            assert.deepEqual(messagesOf(requiredLabels, withField(goodStatefulSet(), path, undefined)), [
                `pod template spec.template.metadata.labels: expected labels ${label}, found nothing`,
            ]);
        });
    }

    it("counts an empty label as missing", () => {
        const set = withField(object("v1", "Secret"), ["metadata", "labels", "data-platform/owner"], "");
        assert.equal(messagesOf(requiredLabels, set).length, 1);
    });

    it("names everything that is missing at one place in one message", () => {
        const messages = messagesOf(requiredLabels, { apiVersion: "v1", kind: "ConfigMap" });
        assert.deepEqual(messages, [
            `ConfigMap metadata.labels: expected labels ${Object.keys(goodLabels).join(", ")}, found nothing`,
        ]);
    });

    it("asks for the labels of the Jobs that a CronJob makes", () => {
        const cronJob = (labels: object) =>
            object("batch/v1", "CronJob", {
                jobTemplate: { metadata: { labels }, spec: { template: goodTemplate() } },
            });
        assert.deepEqual(messagesOf(requiredLabels, cronJob(goodLabels)), []);
        assert.deepEqual(messagesOf(requiredLabels, cronJob({ ...goodLabels, "data-platform/owner": "" })), [
            "job template spec.jobTemplate.metadata.labels: expected labels data-platform/owner, found nothing",
        ]);
    });

    it("judges pod templates in custom resources", () => {
        const template = withField(goodTemplate(), ["metadata", "labels", "app.kubernetes.io/name"], undefined);
        const runtime = object("trainer.kubeflow.org/v1alpha1", "TrainingRuntime", {
            template: { spec: { replicatedJobs: [{ template: { spec: { template } } }] } },
        });
        assert.deepEqual(messagesOf(requiredLabels, runtime), [
            "pod template spec.template.spec.replicatedJobs[0].template.spec.template.metadata.labels: expected labels app.kubernetes.io/name, found nothing",
        ]);
    });

    it("judges a Pod once", () => {
        const pod = { ...goodTemplate(), apiVersion: "v1", kind: "Pod", metadata: {} };
        assert.equal(messagesOf(requiredLabels, pod).length, 1);
    });

    it("asks for the labels that the stack names", () => {
        const pod = withField(object("v1", "Secret"), ["metadata", "labels"], { team: "data" });
        assert.deepEqual(messagesOf(requiredLabels, pod, { labels: ["team"] }), []);
        assert.equal(messagesOf(requiredLabels, pod, { labels: ["team", "cost"] }).length, 1);
    });

    it("asks nothing of patches, of objects that live for one request, and of definitions of operators", () => {
        const bare = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: "a" } });
        assert.deepEqual(messagesOf(requiredLabels, bare("v1", "Service"), {}, "kubernetes:core/v1:ServicePatch"), []);
        assert.deepEqual(messagesOf(requiredLabels, bare("authentication.k8s.io/v1", "TokenReview")), []);
        assert.deepEqual(messagesOf(requiredLabels, bare("apiextensions.k8s.io/v1", "CustomResourceDefinition")), []);
    });

    it("takes a label whose value is not known yet as present, and still judges the others", () => {
        const path = ["metadata", "labels", "data-platform/owner"];
        assert.deepEqual(judge(requiredLabels, withField(goodStatefulSet(), path, unknown)), {
            messages: [],
            unknowns: [],
        });
    });

    it("judges the pod template when the object's labels are not known", () => {
        const set = withField(goodStatefulSet(), ["metadata", "labels"], unknown);
        const { messages, unknowns } = judge(
            requiredLabels,
            withField(set, ["spec", "template", "metadata"], undefined),
        );
        assert.equal(messages.length, 1);
        assert.equal(unknowns.length, 1);
    });
});
