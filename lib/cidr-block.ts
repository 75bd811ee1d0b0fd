import { z } from "zod";

import { cidrRule, parseCidr, type Cidr } from "./cidr.ts";

/**
 * A configured text that is a CIDR block; what it breaks is reported as CIDR_INVALID.
 *
 * @param more the rule that a block breaks beyond that. @default none
 */
export function cidrBlock(more: (block: Cidr) => string | undefined = () => undefined): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    const rule = cidrRule(text) ?? more(parseCidr(text));
    if (rule !== undefined) {
      context.addIssue({ code: "custom", message: rule, params: { id: "CIDR_INVALID" } });
    }
  });
}
