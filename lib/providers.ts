import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Environment, LayerName } from "./environment.ts";
import { defaultTags } from "./tags.ts";

/**
 * The AWS provider of a layer. It refuses credentials of any other account than the environment's, and puts the default tags on
 * everything that can carry tags. Credentials come from the surroundings (OIDC role, SSO, instance role), never from here.
 */
export function awsProvider(environment: Environment, layer: LayerName): aws.Provider {
  return new aws.Provider(`aws-${layer}`, {
    region: environment.region as aws.Region,
    allowedAccountIds: [environment.accountId],
    defaultTags: { tags: defaultTags(environment, layer) },
  });
}

export interface ClusterAccess {
  kubeconfig: pulumi.Input<string>;
  clusterArn: pulumi.Input<string>;
}

/**
 * The Kubernetes provider of a layer. `clusterIdentifier` is the cluster's ARN: only another cluster replaces the provider, and with
 * it everything on the cluster; a new kubeconfig or endpoint does not.
 */
export function clusterProvider(
  layer: LayerName,
  access: ClusterAccess,
  opts?: pulumi.ResourceOptions,
): kubernetes.Provider {
  return new kubernetes.Provider(
    `kubernetes-${layer}`,
    { kubeconfig: access.kubeconfig, clusterIdentifier: access.clusterArn, enableServerSideApply: true },
    opts,
  );
}
