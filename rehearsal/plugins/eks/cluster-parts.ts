import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterArgs } from "./cluster-options.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { ServiceRole } from "./service-role.ts";

/**
 * The real component fetches this from the issuer over HTTPS, in previews too. EKS does not look at it any more, so that any
 * fingerprint of the right form says the same.
 */
const THUMBPRINT = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";

/** The role of the control plane: the program's, or one that is made, with what must be ready before the cluster is. */
export function serviceRole(name: string, args: ClusterArgs, parent: pulumi.Resource) {
  if (args.serviceRole !== undefined) {
    const role = pulumi.output(args.serviceRole);
    return { role, arn: role.arn, ready: [] };
  }
  const made = new ServiceRole(
    `${name}-eksRole`,
    {
      description: "Allows EKS to manage clusters on your behalf.",
      policies: ["AmazonEKSClusterPolicy"],
      tags: args.tags,
    },
    { parent },
  );
  return { role: made.role, arn: made.role.arn, ready: [made.role, ...made.attachments] };
}

/** Public subnets first, as the real component orders them. */
export function clusterSubnets(args: ClusterArgs): pulumi.Output<string[]> {
  if (args.subnetIds !== undefined) return pulumi.output(args.subnetIds);
  return pulumi
    .all([args.publicSubnetIds ?? [], args.privateSubnetIds ?? []])
    .apply(([publicIds, privateIds]) => [...publicIds, ...privateIds]);
}

/** Who may reach the public endpoint; refused where there is none. */
export function publicCidrs(args: ClusterArgs): pulumi.Output<string[]> | undefined {
  if (args.publicAccessCidrs === undefined) return undefined;
  return pulumi
    .all([args.publicAccessCidrs, args.endpointPublicAccess ?? true])
    .apply(([cidrs, isPublic]) => {
      if (!isPublic)
        throw new Error("`publicAccessCidrs` can only be set when `endpointPublicAccess` is true");
      return cidrs;
    });
}

/** The kubeconfig as an object. */
export function clusterKubeconfig(
  cluster: aws.eks.Cluster,
  args: ClusterArgs,
  withProfile: boolean,
): pulumi.Output<object> {
  return pulumi
    .all([
      cluster.name,
      cluster.endpoint,
      cluster.certificateAuthority,
      cluster.arn,
      args.providerCredentialOpts,
    ])
    .apply(([name, endpoint, ca, arn, credentials]) => {
      const region = arn.split(":")[3] ?? "";
      return kubeconfig(
        { name, endpoint, region, certificateAuthority: ca.data ?? "" },
        credentials,
        withProfile,
      );
    });
}

/** What lets service accounts of the cluster take on roles. */
export function clusterOidcProvider(
  name: string,
  cluster: aws.eks.Cluster,
  parent: pulumi.Resource,
): aws.iam.OpenIdConnectProvider {
  const url = cluster.identities.apply((identities) => identities[0]?.oidcs?.[0]?.issuer ?? "");
  return new aws.iam.OpenIdConnectProvider(
    `${name}-oidcProvider`,
    { clientIdLists: ["sts.amazonaws.com"], url, thumbprintLists: [THUMBPRINT] },
    { parent },
  );
}
