import { address, contains, overlap, parseBlock, type Block } from "../aws/cidr.ts";

/** What a subnet is for; "Unused" blocks are set aside and nothing is made of them. */
export type SubnetKind = "Public" | "Private" | "Isolated" | "Unused";

export interface SubnetSpec {
  type: SubnetKind;
  /** @default the kind in lower case */
  name?: string;
  /** One for each zone. */
  cidrBlocks: readonly string[];
}

/** One subnet to be made. */
export interface PlannedSubnet {
  kind: SubnetKind;
  /** Of the resource: `net-private-1`. */
  resourceName: string;
  /** Where the spec stands in the list. */
  spec: number;
  /** From 0. */
  zone: number;
  cidrBlock: string;
}

/** Within a zone public subnets come first, since routes of private ones lead through them. */
const order: readonly SubnetKind[] = ["Public", "Private", "Isolated"];

/** Auto takes blocks with gaps between them; Exact demands that they fill the VPC. */
export type Strategy = "Auto" | "Exact";

/** Plans the subnets zone by zone, as awsx does for explicit blocks; refuses what it refuses. */
export function planSubnets(
  vpcName: string,
  vpcBlock: string,
  specs: readonly SubnetSpec[],
  zones: number,
  strategy: Strategy,
): PlannedSubnet[] {
  const wrong = specs.flatMap((spec, index) =>
    spec.cidrBlocks.length === zones
      ? []
      : [
          ` - The number of CIDR blocks in subnetSpecs[${index}] must match the number of availability zones (${zones}).`,
        ],
  );
  if (wrong.length > 0) throw new Error(`Invalid subnet specifications:\n${wrong.join("\n")}`);
  const all = Array.from({ length: zones }, (_, zone) =>
    specs
      .map((spec, index) => ({
        kind: spec.type,
        resourceName: `${vpcName}-${spec.name ?? spec.type.toLowerCase()}-${zone + 1}`,
        spec: index,
        zone,
        cidrBlock: spec.cidrBlocks[zone] ?? "",
      }))
      .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
  ).flat();
  refuseOverlaps(all);
  refuseOutside(all, vpcBlock);
  if (strategy === "Exact") refuseGaps(all, vpcBlock);
  return all.filter((subnet) => subnet.kind !== "Unused");
}

function blockOf(subnet: PlannedSubnet): Block {
  const block = parseBlock(subnet.cidrBlock);
  if (block === undefined) throw new Error(`${subnet.resourceName}: "${subnet.cidrBlock}" is no IPv4 block`);
  return block;
}

function refuseOverlaps(subnets: readonly PlannedSubnet[]): void {
  const clashing = subnets
    .filter((one) => subnets.some((other) => other !== one && overlap(blockOf(one), blockOf(other))))
    .sort((a, b) => blockOf(a).first - blockOf(b).first || a.resourceName.localeCompare(b.resourceName));
  if (clashing.length === 0) return;
  const list = clashing
    .map((subnet, index) => `${index + 1}. ${subnet.resourceName}: ${subnet.cidrBlock}\n`)
    .join("");
  throw new Error(
    "The following subnets overlap with at least one other subnet. Make the CIDR for the VPC larger, reduce the size of the subnets " +
      `per AZ, or use less Availability Zones:\n\n${list}`,
  );
}

function refuseOutside(subnets: readonly PlannedSubnet[], vpcBlock: string): void {
  const vpc = parseBlock(vpcBlock);
  const outside = subnets.filter((subnet) => vpc !== undefined && !contains(vpc, blockOf(subnet)));
  if (outside.length > 0) {
    const list = outside.map((subnet) => `${subnet.resourceName} (${subnet.cidrBlock})`).join(", ");
    throw new Error(`The following subnets are not within the VPC's block ${vpcBlock}: ${list}`);
  }
}

function refuseGaps(subnets: readonly PlannedSubnet[], vpcBlock: string): void {
  const vpc = parseBlock(vpcBlock);
  if (vpc === undefined) return;
  const sorted = [...subnets].sort((a, b) => blockOf(a).first - blockOf(b).first);
  // Like awsx, which counts to the last address that a host can have, one below the block's end.
  const end = (block: Block) => address(block.last - 1);
  const gaps: string[] = [];
  for (const [index, subnet] of sorted.entries()) {
    const block = blockOf(subnet);
    const next = sorted[index + 1];
    if (index === 0 && block.first !== vpc.first) gaps.push(`${subnet.resourceName} starts after VPC starts`);
    if (next === undefined && block.last !== vpc.last) {
      gaps.push(`${subnet.resourceName} (ending ${end(block)}) ends before VPC ends (at ${end(vpc)}})`);
    }
    if (next !== undefined && blockOf(next).first !== block.last + 1) {
      gaps.push(`${subnet.resourceName} (ending ${end(block)}) ends before ${next.resourceName} starts`);
    }
  }
  if (gaps.length > 0) {
    throw new Error(`There are gaps in the subnet ranges. Please fix the following gaps: ${gaps.join("; ")}`);
  }
}
