import assert from "node:assert/strict";

import { planSubnets, type SubnetSpec } from "../../../../rehearsal/plugins/awsx/subnet-layout.ts";

const specs: SubnetSpec[] = [
  { type: "Private", cidrBlocks: ["10.20.0.0/17"] },
  { type: "Public", cidrBlocks: ["10.20.128.0/18"] },
];

describe("the layout of subnets", () => {
  it("takes blocks with gaps under Auto, and refuses them under Exact, with the gap", () => {
    assert.deepEqual(
      planSubnets("net", "10.20.0.0/16", specs, 1, "Auto").map((subnet) => subnet.resourceName),
      ["net-public-1", "net-private-1"],
    );
    assert.throws(
      () => planSubnets("net", "10.20.0.0/16", specs, 1, "Exact"),
      /gaps: net-public-1 \(ending 10\.20\.191\.254\) ends before VPC ends \(at 10\.20\.255\.254}\)/,
    );
  });

  it("takes blocks under Exact that fill the VPC with the help of unused ones, of which nothing is made", () => {
    const filled: SubnetSpec[] = [
      ...specs,
      { type: "Unused", name: "later", cidrBlocks: ["10.20.192.0/18"] },
    ];
    assert.equal(planSubnets("net", "10.20.0.0/16", filled, 1, "Exact").length, 2);
  });

  it("wants a block for each zone, of each spec", () => {
    assert.throws(
      () => planSubnets("net", "10.20.0.0/16", specs, 3, "Auto"),
      /The number of CIDR blocks in subnetSpecs\[1\] must match the number of availability zones \(3\)\./,
    );
  });

  it("refuses blocks that overlap or leave the VPC", () => {
    const clash: SubnetSpec[] = [
      specs[0] ?? { type: "Private", cidrBlocks: [] },
      { type: "Isolated", cidrBlocks: ["10.20.0.0/24"] },
    ];
    assert.throws(
      () => planSubnets("net", "10.20.0.0/16", clash, 1, "Auto"),
      /1\. net-isolated-1: 10\.20\.0\.0\/24\n2\. net-private-1/,
    );
    assert.throws(
      () => planSubnets("net", "10.30.0.0/16", specs, 1, "Auto"),
      /not within the VPC's block 10\.30\.0\.0\/16/,
    );
  });
});
