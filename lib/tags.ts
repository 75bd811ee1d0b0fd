import type { Environment, LayerName } from "./environment.ts";

/** Tags that every AWS object of a layer carries; cost reports and the resource finder go by them. */
export function defaultTags(environment: Environment, layer: LayerName): Record<string, string> {
  return {
    "platform:project": "platform",
    "platform:environment": environment.name,
    "platform:layer": layer,
    "platform:owner": environment.owner,
    "platform:cost-centre": environment.costCentre,
  };
}
