import * as aws from "@pulumi/aws";
import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

type Entries = NonNullable<eks.ClusterArgs["accessEntries"]>;

/** One entry for each principal, and below it one association for each access policy. */
export function accessEntries(
  name: string,
  cluster: aws.eks.Cluster,
  entries: Entries,
  parent: pulumi.Resource,
): aws.eks.AccessEntry[] {
  return Object.entries(entries).map(([key, entry]) => {
    const { principalArn, kubernetesGroups, username, type, tags, accessPolicies } = entry;
    const made = new aws.eks.AccessEntry(
      `${name}-${key}`,
      { clusterName: cluster.name, principalArn, kubernetesGroups, userName: username, type, tags },
      { parent, dependsOn: [cluster] },
    );
    for (const [policyKey, policy] of Object.entries(accessPolicies ?? {})) {
      const association = pulumi.output(policy);
      new aws.eks.AccessPolicyAssociation(
        `${name}-${key}-${policyKey}`,
        {
          clusterName: cluster.name,
          principalArn,
          policyArn: association.policyArn,
          accessScope: association.accessScope,
        },
        { parent: made, dependsOn: [made] },
      );
    }
    return made;
  });
}
