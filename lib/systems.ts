import { z } from "zod";

import { catalogue, checkCatalogue } from "../systems/catalogue.ts";
import { defineSystem } from "../systems/define.ts";
import { hostOf, namespaceOf } from "../systems/names.ts";
import { Rollout, type Service, type System } from "../systems/types.ts";
import { programConfig, type ConfigSource } from "./config.ts";
import type { Environment } from "./environment.ts";
import { fail, PlatformError } from "./errors.ts";

const replicasSchema = z.strictObject({ min: z.int(), max: z.int() });

const serviceSchema = z.strictObject({
  /** Version → share in percent; replaces the declared shares as a whole. */
  weights: z.record(z.string(), z.int()).optional(),
  /** Version → bounds of its autoscaler. */
  replicas: z.record(z.string(), replicasSchema).optional(),
});

/** `apps:systems`: which systems the environment carries, who delivers them, and what differs from their declaration. */
export const systemsSchema = z.record(
  z.string(),
  z.strictObject({
    /** `pulumi`: the apps layer creates every object. `gitops`: Argo CD syncs them from the rendered folder. */
    delivery: z.enum(["pulumi", "gitops"]),
    services: z.record(z.string(), serviceSchema).optional(),
  }),
);

export type SystemsConfig = z.infer<typeof systemsSchema>;
export type Delivery = SystemsConfig[string]["delivery"];
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
 */
export function placeSystems(environment: Environment, source: ConfigSource = programConfig): PlacedSystem[] {
  const text = source("apps")["systems"];
  if (text === undefined) {
    fail({
      id: "CONFIG_MISSING",
      key: "apps:systems",
      rule: "it is required (a map from system to its delivery)",
      remedy: `Set it in Pulumi.${environment.name}.yaml; systems are ${Object.keys(catalogue).join(", ")}.`,
    });
  }
  return placeAll(environment, parseSystems(text));
}

function parseSystems(text: string): SystemsConfig {
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: the schema says below what it should have been.
  }
  const parsed = systemsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return fail({
    id: issue?.code === "unrecognized_keys" ? "CONFIG_UNKNOWN_KEY" : "CONFIG_INVALID",
    key: [
      "apps:systems",
      ...(issue?.path ?? []),
      ...(issue?.code === "unrecognized_keys" ? issue.keys : []),
    ].join("."),
    value: issue?.code === "unrecognized_keys" ? undefined : valueAt(value, issue?.path ?? []),
    rule: issue?.message ?? "not a map of systems",
    remedy: "Correct it in Pulumi.<environment>.yaml.",
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
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
