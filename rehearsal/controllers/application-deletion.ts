import type { KubernetesApi, KubeObject } from "../kubernetes/api.ts";
import { describe, referenceOf } from "../kubernetes/objects.ts";
import { locate, syncedResources, TRACKING } from "./application.ts";

/** Whoever deletes an application that carries it wants what the application brought to be deleted too. */
const FINALIZER = "resources-finalizer.argocd.argoproj.io";

/** Deletes what an application brought, and lets it go when all of it is gone. */
export async function finalizeApplication(api: KubernetesApi, object: KubeObject): Promise<void> {
  const { finalizers = [] } = object.metadata;
  if (!finalizers.some(isOurs)) return;
  const left = [];
  for (const resource of syncedResources(object)) {
    const live = await api.find(locate(resource));
    // What it could not take over is not its to delete.
    if (live?.metadata.annotations?.[TRACKING]?.startsWith(`${object.metadata.name}:`) !== true) continue;
    left.push(describe(locate(resource)));
    if (live.metadata.deletionTimestamp === undefined)
      await api.delete(locate(resource), { propagation: "Foreground" });
  }
  if (left.length > 0) return;
  await api.merge(referenceOf(object), {
    metadata: { finalizers: finalizers.filter((one) => !isOurs(one)) },
  });
}

function isOurs(finalizer: string): boolean {
  return finalizer === FINALIZER || finalizer.startsWith(`${FINALIZER}/`);
}
