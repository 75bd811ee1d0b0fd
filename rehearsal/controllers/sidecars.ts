import { ApiError, type KubernetesApi } from "../kubernetes/api.ts";
import { pluck } from "../kubernetes/objects.ts";
import { sidecarPolicy, type SidecarResources } from "../kubernetes/sidecar-policy.ts";

const INJECTOR = {
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace: "istio-system",
  name: "istio-sidecar-injector",
};

let applied = "";

/** Gives injected sidecars the requests that istiod was installed with: its chart writes its values into a ConfigMap. */
export async function sizeSidecars(api: KubernetesApi): Promise<void> {
  const injector = await api.find(INJECTOR);
  const text = pluck(injector, "data", "values");
  if (typeof text !== "string" || text === applied) return;
  const resources = pluck(JSON.parse(text), "global", "proxy", "resources") as SidecarResources | undefined;
  for (const object of sidecarPolicy(resources)) {
    try {
      await api.apply(object, { fieldManager: "rehearsal", force: true });
    } catch (error) {
      if (error instanceof ApiError)
        throw new Error(`sidecars of ${JSON.stringify(resources)}: ${error.message}`, { cause: error });
      throw error;
    }
  }
  applied = text;
}
