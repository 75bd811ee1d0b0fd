import { z } from "zod";

import { catalogue, checkCatalogue } from "../systems/catalogue.ts";
import { defineSystem } from "../systems/define.ts";
import { hostOf, namespaceOf } from "../systems/names.ts";
import { Rollout, type Replicas, type Service, type System } from "../systems/types.ts";
import { programConfig, type ConfigSource } from "./config.ts";
import type { Environment } from "./environment.ts";
import { fail } from "./errors.ts";

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
    key: ["apps:systems", ...(issue?.path ?? []), ...(issue?.code === "unrecognized_keys" ? issue.keys : [])].join("."),
    rule: issue?.message ?? "not a map of systems",
    remedy: "Correct it in Pulumi.<environment>.yaml.",
  });
}

/** Places the configured systems; pure. */
export function placeAll(environment: Pick<Environment, "name" | "domain">, config: SystemsConfig): PlacedSystem[] {
  const placed = Object.entries(config).map(([name, sizing]) => {
    const declared = catalogue[name];
    if (declared === undefined) {
      fail({
        id: "SYSTEM_UNKNOWN_REFERENCE",
        key: `apps:systems.${name}`,
        rule: "there is no such system",
        remedy: `Name one of ${Object.keys(catalogue).join(", ")}.`,
      });
    }
    const system = sizeSystem(declared, sizing.services ?? {});
    return {
      ...system,
      namespace: namespaceOf(system, environment.name),
      environment: environment.name,
      host: hostOf(system, environment.name, environment.domain),
      delivery: sizing.delivery,
    };
  });
  checkCatalogue(placed, environment.name, environment.domain);
  return placed;
}

/** The system with the environment's own weights and sizes; checked again as a whole. */
function sizeSystem(system: System, sizing: NonNullable<SystemsConfig[string]["services"]>): System {
  for (const [name, { replicas }] of Object.entries(sizing)) {
    const service = system.services.find((candidate) => candidate.name === name);
    const versions = service?.versions.map((version) => version.name) ?? [];
    const unknown = service === undefined ? name : Object.keys(replicas ?? {}).find((version) => !versions.includes(version));
    if (unknown === undefined) continue;
    fail({
      id: "SYSTEM_UNKNOWN_REFERENCE",
      key: `apps:systems.${system.name}.services.${name}`,
      value: unknown,
      rule: service === undefined ? `system ${system.name} has no such service` : `service ${name} has no such version`,
      remedy: `Name one of ${(service === undefined ? system.services.map((s) => s.name) : versions).join(", ")}.`,
    });
  }
  return defineSystem({ ...system, services: system.services.map((service) => sizeService(service, sizing[service.name])) });
}

function sizeService(
  service: Service,
  sizing: { weights?: Record<string, number>; replicas?: Record<string, Replicas> } | undefined,
): Service {
  if (sizing === undefined) return service;
  return {
    ...service,
    versions: service.versions.map((version) => ({ ...version, replicas: sizing.replicas?.[version.name] ?? version.replicas })),
    rollout: sizing.weights === undefined ? service.rollout : Rollout.split(sizing.weights),
  };
}
