import { setTimeout as sleep } from "node:timers/promises";

import type { KubernetesApi, KubeObject } from "./api.ts";
import { pluck } from "./objects.ts";
import { readiness } from "./readiness.ts";

/** Something that is still under way, or that has failed. */
export interface Unsettled {
  kind: string;
  /** With its namespace. */
  name: string;
  reason: string;
  /** Waiting longer is of no use. */
  final: boolean;
}

/**
 * Whether the cluster has come to rest: what Argo CD delivers is synced or has failed, autoscalers have brought their workloads to the
 * minimum, and every workload has the pods it wants. Only then does it mean anything that no pod is unschedulable.
 */
export async function isAtRest(api: KubernetesApi): Promise<boolean> {
  return (await unsettled(api)).every(({ final }) => final);
}

/**
 * Waits until the cluster has come to rest. Objects that Argo CD brings are awaited by nobody else.
 * @param seconds to wait at most
 * @returns what is not as it should be then
 */
export async function settle(
  api: KubernetesApi,
  seconds: number,
  signal?: AbortSignal,
): Promise<Unsettled[]> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await unsettled(api);
    if (seen.every(({ final }) => final) || Date.now() > deadline) return seen;
    await sleep(500, undefined, { signal });
  }
}

/** Everything on the cluster that is under way or has failed, with the reason. */
export async function unsettled(api: KubernetesApi): Promise<Unsettled[]> {
  const [applications, autoscalers, ...workloads] = await Promise.all([
    listIfKnown(api, "argoproj.io/v1alpha1", "Application"),
    api.list({ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" }),
    ...["Deployment", "StatefulSet", "DaemonSet"].map((kind) => api.list({ apiVersion: "apps/v1", kind })),
    api.list({ apiVersion: "batch/v1", kind: "Job" }),
  ]);
  const waiting = await Promise.all(
    workloads.flat().map(async (object) => {
      const state = await readiness(object, api);
      return state.waiting.map((reason) => found(object, reason, state.failed));
    }),
  );
  return [
    ...applications.flatMap(applicationState),
    ...autoscalers.flatMap(autoscalerState),
    ...waiting.flat(),
  ];
}

function applicationState(application: KubeObject): Unsettled[] {
  if (pluck(application, "spec", "syncPolicy", "automated") === undefined) return [];
  const operation = pluck(application, "status", "operationState");
  if (pluck(operation, "phase") === "Failed") {
    return [found(application, `its sync failed: ${String(pluck(operation, "message"))}`, true)];
  }
  if (pluck(application, "status", "sync", "status") !== "Synced")
    return [found(application, "it is not synced")];
  const health = pluck(application, "status", "health", "status");
  return health === "Healthy" ? [] : [found(application, "what it brought is not ready")];
}

function autoscalerState(autoscaler: KubeObject): Unsettled[] {
  const { minReplicas = 1 } = autoscaler["spec"] as { minReplicas?: number };
  const { currentReplicas = 0 } = (autoscaler["status"] ?? {}) as { currentReplicas?: number };
  return currentReplicas >= minReplicas
    ? []
    : [found(autoscaler, "its workload has less than the minimum of pods")];
}

function found({ kind, metadata }: KubeObject, reason: string, final = false): Unsettled {
  return { kind, name: `${metadata.namespace}/${metadata.name}`, reason, final };
}

async function listIfKnown(api: KubernetesApi, apiVersion: string, kind: string): Promise<KubeObject[]> {
  return (await api.discovery.tryFind(apiVersion, kind)) === undefined ? [] : api.list({ apiVersion, kind });
}
