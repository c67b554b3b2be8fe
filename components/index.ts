/** The public surface for programs that import the components. */
export { Access, type AccessArgs, type AccessRule } from "./foundation/access";
export {
    type ClusterNetwork,
    type Environment,
    environmentSettings,
    type Foundation,
    type Tier,
} from "./foundation/environment";
export { type Fault, SettingsFaults } from "./foundation/faults";
export { ImageCatalog, type ImageName, type ImageSettings, imageSettings } from "./foundation/images";
export { type Identity } from "./foundation/labels";
export { Namespace, type NamespaceArgs, type NamespaceSettings, namespaceSettings } from "./foundation/namespace";
export { type Flow, type Peer, tcp } from "./foundation/networkPolicy";
export { type Spread, type Target } from "./foundation/placement";
export { type Container, type Pod } from "./foundation/pods";
export { PriorityClasses, type PriorityClassesArgs, priorityClassName } from "./foundation/priorityClasses";
export { type Resources } from "./foundation/resources";
export { SecretValue } from "./foundation/secretValue";
export { externalOpenSearch, type OpenSearchConnection } from "./opensearch/connection";
export { OpenSearchSingleNode, type OpenSearchSingleNodeArgs } from "./opensearch/singleNode";
export { MasterSet, type MasterSetArgs } from "./sets/masterSet";
export { type SetArgs, type SetService } from "./sets/setParts";
export { type VolumeClaim, WorkerSet, type WorkerSetArgs } from "./sets/workerSet";
export { Teraslice, type TerasliceArgs } from "./teraslice/teraslice";
export { externalZooKeeper, type ZooKeeperConnection } from "./zookeeper/connection";
export { ZooKeeper, type ZooKeeperArgs } from "./zookeeper/zookeeper";
