import { parseBlock } from "../cidr.ts";
import { refuse } from "../aws-error.ts";
import { sha256 } from "../disk.ts";
import type { CheckFailure, Inputs } from "../../provider.ts";
import { arn, oneOf, refersTo, type ResourceType, type ResourceTypes } from "../resource-type.ts";
import { flag, text, texts } from "../values.ts";
import { SECURITY_GROUP, VPC } from "./network.ts";

const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const group = (path: string) => refersTo(path, SECURITY_GROUP, "InvalidGroup.NotFound", "security group");

/** Security groups and their rules, in the old form (SecurityGroupRule) and the new one (one rule, one source). */
export const securityGroups: ResourceTypes = {
  [SECURITY_GROUP]: {
    required: ["vpcId"],
    replace: ["description", "name", "namePrefix", "vpcId"],
    sets: ["ingress", "egress"],
    autoname: { max: 255 },
    taggable: true,
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    computed: ["arn", "ownerId", "name", "ingress", "egress"],
    references: [refersTo("vpcId", VPC, "InvalidVpcID.NotFound", "vpc ID")],
    blockedBy: [
      { type: "aws:eks/cluster:Cluster", path: "vpcConfig.securityGroupIds" },
      { type: "aws:ec2/vpcEndpoint:VpcEndpoint", path: "securityGroupIds" },
      { type: RULE, path: "sourceSecurityGroupId" },
      { type: ingressRule, path: "referencedSecurityGroupId" },
      { type: egressRule, path: "referencedSecurityGroupId" },
    ],
    id: (self) => `sg-0${self.hash(16)}`,
    admit: (self) => {
      const twin = self.account
        .list(SECURITY_GROUP)
        .find(
          (other) =>
            other.inputs["vpcId"] === self.inputs["vpcId"] && other.inputs["name"] === self.inputs["name"],
        );
      if (twin !== undefined) {
        const name = String(self.inputs["name"]);
        refuse(
          "InvalidGroup.Duplicate",
          `The security group '${name}' already exists in its VPC (held by ${twin.urn || twin.id})`,
        );
      }
    },
    outputs: (self) => ({
      arn: arn(self, "ec2", `security-group/${self.id}`),
      ownerId: self.account.id,
      ingress: self.inputs["ingress"] ?? [],
      egress: self.inputs["egress"] ?? [],
    }),
  },

  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    required: ["vpcId"],
    replace: ["vpcId"],
    sets: ["ingress", "egress"],
    taggable: true,
    computed: ["arn", "ownerId", "name", "description"],
    references: [refersTo("vpcId", VPC, "InvalidVpcID.NotFound", "vpc ID")],
    // The group comes with its VPC and goes with it: this resource only says what its rules are.
    id: (self) =>
      text(self.account.get(VPC, text(self.inputs, "vpcId") ?? "")?.outputs, "defaultSecurityGroupId") ?? "",
    outputs: (self) => ({
      arn: arn(self, "ec2", `security-group/${self.id}`),
      ownerId: self.account.id,
      name: "default",
      description: "default VPC security group",
      ingress: self.inputs["ingress"] ?? [],
      egress: self.inputs["egress"] ?? [],
    }),
  },

  [RULE]: {
    required: ["type", "fromPort", "toPort", "protocol", "securityGroupId"],
    replace: [
      "cidrBlocks",
      "fromPort",
      "ipv6CidrBlocks",
      "prefixListIds",
      "protocol",
      "securityGroupId",
      "self",
      "sourceSecurityGroupId",
      "toPort",
      "type",
    ],
    computed: ["securityGroupRuleId"],
    references: [group("securityGroupId"), group("sourceSecurityGroupId")],
    check: (inputs) => [...oneOf(inputs, "type", ["ingress", "egress"]), ...sourceFailures(inputs)],
    // By content, as the real provider does it: the same rule twice is one rule.
    id: (self) => `sgrule-${parseInt(sha256(ruleContent(self.inputs)).slice(0, 8), 16)}`,
    duplicate: () => ({ code: "InvalidPermission.Duplicate", reason: "the specified rule already exists" }),
    outputs: (self) => ({ securityGroupRuleId: `sgr-0${self.hash(16)}` }),
  },

  [ingressRule]: singleRule(),
  [egressRule]: singleRule(),
};

function singleRule(): ResourceType {
  return {
    required: ["securityGroupId", "ipProtocol"],
    replace: ["securityGroupId"],
    taggable: true,
    computed: ["arn", "securityGroupRuleId"],
    references: [group("securityGroupId"), group("referencedSecurityGroupId")],
    check: (inputs) => {
      const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"].filter(
        (property) => inputs[property] !== undefined,
      );
      if (sources.length !== 1) {
        return [
          {
            property: "cidrIpv4",
            reason: "exactly one of cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId",
          },
        ];
      }
      return blockFailures("cidrIpv4", [text(inputs, "cidrIpv4") ?? "0.0.0.0/0"]);
    },
    id: (self) => `sgr-0${self.hash(16)}`,
    outputs: (self) => ({
      arn: arn(self, "ec2", `security-group-rule/${self.id}`),
      securityGroupRuleId: self.id,
    }),
  };
}

function sourceFailures(inputs: Inputs): CheckFailure[] {
  const given = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "sourceSecurityGroupId"].filter(
    (property) => inputs[property] !== undefined,
  );
  if (given.length === 0 && flag(inputs, "self") !== true) {
    return [
      {
        property: "cidrBlocks",
        reason: "a rule needs cidrBlocks, ipv6CidrBlocks, prefixListIds, self or sourceSecurityGroupId",
      },
    ];
  }
  return blockFailures("cidrBlocks", texts(inputs, "cidrBlocks"));
}

function blockFailures(property: string, blocks: readonly string[]): CheckFailure[] {
  return blocks
    .filter((block) => parseBlock(block) === undefined)
    .map((block) => ({ property, reason: `InvalidParameterValue: CIDR block ${block} is malformed` }));
}

function ruleContent(inputs: Inputs): string {
  const content = Object.entries(inputs).filter(([key]) => key !== "description");
  return JSON.stringify(content.sort(([a], [b]) => (a < b ? -1 : 1)));
}
