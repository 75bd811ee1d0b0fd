import * as aws from "@pulumi/aws";
import type * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import { refuseOption, refuseUnknownOptions } from "../aws/component-options.ts";
import { planSubnets, type PlannedSubnet, type Strategy, type SubnetKind } from "./subnet-layout.ts";

type VpcArgs = awsx.ec2.VpcArgs;
type Tags = Record<string, string>;
type TagInputs = pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;

const COMPONENT = "awsx:ec2:Vpc";
const FILE = "awsx/vpc.ts";

/** Options of the VPC itself, handed on as they are. */
const vpcOptions = [
  "enableDnsHostnames",
  "enableDnsSupport",
  "enableNetworkAddressUsageMetrics",
  "instanceTenancy",
] as const;
const ownOptions = [
  "availabilityZoneNames",
  "cidrBlock",
  "natGateways",
  "subnetNameTagStrategy",
  "subnetSpecs",
  "subnetStrategy",
  "tags",
] as const satisfies readonly (keyof VpcArgs)[];
const specOptions = ["cidrBlocks", "name", "tags", "type"];

/** What one subnet brings with it. */
interface SubnetParts {
  planned: PlannedSubnet;
  subnet: aws.ec2.Subnet;
  table: aws.ec2.RouteTable;
  association: aws.ec2.RouteTableAssociation;
}

/**
 * The stand-in for awsx's Vpc. It lays subnets out by explicit blocks in explicit zones and by nothing else, which is what a program
 * needs that wants its subnets to stay where they are when a zone is added.
 */
export class Vpc extends pulumi.ComponentResource {
  readonly state: pulumi.Inputs;

  constructor(name: string, args: VpcArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseUnknownOptions(COMPONENT, args, [...vpcOptions, ...ownOptions], FILE);
    const zones =
      args.availabilityZoneNames ?? refuseOption(COMPONENT, "availabilityZoneNames", "name the zones", FILE);
    const cidrBlock = args.cidrBlock ?? "10.0.0.0/16";
    const specs = explicitSpecs(args);
    const planned = planSubnets(name, cidrBlock, specs, zones.length, strategyOf(args));
    const nat = natStrategy(args, planned);
    super(COMPONENT, name, {}, opts);
    const label = (subnet: PlannedSubnet) =>
      nameTag(subnet, zones[subnet.zone] ?? "", args.subnetNameTagStrategy);
    const tagged = (own: Tags, more?: TagInputs) =>
      pulumi.all([args.tags, more]).apply(([shared, others]) => ({ ...own, ...shared, ...others }));

    const handedOn = Object.fromEntries(vpcOptions.map((option) => [option, args[option]]));
    const vpc = new aws.ec2.Vpc(
      name,
      { cidrBlock, ...handedOn, tags: tagged({ Name: name }) },
      { parent: this },
    );
    const internetGateway = new aws.ec2.InternetGateway(
      name,
      { vpcId: vpc.id, tags: tagged({ Name: name }) },
      { parent: vpc, dependsOn: [vpc] },
    );
    const parts = planned.map((subnet): SubnetParts => {
      const tags = { Name: label(subnet), SubnetType: subnet.kind };
      return subnetParts(
        vpc,
        subnet,
        zones[subnet.zone] ?? "",
        tagged(tags, args.subnetSpecs?.[subnet.spec]?.tags),
        tagged(tags),
      );
    });
    const publicParts = parts.filter(({ planned: { kind } }) => kind === "Public");
    const gateways = publicParts
      .filter(
        ({ planned: { zone } }) =>
          firstOfZone(publicParts, zone) && (nat === "OnePerAz" || (nat === "Single" && zone === 0)),
      )
      .map(({ planned: { zone }, subnet }) => {
        const gatewayName = `${name}-${zone + 1}`;
        const tags = tagged({ Name: gatewayName });
        const eip = new aws.ec2.Eip(gatewayName, { tags }, { parent: subnet, dependsOn: [subnet] });
        const gateway = new aws.ec2.NatGateway(
          gatewayName,
          { subnetId: subnet.id, allocationId: eip.id, tags },
          { parent: subnet },
        );
        return { eip, gateway };
      });
    const routes = parts.flatMap(({ planned: subnet, table }) => {
      const target = routeTarget(
        subnet,
        internetGateway,
        gateways.map((one) => one.gateway),
        nat === "Single",
      );
      const route = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...target };
      return target === undefined ? [] : [new aws.ec2.Route(subnet.resourceName, route, { parent: table })];
    });

