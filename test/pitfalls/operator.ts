import type { Pitfall } from "./pitfall";

/** Operators and their charts: sections 0.1, 4 and 8.9 of the fact sheet, and what the charts themselves say. */
export const operatorPitfalls: readonly Pitfall[] = [
    {
        id: "operator-P1",
        defect: "an operator is installed that nobody asked for, beside one that is there",
        spec: "test/operator/schema.spec.ts",
        break: {
            file: "components/operator/schema.ts",
            find: '.prefault({ kind: "existing" })',
            replace: '.prefault({ kind: "chart" })',
        },
    },
    {
        id: "operator-P2",
        defect: "a chart without a pinned version changes under the custom resources that were written for it",
        spec: "test/operator/schema.spec.ts",
        break: {
            file: "components/operator/schema.ts",
            find: ".default(defaults.version)",
            replace: '.default("latest")',
        },
    },
    {
        id: "operator-P3",
        defect: "a custom resource is not awaited, so `up` ends before its operator has looked",
        spec: "test/operator/customResource.spec.ts",
        break: {
            file: "components/operator/customResource.ts",
            find: '"pulumi.com/waitFor": waitForAnnotation(waitFor)',
            replace: '"pulumi.com/waitfor": waitForAnnotation(waitFor)',
        },
    },
    {
        id: "operator-P4",
        defect: "the engine gives up after its own ten minutes, or waits for them where one would do",
        spec: "test/operator/customResource.spec.ts",
        break: {
            file: "components/operator/customResource.ts",
            find: "customTimeouts: { create: timeout, update: timeout, delete: timeout }",
            replace: "customTimeouts: {}",
        },
    },
    {
        id: "operator-P5",
        defect: "a custom resource of a fixed name is made anew before the old one is deleted, which then is the new one",
        spec: "test/operator/customResource.spec.ts",
        break: {
            file: "components/operator/customResource.ts",
            find: "deleteBeforeReplace: true",
            replace: "deleteBeforeReplace: false",
        },
    },
    {
        id: "operator-P6",
        defect: "two stacks of one cluster collide in the chart's cluster-scoped objects, or auto-naming changes the names that others rely on",
        spec: "test/operator/operator.spec.ts",
        break: {
            file: "components/operator/operator.ts",
            find: "return environmentName(environment, settings.release);",
            replace: "return settings.release;",
        },
    },
    {
        id: "operator-P7",
        defect: "Helm makes the namespace, without its Pod Security level and its default denial",
        spec: "test/operator/operator.spec.ts",
        break: {
            file: "components/operator/operator.ts",
            find: "createNamespace: false",
            replace: "createNamespace: true",
        },
    },
    {
        id: "operator-P8",
        defect: "a release that did not come up is left half there, and the next `up` fails on it",
        spec: "test/operator/operator.spec.ts",
        break: { file: "components/operator/operator.ts", find: "atomic: true", replace: "atomic: false" },
    },
    {
        id: "operator-P9",
        defect: "the operator's pods start without the way to the API server, and the release never gets ready",
        spec: "test/operator/operator.spec.ts",
        break: { file: "components/operator/operator.ts", find: "dependsOn: policies,", replace: "dependsOn: []," },
    },
    {
        id: "operator-P10",
        defect: "the API server can't call the webhook in a namespace that denies all, or everybody can",
        spec: "test/operator/operator.spec.ts",
        break: {
            file: "components/operator/operator.ts",
            find: "{ peers: apiServer.peers, ports: tcp(webhookPort) }",
            replace: "{ peers: [{ namespace }], ports: tcp(webhookPort) }",
        },
    },
];
