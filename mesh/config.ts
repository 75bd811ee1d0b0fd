import { z } from "zod";

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

const helmValues = z.record(z.string(), z.unknown()).default({});

export const meshSchema = z.object({
  /** Replicas of the control plane. */
  istiod: z.strictObject(replicas).superRefine(checkBounds),
  /** The ingress gateway. */
  gateway: z
    .strictObject({ ...replicas, http: httpSchema.default({ mode: "redirect" }) })
    .superRefine(checkBounds),
  /** Helm values on top of the platform's for istiod: maps merge, arrays and scalars replace. */
  istiodValues: helmValues,
  /** The same for the ingress gateway. Its Service is no part of the chart's release. */
  gatewayValues: helmValues.refine((values) => values["service"] === undefined, {
    path: ["service"],
    error: "the gateway's Service is the platform's own, and the chart makes none",
  }),
});

export type MeshConfig = z.infer<typeof meshSchema>;
export type HttpMode = MeshConfig["gateway"]["http"];

/**
 * Reads the `mesh:` bag.
 *
 * @throws PlatformError CONFIG_INVALID, CONFIG_MISSING or CONFIG_UNKNOWN_KEY
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
