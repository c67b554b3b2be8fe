import type { Rule } from "../../rule";
import { appArmor } from "./appArmor";
import { broadSubjects } from "./broadSubjects";
import { capabilities } from "./capabilities";
import { clusterAdmin } from "./clusterAdmin";
import { defaultAccount } from "./defaultAccount";
import { defaultDeny } from "./defaultDeny";
import { hostHandlers } from "./hostHandlers";
import { hostNamespaces } from "./hostNamespaces";
import { hostPorts } from "./hostPorts";
import { hostProcess } from "./hostProcess";
import { openPolicies } from "./openPolicies";
import { ownAccount } from "./ownAccount";
import { plainSecrets } from "./plainSecrets";
import { podSecurityLabels } from "./podSecurityLabels";
import { policySelects } from "./policySelects";
import { policyTypes } from "./policyTypes";
import { privilegeEscalation } from "./privilegeEscalation";
import { privileged } from "./privileged";
import { procMount } from "./procMount";
import { rbacEscalation } from "./rbacEscalation";
import { rbacWildcards } from "./rbacWildcards";
import { readOnlyRoot } from "./readOnlyRoot";
import { roleRefs } from "./roleRefs";
import { runAsNonRoot } from "./runAsNonRoot";
import { seccomp } from "./seccomp";
import { secretListing } from "./secretListing";
import { selinux } from "./selinux";
import { serviceExposure } from "./serviceExposure";
import { serviceLinks } from "./serviceLinks";
import { sharedProcessNamespace } from "./sharedProcessNamespace";
import { sysctls } from "./sysctls";
import { tokenMount } from "./tokenMount";
import { userAndGroups } from "./userAndGroups";
import { volumeTypes } from "./volumeTypes";

/** What pods and accounts may do, and who may reach them. */
export const securityRules: readonly Rule[] = [
    appArmor,
    broadSubjects,
    capabilities,
    clusterAdmin,
    defaultAccount,
    defaultDeny,
    hostHandlers,
    hostNamespaces,
    hostPorts,
    hostProcess,
    openPolicies,
    ownAccount,
    plainSecrets,
    podSecurityLabels,
    policySelects,
    policyTypes,
    privilegeEscalation,
    privileged,
    procMount,
    rbacEscalation,
    rbacWildcards,
    readOnlyRoot,
    roleRefs,
    runAsNonRoot,
    seccomp,
    secretListing,
    selinux,
    serviceExposure,
    serviceLinks,
    sharedProcessNamespace,
    sysctls,
    tokenMount,
    userAndGroups,
    volumeTypes,
];
