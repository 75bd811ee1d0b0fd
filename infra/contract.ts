import { z } from "zod";

import { defineContract, type Outputs } from "../lib/contract.ts";

/** What infra promises: the cluster and how to reach it, and what the layers to the right need of the account. */
export const infraContract = defineContract(
  "infra",
  {
    /** Version of this contract. */
    infraContract: z.literal(1),
    region: z.string(),
    accountId: z.string(),
    clusterName: z.string(),
    /** Identity of the cluster for the Kubernetes providers. */
    clusterArn: z.string(),
    /** Minor version, e.g. "1.36". */
    kubernetesVersion: z.string(),
    /** JSON text; it fetches a short-lived token through the AWS command line and holds no credential itself. */
    kubeconfig: z.string(),
    oidcProviderArn: z.string(),
    /** Issuer of service account tokens, without the scheme. */
    oidcIssuer: z.string(),
    vpcId: z.string(),
    /** In the order of the zones. */
    privateSubnetIds: z.array(z.string()),
    publicSubnetIds: z.array(z.string()),
    /** Every role of a workload carries it. */
    permissionsBoundaryArn: z.string(),
    /** The key under which the environment's secrets are encrypted. */
    secretsKeyArn: z.string(),
    /** Repository name → address to push to and pull from. */
    repositoryUrls: z.record(z.string(), z.string()),
    /** Secret name → ARN. */
    secretArns: z.record(z.string(), z.string()),
    /** The default StorageClass: encrypted gp3. */
    storageClass: z.string(),
    /** `spec.loadBalancerClass` of Services; empty where the cloud's own controller answers. */
    loadBalancerClass: z.string(),
  },
  ["kubeconfig"],
);

export type InfraOutputs = Outputs<typeof infraContract>;
