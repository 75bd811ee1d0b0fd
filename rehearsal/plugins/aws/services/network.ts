import { refuse } from "../aws-error.ts";
import { contains, overlap, parseBlock } from "../cidr.ts";
import { zonesOf } from "../regions.ts";
import { arn, refersTo, rule, type ResourceTypes, type Subject } from "../resource-type.ts";
import { text } from "../values.ts";

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";

export const inVpc = refersTo("vpcId", VPC, "InvalidVpcID.NotFound", "vpc ID");
export const isBlock = (value: unknown) => typeof value === "string" && parseBlock(value) !== undefined;
export const blockRule = "expected an IPv4 block such as 10.0.0.0/16, with no bits set behind the prefix";

/** VPCs and their subnets. */
export const network: ResourceTypes = {
  [VPC]: {
    replace: ["cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    taggable: true,
    defaults: {
      enableDnsSupport: true,
      enableDnsHostnames: false,
      enableNetworkAddressUsageMetrics: false,
      instanceTenancy: "default",
      assignGeneratedIpv6CidrBlock: false,
    },
    computed: [
      "arn",
      "ownerId",
      "cidrBlock",
      "defaultSecurityGroupId",
      "defaultRouteTableId",
      "defaultNetworkAclId",
      "mainRouteTableId",
      "dhcpOptionsId",
    ],
    blockedBy: [
      SUBNET,
      "aws:ec2/internetGateway:InternetGateway",
      ROUTE_TABLE,
      SECURITY_GROUP,
      "aws:ec2/vpcEndpoint:VpcEndpoint",
    ].map((type) => ({ type, path: "vpcId" })),
    check: (inputs) => [
      ...(inputs["cidrBlock"] === undefined && inputs["ipv4IpamPoolId"] === undefined
        ? [{ property: "cidrBlock", reason: "Missing required property 'cidrBlock'" }]
        : []),
      ...rule(inputs, "cidrBlock", isBlock, blockRule),
      ...rule(
        inputs,
        "cidrBlock",
        (value) => {
          const prefix = parseBlock(String(value))?.prefix;
          return prefix === undefined || (prefix >= 16 && prefix <= 28);
        },
        "InvalidVpc.Range: a VPC has a block between /16 and /28",
      ),
    ],
    id: (self) => `vpc-0${self.hash(16)}`,
    outputs: (self) => ({
      arn: arn(self, "ec2", `vpc/${self.id}`),
      ownerId: self.account.id,
      defaultSecurityGroupId: `sg-0${self.hash(16, "default")}`,
      defaultRouteTableId: `rtb-0${self.hash(16, "main")}`,
      mainRouteTableId: `rtb-0${self.hash(16, "main")}`,
      defaultNetworkAclId: `acl-0${self.hash(16, "acl")}`,
      dhcpOptionsId: `dopt-0${self.hash(16, "dopt")}`,
    }),
    created: (self) => {
      const id = `sg-0${self.hash(16, "default")}`;
      const outputs = { id, vpcId: self.id, name: "default", description: "default VPC security group" };
      self.account.put({
        type: SECURITY_GROUP,
        id,
        urn: "",
        owner: "ec2",
        region: self.region,
        inputs: { vpcId: self.id, name: "default" },
        outputs: { ...outputs, arn: arn(self, "ec2", `security-group/${id}`), ownerId: self.account.id },
      });
    },
    deleted: (object, account) =>
      account.remove(SECURITY_GROUP, text(object.outputs, "defaultSecurityGroupId") ?? ""),
  },

  [SUBNET]: {
    required: ["vpcId", "cidrBlock"],
    replace: ["availabilityZone", "availabilityZoneId", "cidrBlock", "vpcId", "outpostArn", "ipv6Native"],
    taggable: true,
    defaults: {
      mapPublicIpOnLaunch: false,
      assignIpv6AddressOnCreation: false,
      enableDns64: false,
      enableResourceNameDnsARecordOnLaunch: false,
      enableResourceNameDnsAaaaRecordOnLaunch: false,
      ipv6Native: false,
      privateDnsHostnameTypeOnLaunch: "ip-name",
    },
    computed: ["arn", "ownerId", "availabilityZone", "availabilityZoneId"],
    references: [inVpc],
    blockedBy: [
      { type: "aws:ec2/natGateway:NatGateway", path: "subnetId" },
      { type: "aws:ec2/vpcEndpoint:VpcEndpoint", path: "subnetIds" },
      { type: "aws:eks/cluster:Cluster", path: "vpcConfig.subnetIds" },
      { type: "aws:eks/nodeGroup:NodeGroup", path: "subnetIds" },
    ],
    check: (inputs, region) => [
      ...rule(inputs, "cidrBlock", isBlock, blockRule),
      ...rule(
        inputs,
        "availabilityZone",
        (value) => zonesOf(region).some((zone) => zone.name === value),
        `InvalidParameterValue: subnets of ${region} can be in ${zonesOf(region)
          .map((zone) => zone.name)
          .join(", ")}`,
      ),
    ],
    id: (self) => `subnet-0${self.hash(16)}`,
    admit: admitSubnet,
    outputs: (self) => {
      const zones = zonesOf(self.region);
      const zone = zones.find((one) => one.name === self.inputs["availabilityZone"]) ?? zones[0];
      return {
        arn: arn(self, "ec2", `subnet/${self.id}`),
        ownerId: self.account.id,
        availabilityZone: zone?.name,
        availabilityZoneId: zone?.id,
      };
    },
  },
};

/** A subnet lies within its VPC and beside its siblings. */
function admitSubnet(self: Subject): void {
  const cidr = text(self.inputs, "cidrBlock") ?? "";
  const block = parseBlock(cidr);
  const vpc = self.account.get(VPC, text(self.inputs, "vpcId") ?? "");
  const outer = parseBlock(text(vpc?.outputs, "cidrBlock") ?? "");
  if (block === undefined || outer === undefined) return;
  if (!contains(outer, block)) {
    refuse(
      "InvalidSubnet.Range",
      `The CIDR '${cidr}' is not within ${String(vpc?.outputs["cidrBlock"])} of its VPC`,
    );
  }
  for (const sibling of self.account.list(SUBNET)) {
    const other = parseBlock(text(sibling.inputs, "cidrBlock") ?? "");
    if (sibling.inputs["vpcId"] === self.inputs["vpcId"] && other !== undefined && overlap(block, other)) {
      refuse("InvalidSubnet.Conflict", `The CIDR '${cidr}' conflicts with another subnet (${sibling.urn})`);
    }
  }
}

/** The zones of subnets, in the order given. */
export function subnetZones(self: Pick<Subject, "account">, subnetIds: readonly string[]): string[] {
  return subnetIds.map((id) => text(self.account.get(SUBNET, id)?.outputs, "availabilityZone") ?? "");
}
