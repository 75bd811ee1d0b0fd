import { z } from "zod";

import { programConfig, readBag, type ConfigSource } from "../lib/config.ts";

export const appsSchema = z.object({
  /** What the environment carries: every layer reads it, and `placeSystems` of lib/systems.ts checks it. */
  systems: z.unknown(),
  /** Seconds until an object that does not become ready fails the update. @default 600 */
  readyTimeout: z
    .int()
    .min(60, "seconds, from 60 to 3600")
    .max(3600, "seconds, from 60 to 3600")
    .default(600),
});

export type AppsConfig = Omit<z.infer<typeof appsSchema>, "systems">;

/** Reads the `apps:` bag, without the systems. */
export function appsConfig(source: ConfigSource = programConfig): AppsConfig {
  const { readyTimeout } = readBag("apps", appsSchema, source);
  return { readyTimeout };
}
