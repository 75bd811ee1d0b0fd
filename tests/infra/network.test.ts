import assert from "node:assert/strict";

import { Network, subnetSpecs, type NetworkArgs } from "../../infra/network.ts";
import { collect, find, testProviders, type Recorded } from "../helpers/mocks.ts";

const args: NetworkArgs = {
  cidr: "10.20.0.0/16",
  zones: ["ap-south-1a", "ap-south-1b", "ap-south-1c"],
  nat: "single",
};

function network(over: Partial<NetworkArgs> = {}): Promise<Recorded[]> {
  return collect(() => void new Network("net", { ...args, ...over }, { provider: testProviders().aws }));
}

describe("the network", () => {
  it("is a VPC over the named zones, with DNS, whose subnets have fixed blocks", async () => {
    const vpc = find(await network(), "awsx:ec2:Vpc", "net-vpc");
    assert.deepEqual(vpc.inputs, {
      cidrBlock: "10.20.0.0/16",
      availabilityZoneNames: args.zones,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      natGateways: { strategy: "Single" },
      subnetStrategy: "Auto",
      subnetSpecs: [
        {
          type: "Private",
          cidrBlocks: ["10.20.0.0/19", "10.20.64.0/19", "10.20.128.0/19"],
          tags: { "kubernetes.io/role/internal-elb": "1" },
        },
        {
          type: "Public",
          cidrBlocks: ["10.20.32.0/20", "10.20.96.0/20", "10.20.160.0/20"],
          tags: { "kubernetes.io/role/elb": "1" },
        },
      ],
    });
  });

  it("hands its provider to the component of the other package, which would inherit none", async () => {
    assert.deepEqual(find(await network(), "awsx:ec2:Vpc").providers, { aws: "aws-test" });
  });

  it("has the NAT gateways that are asked for", async () => {
    for (const [nat, strategy] of [
      ["single", "Single"],
      ["perZone", "OnePerAz"],
    ] as const) {
      const vpc = find(await network({ nat }), "awsx:ec2:Vpc");
      assert.deepEqual(vpc.inputs["natGateways"], { strategy });
    }
  });

  it("closes the default security group", async () => {
    const { inputs } = find(await network(), "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    assert.deepEqual(inputs, { vpcId: "vpc-net-vpc", ingress: [], egress: [] });
  });

  it("keeps the blocks of its subnets when a zone is added", () => {
    const more = subnetSpecs({ ...args, zones: [...args.zones, "ap-south-1d"] });
    for (const [index, { cidrBlocks = [] }] of subnetSpecs(args).entries()) {
      assert.deepEqual(more[index]?.cidrBlocks?.slice(0, 3), cidrBlocks);
    }
  });
});
