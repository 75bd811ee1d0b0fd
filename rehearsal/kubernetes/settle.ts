import { setTimeout as sleep } from "node:timers/promises";

import { NoMatchError, type KubernetesApi, type KubeObject } from "./api.ts";
import { pluck } from "./objects.ts";
import { readiness } from "./readiness.ts";

export interface Unsettled {
  kind: string;
  /** With its namespace. */
  name: string;
  reason: string;
}

/**
 * Waits until nothing on the cluster is under way any more: Argo CD's applications are synced or have failed, and every workload is
 * ready. Objects that Argo CD brings are awaited by nobody else.
 * @param seconds to wait at most
 * @returns what is not ready then
 */
export async function settle(
  api: KubernetesApi,
  seconds: number,
  signal?: AbortSignal,
): Promise<Unsettled[]> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const unsettled = await look(api);
    const final = unsettled.every(({ reason }) => reason.startsWith(FAILED));
    if (final || Date.now() > deadline) return unsettled;
    await sleep(500, undefined, { signal });
  }
}

const FAILED = "its sync failed: ";

async function look(api: KubernetesApi): Promise<Unsettled[]> {
  const [applications, ...workloads] = await Promise.all([
    listOrNone(api, "argoproj.io/v1alpha1", "Application"),
    ...["Deployment", "StatefulSet", "DaemonSet"].map((kind) => api.list({ apiVersion: "apps/v1", kind })),
    api.list({ apiVersion: "batch/v1", kind: "Job" }),
  ]);
  const waiting = await Promise.all(
    workloads
      .flat()
      .map(async (object) =>
        (await readiness(object, api)).waiting.map((reason) => unsettled(object, reason)),
      ),
  );
  return [...applications.flatMap(applicationState), ...waiting.flat()];
}

function applicationState(application: KubeObject): Unsettled[] {
  if (pluck(application, "spec", "syncPolicy", "automated") === undefined) return [];
  const phase = pluck(application, "status", "operationState", "phase");
  if (phase === "Failed") {
    return [
      unsettled(application, `${FAILED}${String(pluck(application, "status", "operationState", "message"))}`),
    ];
  }
  const health = pluck(application, "status", "health", "status");
  if (pluck(application, "status", "sync", "status") === "Synced" && health === "Healthy") return [];
  return [unsettled(application, phase === undefined ? "it was not synced" : "what it brought is not ready")];
}

function unsettled({ kind, metadata }: KubeObject, reason: string): Unsettled {
  return { kind, name: `${metadata.namespace}/${metadata.name}`, reason };
}

async function listOrNone(api: KubernetesApi, apiVersion: string, kind: string): Promise<KubeObject[]> {
  return api.list({ apiVersion, kind }).catch((error: unknown) => {
    if (error instanceof NoMatchError) return [];
    throw error;
  });
}
