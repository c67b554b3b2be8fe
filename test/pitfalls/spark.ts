import type { Pitfall } from "./pitfall";

/** Spark and its operator: sections 0.1, 4.3 and 8.9 of the fact sheet, and what upstream's code says. */
export const sparkPitfalls: readonly Pitfall[] = [
    {
        id: "spark-P1",
        defect: "the chart comes from GoogleCloudPlatform's repository, which is dead",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/schema.ts",
            find: 'repository: "https://kubeflow.github.io/spark-operator"',
            replace: 'repository: "https://googlecloudplatform.github.io/spark-on-k8s-operator"',
        },
    },
    {
        id: "spark-P2",
        defect: "an empty name among the job namespaces watches all of the cluster, and makes no account anywhere",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/operatorChart.ts",
            find: "jobNamespaces: [...args.jobNamespaces]",
            replace: 'jobNamespaces: [""]',
        },
    },
    {
        id: "spark-P3",
        defect: "the drivers' account is called after a release with a generated name",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/operatorChart.ts",
            find: "serviceAccount: { create: false, name: accounts.driver }",
            replace: "serviceAccount: { create: true }",
        },
    },
    {
        id: "spark-P4",
        defect: "the controller's memory is too little for the JVM of a submission: signal: killed",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/schema.ts",
            find: 'resources: { cpu: "100m", memory: "1Gi", ephemeralStorage: "2Gi" }',
            replace: 'resources: { cpu: "100m", memory: "300Mi", ephemeralStorage: "2Gi" }',
        },
    },
    {
        id: "spark-P5",
        defect: "a disruption budget for one pod blocks the drain of its node",
        spec: "test/spark/spark.spec.ts",
        break: { file: "components/spark/operatorChart.ts", find: "enable: replicas > 1", replace: "enable: true" },
    },
    {
        id: "spark-P6",
        defect: "the chart's hook for its definitions starts a pod that `restricted` refuses and that no network policy can select",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/operatorChart.ts",
            find: "hook: { upgradeCrd: false }",
            replace: "hook: { upgradeCrd: true }",
        },
    },
    {
        id: "spark-P7",
        defect: "the webhook fails closed, and the API server can't reach it: nothing can be submitted",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/operatorChart.ts",
            find: 'part === "webhook" && { webhookPort }',
            replace: 'part === "none" && { webhookPort }',
        },
    },
    {
        id: "spark-P8",
        defect: "applications are submitted before the operator and its definitions are there",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/jobNamespace.ts",
            find: "...policies, ...(args.after ?? [])",
            replace: "...policies",
        },
    },
    {
        id: "spark-P9",
        defect: "drivers may not remove collections, so claims and ConfigMaps stay behind; or they may do everything",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/rules.ts",
            find: 'core("persistentvolumeclaims", "get", "list", "create", "delete", "deletecollection")',
            replace: 'core("persistentvolumeclaims", "get", "list", "create", "delete")',
        },
    },
    {
        id: "spark-P10",
        defect: "executors can't fetch shuffle blocks from each other",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/network.ts",
            find: "{ peers: [drivers, executors], ports: tcp(ports.blockManager) }",
            replace: "{ peers: [drivers], ports: tcp(ports.blockManager) }",
        },
    },
    {
        id: "spark-P11",
        defect: "`up` waits until an application ends, which a stream never does",
        spec: "test/spark/spark.spec.ts",
        break: {
            file: "components/spark/jobNamespace.ts",
            find: '"jsonpath={.status.driverInfo.podName}"',
            replace: '"jsonpath={.status.applicationState.state}=COMPLETED"',
        },
    },
    {
        id: "spark-P12",
        defect: "OnFailure without a number of retries: the operator makes none",
        spec: "test/spark/application.spec.ts",
        break: { file: "components/spark/application.ts", find: "onFailureRetries: restart.retries,", replace: "" },
    },
    {
        id: "spark-P13",
        defect: "executors' block managers listen on random ports, which no network policy can name",
        spec: "test/spark/application.spec.ts",
        break: {
            file: "components/spark/application.ts",
            find: '"spark.blockManager.port": String(ports.blockManager),',
            replace: "",
        },
    },
    {
        id: "spark-P14",
        defect: "security contexts and volumes in fields that hold only while the webhook runs, or pods that `restricted` refuses",
        spec: "test/spark/application.spec.ts",
        break: {
            file: "components/spark/podTemplate.ts",
            find: "securityContext: containerSecurity,",
            replace: "securityContext: { ...containerSecurity, readOnlyRootFilesystem: false },",
        },
    },
    {
        id: "spark-P15",
        defect: "a pod template whose container has another name than Spark looks for gets a second container",
        spec: "test/spark/application.spec.ts",
        break: {
            file: "components/spark/names.ts",
            find: 'executor: "spark-kubernetes-executor"',
            replace: 'executor: "executor"',
        },
    },
    {
        id: "spark-P16",
        defect: "executors run under the drivers' account, with its token",
        spec: "test/spark/application.spec.ts",
        break: {
            file: "components/spark/podTemplate.ts",
            find: 'automountServiceAccountToken: part === "driver"',
            replace: "automountServiceAccountToken: true",
        },
    },
    {
        id: "spark-P17",
        defect: "targets do not reach the pods that Spark starts",
        spec: "test/spark/application.spec.ts",
        break: { file: "components/spark/podTemplate.ts", find: "...(tolerations && { tolerations }),", replace: "" },
    },
    {
        id: "spark-P18",
        defect: "a quota doesn't fit, since Spark adds a tenth to the heap, of Python four tenths, and 384Mi at least",
        spec: "test/spark/application.spec.ts",
        break: { file: "components/spark/memory.ts", find: "? 0.4 : 0.1", replace: "? 0.1 : 0.1" },
    },
    {
        id: "spark-P19",
        defect: "shuffle files fill the node: Spark's own local directories have no limit",
        spec: "test/spark/application.spec.ts",
        break: {
            file: "components/spark/podTemplate.ts",
            find: "emptyDir: { sizeLimit: size }",
            replace: "emptyDir: {}",
        },
    },
    {
        id: "spark-P20",
        defect: "a changed file reaches nobody: the application is not submitted again",
        spec: "test/spark/application.spec.ts",
        break: {
            file: "components/spark/podTemplate.ts",
            find: "...(texts.length > 0 && {",
            replace: "...(texts.length > 1000 && {",
        },
    },
    {
        id: "spark-P21",
        defect: "an application that its time to live has removed can't be updated: the next `up` fails",
        spec: "test/spark/application.spec.ts",
        break: { file: "components/spark/jobNamespace.ts", find: '? ["*"] : []', replace: "? [] : []" },
    },
    {
        id: "spark-P22",
        defect: "an application of a fixed name is made anew before the old one is deleted",
        spec: "test/spark/application.spec.ts",
        break: {
            file: "components/operator/customResource.ts",
            find: "deleteBeforeReplace: true",
            replace: "deleteBeforeReplace: false",
        },
    },
    {
        id: "spark-P23",
        defect: "a schedule follows the time zone of the operator's pod",
        spec: "test/spark/application.spec.ts",
        break: { file: "components/spark/application.ts", find: "timeZone: schedule.timeZone,", replace: "" },
    },
    {
        id: "spark-P24",
        defect: "passwords and access keys in sparkConf, hadoopConf or variables, which everybody reads who reads applications",
        spec: "test/stacks/sparkBroken.spec.ts",
        break: {
            file: "components/spark/sparkConf.ts",
            find: "return secretName.test(key);",
            replace: "return false;",
        },
    },
    {
        id: "spark-P25",
        defect: "sparkConf that the operator's webhook refuses at `up`: accounts, images, the master",
        spec: "test/stacks/sparkBroken.spec.ts",
        break: {
            file: "components/spark/sparkConf.ts",
            find: '"spark.kubernetes.",',
            replace: '"spark.kubernetes.namespace",',
        },
    },
    {
        id: "spark-P26",
        defect: "a name that begins with a digit: the driver's Services can't be made",
        spec: "test/stacks/sparkBroken.spec.ts",
        break: {
            file: "components/spark/applicationSchema.ts",
            find: "/^[a-z]([-a-z0-9]*[a-z0-9])?$/",
            replace: "/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/",
        },
    },
    {
        id: "spark-P27",
        defect: "dynamic allocation without shuffle tracking takes executors away with their shuffle files, since there is no shuffle service",
        spec: "test/spark/application.spec.ts",
        break: {
            file: "components/spark/application.ts",
            find: "shuffleTrackingEnabled: true",
            replace: "shuffleTrackingEnabled: false",
        },
    },
    {
        id: "spark-P28",
        defect: "any pod of the namespace may join an application as an executor: network policies can't tell applications apart",
        spec: "test/spark/application.spec.ts",
        break: { file: "components/spark/application.ts", find: "given.encrypted && {", replace: "false && {" },
    },
];
