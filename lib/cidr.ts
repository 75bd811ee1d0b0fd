import { fail } from "./errors.ts";

/** An IPv4 block in CIDR notation, as numbers. */
export interface Cidr {
  /** First address. */
  readonly base: number;
  /** Leading bits that all its addresses share, 0 to 32. */
  readonly prefix: number;
}

const pattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The rule that a text breaks as a CIDR block, or `undefined` where it is one. */
export function cidrRule(text: string): string | undefined {
  const numbers = pattern.exec(text)?.slice(1).map(Number);
  if (numbers === undefined) return "an IPv4 block such as 10.20.0.0/16";
  const prefix = numbers.pop() ?? 0;
  if (numbers.some((octet) => octet > 255)) return "each part of an IPv4 address is 0 to 255";
  if (prefix > 32) return "the prefix of an IPv4 block is 0 to 32";
  const base = numbers.reduce((sum, octet) => sum * 256 + octet, 0);
  const network = base - (base % sizeOf({ base, prefix }));
  if (network !== base) {
    return `no bits may be set behind the prefix: the network is ${formatCidr({ base: network, prefix })}`;
  }
  return undefined;
}

/**
 * Reads a CIDR block.
 *
 * @throws PlatformError CIDR_INVALID
 */
export function parseCidr(text: string): Cidr {
  const rule = cidrRule(text);
  if (rule !== undefined) {
    fail({ id: "CIDR_INVALID", key: "cidr", value: text, rule, remedy: "Correct the block." });
  }
  const [address = "", prefix] = text.split("/");
  return {
    base: address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0),
    prefix: Number(prefix),
  };
}

export function formatCidr({ base, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** Number of addresses in a block. */
export function sizeOf({ prefix }: Cidr): number {
  return 2 ** (32 - prefix);
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && inner.base + sizeOf(inner) <= outer.base + sizeOf(outer);
}

/** Whether two blocks share an address. Blocks cannot overlap by halves: the larger then contains the smaller. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}

/** The `index`-th of the blocks of `prefix` bits into which a block can be cut. */
export function subBlock(block: Cidr, prefix: number, index: number): Cidr {
  return { base: block.base + index * sizeOf({ base: 0, prefix }), prefix };
}

/** Ranges that are never routed on the internet: RFC 1918, and the shared range of RFC 6598. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(parseCidr);

/** Whether a block lies within a private range. */
export function isPrivate(block: Cidr): boolean {
  return privateRanges.some((range) => contains(range, block));
}

/** Whether a block has any address of a private range. */
export function touchesPrivate(block: Cidr): boolean {
  return privateRanges.some((range) => overlaps(range, block));
}
