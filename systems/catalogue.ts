import { fail } from "../lib/errors.ts";
import { calculator } from "./calculator.ts";
import {
  appApplicationOf,
  hostOf,
  istioConfigApplicationOf,
  namespaceOf,
  repositoryOf,
  secretNameOf,
} from "./names.ts";
import { readerAccounts } from "./relations.ts";
import { reservedNamespaces } from "./reserved.ts";
import type { System } from "./types.ts";

/** Every system that the platform can carry, by name. */
export const catalogue: Readonly<Record<string, System>> = { calculator };

/**
 * Checks what must hold between systems: in an environment no two share a namespace, a host, a repository, a secret or the name of an
 * object that stands beside the other's.
 *
 * @throws PlatformError CATALOGUE_CONFLICT
 */
export function checkCatalogue(systems: readonly System[], environment: string, domain: string): void {
  const claims: Record<string, (system: System) => string[]> = {
    namespace: (system) => [namespaceOf(system, environment)],
    host: (system) => [hostOf(system, environment, domain)],
    repository: (system) => system.services.map((service) => repositoryOf(system, service, environment)),
    secret: (system) => (system.secrets ?? []).map((secret) => secretNameOf(system, secret, environment)),
    application: (system) => [appApplicationOf(system), istioConfigApplicationOf(system)],
    // Rate limits, and the resources of all layers, are named by these: `a` with `b-c` would run together with `a-b` with `c`.
    services: (system) => namesWithin(system, [...serviceNames(system), ...readerAccounts(system)]),
    secrets: (system) =>
      namesWithin(
        system,
        (system.secrets ?? []).map(({ name }) => name),
      ),
  };
  for (const [what, of] of Object.entries(claims)) {
    // A namespace may come to be a reserved one only where the environment's name is put in.
    const owners = new Map<string, string>(
      what === "namespace" ? reservedNamespaces.map((name) => [name, "the platform"]) : [],
    );
    for (const system of systems) {
      for (const claimed of of(system)) {
        const owner = owners.get(claimed);
        if (owner !== undefined) {
          fail({
            id: "CATALOGUE_CONFLICT",
            key: `systems.${system.name}.${what}`,
            value: claimed,
            rule: `${owner} has it already`,
            remedy: "Rename one of the two.",
          });
        }
        owners.set(claimed, `system ${system.name}`);
      }
    }
  }
}

function serviceNames(system: System): string[] {
  return system.services.map(({ name }) => name);
}

function namesWithin(system: System, names: readonly string[]): string[] {
  return names.map((name) => `${system.name}-${name}`);
}
