/** The public surface for programs that import the components. */
export { Consumer, type ConsumerArgs } from "./base/consumer";
export { TeamLogin, type TeamLoginArgs } from "./base/teamLogin";
export { BookKeeper, type BookKeeperArgs } from "./bookkeeper/bookkeeper";
export { type BookKeeperConnection } from "./bookkeeper/connection";
export { DlogNamespace, type DlogNamespaceArgs } from "./bookkeeper/dlogNamespace";
export { Cassandra, type CassandraArgs } from "./cassandra/cassandra";
export { Dashboard, type DashboardArgs, type DashboardBackend } from "./dashboard/dashboard";
export { type DashboardEntry, dashboardList, exposurePeers } from "./dashboard/exposure";
export { type ExposureSettings, exposureSettings } from "./dashboard/schema";
export { FlinkSession, type FlinkSessionArgs } from "./flink/flinkSession";
export { Access, type AccessArgs, type AccessRule } from "./foundation/access";
export {
    type CertificateAuthority,
    certificateAuthority,
    certificateSettings,
    type CertificateSubject,
    type SignedCertificate,
} from "./foundation/certificates";
export { generatedPassword, type GeneratedPassword, loginSettings } from "./foundation/credentials";
export { type Demand } from "./foundation/demand";
export {
    apiServerSettings,
    type ClusterNetwork,
    dnsSettings,
    type Environment,
    environmentSettings,
    type Foundation,
    serviceHost,
    type Tier,
} from "./foundation/environment";
export { checked, type Fault, SettingsFaults } from "./foundation/faults";
export { GroupAccess, type GroupAccessArgs } from "./foundation/groupAccess";
export { ImageCatalog, type ImageName, type ImageSettings, imageSettings } from "./foundation/images";
export { type Identity, type Labels, objectLabels, selectorLabels } from "./foundation/labels";
export {
    jobNamespaceSettings,
    Namespace,
    type NamespaceArgs,
    type NamespaceSettings,
    namespaceSettings,
} from "./foundation/namespace";
export { apiServerFlow, type Flow, type Peer, tcp } from "./foundation/networkPolicy";
export { type Spread, type Target } from "./foundation/placement";
export { type Container, type Pod } from "./foundation/pods";
export { PriorityClasses, type PriorityClassesArgs, priorityClassName } from "./foundation/priorityClasses";
export { type Resources } from "./foundation/resources";
export { SecretReference } from "./foundation/secretReference";
export { SecretValue } from "./foundation/secretValue";
export { guardHook } from "./guards/guard";
export { Sharing, type SharingArgs } from "./guards/sharing";
export { Heron, type HeronArgs } from "./heron/heron";
export { Kafka, type KafkaArgs } from "./kafka/kafka";
export { type Alert } from "./monitoring/alerts/alert";
export { Monitor, type MonitorArgs, type MonitorEndpoint, monitors, scraperFlow } from "./monitoring/monitor";
export {
    type MonitoringSettings,
    monitoringSettings,
    type MonitorSettings,
    monitorSettings,
} from "./monitoring/schema";
export { OpenSearchCluster, type OpenSearchClusterArgs } from "./opensearch/cluster";
export { externalOpenSearch, type OpenSearchConnection } from "./opensearch/connection";
export { OpenSearchSingleNode, type OpenSearchSingleNodeArgs } from "./opensearch/singleNode";
export { type AwaitedResourceArgs, awaitedResource, type WaitFor } from "./operator/customResource";
export { Operator, type OperatorArgs, type OperatorChart, type OperatorPods } from "./operator/operator";
export { operatorSettings } from "./operator/schema";
export { Redis, type RedisArgs } from "./redis/redis";
export { RedisInstance, type RedisInstanceArgs } from "./redis/redisInstance";
export { MasterSet, type MasterSetArgs } from "./sets/masterSet";
export { ScheduledTask, type ScheduledTaskArgs } from "./sets/scheduledTask";
export { registerSurroundings, type SetArgs, type SetService, type Surroundings } from "./sets/setParts";
export { Task, type TaskArgs } from "./sets/task";
export { type VolumeClaim, WorkerSet, type WorkerSetArgs } from "./sets/workerSet";
export { Spark, type SparkArgs } from "./spark/spark";
export { Tensorflow, type TensorflowArgs } from "./tensorflow/tensorflow";
export { Teraslice, type TerasliceArgs } from "./teraslice/teraslice";
export { Twister2, type Twister2Args } from "./twister2/twister2";
export { type S3Connection, s3Uploader, type ServerConnection, type UploaderConnection } from "./uploader/connection";
export { Uploader, type UploaderArgs } from "./uploader/uploader";
export {
    externalZooKeeper,
    type ZooKeeperAuthentication,
    type ZooKeeperConnection,
    type ZooKeeperLogin,
    type ZooKeeperTls,
} from "./zookeeper/connection";
export { ZooKeeper, type ZooKeeperArgs } from "./zookeeper/zookeeper";
