import assert from "node:assert/strict";

import type { VpcArgs } from "@pulumi/awsx/ec2/index.js";
import * as aws from "@pulumi/aws";

import { Vpc } from "../../../../rehearsal/plugins/awsx/vpc.ts";
import { namesOf, only, record, type Recorded } from "../recorded.ts";

const SUBNET = "aws:ec2/subnet:Subnet";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const NAT = "aws:ec2/natGateway:NatGateway";
const EIP = "aws:ec2/eip:Eip";

/** Three zones in a block that has room for four. */
const args: VpcArgs = {
  availabilityZoneNames: ["ap-south-1a", "ap-south-1b", "ap-south-1c"],
  cidrBlock: "10.20.0.0/16",
  enableDnsHostnames: true,
  subnetStrategy: "Auto",
  natGateways: { strategy: "Single" },
  subnetSpecs: [
    {
      type: "Private",
      cidrBlocks: ["10.20.0.0/19", "10.20.64.0/19", "10.20.128.0/19"],
      tags: { "kubernetes.io/role/internal-elb": "1" },
    },
    { type: "Public", cidrBlocks: ["10.20.32.0/20", "10.20.96.0/20", "10.20.160.0/20"] },
    { type: "Isolated", cidrBlocks: ["10.20.48.0/20", "10.20.112.0/20", "10.20.176.0/20"] },
  ],
  tags: { env: "test" },
};

const all = ["isolated", "private", "public"].flatMap((kind) =>
  [1, 2, 3].map((zone) => `net-${kind}-${zone}`),
);

