import type { KubernetesApi } from "./api.ts";
import { groupOf, pluck, type KubeObject } from "./objects.ts";

/** What an object still waits for: nothing when it is ready. `failed`: waiting longer is of no use. */
export interface Readiness {
  waiting: string[];
  failed?: boolean;
}

type Check = (object: KubeObject, api: KubernetesApi) => Readiness | Promise<Readiness>;

const ready: Readiness = { waiting: [] };

const checks: Readonly<Record<string, Check>> = {
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
  "batch/Job": job,
  "/Pod": pod,
  "/Service": service,
  "networking.k8s.io/Ingress": (object) => balanced(object, "Ingress"),
  "apiextensions.k8s.io/CustomResourceDefinition": definition,
};

/** Kinds that run pods. */
export const workloads = ["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "batch/Job"];

/** Whether one waits for objects of the kind at all. */
export function isAwaited({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  return checks[`${groupOf(apiVersion)}/${kind}`] !== undefined;
}

/** What an object waits for, by the rules of `kubectl rollout status`; an object of a kind that has no rule is ready. */
export async function readiness(object: KubeObject, api: KubernetesApi): Promise<Readiness> {
  const check = checks[`${groupOf(object.apiVersion)}/${object.kind}`];
  return check === undefined ? ready : check(object, api);
}

interface Counts {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  availableReplicas?: number;
  readyReplicas?: number;
}

function deployment(object: KubeObject): Readiness {
  const status = (object["status"] ?? {}) as Counts;
  const wanted = (pluck(object, "spec", "replicas") as number | undefined) ?? 1;
  if (!isObserved(object)) return { waiting: ["the controller has not seen it yet"] };
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (condition(object, "Progressing")?.reason === "ProgressDeadlineExceeded") {
    return { waiting: ["its rollout does not progress"], failed: true };
  }
  const refused = condition(object, "ReplicaFailure");
  return waitingFor([
    [refused?.status === "True", refused?.message ?? ""],
    [updatedReplicas < wanted, `${updatedReplicas} of ${wanted} pods are of the new version`],
    [replicas > updatedReplicas, `${replicas - updatedReplicas} pods of the old version are still there`],
    [
      availableReplicas < updatedReplicas,
      `${availableReplicas} of ${updatedReplicas} new pods are available`,
    ],
  ]);
}

function statefulSet(object: KubeObject): Readiness {
  const status = (object["status"] ?? {}) as Counts & { currentRevision?: string; updateRevision?: string };
  const wanted = (pluck(object, "spec", "replicas") as number | undefined) ?? 1;
  if (!isObserved(object)) return { waiting: ["the controller has not seen it yet"] };
  const { readyReplicas = 0, currentRevision, updateRevision } = status;
  const partition = pluck(object, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  return waitingFor([
    [readyReplicas < wanted, `${readyReplicas} of ${wanted} pods are ready`],
    [partition === 0 && currentRevision !== updateRevision, "pods of the old version are still there"],
  ]);
}

function daemonSet(object: KubeObject): Readiness {
  const status = (object["status"] ?? {}) as Record<string, number | undefined>;
  if (!isObserved(object)) return { waiting: ["the controller has not seen it yet"] };
  const wanted = status["desiredNumberScheduled"] ?? 0;
  const updated = status["updatedNumberScheduled"] ?? 0;
  const available = status["numberAvailable"] ?? 0;
  return waitingFor([
    [updated < wanted, `${updated} of ${wanted} pods are of the new version`],
    [available < wanted, `${available} of ${wanted} pods are available`],
  ]);
}

function job(object: KubeObject): Readiness {
  const failure = condition(object, "Failed");
  if (failure?.status === "True")
    return { waiting: [`it failed: ${failure.message ?? failure.reason}`], failed: true };
  if (pluck(object, "spec", "suspend") === true) return ready;
  return condition(object, "Complete")?.status === "True" ? ready : { waiting: ["it is not complete"] };
}

function pod(object: KubeObject): Readiness {
  const phase = pluck(object, "status", "phase");
  if (phase === "Failed") return { waiting: ["it failed"], failed: true };
  if (phase === "Succeeded" || condition(object, "Ready")?.status === "True") return ready;
  return { waiting: ["it is not ready"] };
}

async function service(object: KubeObject, api: KubernetesApi): Promise<Readiness> {
  const spec = object["spec"] as { type?: string; clusterIP?: string; selector?: object };
  const balancer = spec.type === "LoadBalancer" ? balanced(object, "Service") : ready;
  const selects = Object.keys(spec.selector ?? {}).length > 0;
  if (spec.type === "ExternalName" || spec.clusterIP === "None" || !selects) return balancer;
  const { name, namespace } = object.metadata;
  const slices = await api.list({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
  });
  const targets = slices.flatMap(
    (slice) => (slice["endpoints"] ?? []) as { conditions?: { ready?: boolean } }[],
  );
  const waiting = targets.some(({ conditions }) => conditions?.ready !== false)
    ? []
    : ["it targets no pod that is ready: either none is, or its selector fits none"];
  return { waiting: [...waiting, ...balancer.waiting] };
}

function balanced(object: KubeObject, kind: string): Readiness {
  const addresses = (pluck(object, "status", "loadBalancer", "ingress") ?? []) as unknown[];
  return addresses.length > 0 ? ready : { waiting: [`the ${kind} has no address of a load balancer`] };
}

function definition(object: KubeObject): Readiness {
  const names = condition(object, "NamesAccepted");
  if (names?.status === "False") return { waiting: [names.message ?? "its names are taken"], failed: true };
  return condition(object, "Established")?.status === "True" ? ready : { waiting: ["it is not established"] };
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** A condition of an object's status by its type. */
export function condition(object: unknown, type: string): Condition | undefined {
  const conditions = (pluck(object, "status", "conditions") ?? []) as Condition[];
  return conditions.find((one) => one.type === type);
}

function isObserved(object: KubeObject): boolean {
  return (
    ((pluck(object, "status", "observedGeneration") as number) ?? 0) >= (object.metadata.generation ?? 0)
  );
}

function waitingFor(reasons: [boolean, string][]): Readiness {
  return { waiting: reasons.filter(([applies]) => applies).map(([, reason]) => reason) };
}
