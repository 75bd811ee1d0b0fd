import { fail } from "../lib/errors.ts";
import { calculator } from "./calculator.ts";
import { hostOf, namespaceOf } from "./names.ts";
import type { System } from "./types.ts";

/** Every system that the platform can carry, by name. */
export const catalogue: Readonly<Record<string, System>> = { calculator };

/**
 * Checks what must hold between systems: no two share a namespace or a host in an environment.
 *
 * @throws PlatformError CATALOGUE_CONFLICT
 */
export function checkCatalogue(systems: readonly System[], environment: string, domain: string): void {
  const claims: [what: string, of: (system: System) => string][] = [
    ["namespace", (system) => namespaceOf(system, environment)],
    ["host", (system) => hostOf(system, environment, domain)],
  ];
  for (const [what, of] of claims) {
    const owners = new Map<string, string>();
    for (const system of systems) {
      const claimed = of(system);
      const owner = owners.get(claimed);
      if (owner !== undefined) {
        fail({
          id: "CATALOGUE_CONFLICT",
          key: `systems.${system.name}.${what}`,
          value: claimed,
          rule: `system ${owner} has it already`,
          remedy: "Rename one of the two.",
        });
      }
      owners.set(claimed, system.name);
    }
  }
}
