import { formatCidr, parseCidr, subBlock } from "../lib/cidr.ts";

/** Most zones that an environment can have; every VPC has room for so many from the start. */
export const maxZones = 4;

/** CIDR blocks of a VPC's subnets: one a zone, in the order of the zones. */
export interface SubnetBlocks {
  /** Nodes and pods: half of a zone's share. */
  readonly private: readonly string[];
  /** Load balancers and NAT gateways: a quarter. */
  readonly public: readonly string[];
  /** What has no way to the internet, such as databases: a quarter. */
  readonly isolated: readonly string[];
}

/**
 * Cuts a VPC into subnets. A zone's share is always a quarter of the VPC, whether or not there are four zones yet, and what a zone
 * gets follows from its place alone: so a zone that is added behind the others moves no subnet. A /16 gives /19, /20 and /20.
 *
 * @param zones 1 to 4
 */
export function allocateSubnets(vpc: string, zones: number): SubnetBlocks {
  const whole = parseCidr(vpc);
  const shares = Array.from({ length: zones }, (_, zone) => subBlock(whole, whole.prefix + 2, zone));
  const cut = (bits: number, index: number): string[] =>
    shares.map((share) => formatCidr(subBlock(share, share.prefix + bits, index)));
  return { private: cut(1, 0), public: cut(2, 2), isolated: cut(2, 3) };
}
