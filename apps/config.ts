import { readAppsBag, type AppsBag } from "../lib/apps-bag.ts";
import { programConfig, type ConfigSource } from "../lib/config.ts";

export type AppsConfig = Omit<AppsBag, "systems">;

/**
 * Reads the `apps:` bag, without the systems: `placeSystems` reads those for every layer.
 *
 * @throws PlatformError CONFIG_INVALID, CONFIG_MISSING or CONFIG_UNKNOWN_KEY
 */
export function appsConfig(source: ConfigSource = programConfig): AppsConfig {
  const { readyTimeout } = readAppsBag(source);
  return { readyTimeout };
}
