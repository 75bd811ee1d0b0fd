import assert from "node:assert/strict";

import fc from "fast-check";

import { contains, formatCidr, overlaps, parseCidr, sizeOf } from "../../lib/cidr.ts";
import { allocateSubnets, maxZones, type SubnetBlocks } from "../../infra/subnets.ts";

/** Any block that a VPC may have here. */
const vpcs = fc
  .integer({ min: 16, max: 20 })
  .chain((prefix) =>
    fc
      .integer({ min: 0, max: 2 ** (prefix - 8) - 1 })
      .map((network) => formatCidr({ base: 10 * 2 ** 24 + network * sizeOf({ base: 0, prefix }), prefix })),
  );
const zoneCounts = fc.integer({ min: 2, max: maxZones });
const all = (blocks: SubnetBlocks): string[] => [...blocks.private, ...blocks.public, ...blocks.isolated];

describe("the allocation of subnets", () => {
  it("gives half of a zone's share to nodes, a quarter to the public, a quarter to what is isolated", () => {
    assert.deepEqual(allocateSubnets("10.20.0.0/16", 3), {
      private: ["10.20.0.0/19", "10.20.64.0/19", "10.20.128.0/19"],
      public: ["10.20.32.0/20", "10.20.96.0/20", "10.20.160.0/20"],
      isolated: ["10.20.48.0/20", "10.20.112.0/20", "10.20.176.0/20"],
    });
  });

  it("stays inside the VPC", () => {
    fc.assert(
      fc.property(vpcs, zoneCounts, (vpc, zones) => {
        for (const block of all(allocateSubnets(vpc, zones))) {
          assert.ok(contains(parseCidr(vpc), parseCidr(block)), block);
        }
      }),
    );
  });

  it("gives no address twice", () => {
    fc.assert(
      fc.property(vpcs, zoneCounts, (vpc, zones) => {
        const blocks = all(allocateSubnets(vpc, zones)).map(parseCidr);
        for (const [index, block] of blocks.entries()) {
          for (const other of blocks.slice(index + 1)) assert.ok(!overlaps(block, other));
        }
      }),
    );
  });

  it("moves no subnet when a zone is added behind the others", () => {
    fc.assert(
      fc.property(vpcs, fc.integer({ min: 1, max: maxZones - 1 }), (vpc, zones) => {
        const [before, after] = [allocateSubnets(vpc, zones), allocateSubnets(vpc, zones + 1)];
        for (const kind of ["private", "public", "isolated"] as const) {
          assert.deepEqual(after[kind].slice(0, zones), before[kind]);
        }
      }),
    );
  });

  it("uses the whole VPC with four zones, and even then makes subnets that AWS accepts", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const blocks = all(allocateSubnets(vpc, maxZones)).map(parseCidr);
        assert.equal(
          blocks.reduce((sum, block) => sum + sizeOf(block), 0),
          sizeOf(parseCidr(vpc)),
        );
        assert.ok(blocks.every(({ prefix }) => prefix <= 28));
      }),
    );
  });
});
