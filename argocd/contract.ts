import { z } from "zod";

import { defineContract, type Outputs } from "../lib/contract.ts";

/** What argocd promises: where it runs and what it looks after. */
export const argocdContract = defineContract("argocd", {
  /** Version of this contract. */
  argocdContract: z.literal(1),
  argocdNamespace: z.string(),
  argocdProjects: z.array(z.string()),
  argocdApplications: z.array(z.string()),
});

export type ArgocdOutputs = Outputs<typeof argocdContract>;
