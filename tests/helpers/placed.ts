import type { ConfigSource } from "../../lib/config.ts";
import { readEnvironment, type Environment } from "../../lib/environment.ts";
import { placeSystems, type PlacedSystem } from "../../lib/systems.ts";
import type { Service } from "../../systems/types.ts";
import { configOf, type Stack } from "./program.ts";

/** An environment as its configuration file declares it, read without an engine. */
export interface Place {
  environment: Environment;
  systems: PlacedSystem[];
}

/** Values of the environment's file, and on top of them `over`: text, or what becomes JSON. */
export function sourceOf(stack: Stack, over: Record<string, unknown> = {}): ConfigSource {
  const config = configOf(stack, {
    config: Object.fromEntries(
      Object.entries(over).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  });
  return (bag) =>
    Object.fromEntries(
      Object.entries(config)
        .filter(([key]) => key.startsWith(`${bag}:`))
        .map(([key, value]) => [key.slice(bag.length + 1), value]),
    );
}

/** The environment with its systems. */
export function placeOf(stack: Stack, over: Record<string, unknown> = {}): Place {
  const source = sourceOf(stack, over);
  const environment = readEnvironment(source, stack);
  return { environment, systems: placeSystems(environment, source) };
}

/** The calculator of an environment. */
export function calculatorOf(stack: Stack, over: Record<string, unknown> = {}): PlacedSystem {
  const found = placeOf(stack, over).systems.find(({ name }) => name === "calculator");
  if (found === undefined) throw new Error(`${stack} carries no calculator`);
  return found;
}

/** A service of a system, by name. */
export function serviceOf(system: PlacedSystem, name: string): Service {
  const found = system.services.find((service) => service.name === name);
  if (found === undefined) throw new Error(`${system.name} has no service ${name}`);
  return found;
}
