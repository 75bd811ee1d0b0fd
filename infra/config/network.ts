import { z } from "zod";

import { cidrBlock } from "../../lib/cidr-block.ts";
import { isPrivate } from "../../lib/cidr.ts";
import { maxZones } from "../subnets.ts";
import { duplicateOf, report } from "./rules.ts";

/** `infra:network` */
export const networkSchema = z.strictObject({
  /** Block of the VPC. It cannot be changed later. */
  cidr: cidrBlock((block) => {
    if (block.prefix < 16 || block.prefix > 20) return "the VPC's prefix is /16 to /20";
    return isPrivate(block)
      ? undefined
      : "the VPC lies in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10";
  }),
  /** Availability zones, 2 to 4. The order gives each its subnets: add new ones at the end, and never take the first two away. */
  zones: z.array(z.string()).superRefine((zones, context) => {
    if (zones.length < 2 || zones.length > maxZones) {
      report(context, { rule: `2 to ${maxZones} availability zones` });
    }
    const twice = duplicateOf(zones);
    if (twice !== undefined) report(context, { rule: `each zone once, and ${twice} stands twice` });
  }),
  /**
   * The way from private subnets to the internet: one NAT gateway for all zones, or one in each. There is no "none": nodes would reach
   * neither a registry nor the EC2 API that they start by.
   */
  nat: z.enum(["single", "perZone"]),
});

export type NetworkConfig = z.infer<typeof networkSchema>;
