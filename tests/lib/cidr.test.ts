import assert from "node:assert/strict";

import fc from "fast-check";

import {
  cidrRule,
  contains,
  formatCidr,
  isPrivate,
  overlaps,
  parseCidr,
  sizeOf,
  touchesPrivate,
  type Cidr,
} from "../../lib/cidr.ts";
import { raises } from "../helpers/raises.ts";

/** Any block of at least `from` bits. */
function blocks(from: number, to: number): fc.Arbitrary<Cidr> {
  return fc.integer({ min: from, max: to }).chain((prefix) =>
    fc.integer({ min: 0, max: 2 ** prefix - 1 }).map((network) => ({
      base: network * sizeOf({ base: 0, prefix }),
      prefix,
    })),
  );
}

describe("a CIDR block", () => {
  it("is read as it is written", () => {
    fc.assert(fc.property(blocks(0, 32), (block) => assert.deepEqual(parseCidr(formatCidr(block)), block)));
    assert.deepEqual(parseCidr("10.20.0.0/16"), { base: 10 * 2 ** 24 + 20 * 2 ** 16, prefix: 16 });
  });

  it("has no bits behind its prefix, and the error says what was meant", () => {
    assert.equal(cidrRule("10.20.0.0/16"), undefined);
    assert.match(cidrRule("10.20.30.40/16") ?? "", /10\.20\.0\.0\/16/);
    assert.match(raises("CIDR_INVALID", () => parseCidr("203.0.113.7/24")).rule, /203\.0\.113\.0\/24/);
  });

  it("is nothing else", () => {
    for (const text of [
      "",
      "10.0.0.0",
      "10.0.0/8",
      "10.0.0.0/",
      "::/0",
      "1.2.3.4.5/8",
      " 10.0.0.0/8",
      "a.b.c.d/8",
    ]) {
      assert.match(cidrRule(text) ?? "", /such as/, text);
    }
    assert.match(cidrRule("300.0.0.0/8") ?? "", /0 to 255/);
    assert.match(cidrRule("10.0.0.0/40") ?? "", /0 to 32/);
  });

  it("overlaps another exactly where they share an address", () => {
    const shares = (a: Cidr, b: Cidr): boolean =>
      Math.max(a.base, b.base) < Math.min(a.base + sizeOf(a), b.base + sizeOf(b));
    fc.assert(
      fc.property(blocks(0, 12), blocks(0, 12), (a, b) => {
        assert.equal(overlaps(a, b), shares(a, b));
        assert.equal(overlaps(a, b), overlaps(b, a));
        if (contains(a, b)) assert.ok(overlaps(a, b) && sizeOf(a) >= sizeOf(b));
      }),
    );
  });

  it("is private as a whole, or touches what is private", () => {
    assert.ok(isPrivate(parseCidr("172.31.0.0/16")) && !isPrivate(parseCidr("172.32.0.0/16")));
    assert.ok(!isPrivate(parseCidr("0.0.0.0/0")) && touchesPrivate(parseCidr("0.0.0.0/0")));
    assert.ok(!touchesPrivate(parseCidr("203.0.113.0/24")));
  });
});
