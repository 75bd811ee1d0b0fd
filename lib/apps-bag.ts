import { z } from "zod";

import { programConfig, readBag, type ConfigSource } from "./config.ts";

const replicasSchema = z.strictObject({ min: z.int(), max: z.int() });

const serviceSchema = z.strictObject({
  /** Version → share in percent; replaces the declared shares as a whole. */
  weights: z.record(z.string(), z.int()).optional(),
  /** Version → bounds of its autoscaler. */
  replicas: z.record(z.string(), replicasSchema).optional(),
});

/** The `apps:` bag. It stands here and not in apps/ because every layer places the systems that it names. */
const appsSchema = z.object({
  /** Which systems the environment carries, who delivers them, and what differs from their declaration. */
  systems: z.record(
    z.string(),
    z.strictObject({
      /** `pulumi`: the apps layer creates every object. `gitops`: Argo CD syncs them from the rendered folder. */
      delivery: z.enum(["pulumi", "gitops"]),
      services: z.record(z.string(), serviceSchema).optional(),
    }),
  ),
  /** Seconds until an object that does not become ready fails the update. @default 600 */
  readyTimeout: z
    .int()
    .min(60, "seconds, from 60 to 3600")
    .max(3600, "seconds, from 60 to 3600")
    .default(600),
});

export type AppsBag = z.infer<typeof appsSchema>;
export type SystemsConfig = AppsBag["systems"];
export type Delivery = SystemsConfig[string]["delivery"];

/**
 * Reads the `apps:` bag as a whole.
 *
 * @throws PlatformError CONFIG_INVALID, CONFIG_MISSING or CONFIG_UNKNOWN_KEY
 */
export function readAppsBag(source: ConfigSource = programConfig): AppsBag {
  return readBag("apps", appsSchema, source);
}
