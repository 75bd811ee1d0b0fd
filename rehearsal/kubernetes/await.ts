import { setTimeout as sleep } from "node:timers/promises";

import type { KubernetesApi } from "./api.ts";
import { describe, groupOf, pluck, referenceOf, type KubeObject, type ObjectReference } from "./objects.ts";
import { condition, isAwaited, readiness, workloads, type Readiness } from "./readiness.ts";

export interface AwaitOptions {
  /** Seconds. */
  timeout: number;
  signal?: AbortSignal;
  /** What is good enough. @default {@link readiness} */
  check?: (object: KubeObject, api: KubernetesApi) => Promise<Readiness>;
}

/** The object exists, but is not ready. */
export class NotReadyError extends Error {
  readonly object: KubeObject;
  readonly reasons: string[];

  constructor(object: KubeObject, reasons: string[]) {
    super(`${describe(referenceOf(object))} is not ready: ${reasons.join("; ")}`);
    this.name = "NotReadyError";
    this.object = object;
    this.reasons = reasons;
  }
}

/** Seconds after which a pod that fits nowhere, or is refused, is taken for a fault: nodes may still be on their way before that. */
const PATIENCE = 30;

/** Waits until an object is ready, and returns it as it is then. @throws NotReadyError */
export async function awaitReady(
  api: KubernetesApi,
  object: KubeObject,
  options: AwaitOptions,
): Promise<KubeObject> {
  if (!isAwaited(object)) return object;
  const check = options.check ?? readiness;
  const started = Date.now();
  let live = object;
  for (let round = 0; ; round++) {
    const { waiting, failed } = await check(live, api);
    if (waiting.length === 0) return live;
    const seconds = (Date.now() - started) / 1000;
    // What holds the pods up costs more requests to find out, so it is asked for seldom.
    const stuck = failed || seconds > options.timeout || round % 8 === 7 ? await stuckPods(api, live) : [];
    if (failed || seconds > options.timeout || stuck.some(({ since }) => since > PATIENCE)) {
      throw new NotReadyError(live, [...waiting, ...stuck.map(({ pod, reason }) => `${pod}: ${reason}`)]);
    }
    await pause(round, options.signal);
    const next = await api.find(referenceOf(live));
    if (next === undefined) throw new NotReadyError(live, ["it was deleted by somebody else"]);
    live = next;
  }
}

/** Waits until an object is gone. Another one of its name is not it. @throws NotReadyError with what holds it */
export async function awaitGone(
  api: KubernetesApi,
  { uid, ...reference }: ObjectReference & { uid?: string },
  options: AwaitOptions,
): Promise<void> {
  const deadline = Date.now() + options.timeout * 1000;
  for (let round = 0; ; round++) {
    const live = await api.find(reference);
    if (live === undefined || (uid !== undefined && live.metadata.uid !== uid)) return;
    if (Date.now() > deadline) throw new NotReadyError(live, await blockers(live, options.timeout));
    await pause(round, options.signal);
  }
}

/** A pod that will not run, or a workload whose pods are refused. */
export interface StuckPod {
  pod: string;
  reason: string;
  /** Seconds. */
  since: number;
}

/** Pods of a workload, or the pod itself, that the scheduler cannot place or the API server does not take. */
export async function stuckPods(api: KubernetesApi, object: KubeObject): Promise<StuckPod[]> {
  const { name, namespace } = object.metadata;
  if (object.kind === "Pod") return unscheduled([object]);
  if (!workloads.includes(`${groupOf(object.apiVersion)}/${object.kind}`)) return [];
  const labels = (pluck(object, "spec", "selector", "matchLabels") ?? {}) as Record<string, string>;
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const [pods, events] = await Promise.all([
    api.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector }),
    api.list({
      apiVersion: "v1",
      kind: "Event",
      namespace,
      fieldSelector: `involvedObject.uid=${object.metadata.uid}`,
    }),
  ]);
  const refused = condition(object, "ReplicaFailure");
  const failures = events
    .filter((event) => event["reason"] === "FailedCreate")
    .map((event) => ({ message: String(event["message"]), time: event["firstTimestamp"] }));
  if (refused?.status === "True")
    failures.push({ message: refused.message ?? "", time: refused.lastTransitionTime });
  return [
    ...unscheduled(pods),
    ...failures.map(({ message, time }) => ({
      pod: `pods of ${namespace}/${name}`,
      reason: message,
      since: age(time),
    })),
  ];
}

/** Those of the pods that the scheduler has said it cannot place. */
export function unscheduled(pods: readonly KubeObject[]): StuckPod[] {
  return pods.flatMap((pod) => {
    const scheduled = condition(pod, "PodScheduled");
    if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") return [];
    const { name, namespace } = pod.metadata;
    return [
      {
        pod: `${namespace}/${name}`,
        reason: scheduled.message ?? "",
        since: age(scheduled.lastTransitionTime),
      },
    ];
  });
}

async function blockers(live: KubeObject, timeout: number): Promise<string[]> {
  const finalizers = live.metadata.finalizers ?? [];
  const held = finalizers.length === 0 ? [] : [`it is held by the finalizers ${finalizers.join(", ")}`];
  const content = condition(live, "NamespaceContentRemaining");
  return [
    `it was not gone after ${timeout} s`,
    ...held,
    ...(content?.status === "True" ? [content.message ?? ""] : []),
  ];
}

function age(time: unknown): number {
  return typeof time === "string" ? (Date.now() - Date.parse(time)) / 1000 : 0;
}

/** Short at first, since most things are ready at once here, then longer, to leave the machine to those who work. */
async function pause(round: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(Math.min(100 * 1.3 ** round, 1000), undefined, { signal });
}
