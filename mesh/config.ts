import { z } from "zod";

import { cidrBlock } from "../lib/cidr-block.ts";
import { programConfig, readBag, type ConfigSource } from "../lib/config.ts";

const replicas = {
  minReplicas: z.int().min(1, "at least 1"),
  maxReplicas: z.int().min(1, "at least 1"),
};

/** What plain HTTP at the gateway is answered with. The insecure choice says why it was made. */
const httpSchema = z.union(
  [
    z.literal("redirect").transform(() => ({ mode: "redirect" as const })),
    z.strictObject({
      mode: z.literal("serve"),
      reason: z.string().trim().min(1, "serving plain HTTP needs a reason"),
    }),
  ],
  { error: "redirect, or {mode: serve, reason: <why plain HTTP is served>}" },
);

/** Nothing said is everyone; a list is never empty, because Kubernetes would take that for everyone too. */
const sourceRangesSchema = z
  .array(cidrBlock())
  .min(1, "at least one network; leave it out to let everyone in")
  .superRefine((ranges, ctx) => {
    const twice = ranges.find((range, index) => ranges.indexOf(range) !== index);
    if (twice === undefined) return;
    ctx.addIssue({ code: "custom", message: `each network once, and ${twice} stands twice` });
  })
  .optional();

export const meshSchema = z.object({
  /** Replicas of the control plane. */
  istiod: z.strictObject(replicas).superRefine(checkBounds),
  /** The ingress gateway. */
  gateway: z
    .strictObject({
      ...replicas,
      http: httpSchema.default({ mode: "redirect" }),
      /** Networks whose clients the load balancer lets in. @default everyone */
      sourceRanges: sourceRangesSchema,
    })
    .superRefine(checkBounds),
});

export type MeshConfig = z.infer<typeof meshSchema>;
export type HttpMode = MeshConfig["gateway"]["http"];

/**
 * Reads the `mesh:` bag.
 *
 * @throws PlatformError CIDR_INVALID, CONFIG_INVALID, CONFIG_MISSING or CONFIG_UNKNOWN_KEY
 */
export function meshConfig(source: ConfigSource = programConfig): MeshConfig {
  return readBag("mesh", meshSchema, source);
}

function checkBounds(
  { minReplicas, maxReplicas }: { minReplicas: number; maxReplicas: number },
  ctx: z.RefinementCtx,
): void {
  if (minReplicas <= maxReplicas) return;
  ctx.addIssue({
    code: "custom",
    path: ["maxReplicas"],
    message: `at least minReplicas, which is ${minReplicas}`,
    params: { remedy: "Raise it, or lower minReplicas." },
  });
}
