import type { KubernetesApi, KubeObject } from "./api.ts";
import { unscheduled } from "./await.ts";
import { condition } from "./readiness.ts";
import { isSystemMade } from "./system-objects.ts";

/** An object by its name, and whether it is there to stay. */
export interface LeftObject {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  /**
   * Helm leaves it by design when its release goes: it is annotated so, or it is a definition from a chart's `crds` folder, which Helm
   * never deletes.
   */
  kept: boolean;
}

/** Namespaces of the cluster itself, whose content comes and goes with it. */
const systemNamespaces = ["kube-node-lease", "kube-public"];

/** Every object on the cluster but those that the cluster makes by itself. */
export async function snapshotObjects(api: KubernetesApi): Promise<LeftObject[]> {
  const resources = (await api.discovery.all()).filter(
    ({ verbs }) => verbs.includes("list") && verbs.includes("delete"),
  );
  const lists = await Promise.all(resources.map((resource) => api.listOf(resource)));
  return lists
    .flat()
    .filter((object) => !isSystemMade(object) && !systemNamespaces.includes(object.metadata.namespace ?? ""))
    .map(summary);
}

/** What came since `before`: what a destroy forgot, and apart from it what is kept by design. */
export function leftOver(
  before: readonly LeftObject[],
  after: readonly LeftObject[],
): { left: LeftObject[]; kept: LeftObject[] } {
  const known = new Set(before.map(keyOf));
  const fresh = after.filter((object) => !known.has(keyOf(object)));
  return { left: fresh.filter(({ kept }) => !kept), kept: fresh.filter(({ kept }) => kept) };
}

/** Pods that the scheduler can place on no node, and workloads whose pods the API server does not take. */
export async function unschedulable(api: KubernetesApi): Promise<{ pod: string; reason: string }[]> {
  const [pods, sets, events] = await Promise.all([
    api.list({ apiVersion: "v1", kind: "Pod", fieldSelector: "status.phase=Pending" }),
    api.list({ apiVersion: "apps/v1", kind: "ReplicaSet" }),
    api.list({ apiVersion: "v1", kind: "Event", fieldSelector: "reason=FailedCreate" }),
  ]);
  const refused = sets.flatMap((set) => {
    const failure = condition(set, "ReplicaFailure");
    return failure?.status === "True"
      ? [{ pod: `pods of ${nameOf(set)}`, reason: failure.message ?? "" }]
      : [];
  });
  return [
    ...unscheduled(pods).map(({ pod, reason }) => ({ pod, reason })),
    ...refused,
    ...(await refusedByEvent(api, events)),
  ];
}

interface Involved {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid: string;
}

/** Kinds other than ReplicaSet tell by an event alone that their pods are refused; an event stays when all is well again. */
async function refusedByEvent(
  api: KubernetesApi,
  events: readonly KubeObject[],
): Promise<{ pod: string; reason: string }[]> {
  const found = await Promise.all(
    events.map(async (event) => {
      const { uid, ...reference } = event["involvedObject"] as Involved;
      if (!["StatefulSet", "DaemonSet", "Job"].includes(reference.kind)) return [];
      const live = await api.find(reference);
      const {
        ready = 0,
        active = 0,
        succeeded = 0,
        numberReady = 0,
        readyReplicas = 0,
      } = (live?.["status"] ?? {}) as Record<string, number>;
      const runs = ready + active + succeeded + numberReady + readyReplicas > 0;
      if (live === undefined || live.metadata.uid !== uid || runs) return [];
      return [{ pod: `pods of ${nameOf(live)}`, reason: String(event["message"]) }];
    }),
  );
  return found.flat();
}

function summary({ apiVersion, kind, metadata }: KubeObject): LeftObject {
  const { namespace, name, annotations = {}, managedFields = [] } = metadata;
  const byHelm = managedFields.some(({ manager }) => manager === "helm");
  const fromCrdsFolder =
    kind === "CustomResourceDefinition" && byHelm && annotations["meta.helm.sh/release-name"] === undefined;
  return {
    apiVersion,
    kind,
    namespace,
    name,
    kept: annotations["helm.sh/resource-policy"] === "keep" || fromCrdsFolder,
  };
}

function keyOf({ apiVersion, kind, namespace, name }: LeftObject): string {
  const group = apiVersion.replace(/\/?[^/]*$/, "");
  return JSON.stringify([group, kind, namespace ?? "", name]);
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
