import { objectLabels } from "../../lib/labels.ts";
import type { Manifest } from "../../lib/manifests.ts";
import type { PlacedSystem } from "../../lib/systems.ts";
import type { Service, Version } from "../../systems/types.ts";

/**
 * Metadata of an object in a system's namespace.
 *
 * @param of the service that it belongs to. @default the object's own name
 */
export function metadataOf(
  system: PlacedSystem,
  name: string,
  of: string = name,
): Manifest["metadata"] & { labels: Record<string, string> } {
  return { name, namespace: system.namespace, labels: objectLabels(system.name, of, system.environment) };
}

/**
 * Picks the pods of every version of a service. Policies, budgets and Services go by this label, not by `app`, because a progressive
 * delivery controller renames `app` on the pods that it takes over and leaves this one alone.
 */
export function podsOf(service: Pick<Service, "name">): Record<string, string> {
  return { "app.kubernetes.io/name": service.name };
}

/** Picks the pods of one version of a service, in the same way. */
export function podsOfVersion(service: Service, version: Version): Record<string, string> {
  return { ...podsOf(service), version: version.name };
}

/** Name of what belongs to one version of a service: its Deployment, autoscaler and budget. */
export function versionName(service: Service, version: Version): string {
  return `${service.name}-${version.name}`;
}
