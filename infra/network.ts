import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import type { NetworkConfig } from "./config.ts";
import { remoteChild } from "./remote.ts";
import { allocateSubnets } from "./subnets.ts";

export type NetworkArgs = NetworkConfig;

/** A VPC over two to four zones: private subnets for nodes, public ones for load balancers and NAT. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** In the order of the zones. */
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly publicSubnetIds: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:Network", name, {}, opts);
    const vpc = new awsx.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: args.cidr,
        availabilityZoneNames: args.zones,
        natGateways: { strategy: natStrategies[args.nat] },
        enableDnsHostnames: true,
        enableDnsSupport: true,
        // With blocks named one by one, Auto takes them as they are and lets the VPC have gaps: the room for further zones.
        subnetStrategy: "Auto",
        subnetSpecs: subnetSpecs(args),
      },
      remoteChild(this),
    );
    // The VPC's own default group lets its members talk to each other; emptied, nothing is open by mistake.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.vpcId, ingress: [], egress: [] },
      { parent: this },
    );
    this.vpcId = vpc.vpcId;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.registerOutputs({
      vpcId: this.vpcId,
      privateSubnetIds: this.privateSubnetIds,
      publicSubnetIds: this.publicSubnetIds,
    });
  }
}

const natStrategies = { single: "Single", perZone: "OnePerAz" } as const;

/** The subnets as awsx takes them, the largest first. The tags tell controllers where load balancers may stand. */
export function subnetSpecs({
  cidr,
  zones,
}: Pick<NetworkConfig, "cidr" | "zones">): awsx.types.input.ec2.SubnetSpecArgs[] {
  const blocks = allocateSubnets(cidr, zones.length);
  return [
    { type: "Private", cidrBlocks: [...blocks.private], tags: { "kubernetes.io/role/internal-elb": "1" } },
    { type: "Public", cidrBlocks: [...blocks.public], tags: { "kubernetes.io/role/elb": "1" } },
  ];
}