describe("the stand-in for awsx's Vpc", () => {
  describe("with three zones and a single NAT gateway", () => {
    let resources: Recorded[];
    let state: Record<string, unknown>;
    before(async () => {
      ({ resources, state } = await record(() => new Vpc("net", args)));
    });

    it("makes a subnet, a route table and an association for each spec and zone", () => {
      for (const type of [SUBNET, TABLE, "aws:ec2/routeTableAssociation:RouteTableAssociation"]) {
        assert.deepEqual(namesOf(resources, type), all);
      }
    });

    it("puts each subnet into its zone and block, with its tags", () => {
      const { inputs } = only(resources, SUBNET, "net-private-2");
      assert.deepEqual(inputs, {
        assignIpv6AddressOnCreation: false,
        availabilityZone: "ap-south-1b",
        cidrBlock: "10.20.64.0/19",
        mapPublicIpOnLaunch: false,
        tags: {
          Name: "net-private-2",
          SubnetType: "Private",
          env: "test",
          "kubernetes.io/role/internal-elb": "1",
        },
        vpcId: "net-id",
      });
      assert.equal(only(resources, SUBNET, "net-public-1").inputs["mapPublicIpOnLaunch"], true);
    });

    it("keeps the tags of a spec on its subnets", () => {
      const { inputs } = only(resources, TABLE, "net-private-2");
      assert.deepEqual(inputs["tags"], { Name: "net-private-2", SubnetType: "Private", env: "test" });
    });

    it("nests subnets in the VPC, tables in subnets, routes and associations in tables", () => {
      assert.equal(only(resources, "aws:ec2/vpc:Vpc", "net").parent, "awsx:ec2:Vpc::net");
      assert.equal(only(resources, SUBNET, "net-public-1").parent, "aws:ec2/vpc:Vpc::net");
      assert.equal(only(resources, TABLE, "net-public-1").parent, `${SUBNET}::net-public-1`);
      assert.deepEqual(only(resources, TABLE, "net-public-1").dependsOn, [
        `${SUBNET}::net-public-1`,
        "aws:ec2/vpc:Vpc::net",
      ]);
      assert.equal(only(resources, ROUTE, "net-public-1").parent, `${TABLE}::net-public-1`);
      assert.equal(
        only(resources, "aws:ec2/internetGateway:InternetGateway", "net").parent,
        "aws:ec2/vpc:Vpc::net",
      );
    });

    it("makes one NAT gateway in the first public subnet, and leads every private subnet to it", () => {
      assert.deepEqual(namesOf(resources, NAT), ["net-1"]);
      assert.deepEqual(namesOf(resources, EIP), ["net-1"]);
      const nat = only(resources, NAT, "net-1");
      assert.equal(nat.parent, `${SUBNET}::net-public-1`);
      assert.deepEqual(nat.inputs, {
        allocationId: "net-1-id",
        subnetId: "net-public-1-id",
        tags: { Name: "net-1", env: "test" },
      });
      assert.deepEqual(only(resources, EIP, "net-1").dependsOn, [`${SUBNET}::net-public-1`]);
      for (const zone of [1, 2, 3]) {
        assert.equal(only(resources, ROUTE, `net-private-${zone}`).inputs["natGatewayId"], "net-1-id");
        assert.equal(only(resources, ROUTE, `net-public-${zone}`).inputs["gatewayId"], "net-id");
      }
    });

    it("leads isolated subnets nowhere", () => {
      assert.equal(
        namesOf(resources, ROUTE).some((name) => name.includes("isolated")),
        false,
      );
    });

    it("puts out ids in the order of zones, and resources zone by zone with the public ones first", () => {
      assert.equal(state["vpcId"], "net-id");
      assert.deepEqual(state["privateSubnetIds"], [
        "net-private-1-id",
        "net-private-2-id",
        "net-private-3-id",
      ]);
      assert.deepEqual((state["subnets"] as string[]).slice(0, 4), [
        `${SUBNET}::net-public-1`,
        `${SUBNET}::net-private-1`,
        `${SUBNET}::net-isolated-1`,
        `${SUBNET}::net-public-2`,
      ]);
      assert.deepEqual((state["subnetLayout"] as unknown[])[1], {
        type: "Public",
        cidrBlocks: ["10.20.32.0/20", "10.20.96.0/20", "10.20.160.0/20"],
      });
    });
  });

  it("makes a NAT gateway for each zone when told so or told nothing", async () => {
    for (const natGateways of [undefined, { strategy: "OnePerAz" as const }]) {
      const { resources } = await record(() => new Vpc("net", { ...args, natGateways }));
      assert.deepEqual(namesOf(resources, NAT), ["net-1", "net-2", "net-3"]);
      assert.equal(only(resources, ROUTE, "net-private-3").inputs["natGatewayId"], "net-3-id");
    }
  });

  it("makes no NAT gateway and no private route when told so", async () => {
    const { resources } = await record(() => new Vpc("net", { ...args, natGateways: { strategy: "None" } }));
    assert.deepEqual(namesOf(resources, NAT), []);
    assert.deepEqual(namesOf(resources, ROUTE), ["net-public-1", "net-public-2", "net-public-3"]);
  });

  it("names subnets after their spec and, for people, after their zone", async () => {
    const subnetSpecs = [{ type: "Private" as const, name: "apps", cidrBlocks: ["10.20.0.0/19"] }];
    const named = {
      ...args,
      availabilityZoneNames: ["ap-south-1b"],
      subnetSpecs,
      natGateways: { strategy: "None" as const },
    };
    const { resources } = await record(
      () => new Vpc("net", { ...named, subnetNameTagStrategy: "AvailabilityZone" }),
    );
    assert.equal(
      (only(resources, SUBNET, "net-apps-1").inputs["tags"] as { Name: string }).Name,
      "net-apps-1b",
    );
  });

  it("gives its children the provider that it was given", async () => {
    const { resources } = await record(() => {
      const provider = new aws.Provider("explicit", { region: "ap-south-1" });
      return new Vpc("net", args, { providers: { aws: provider } });
    });
    assert.equal(only(resources, NAT, "net-1").provider, "pulumi:providers:aws::explicit");
  });

  it("refuses options that it does not know, by name", async () => {
    const make = (more: object) => () => new Vpc("net", { ...args, ...more });
    assert.throws(make({ vpcEndpointSpecs: [] }), /does not know the option "vpcEndpointSpecs"/);
    assert.throws(
      make({ natGateways: { strategy: "Single", elasticIpAllocationIds: [] } }),
      /"elasticIpAllocationIds"/,
    );
    assert.throws(make({ subnetSpecs: [{ type: "Public", cidrMask: 20 }] }), /"cidrMask"/);
  });
});
