import { z } from "zod";

import { defineContract, type Outputs } from "../lib/contract.ts";

/** What apps promises: which systems there are, where, and who delivers them. */
export const appsContract = defineContract("apps", {
  /** Version of this contract. */
  appsContract: z.literal(1),
  systems: z.record(
    z.string(),
    z.object({ namespace: z.string(), delivery: z.enum(["pulumi", "gitops"]), host: z.string() }),
  ),
});

export type AppsOutputs = Outputs<typeof appsContract>;
