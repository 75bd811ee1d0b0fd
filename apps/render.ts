import { deliveryParts, partFolder, type DeliveryPart } from "../lib/delivery.ts";
import type { Environment } from "../lib/environment.ts";
import type { Manifest } from "../lib/manifests.ts";
import { renderedFile, renderManifest } from "../lib/render.ts";
import type { PlacedSystem } from "../lib/systems.ts";
import { systemObjects } from "./system-objects.ts";

/**
 * The files that Argo CD syncs in an environment: path from the checkout's root → text, one file an object. Systems that the apps layer
 * delivers itself have none.
 */
export function renderFiles(
  environment: Pick<Environment, "name" | "accountId" | "region">,
  systems: readonly PlacedSystem[],
): Map<string, string> {
  const files = new Map<string, string>();
  for (const system of systems.filter(({ delivery }) => delivery === "gitops")) {
    const { app, istioConfig } = systemObjects(system, environment);
    const manifests: Record<DeliveryPart, Manifest[]> = { app, "istio-config": istioConfig };
    for (const part of deliveryParts) {
      const folder = partFolder(environment.name, system.name, part);
      for (const manifest of manifests[part]) {
        files.set(`${folder}/${renderedFile(manifest)}`, renderManifest(environment.name, inWave(manifest)));
      }
    }
  }
  return files;
}

/**
 * Routes come last, so that no proxy is sent to a subset that it does not know yet. Within a wave Argo CD goes by kind, policies before
 * workloads.
 */
function inWave(manifest: Manifest): Manifest {
  if (manifest.kind !== "VirtualService") return manifest;
  const { metadata } = manifest;
  const annotations = { ...metadata.annotations, "argocd.argoproj.io/sync-wave": "1" };
  return { ...manifest, metadata: { ...metadata, annotations } };
}
