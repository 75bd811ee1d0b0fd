import { refuse } from "../aws-error.ts";
import { arn, oneOf, refersTo, type ResourceTypes, type Subject } from "../resource-type.ts";
import { text } from "../values.ts";
import { SUBNET, VPC } from "./network.ts";

const NAT = "aws:ec2/natGateway:NatGateway";
const EIP = "aws:ec2/eip:Eip";

/** Ways out of a VPC. */
export const gateways: ResourceTypes = {
  "aws:ec2/internetGateway:InternetGateway": {
    taggable: true,
    computed: ["arn", "ownerId", "vpcId"],
    references: [refersTo("vpcId", VPC, "InvalidVpcID.NotFound", "vpc ID")],
    id: (self) => `igw-0${self.hash(16)}`,
    outputs: (self) => ({ arn: arn(self, "ec2", `internet-gateway/${self.id}`), ownerId: self.account.id }),
    admit: (self) => {
      const vpc = text(self.inputs, "vpcId");
      const other = self.account
        .list(self.type)
        .find((one) => vpc !== undefined && one.inputs["vpcId"] === vpc);
      if (other !== undefined)
        refuse("Resource.AlreadyAssociated", `${String(vpc)} has an internet gateway (${other.urn})`);
    },
    admitDelete: (object, account) => {
      const mapped = account
        .list(NAT)
        .filter((nat) => vpcOfSubnet(account, text(nat.inputs, "subnetId")) === object.inputs["vpcId"]);
      if (mapped.length > 0) {
        const vpc = String(object.inputs["vpcId"]);
        refuse(
          "DependencyViolation",
          `Network ${vpc} has some mapped public addresses: ${mapped.map((nat) => nat.id).join(", ")}`,
        );
      }
    },
  },

  [EIP]: {
    replace: [
      "address",
      "customerOwnedIpv4Pool",
      "domain",
      "ipamPoolId",
      "networkBorderGroup",
      "publicIpv4Pool",
    ],
    taggable: true,
    computed: [
      "arn",
      "allocationId",
      "publicIp",
      "publicDns",
      "domain",
      "associationId",
      "networkBorderGroup",
      "publicIpv4Pool",
    ],
    blockedBy: [{ type: NAT, path: "allocationId" }],
    blockedCode: "InvalidIPAddress.InUse",
    id: (self) => `eipalloc-0${self.hash(16)}`,
    outputs: (self) => {
      const publicIp = documentationAddress(self);
      return {
        arn: arn(self, "ec2", `elastic-ip/${self.id}`),
        allocationId: self.id,
        publicIp,
        publicDns: `ec2-${publicIp.replaceAll(".", "-")}.${self.region}.compute.amazonaws.com`,
        domain: "vpc",
        networkBorderGroup: self.region,
        publicIpv4Pool: "amazon",
      };
    },
  },

  [NAT]: {
    required: ["subnetId"],
    replace: ["allocationId", "connectivityType", "privateIp", "subnetId", "availabilityMode", "vpcId"],
    taggable: true,
    defaults: { connectivityType: "public" },
    computed: ["associationId", "networkInterfaceId", "privateIp", "publicIp", "vpcId"],
    references: [
      refersTo("subnetId", SUBNET, "InvalidSubnetID.NotFound", "subnet ID"),
      refersTo("allocationId", EIP, "InvalidAllocationID.NotFound", "allocation ID"),
    ],
    check: (inputs) => [
      ...oneOf(inputs, "connectivityType", ["public", "private"]),
      ...((inputs["connectivityType"] ?? "public") === "public" && inputs["allocationId"] === undefined
        ? [{ property: "allocationId", reason: "a public NAT gateway needs the allocation of an elastic IP" }]
        : []),
    ],
    id: (self) => `nat-0${self.hash(16)}`,
    admit: (self) => {
      const allocation = text(self.inputs, "allocationId");
      const user = self.account
        .list(NAT)
        .find((nat) => allocation !== undefined && nat.inputs["allocationId"] === allocation);
      if (user !== undefined)
        refuse("Resource.AlreadyAssociated", `${String(allocation)} is in use by ${user.id} (${user.urn})`);
    },
    outputs: (self) => ({
      associationId: `eipassoc-0${self.hash(16, "association")}`,
      networkInterfaceId: `eni-0${self.hash(16, "interface")}`,
      privateIp: self.inputs["privateIp"],
      publicIp: text(self.account.get(EIP, text(self.inputs, "allocationId") ?? "")?.outputs, "publicIp"),
      vpcId: vpcOfSubnet(self.account, text(self.inputs, "subnetId")),
    }),
  },
};

function vpcOfSubnet(account: Subject["account"], subnetId: string | undefined): unknown {
  return subnetId === undefined ? undefined : account.get(SUBNET, subnetId)?.inputs["vpcId"];
}

/** An address of a block that is kept for documentation, so that nobody is ever reached by it. */
function documentationAddress(self: Subject): string {
  return `203.0.113.${(parseInt(self.hash(4, "address"), 16) % 254) + 1}`;
}
