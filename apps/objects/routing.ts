import { gatewayReference, meshNames } from "../../lib/mesh-names.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import { internalHost } from "../../systems/names.ts";
import type { Service } from "../../systems/types.ts";

/** Istio's word for all sidecars. */
export const everySidecar = "mesh";

/** The host under which sidecars know a service. */
export function hostInside(system: PlacedSystem, service: Service): string {
  return internalHost(service.name, system.namespace);
}

/** Who routes to the service: the gateway if it is exposed, the sidecars if another service calls it. */
export function routersOf(service: Service): string[] {
  const called = service.callers.some((caller) => caller.kind === "service");
  const exposed = service.exposure !== undefined;
  return [...(exposed ? [gatewayReference] : []), ...(called || !exposed ? [everySidecar] : [])];
}

/** Namespaces whose proxies have use for the service's routes: its own, and the gateway's if it is exposed. */
export function visibleTo(service: Service): string[] {
  return service.exposure === undefined ? ["."] : [".", meshNames.gatewayNamespace];
}
