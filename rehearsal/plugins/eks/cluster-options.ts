import type * as eks from "@pulumi/eks";
import type * as pulumi from "@pulumi/pulumi";

import { refuseOption, refuseUnknownOptions } from "../aws/component-options.ts";

export type ClusterArgs = eks.ClusterArgs;

const COMPONENT = "eks:index:Cluster";
const FILE = "eks/cluster-options.ts";

const options = [
  "accessEntries",
  "authenticationMode",
  "bootstrapSelfManagedAddons",
  "clusterSecurityGroupTags",
  "clusterTags",
  "corednsAddonOptions",
  "createInstanceRole",
  "createOidcProvider",
  "deletionProtection",
  "enabledClusterLogTypes",
  "encryptionConfigKeyArn",
  "endpointPrivateAccess",
  "endpointPublicAccess",
  "kubeProxyAddonOptions",
  "kubernetesServiceIpAddressRange",
  "name",
  "nodeSecurityGroupTags",
  "privateSubnetIds",
  "providerCredentialOpts",
  "publicAccessCidrs",
  "publicSubnetIds",
  "serviceRole",
  "skipDefaultNodeGroup",
  "skipDefaultSecurityGroups",
  "subnetIds",
  "tags",
  "upgradePolicy",
  "useDefaultVpcCni",
  "version",
  "vpcCniOptions",
  "vpcId",
] as const satisfies readonly (keyof ClusterArgs)[];

/** Options that belong to the old way of letting principals in, a ConfigMap. */
const configMapOptions = [
  "instanceRoles",
  "roleMappings",
  "userMappings",
] as const satisfies readonly (keyof ClusterArgs)[];

/** Refuses what the real component refuses, in its words, and what the stand-in does not do, by name. */
export function checkClusterOptions(
  args: ClusterArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): void {
  if (hasExplicitAwsProvider(opts) && args.providerCredentialOpts === undefined) {
    throw new Error(
      "It looks like you're using an explicit AWS provider. Please specify this provider in providerCredentialOpts.",
    );
  }
  if (args.authenticationMode === "API") {
    for (const option of configMapOptions) {
      if (args[option] !== undefined) {
        throw new Error(
          `The '${option}' property does not support non-empty values when 'authenticationMode' is set to 'API'.`,
        );
      }
    }
  }
  if (
    args.subnetIds !== undefined &&
    (args.publicSubnetIds !== undefined || args.privateSubnetIds !== undefined)
  ) {
    throw new Error(
      "subnetIds, and the use of publicSubnetIds and/or privateSubnetIds are mutually exclusive. Choose a single approach.",
    );
  }
  refuseUnknownOptions(COMPONENT, args, options, FILE);
  if (args.authenticationMode !== "API") {
    const mode = args.authenticationMode ?? "unset";
    refuseOption(
      COMPONENT,
      "authenticationMode",
      `it is ${mode}, and a ConfigMap is not made; say "API"`,
      FILE,
    );
  }
  if (args.skipDefaultNodeGroup !== true) {
    refuseOption(
      COMPONENT,
      "skipDefaultNodeGroup",
      "it is not true, and a default node group is not made",
      FILE,
    );
  }
  if (args.createInstanceRole === true) {
    refuseOption(COMPONENT, "createInstanceRole", "an instance role is not made", FILE);
  }
  if (args.createOidcProvider !== undefined && typeof args.createOidcProvider !== "boolean") {
    refuseOption(COMPONENT, "createOidcProvider", "it is not known yet; give true or false", FILE);
  }
  if (args.vpcId === undefined)
    refuseOption(COMPONENT, "vpcId", "the simulated account has no default VPC", FILE);
}

/** A program may hand the provider over alone or among others; the real component looks at the first form only. */
function hasExplicitAwsProvider(opts: pulumi.ComponentResourceOptions | undefined): boolean {
  const { provider, providers } = opts ?? {};
  if (provider !== undefined) return true;
  return Array.isArray(providers) ? providers.length > 0 : providers !== undefined && "aws" in providers;
}
