import type { KubernetesApi, KubeObject } from "./api.ts";

/**
 * Whether the cluster has come to rest: what Argo CD delivers is synced, autoscalers have brought their workloads to the minimum, and
 * every workload has the pods it wants. Only then does it mean anything that no pod is unschedulable.
 */
export async function isAtRest(api: KubernetesApi): Promise<boolean> {
  const [applications, autoscalers, deployments] = await Promise.all([
    listIfKnown(api, "argoproj.io/v1alpha1", "Application"),
    api.list({ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" }),
    api.list({ apiVersion: "apps/v1", kind: "Deployment" }),
  ]);
  return applications.every(isSynced) && autoscalers.every(isAtMinimum) && deployments.every(isComplete);
}

async function listIfKnown(api: KubernetesApi, apiVersion: string, kind: string): Promise<KubeObject[]> {
  return (await api.discovery.tryFind(apiVersion, kind)) === undefined ? [] : api.list({ apiVersion, kind });
}

function isSynced(application: KubeObject): boolean {
  const { sync } = (application["status"] ?? {}) as { sync?: { status?: string } };
  return sync?.status === "Synced";
}

function isAtMinimum(autoscaler: KubeObject): boolean {
  const { minReplicas = 1 } = autoscaler["spec"] as { minReplicas?: number };
  const { currentReplicas = 0 } = (autoscaler["status"] ?? {}) as { currentReplicas?: number };
  return currentReplicas >= minReplicas;
}

function isComplete(deployment: KubeObject): boolean {
  const { replicas = 1 } = deployment["spec"] as { replicas?: number };
  const { availableReplicas = 0, observedGeneration = 0 } = (deployment["status"] ?? {}) as Record<
    string,
    number
  >;
  return availableReplicas >= replicas && observedGeneration >= (deployment.metadata.generation ?? 0);
}
