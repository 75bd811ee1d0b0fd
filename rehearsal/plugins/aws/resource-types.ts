import type { ResourceType, ResourceTypes } from "./resource-type.ts";
import { ecr } from "./services/ecr.ts";
import { eksAccess } from "./services/eks-access.ts";
import { ADDON, addon } from "./services/eks-addon.ts";
import { cluster } from "./services/eks-cluster.ts";
import { CLUSTER, NODE_GROUP } from "./services/eks-lookup.ts";
import { nodeGroup } from "./services/eks-node-group.ts";
import { endpoints } from "./services/endpoints.ts";
import { gateways } from "./services/gateways.ts";
import { iam } from "./services/iam.ts";
import { kms } from "./services/kms.ts";
import { launchTemplates } from "./services/launch-templates.ts";
import { logs } from "./services/logs.ts";
import { network } from "./services/network.ts";
import { routing } from "./services/routing.ts";
import { secretsManager } from "./services/secrets-manager.ts";
import { securityGroups } from "./services/security-groups.ts";

/** Every resource type that the simulated AWS knows, by its token. */
export const resourceTypes: ResourceTypes = {
  ...network,
  ...routing,
  ...gateways,
  ...endpoints,
  ...securityGroups,
  ...launchTemplates,
  [CLUSTER]: cluster,
  [NODE_GROUP]: nodeGroup,
  [ADDON]: addon,
  ...eksAccess,
  ...iam,
  ...ecr,
  ...kms,
  ...secretsManager,
  ...logs,
};

/** The rules of a type; an unknown one is refused, never waved through. */
export function resourceType(token: string): ResourceType {
  const type = resourceTypes[token];
  if (type === undefined) {
    const service = token.split(":")[1]?.split("/")[0] ?? "";
    throw new Error(
      `the simulated AWS does not know ${token}; add it to rehearsal/plugins/aws/services/ (service ${service})`,
    );
  }
  return type;
}
