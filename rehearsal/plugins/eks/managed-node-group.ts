import * as aws from "@pulumi/aws";
import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";

import { refuseUnknownOptions } from "../aws/component-options.ts";
import type { Core } from "./cluster.ts";

type ManagedNodeGroupArgs = eks.ManagedNodeGroupArgs;

const COMPONENT = "eks:index:ManagedNodeGroup";

/** Options of the node group itself, handed on as they are. */
const groupOptions = [
  "amiType",
  "capacityType",
  "diskSize",
  "forceUpdateVersion",
  "instanceTypes",
  "labels",
  "launchTemplate",
  "nodeGroupName",
  "releaseVersion",
  "tags",
  "taints",
] as const satisfies readonly (keyof ManagedNodeGroupArgs)[];
const ownOptions = [
  "cluster",
  "clusterName",
  "ignoreScalingChanges",
  "nodeRole",
  "nodeRoleArn",
  "scalingConfig",
  "subnetIds",
  "version",
] as const satisfies readonly (keyof ManagedNodeGroupArgs)[];

/** The stand-in for the eks component: one node group, with the cluster's subnets and version unless the program says others. */
export class ManagedNodeGroup extends pulumi.ComponentResource {
  readonly state: pulumi.Inputs;

  constructor(name: string, args: ManagedNodeGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseUnknownOptions(COMPONENT, args, [...groupOptions, ...ownOptions], "eks/managed-node-group.ts");
    if (args.nodeRole === undefined && args.nodeRoleArn === undefined) {
      const reason = "An IAM role, or role ARN must be provided to create a managed node group";
      throw new pulumi.InputPropertiesError({
        message: "The input properties for the managed node group are invalid.",
        errors: [{ propertyPath: "nodeRole", reason }],
      });
    }
    super(COMPONENT, name, {}, opts);
    const core = coreOf(args.cluster);
    const handedOn = Object.fromEntries(groupOptions.map((option) => [option, args[option]]));
    const nodeGroup = new aws.eks.NodeGroup(
      name,
      {
        ...handedOn,
        clusterName: args.clusterName ?? core.cluster.name,
        nodeRoleArn:
          args.nodeRoleArn ??
          pulumi.output(args.nodeRole as pulumi.Input<aws.iam.Role>).apply((role) => role.arn),
        scalingConfig: pulumi.output(args.scalingConfig).apply((config) => ({
          desiredSize: config?.desiredSize ?? 2,
          maxSize: config?.maxSize ?? 2,
          minSize: config?.minSize ?? 1,
        })),
        subnetIds: args.subnetIds ?? core.subnetIds,
        // With a launch template of the program's own, its image says which version the nodes have.
        version: args.version ?? (args.launchTemplate === undefined ? core.cluster.version : undefined),
      },
      {
        parent: this,
        ignoreChanges: args.ignoreScalingChanges === true ? ["scalingConfig.desiredSize"] : undefined,
      },
    );
    this.state = { nodeGroup, placementGroupName: "" };
    this.registerOutputs(this.state);
  }
}

/** What the group needs of the cluster, whether the program hands over the component or its core. */
export function coreOf(cluster: unknown): pulumi.Output<Core> {
  return (pulumi.output(cluster) as pulumi.Output<{ core?: pulumi.Output<Core> } | Core>).apply((known) =>
    pulumi.Resource.isInstance(known)
      ? (known as unknown as { core: pulumi.Output<Core> }).core
      : (known as Core),
  ) as pulumi.Output<Core>;
}
