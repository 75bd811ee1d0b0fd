import { fail } from "../lib/errors.ts";
import { calculator } from "./calculator.ts";
import { hostOf, namespaceOf, repositoryOf, secretNameOf } from "./names.ts";
import type { System } from "./types.ts";

/** Every system that the platform can carry, by name. */
export const catalogue: Readonly<Record<string, System>> = { calculator };

/**
 * Checks what must hold between systems: in an environment no two share a namespace, a host, a repository or a secret.
 *
 * @throws PlatformError CATALOGUE_CONFLICT
 */
export function checkCatalogue(systems: readonly System[], environment: string, domain: string): void {
  const claims: Record<string, (system: System) => string[]> = {
    namespace: (system) => [namespaceOf(system, environment)],
    host: (system) => [hostOf(system, environment, domain)],
    repository: (system) => system.services.map((service) => repositoryOf(system, service, environment)),
    secret: (system) => (system.secrets ?? []).map((secret) => secretNameOf(system, secret, environment)),
  };
  for (const [what, of] of Object.entries(claims)) {
    const owners = new Map<string, string>();
    for (const system of systems) {
      for (const claimed of of(system)) {
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
}
