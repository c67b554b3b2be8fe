import assert from "node:assert/strict";
import { outcomeOf, unknownCheckingProxy } from "../../../policy/views/unknown";
import { viewOf } from "../../../policy/views/view";
import { type Fields, goodTemplate, object, resourceOf, unknown } from "../support";

const two = { template: { spec: { template: goodTemplate() } } };

/** Kind, object, and the places of its containers. */
const table: [string, Fields, string[]][] = [
    ["Pod", { ...object("v1", "Pod"), ...goodTemplate() }, ["spec.containers[0]"]],
    ["PodTemplate", { ...object("v1", "PodTemplate"), template: goodTemplate() }, ["template.spec.containers[0]"]],
    ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map((kind): [string, Fields, string[]] => [
        kind,
        object("apps/v1", kind, { template: goodTemplate() }),
        ["spec.template.spec.containers[0]"],
    ]),
    ["Job", object("batch/v1", "Job", { template: goodTemplate() }), ["spec.template.spec.containers[0]"]],
    [
        "CronJob",
        object("batch/v1", "CronJob", { jobTemplate: { spec: { template: goodTemplate() } } }),
        ["spec.jobTemplate.spec.template.spec.containers[0]"],
    ],
    ["Service", object("v1", "Service", { template: goodTemplate() }), []],
    [
        "ClusterTrainingRuntime",
        object("trainer.kubeflow.org/v1alpha1", "ClusterTrainingRuntime", {
            mlPolicy: { numNodes: 1 },
            template: { spec: { replicatedJobs: [two, two] } },
        }),
        [0, 1].map((i) => `spec.template.spec.replicatedJobs[${i}].template.spec.template.spec.containers[0]`),
    ],
    [
        "TFJob",
        object("kubeflow.org/v1", "TFJob", { tfReplicaSpecs: { Worker: { template: goodTemplate() } } }),
        ["spec.tfReplicaSpecs.Worker.template.spec.containers[0]"],
    ],
    [
        "FlinkDeployment",
        object("flink.apache.org/v1beta1", "FlinkDeployment", {
            podTemplate: goodTemplate(),
            taskManager: { podTemplate: goodTemplate() },
        }),
        ["spec.podTemplate.spec.containers[0]", "spec.taskManager.podTemplate.spec.containers[0]"],
    ],
    // Further containers for the operator's own pods, not a pod.
    ["Prometheus", object("monitoring.coreos.com/v1", "Prometheus", { containers: [{ name: "a" }] }), []],
    [
        "CustomResourceDefinition",
        object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { template: goodTemplate() }),
        [],
    ],
];

const view = (inputs: Fields, type?: string) =>
    viewOf({ ...resourceOf(inputs, type), inputs: unknownCheckingProxy(inputs) })!;
const containersOf = (inputs: Fields) => view(inputs).podTemplates.flatMap(({ containers }) => containers);

describe("pod templates", () => {
    for (const [kind, inputs, paths] of table) {
        it(`finds ${paths.length} in ${kind}`, () => {
            assert.deepEqual(
                containersOf(inputs).map(({ path }) => path),
                paths,
            );
            for (const { template } of view(inputs).podTemplates.flatMap(({ containers }) => containers)) {
                assert.equal(template.labels["app.kubernetes.io/name"], "kafka");
                assert.equal(template.partial, false);
            }
        });
    }

    it("lists init containers first and tells the roles apart", () => {
        const spec = {
            ephemeralContainers: [{ name: "c" }],
            containers: [{ name: "b" }],
            initContainers: [{ name: "a" }],
        };
        assert.deepEqual(
            containersOf({ ...object("v1", "Pod"), spec }).map(({ role, spec: { name } }) => [role, name]),
            [
                ["initContainer", "a"],
                ["container", "b"],
                ["ephemeralContainer", "c"],
            ],
        );
    });

    it("marks the template of a patch as partial", () => {
        const patch = object("apps/v1", "Deployment", { template: goodTemplate() });
        assert.equal(view(patch, "kubernetes:apps/v1:DeploymentPatch").podTemplates[0]!.partial, true);
    });

    it("is empty where an object leaves everything out", () => {
        for (const spec of [undefined, {}, { template: null }, { template: { spec: { containers: "none" } } }]) {
            const [template] = view({
                ...object("apps/v1", "Deployment"),
                ...(spec === undefined ? {} : { spec }),
            }).podTemplates;
            assert.deepEqual(template!.containers, []);
            assert.deepEqual({ ...template!.labels }, {});
        }
    });

    it("passes by unknown values of a custom resource that hide no template", () => {
        const job = object("kubeflow.org/v1", "TFJob", {
            runPolicy: unknown,
            tfReplicaSpecs: { Worker: { template: goodTemplate() } },
        });
        assert.equal(containersOf(job).length, 1);
    });

    for (const [what, spec] of Object.entries({
        "whole spec": unknown,
        template: { a: { template: unknown } },
        "template's spec": { a: { template: { spec: unknown } } },
        "list of containers": { a: { template: { spec: { containers: unknown } } } },
    })) {
        it(`does not pass by an unknown ${what}: it may hide anything`, () => {
            const inputs = { ...object("kubeflow.org/v1", "TFJob"), spec };
            const outcome = outcomeOf(() => containersOf(inputs).map(({ path }) => path));
            assert.equal(outcome.unknowns.length, 1);
        });
    }

    it("reads a container only when it is asked for", () => {
        const pod = { ...object("v1", "Pod"), spec: { containers: [unknown, { name: "a" }] } };
        assert.deepEqual(
            containersOf(pod).map(({ label }) => label),
            ["container spec.containers[0]", 'container "a" (spec.containers[1])'],
        );
    });
});
