import type { KubernetesApi, KubeObject } from "../../kubernetes/api.ts";
import { awaitGone, awaitReady } from "../../kubernetes/await.ts";
import { referenceOf } from "../../kubernetes/objects.ts";
import { applyAll } from "./release-objects.ts";
import { inInstallOrder } from "./manifest-order.ts";

export type HookEvent =
  "pre-install" | "post-install" | "pre-upgrade" | "post-upgrade" | "pre-delete" | "post-delete";

export interface HookOptions {
  /** Seconds. */
  timeout: number;
  signal?: AbortSignal;
}

/**
 * Runs a chart's hooks for an event, one after the other, by weight: Jobs and Pods are waited for. A hook is no part of the release:
 * unless its own policy has it deleted, it stays when the release goes.
 */
export async function runHooks(
  api: KubernetesApi,
  hooks: readonly KubeObject[],
  event: HookEvent,
  options: HookOptions,
): Promise<void> {
  const called = byWeight(hooks.filter((hook) => list(hook, "helm.sh/hook").includes(event)));
  for (const hook of called) {
    if (policies(hook).includes("before-hook-creation")) await remove(api, hook, options);
    await applyAll(api, [hook], options.signal);
    // Hooks of other kinds are done once they are there.
    if (["Job", "Pod"].includes(hook.kind)) await awaitReady(api, await api.get(referenceOf(hook)), options);
  }
  for (const hook of called) {
    if (policies(hook).includes("hook-succeeded")) await remove(api, hook, options);
  }
}

/** Hooks in the order in which they run. */
export function byWeight(hooks: readonly KubeObject[]): KubeObject[] {
  const weight = (hook: KubeObject): number =>
    Number(hook.metadata.annotations?.["helm.sh/hook-weight"] ?? 0);
  return inInstallOrder(hooks).sort((a, b) => weight(a) - weight(b));
}

function policies(hook: KubeObject): string[] {
  const own = list(hook, "helm.sh/hook-delete-policy");
  return own.length > 0 ? own : ["before-hook-creation"];
}

function list(hook: KubeObject, annotation: string): string[] {
  const text = hook.metadata.annotations?.[annotation] ?? "";
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

async function remove(api: KubernetesApi, hook: KubeObject, options: HookOptions): Promise<void> {
  if (await api.delete(referenceOf(hook))) await awaitGone(api, referenceOf(hook), options);
}
