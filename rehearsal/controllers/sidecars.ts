import { ApiError, type KubernetesApi } from "../kubernetes/api.ts";
import { pluck } from "../kubernetes/objects.ts";
import {
  defaultInjection,
  sidecarPolicy,
  type InjectionSettings,
  type SidecarResources,
} from "../kubernetes/sidecar-policy.ts";

const INJECTOR = {
  apiVersion: "v1",
  kind: "ConfigMap",
  namespace: "istio-system",
  name: "istio-sidecar-injector",
};

let applied = "";

/** Has sidecars injected as istiod was told to when it was installed: its chart writes what it goes by into a ConfigMap. */
export async function followInjector(api: KubernetesApi): Promise<void> {
  const injector = await api.find(INJECTOR);
  const text = pluck(injector, "data", "values");
  if (typeof text !== "string" || text === applied) return;
  const settings = readInjection(JSON.parse(text));
  for (const object of sidecarPolicy(settings)) {
    try {
      await api.apply(object, { fieldManager: "rehearsal", force: true });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new Error(`sidecars of ${JSON.stringify(settings)}: ${error.message}`, { cause: error });
    }
  }
  applied = text;
}

/** What the injector's values say of the containers that it adds. */
export function readInjection(values: unknown): InjectionSettings {
  const resources = pluck(values, "global", "proxy", "resources") as SidecarResources | undefined;
  const seccompProfile = pluck(values, "global", "proxy", "seccompProfile", "type");
  return {
    resources: resources ?? defaultInjection.resources,
    cni: pluck(values, "pilot", "cni", "enabled") === true,
    ...(typeof seccompProfile === "string" ? { seccompProfile } : {}),
  };
}
