import { z } from "zod";

import type { RuleParams } from "../../lib/config.ts";
import { cidrRule, parseCidr, type Cidr } from "../cidr.ts";

interface Issue extends RuleParams {
  /** Where below the checked value; empty for the value itself. */
  path?: PropertyKey[];
  rule: string;
}

/** Reports a broken rule of a schema. */
export function report(context: z.core.$RefinementCtx, { path = [], rule, id, remedy }: Issue): void {
  context.addIssue({ code: "custom", path, message: rule, params: { id, remedy } });
}

/** A text that is a CIDR block and keeps `more`: a function to the rule that a block breaks. */
export function cidrBlock(more: (block: Cidr) => string | undefined): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    const rule = cidrRule(text) ?? more(parseCidr(text));
    if (rule !== undefined) report(context, { id: "CIDR_INVALID", rule });
  });
}

/** The first item that stands more than once. */
export function duplicateOf<T>(items: readonly T[]): T | undefined {
  return items.find((item, index) => items.indexOf(item) !== index);
}
