import { refuse } from "../aws-error.ts";
import { arn, refersTo, rule, type ResourceTypes } from "../resource-type.ts";
import { text } from "../values.ts";
import { blockRule, inVpc, isBlock, ROUTE_TABLE, SUBNET } from "./network.ts";

/** Route tables, what stands in them, and which subnets use them. */
export const routing: ResourceTypes = {
  [ROUTE_TABLE]: {
    required: ["vpcId"],
    replace: ["vpcId"],
    taggable: true,
    computed: ["arn", "ownerId", "routes", "propagatingVgws"],
    references: [inVpc],
    blockedBy: [{ type: "aws:ec2/routeTableAssociation:RouteTableAssociation", path: "routeTableId" }],
    id: (self) => `rtb-0${self.hash(16)}`,
    outputs: (self) => ({
      arn: arn(self, "ec2", `route-table/${self.id}`),
      ownerId: self.account.id,
      routes: self.inputs["routes"] ?? [],
      propagatingVgws: self.inputs["propagatingVgws"] ?? [],
    }),
  },

  "aws:ec2/route:Route": {
    required: ["routeTableId"],
    replace: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
    computed: ["origin", "state", "instanceId", "instanceOwnerId", "networkInterfaceId"],
    references: [
      refersTo("routeTableId", ROUTE_TABLE, "InvalidRouteTableID.NotFound", "routeTable ID"),
      refersTo(
        "natGatewayId",
        "aws:ec2/natGateway:NatGateway",
        "InvalidNatGatewayID.NotFound",
        "natGateway ID",
      ),
      refersTo(
        "gatewayId",
        "aws:ec2/internetGateway:InternetGateway",
        "InvalidGatewayID.NotFound",
        "gateway ID",
      ),
    ],
    check: (inputs) =>
      destinationOf(inputs) === undefined
        ? [{ property: "destinationCidrBlock", reason: "a route needs a destination" }]
        : rule(inputs, "destinationCidrBlock", isBlock, blockRule),
    id: (self) => `r-${text(self.inputs, "routeTableId") ?? ""}-${String(destinationOf(self.inputs))}`,
    duplicate: (id) => ({
      code: "RouteAlreadyExists",
      reason: `The route identified by ${id} already exists`,
    }),
    outputs: () => ({ origin: "CreateRoute", state: "active" }),
  },

  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    required: ["routeTableId"],
    replace: ["subnetId", "gatewayId"],
    computed: [],
    references: [
      refersTo("routeTableId", ROUTE_TABLE, "InvalidRouteTableID.NotFound", "routeTable ID"),
      refersTo("subnetId", SUBNET, "InvalidSubnetID.NotFound", "subnet ID"),
    ],
    id: (self) => `rtbassoc-0${self.hash(16)}`,
    admit: (self) => {
      const subnet = text(self.inputs, "subnetId");
      const taken = self.account
        .list(self.type)
        .find((other) => subnet !== undefined && other.inputs["subnetId"] === subnet);
      if (taken !== undefined) {
        refuse("Resource.AlreadyAssociated", `${String(subnet)} has a route table already (${taken.urn})`);
      }
    },
  },
};

function destinationOf(inputs: Record<string, unknown>): unknown {
  return (
    inputs["destinationCidrBlock"] ?? inputs["destinationIpv6CidrBlock"] ?? inputs["destinationPrefixListId"]
  );
}
