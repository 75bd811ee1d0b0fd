import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "./tags.ts";

export interface SecurityGroupsArgs {
  vpcId: pulumi.Input<string> | undefined;
  tags: Tags;
  clusterTags: Tags;
  nodeTags: Tags;
}

export interface NodeSecurity {
  group: aws.ec2.SecurityGroup;
  /** What lets pods reach the control plane. */
  clusterIngress: aws.ec2.SecurityGroupRule;
}

const everywhere = {
  fromPort: 0,
  toPort: 0,
  protocol: "-1",
  cidrBlocks: ["0.0.0.0/0"],
  description: "Allow internet access.",
};

/** The group of the control plane, and its way out. */
export function clusterSecurityGroup(
  name: string,
  args: SecurityGroupsArgs,
  parent: pulumi.Resource,
): aws.ec2.SecurityGroup {
  const groupName = `${name}-eksClusterSecurityGroup`;
  const tags = pulumi
    .all([args.tags, args.clusterTags])
    .apply(([shared, own]) => ({ Name: groupName, ...own, ...shared }));
  const group = new aws.ec2.SecurityGroup(
    groupName,
    { vpcId: args.vpcId, revokeRulesOnDelete: true, tags },
    { parent },
  );
  new aws.ec2.SecurityGroupRule(
    `${name}-eksClusterInternetEgressRule`,
    { ...everywhere, type: "egress", securityGroupId: group.id },
    { parent },
  );
  return group;
}

/**
 * The group that self-managed nodes would carry, and the rules between it and the control plane. Managed node groups do not carry
 * it; the real component makes it all the same.
 */
export function nodeSecurityGroup(
  name: string,
  args: SecurityGroupsArgs,
  cluster: aws.eks.Cluster,
  controlPlane: aws.ec2.SecurityGroup,
  parent: pulumi.Resource,
): NodeSecurity {
  const groupName = `${name}-nodeSecurityGroup`;
  const tags = pulumi.all([args.tags, args.nodeTags, cluster.name]).apply(([shared, own, clusterName]) => ({
    Name: groupName,
    [`kubernetes.io/cluster/${clusterName}`]: "owned",
    ...own,
    ...shared,
  }));
  const group = new aws.ec2.SecurityGroup(
    groupName,
    { vpcId: args.vpcId, revokeRulesOnDelete: true, tags },
    { parent },
  );
  const rule = (
    suffix: string,
    description: string,
    more: Omit<aws.ec2.SecurityGroupRuleArgs, "type">,
    type = "ingress",
  ) => new aws.ec2.SecurityGroupRule(`${name}-${suffix}`, { description, type, ...more }, { parent });

  const nodes = { securityGroupId: group.id };
  const fromControlPlane = { ...nodes, sourceSecurityGroupId: controlPlane.id, protocol: "tcp" };
  rule("eksNodeIngressRule", "Allow nodes to communicate with each other", {
    ...nodes,
    fromPort: 0,
    toPort: 0,
    protocol: "-1",
    self: true,
  });
  rule(
    "eksNodeClusterIngressRule",
    "Allow worker Kubelets and pods to receive communication from the cluster control plane",
    { ...fromControlPlane, fromPort: 1025, toPort: 65535 },
  );
  rule(
    "eksExtApiServerClusterIngressRule",
    "Allow pods running extension API servers on port 443 to receive communication from cluster control plane",
    { ...fromControlPlane, fromPort: 443, toPort: 443 },
  );
  rule("eksNodeInternetEgressRule", everywhere.description, { ...everywhere, ...nodes }, "egress");
  const clusterIngress = rule(
    "eksClusterIngressRule",
    "Allow pods to communicate with the cluster API Server",
    {
      securityGroupId: controlPlane.id,
      sourceSecurityGroupId: group.id,
      fromPort: 443,
      toPort: 443,
      protocol: "tcp",
    },
  );
  return { group, clusterIngress };
}
