import type { z } from "zod";

import type { RuleParams } from "../../lib/config.ts";

interface Issue extends RuleParams {
  /** Where below the checked value; empty for the value itself. */
  path?: PropertyKey[];
  rule: string;
}

/** Reports a broken rule of a schema. */
export function report(context: z.core.$RefinementCtx, { path = [], rule, id, remedy }: Issue): void {
  context.addIssue({ code: "custom", path, message: rule, params: { id, remedy } });
}

/** The first item that stands more than once. */
export function duplicateOf<T>(items: readonly T[]): T | undefined {
  return items.find((item, index) => items.indexOf(item) !== index);
}
