import { catalogue, checkCatalogue } from "../systems/catalogue.ts";
import { defineSystem } from "../systems/define.ts";
import { hostOf, namespaceOf } from "../systems/names.ts";
import { Rollout, type Service, type System } from "../systems/types.ts";
import { readAppsBag, type Delivery, type SystemsConfig } from "./apps-bag.ts";
import { programConfig, type ConfigSource } from "./config.ts";
import type { Environment } from "./environment.ts";
import { fail, PlatformError } from "./errors.ts";

type Sizing = NonNullable<SystemsConfig[string]["services"]>;

/** A system as it stands in one environment: sized, with its namespace, host and who delivers it. */
export interface PlacedSystem extends System {
  readonly environment: string;
  readonly host: string;
  readonly delivery: Delivery;
}

/**
 * The systems that an environment carries. Every layer reads the same key, because what infra and mesh must know of a system
 * beforehand (repositories, secrets, hosts) is declared, not created by apps.
 *
 * @throws PlatformError what `readAppsBag` and `placeAll` raise
 */
export function placeSystems(environment: Environment, source: ConfigSource = programConfig): PlacedSystem[] {
  return placeAll(environment, readAppsBag(source).systems);
}

/**
 * Places the configured systems; pure.
 *
 * @throws PlatformError SYSTEM_UNKNOWN_REFERENCE, CATALOGUE_CONFLICT, or what `defineSystem` raises for a system that was sized wrong
 */
export function placeAll(
  environment: Pick<Environment, "name" | "domain">,
  config: SystemsConfig,
  declared: Readonly<Record<string, System>> = catalogue,
): PlacedSystem[] {
  const placed = Object.entries(config).map(([name, { delivery, services = {} }]) => {
    const found = lookUp(declared, name, `apps:systems.${name}`, "there is no such system");
    const system = sizeSystem(found, services);
    return {
      ...system,
      namespace: namespaceOf(system, environment.name),
      environment: environment.name,
      host: hostOf(system, environment.name, environment.domain),
      delivery,
    };
  });
  checkCatalogue(placed, environment.name, environment.domain);
  return placed;
}

/** The system with the environment's own weights and sizes; checked again as a whole. */
function sizeSystem(system: System, sizing: Sizing): System {
  const services = Object.fromEntries(system.services.map((service) => [service.name, service]));
  for (const [name, { replicas = {} }] of Object.entries(sizing)) {
    const at = `apps:systems.${system.name}.services.${name}`;
    const service = lookUp(services, name, at, `system ${system.name} has no such service`);
    const versions = Object.fromEntries(service.versions.map((version) => [version.name, version]));
    for (const version of Object.keys(replicas)) {
      lookUp(versions, version, `${at}.replicas.${version}`, `service ${name} has no such version`);
    }
  }
  const sized = {
    ...system,
    services: system.services.map((service) => sizeService(service, sizing[service.name])),
  };
  try {
    return defineSystem(sized);
  } catch (error) {
    throw error instanceof PlatformError ? inConfig(error) : error;
  }
}

function sizeService(service: Service, sizing: Sizing[string] | undefined): Service {
  if (sizing === undefined) return service;
  return {
    ...service,
    versions: service.versions.map((version) => ({
      ...version,
      replicas: sizing.replicas?.[version.name] ?? version.replicas,
    })),
    rollout: sizing.weights === undefined ? service.rollout : Rollout.split(sizing.weights),
  };
}

/**
 * The same error with the key under which the value stands in the configuration: the declaration passed its checks when it was
 * made, so that only what the environment sets can be wrong.
 */
function inConfig(error: PlatformError): PlatformError {
  const [system, service, ...rest] = error.key.split(".");
  const path = rest
    .join(".")
    .replace(/^rollout\./, "")
    .replace(/^versions\.([^.]+)\.replicas/, "replicas.$1");
  return new PlatformError({
    id: error.id,
    key: `apps:systems.${system}.services.${service}.${path}`,
    value: error.value,
    rule: error.rule,
    remedy: error.remedy,
    cause: error,
  });
}

function lookUp<T>(known: Readonly<Record<string, T>>, name: string, key: string, rule: string): T {
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined) return found;
  return fail({
    id: "SYSTEM_UNKNOWN_REFERENCE",
    key,
    value: name,
    rule,
    remedy: `Name one of ${Object.keys(known).join(", ")}.`,
  });
}
