import type { Pitfall } from "./pitfall";

const spec = "test/twister2/pitfalls.spec.ts";
const here = (file: string) => `components/twister2/${file}.ts`;

/** Twister2: section 12 of its fact sheet. */
export const twister2Pitfalls: readonly Pitfall[] = [
    {
        id: "twister2-P1",
        defect: "the role of jobs is bound to everybody who can log in",
        spec,
        break: {
            file: here("jobNamespace"),
            find: "groups: settings.submitters,",
            replace: 'groups: ["system:authenticated"],',
        },
    },
    {
        id: "twister2-P2",
        defect: "other pods share the default account with jobs, and so their rights",
        spec,
        break: {
            file: here("dashboard"),
            find: "{ foundation, namespace, identity, objectName: name }",
            replace: '{ foundation, namespace, identity, objectName: name, existingAccount: "default" }',
        },
    },
    {
        id: "twister2-P3",
        defect: "nothing lets those who submit list nodes",
        spec,
        break: { file: here("twister2"), find: "clusterRules: nodeReaderRules,", replace: "clusterRules: []," },
    },
    {
        id: "twister2-P4",
        defect: "a further job namespace lacks its role, uploader or Secret",
        spec,
        break: {
            file: here("twister2"),
            find: "namespace: each.namespace,",
            replace: 'namespace: args.jobNamespaces["research"] ?? namespace,',
        },
    },
    {
        id: "twister2-P5",
        defect: "jobs of any namespace look for their package in the namespace default",
        spec,
        break: {
            file: here("clientConfig"),
            find: '"twister2.kubernetes.uploader.web.server": webServer.url,',
            replace: '"twister2.kubernetes.uploader.web.server": "http://twister2-uploader.default.svc.cluster.local",',
        },
    },
    {
        id: "twister2-P6",
        defect: "images without a version, or with a SNAPSHOT that changes",
        spec,
        break: {
            file: here("jobNamespace"),
            find: 'image: foundation.images.reference("twister2"),',
            replace: 'image: "twister2/twister2-k8s:0.8.0-SNAPSHOT",',
        },
    },
    {
        id: "twister2-P7",
        defect: "the dashboard is killed at once when it shall stop",
        spec,
        break: { file: here("dashboard"), find: "gracePeriodSeconds: 60,", replace: "gracePeriodSeconds: 0," },
    },
    {
        id: "twister2-P8",
        defect: "the dashboard's database lies in its container, not on its volume",
        spec,
        break: {
            file: here("dashboard"),
            find: "jdbc:h2:file:${dataDirectory}/twister2_db",
            replace: "jdbc:h2:file:~/twister2_db",
        },
    },
    {
        id: "twister2-P9",
        defect: "the dashboard shows everybody a console of its database",
        spec,
        break: {
            file: here("dashboard"),
            find: '"SPRING_H2_CONSOLE_ENABLED", value: "false"',
            replace: '"SPRING_H2_CONSOLE_ENABLED", value: "true"',
        },
    },
    {
        id: "twister2-P10",
        defect: "jobs know one ZooKeeper, whose end is theirs",
        spec,
        break: {
            file: here("jobNamespace"),
            find: "zookeeper: zookeeper?.connectionString,",
            replace: 'zookeeper: zookeeper?.connectionString.split(",")[0],',
        },
    },
    {
        id: "twister2-P11",
        defect: "nobody ever removes packages from the uploader",
        spec,
        break: {
            file: here("jobNamespace"),
            find: "settings: { ...server, writing",
            replace: "settings: { ...server, keepFor: undefined, writing",
        },
    },
    {
        id: "twister2-P12",
        defect: "jobs need a namespace that is not restricted, and nothing says so",
        spec,
        break: { file: here("schema"), find: 'level: "baseline",', replace: 'level: "privileged",' },
    },
    {
        id: "twister2-P13",
        defect: "the namespace's limits are below what jobs request, so that their pods are invalid",
        spec,
        break: { file: here("schema"), find: 'cpuLimit: "16", memoryLimit: "32Gi"', replace: 'cpuLimit: "1"' },
    },
    {
        id: "twister2-P14",
        defect: "jobs can't pull from a private registry",
        spec,
        break: {
            file: "components/foundation/namespace.ts",
            find: "imagePullSecrets: foundation.images.pullSecretReferences,",
            replace: "imagePullSecrets: [],",
        },
    },
    {
        id: "twister2-P15",
        defect: "a StatefulSet's Service is not headless, so that its pod has no name",
        spec,
        break: {
            file: "components/uploader/uploader.ts",
            find: "serviceName: podsService,",
            replace: "serviceName: this.service.name,",
        },
    },
    {
        id: "twister2-P16",
        defect: "with everything closed by default, the pods of a job can't reach each other",
        spec,
        break: {
            file: here("network"),
            find: "egress: [{ to: among, ports }],",
            replace: "egress: [],",
        },
    },
    {
        id: "twister2-P17",
        defect: "admission asks of job pods what Twister2 can't give them, and blocks every job",
        spec,
        break: {
            file: "components/foundation/namespace.ts",
            find: '"pod-security.kubernetes.io/enforce": level,',
            replace: '"pod-security.kubernetes.io/enforce": "restricted",',
        },
    },
    {
        id: "twister2-P18",
        defect: "what a job leaves behind stays, for its owner may not remove it",
        spec,
        break: {
            file: here("rules"),
            find: 'core("persistentvolumeclaims", "list", "create", "delete")',
            replace: 'core("persistentvolumeclaims", "list", "create")',
        },
    },
    {
        id: "twister2-P18b",
        defect: "objects of the administrator carry the label of jobs, and are cleared with them",
        spec,
        break: {
            file: here("jobNamespace"),
            find: '{ name: "twister2-client", namespace, labels }',
            replace: '{ name: "twister2-client", namespace, labels: { ...labels, app: "twister2" } }',
        },
    },
    {
        id: "twister2-P19",
        defect: "jobs run under an account whose tokens end before they do",
        spec,
        break: {
            file: here("jobNamespace"),
            find: 'existingAccount: "default",',
            replace: "",
        },
    },
    {
        id: "twister2-P20",
        defect: "a job starts in a namespace that has no room for all its pods, and waits until it fails",
        spec,
        break: { file: here("demand"), find: "[...(inPod ? [master] : []), worker]", replace: "[worker]" },
    },
];