    const of = (kind: SubnetKind) =>
      parts.filter((part) => part.planned.kind === kind).map((part) => part.subnet);
    const ids = (subnets: aws.ec2.Subnet[]) => pulumi.all(subnets.map((subnet) => subnet.id));
    this.state = {
      vpcId: vpc.id,
      vpc,
      internetGateway,
      subnets: parts.map((part) => part.subnet),
      publicSubnets: of("Public"),
      privateSubnets: of("Private"),
      isolatedSubnets: of("Isolated"),
      publicSubnetIds: ids(of("Public")),
      privateSubnetIds: ids(of("Private")),
      isolatedSubnetIds: ids(of("Isolated")),
      routeTables: parts.map((part) => part.table),
      routeTableAssociations: parts.map((part) => part.association),
      routes,
      natGateways: gateways.map((one) => one.gateway),
      eips: gateways.map((one) => one.eip),
      vpcEndpoints: [],
      subnetLayout: specs,
    };
    this.registerOutputs(this.state);
  }
}

function subnetParts(
  vpc: aws.ec2.Vpc,
  planned: PlannedSubnet,
  availabilityZone: string,
  subnetTags: pulumi.Output<Tags>,
  tableTags: pulumi.Output<Tags>,
): SubnetParts {
  const subnet = new aws.ec2.Subnet(
    planned.resourceName,
    {
      vpcId: vpc.id,
      availabilityZone,
      cidrBlock: planned.cidrBlock,
      mapPublicIpOnLaunch: planned.kind === "Public",
      assignIpv6AddressOnCreation: false,
      tags: subnetTags,
    },
    { parent: vpc, dependsOn: [vpc] },
  );
  const table = new aws.ec2.RouteTable(
    planned.resourceName,
    { vpcId: vpc.id, tags: tableTags },
    { parent: subnet, dependsOn: [subnet] },
  );
  const association = new aws.ec2.RouteTableAssociation(
    planned.resourceName,
    { routeTableId: table.id, subnetId: subnet.id },
    { parent: table },
  );
  return { planned, subnet, table, association };
}

function explicitSpecs(args: VpcArgs): { type: SubnetKind; name?: string; cidrBlocks: string[] }[] {
  const specs = args.subnetSpecs ?? refuseOption(COMPONENT, "subnetSpecs", "give the subnets", FILE);
  return specs.map((spec) => {
    refuseUnknownOptions(`${COMPONENT} subnetSpecs`, spec, specOptions, FILE);
    const cidrBlocks =
      spec.cidrBlocks ?? refuseOption(COMPONENT, "subnetSpecs", "give every spec its cidrBlocks", FILE);
    return { type: spec.type, ...(spec.name === undefined ? {} : { name: spec.name }), cidrBlocks };
  });
}

function strategyOf(args: VpcArgs): Strategy {
  const { subnetStrategy } = args;
  if (subnetStrategy === "Auto" || subnetStrategy === "Exact") return subnetStrategy;
  return refuseOption(
    COMPONENT,
    "subnetStrategy",
    `it is ${subnetStrategy ?? "unset (Legacy)"}; say Auto or Exact`,
    FILE,
  );
}

function natStrategy(args: VpcArgs, planned: readonly PlannedSubnet[]): string {
  refuseUnknownOptions(`${COMPONENT} natGateways`, args.natGateways ?? {}, ["strategy"], FILE);
  // Without a word awsx makes one for each zone.
  const strategy = args.natGateways?.strategy ?? "OnePerAz";
  if (strategy !== "None" && !planned.some((subnet) => subnet.kind === "Public")) {
    throw new Error(`${COMPONENT}: NAT gateways (${strategy}) need public subnets`);
  }
  return strategy;
}

/** The name that people see: by number, or by the zone's letter. */
function nameTag(subnet: PlannedSubnet, zone: string, strategy: VpcArgs["subnetNameTagStrategy"]): string {
  const suffix = zone.split("-").pop() ?? "";
  return strategy === "AvailabilityZone" ? subnet.resourceName.replace(/\d+$/, suffix) : subnet.resourceName;
}

function firstOfZone(parts: readonly SubnetParts[], zone: number): boolean {
  return parts.some((part) => part.planned.zone === zone);
}

/** Public subnets lead to the internet, private ones to a NAT gateway, isolated ones nowhere. */
function routeTarget(
  subnet: PlannedSubnet,
  internet: aws.ec2.InternetGateway,
  gateways: readonly aws.ec2.NatGateway[],
  shared: boolean,
): Partial<aws.ec2.RouteArgs> | undefined {
  if (subnet.kind === "Public") return { gatewayId: internet.id };
  const gateway = gateways[shared ? 0 : subnet.zone];
  return subnet.kind === "Private" && gateway !== undefined ? { natGatewayId: gateway.id } : undefined;
}
