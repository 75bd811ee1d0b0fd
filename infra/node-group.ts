import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "./cluster.ts";
import type { NodeGroupConfig } from "./config.ts";
import { amiTypeOf } from "./instance-types.ts";
import { remoteChild } from "./remote.ts";

export interface NodeGroupArgs extends NodeGroupConfig {
  cluster: Cluster;
  /** Minor version of Kubernetes. */
  version: string;
  privateSubnetIds: pulumi.Input<string[]>;
  /** For instances, volumes and network interfaces, which the provider's default tags do not reach. */
  tags: Record<string, string>;
}

/** What a node may do: join the cluster, give addresses to pods, pull images, and be reached through Session Manager. */
const nodePolicies = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
];

/** Nodes that EKS manages, in private subnets only, from our own launch template and with a role of their own. */
export class NodeGroup extends pulumi.ComponentResource {
  constructor(name: string, args: NodeGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:NodeGroup", name, {}, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      { description: "Nodes of the cluster", assumeRolePolicy: JSON.stringify(nodeTrust) },
      { parent: this },
    );
    const grants = nodePolicies.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policy}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          { parent: this },
        ),
    );
    const template = new aws.ec2.LaunchTemplate(`${name}-template`, launchTemplate(args), { parent: this });
    new eks.ManagedNodeGroup(
      `${name}-group`,
      {
        cluster: args.cluster.eks,
        version: args.version,
        nodeRoleArn: role.arn,
        subnetIds: args.privateSubnetIds,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        amiType: amiTypeOf(args.instanceTypes),
        instanceTypes: args.instanceTypes,
        capacityType: args.capacityType,
        labels: args.labels,
        scalingConfig: { desiredSize: args.desired, minSize: args.min, maxSize: args.max },
        // After the start the number of nodes belongs to whoever scales them, not to the next update.
        ignoreScalingChanges: true,
      },
      // Nodes come after the network add-on, which the cluster's component holds, and go while their role can still leave.
      remoteChild(this, { dependsOn: [args.cluster, ...grants] }),
    );
    this.registerOutputs({});
  }
}

const nodeTrust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/**
 * How instances start. Our own template, because the component's allows two hops to the metadata service, and a disk that is
 * neither encrypted nor gp3. With one hop a pod cannot reach the node's credentials.
 */
export function launchTemplate({
  diskGiB,
  tags,
}: Pick<NodeGroupArgs, "diskGiB" | "tags">): aws.ec2.LaunchTemplateArgs {
  return {
    updateDefaultVersion: true,
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", volumeSize: diskGiB, encrypted: "true", deleteOnTermination: "true" },
      },
    ],
    tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
      resourceType,
      tags,
    })),
  };
}
