import { collectionPath } from "../kubernetes/discovery.ts";
import type { ApiResource, KubernetesApi, KubeObject } from "../kubernetes/api.ts";
import { isSystemMade } from "../kubernetes/system-objects.ts";

/**
 * Ends namespaces that are to be deleted. The controller manager does it too, but waits five seconds before it looks, and five more if
 * anything was left then: half a minute in a destroy that goes through the layers. What is here is deleted as it would, and the
 * namespace is released when nothing is left.
 */
export async function endNamespaces(api: KubernetesApi): Promise<void> {
  const namespaces = await api.list({ apiVersion: "v1", kind: "Namespace" });
  const ending = namespaces.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  if (ending.length === 0) return;
  const resources = (await api.discovery.all()).filter(
    ({ namespaced, verbs }) => namespaced && verbs.includes("list") && verbs.includes("delete"),
  );
  await Promise.all(ending.map((namespace) => end(api, namespace, resources)));
}

async function end(
  api: KubernetesApi,
  namespace: KubeObject,
  resources: readonly ApiResource[],
): Promise<void> {
  const { name } = namespace.metadata;
  const found = await Promise.all(
    resources.map(async (resource) => ({
      resource,
      objects: await api.listOf(resource, { namespace: name }),
    })),
  );
  const filled = found.filter(({ objects }) => objects.length > 0);
  for (const { resource, objects } of filled) {
    if (objects.every(({ metadata }) => metadata.deletionTimestamp !== undefined)) continue;
    if (resource.verbs.includes("deletecollection")) {
      await api.http.send({ method: "DELETE", path: collectionPath(resource, name) });
    }
  }
  // What the system makes by itself goes with the namespace; only what was put there can hold it.
  if (filled.some(({ objects }) => objects.some((object) => !isSystemMade(object)))) return;
  const path = `/api/v1/namespaces/${encodeURIComponent(name)}/finalize`;
  await api.http.send({ method: "PUT", path, body: { ...namespace, spec: { finalizers: [] } } });
}
