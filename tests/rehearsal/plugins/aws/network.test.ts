import assert from "node:assert/strict";

import { Driver, makeNetwork, REGION, type Network } from "./simulated.ts";

const SUBNET = "aws:ec2/subnet:Subnet";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";

describe("the simulated network", () => {
  let driver: Driver;
  let net: Network;
  beforeEach(async () => {
    driver = await Driver.start();
    net = await makeNetwork(driver);
  });
  afterEach(() => driver.stop());

  const subnet = (cidrBlock: string, more: object = {}) =>
    driver.create(SUBNET, "other", { vpcId: net.vpc.id, cidrBlock, ...more });

  it("refuses malformed blocks, and VPCs of a size that AWS does not offer", async () => {
    const vpc = (cidrBlock: string) => driver.create("aws:ec2/vpc:Vpc", "x", { cidrBlock });
    await assert.rejects(vpc("10.0.0.1/16"), /cidrBlock: expected an IPv4 block/);
    await assert.rejects(vpc("10.0.0.0/8"), /InvalidVpc\.Range/);
  });

  it("refuses subnets outside of the VPC, over another one, in a foreign zone or in no VPC", async () => {
    await assert.rejects(
      subnet("10.99.0.0/24"),
      /creating aws:ec2\/subnet:Subnet "other": InvalidSubnet\.Range/,
    );
    await assert.rejects(subnet("10.20.1.0/24"), /InvalidSubnet\.Conflict: .*Subnet::net-a/);
    await assert.rejects(
      subnet("10.20.128.0/24", { availabilityZone: "eu-west-1a" }),
      /subnets of ap-south-1 can be in/,
    );
    await assert.rejects(
      subnet("10.20.128.0/24", { vpcId: "vpc-gone" }),
      /InvalidVpcID\.NotFound: The vpc ID 'vpc-gone'/,
    );
  });

  it("chooses a zone where the program names none", async () => {
    const made = await subnet("10.20.128.0/24");
    assert.equal(made.outputs["availabilityZone"], `${REGION}a`);
    assert.equal(made.outputs["availabilityZoneId"], "aps1-az1");
  });

  it("refuses to delete a VPC or a subnet that is in use, and names what uses it", async () => {
    await assert.rejects(
      driver.delete(net.vpc),
      /DependencyViolation: vpc-.* cannot be deleted: aws:ec2\/subnet:Subnet subnet-/,
    );
    const eip = await driver.create("aws:ec2/eip:Eip", "eip", {});
    const [first] = net.subnets;
    const nat = await driver.create("aws:ec2/natGateway:NatGateway", "nat", {
      subnetId: first?.id,
      allocationId: eip.id,
    });
    assert.equal(nat.outputs["publicIp"], eip.outputs["publicIp"]);
    await assert.rejects(driver.delete(eip), /InvalidIPAddress\.InUse/);
    if (first !== undefined) await assert.rejects(driver.delete(first), /DependencyViolation/);
  });

  it("refuses a public NAT gateway without an address, and an address that is in use", async () => {
    const [first] = net.subnetIds;
    const nat = (name: string, inputs: object) =>
      driver.create("aws:ec2/natGateway:NatGateway", name, { subnetId: first, ...inputs });
    await assert.rejects(nat("nat", {}), /allocationId: a public NAT gateway needs/);
    const eip = await driver.create("aws:ec2/eip:Eip", "eip", {});
    await nat("nat", { allocationId: eip.id });
    await assert.rejects(nat("again", { allocationId: eip.id }), /Resource\.AlreadyAssociated/);
  });

  it("refuses to take the internet gateway away under a NAT gateway", async () => {
    const gateway = await driver.create("aws:ec2/internetGateway:InternetGateway", "igw", {
      vpcId: net.vpc.id,
    });
    const eip = await driver.create("aws:ec2/eip:Eip", "eip", {});
    const inputs = { subnetId: net.subnetIds[0], allocationId: eip.id };
    const nat = await driver.create("aws:ec2/natGateway:NatGateway", "nat", inputs);
    await assert.rejects(driver.delete(gateway), /has some mapped public addresses/);
    await driver.delete(nat);
    await driver.delete(gateway);
  });

  it("refuses a second route to a destination and a second table of a subnet", async () => {
    const table = await driver.create("aws:ec2/routeTable:RouteTable", "t", { vpcId: net.vpc.id });
    const route = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0" };
    await driver.create("aws:ec2/route:Route", "r", route);
    await assert.rejects(driver.create("aws:ec2/route:Route", "s", route), /RouteAlreadyExists/);
    const association = { routeTableId: table.id, subnetId: net.subnetIds[0] };
    await driver.create("aws:ec2/routeTableAssociation:RouteTableAssociation", "a", association);
    const again = driver.create("aws:ec2/routeTableAssociation:RouteTableAssociation", "b", association);
    await assert.rejects(again, /Resource\.AlreadyAssociated/);
  });

  it("refuses two security groups of a name in a VPC, the same rule twice, and the end of a group that others name", async () => {
    const group = (name: string) => driver.create(GROUP, name, { vpcId: net.vpc.id, name: "workers" });
    const workers = await group("one");
    await assert.rejects(group("two"), /InvalidGroup\.Duplicate: .*held by urn:pulumi:qa::platform::.*::one/);
    const control = await driver.create(GROUP, "control", { vpcId: net.vpc.id });
    const inputs = {
      type: "ingress",
      fromPort: 443,
      toPort: 443,
      protocol: "tcp",
      securityGroupId: control.id,
      sourceSecurityGroupId: workers.id,
    };
    const rule = await driver.create(RULE, "rule", inputs);
    assert.match(String(rule.outputs["securityGroupRuleId"]), /^sgr-0/);
    await assert.rejects(driver.create(RULE, "again", inputs), /InvalidPermission\.Duplicate/);
    await assert.rejects(driver.delete(workers), /DependencyViolation/);
    await driver.delete(rule);
    await driver.delete(workers);
  });

  it("refuses a rule without a source", async () => {
    const inputs = { type: "ingress", fromPort: 0, toPort: 0, protocol: "-1", securityGroupId: "sg" };
    await assert.rejects(driver.create(RULE, "rule", inputs), /cidrBlocks: a rule needs/);
    const single = { ipProtocol: "-1", securityGroupId: "sg", cidrIpv4: "0.0.0.0/0", prefixListId: "pl" };
    const created = driver.create("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "r", single);
    await assert.rejects(created, /exactly one of/);
  });

  it("wants DNS in the VPC for endpoints with private names", async () => {
    const endpoint = {
      vpcId: net.vpc.id,
      serviceName: `com.amazonaws.${REGION}.ecr.api`,
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
    };
    const type = "aws:ec2/vpcEndpoint:VpcEndpoint";
    await assert.rejects(driver.create(type, "ecr", endpoint), /private DNS needs enableDnsSupport/);
    await driver.update(net.vpc, { cidrBlock: "10.20.0.0/16", enableDnsHostnames: true });
    assert.match((await driver.create(type, "ecr", endpoint)).id, /^vpce-0/);
  });

  it("lets the program say what the default security group holds, and forgets it with the VPC", async () => {
    const inputs = { vpcId: net.vpc.id, ingress: [], egress: [] };
    const group = await driver.create("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "closed", inputs);
    assert.equal(group.id, net.vpc.outputs["defaultSecurityGroupId"]);
    await driver.delete(group);
    for (const one of net.subnets) await driver.delete(one);
    await driver.delete(net.vpc);
  });
});
