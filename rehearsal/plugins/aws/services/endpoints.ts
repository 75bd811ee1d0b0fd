import { refuse } from "../aws-error.ts";
import { arn, oneOf, refersTo, type ResourceTypes } from "../resource-type.ts";
import { flag, text, texts } from "../values.ts";
import { LOG_GROUP } from "./logs.ts";
import { ROUTE_TABLE, SECURITY_GROUP, SUBNET, VPC } from "./network.ts";

/** Doors from a VPC to AWS's own services, and the record of what flows through it. */
export const endpoints: ResourceTypes = {
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    required: ["vpcId", "serviceName"],
    replace: ["serviceName", "serviceRegion", "vpcEndpointType", "vpcId", "resourceConfigurationArn"],
    sets: ["routeTableIds", "subnetIds", "securityGroupIds"],
    documents: ["policy"],
    taggable: true,
    defaults: { vpcEndpointType: "Gateway" },
    computed: [
      "arn",
      "ownerId",
      "state",
      "dnsEntries",
      "networkInterfaceIds",
      "prefixListId",
      "cidrBlocks",
      "policy",
      "requesterManaged",
    ],
    references: [
      refersTo("vpcId", VPC, "InvalidVpcID.NotFound", "vpc ID"),
      refersTo("routeTableIds", ROUTE_TABLE, "InvalidRouteTableID.NotFound", "routeTable ID"),
      refersTo("subnetIds", SUBNET, "InvalidSubnetID.NotFound", "subnet ID"),
      refersTo("securityGroupIds", SECURITY_GROUP, "InvalidGroup.NotFound", "security group"),
    ],
    check: (inputs) => oneOf(inputs, "vpcEndpointType", ["Gateway", "Interface", "GatewayLoadBalancer"]),
    id: (self) => `vpce-0${self.hash(16)}`,
    admit: (self) => {
      const vpc = self.account.get(VPC, text(self.inputs, "vpcId") ?? "");
      const resolves =
        flag(vpc?.outputs, "enableDnsSupport") === true && flag(vpc?.outputs, "enableDnsHostnames") === true;
      if (flag(self.inputs, "privateDnsEnabled") === true && !resolves) {
        refuse(
          "InvalidParameter",
          "private DNS needs enableDnsSupport and enableDnsHostnames of the VPC to be true",
        );
      }
    },
    outputs: (self) => ({
      arn: arn(self, "ec2", `vpc-endpoint/${self.id}`),
      ownerId: self.account.id,
      state: "available",
      requesterManaged: false,
      dnsEntries:
        texts(self.inputs, "subnetIds").length > 0
          ? [{ dnsName: `${self.id}.${self.region}.vpce.amazonaws.com` }]
          : [],
      networkInterfaceIds: texts(self.inputs, "subnetIds").map((id) => `eni-0${self.hash(16, id)}`),
      prefixListId: `pl-${self.hash(8, "prefix")}`,
    }),
  },

  "aws:ec2/flowLog:FlowLog": {
    replace: [
      "deliverCrossAccountRole",
      "destinationOptions",
      "eniId",
      "iamRoleArn",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "maxAggregationInterval",
      "subnetId",
      "trafficType",
      "vpcId",
    ],
    taggable: true,
    defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
    computed: ["arn", "logFormat"],
    references: [
      refersTo("vpcId", VPC, "InvalidVpcID.NotFound", "vpc ID"),
      refersTo("subnetId", SUBNET, "InvalidSubnetID.NotFound", "subnet ID"),
    ],
    admit: (self) => {
      // Buckets and streams are not simulated; only log groups can be looked up.
      const destination = text(self.inputs, "logDestination")?.replace(/:\*$/, "") ?? "";
      const found = self.account.list(LOG_GROUP).some((group) => group.outputs["arn"] === destination);
      if (destination.includes(":logs:") && !found)
        refuse("InvalidParameter", `The log group ${destination} does not exist`);
    },
    check: (inputs) => [
      ...oneOf(inputs, "trafficType", ["ACCEPT", "REJECT", "ALL"]),
      ...oneOf(inputs, "logDestinationType", ["cloud-watch-logs", "s3", "kinesis-data-firehose"]),
      ...oneOf(inputs, "maxAggregationInterval", [60, 600]),
      ...((inputs["logDestinationType"] ?? "cloud-watch-logs") === "cloud-watch-logs" &&
      inputs["iamRoleArn"] === undefined
        ? [{ property: "iamRoleArn", reason: "flow logs to CloudWatch need a role that may write there" }]
        : []),
    ],
    id: (self) => `fl-0${self.hash(16)}`,
    outputs: (self) => ({
      arn: arn(self, "ec2", `vpc-flow-log/${self.id}`),
      logFormat:
        self.inputs["logFormat"] ??
        "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${action} ${log-status}",
    }),
  },
};
