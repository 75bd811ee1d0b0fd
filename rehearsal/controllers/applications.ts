import { ApiError, NoMatchError, type KubernetesApi, type KubeObject } from "../kubernetes/api.ts";
import { groupOf, referenceOf } from "../kubernetes/objects.ts";
import { readiness } from "../kubernetes/readiness.ts";
import { recordRejected } from "../kubernetes/records.ts";
import { finalizeApplication } from "./application-deletion.ts";
import {
  locate,
  readApplication,
  readObjects,
  readSources,
  resourceOf,
  sameResource,
  syncedResources,
  syncKey,
  tracked,
  type Application,
} from "./application.ts";
import { refusesObject, refusesSource } from "./project.ts";

const KIND = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };
const fieldManager = "argocd-controller";

/** Who else could own an object. */
const OTHERS = /^(pulumi-kubernetes|helm)/;

/** Seconds for which an application is tried again before its failure counts: what it needs may still be on its way. */
const PATIENCE = 15;

interface Progress {
  /** Of what was synced last. */
  key: string;
  healthy: boolean;
  failingSince?: number;
}

const progress = new Map<string, Progress>();

/** Syncs Argo CD's applications as it would: those with automated sync, within the bounds of their projects. */
export async function syncApplications(api: KubernetesApi): Promise<void> {
  const applications = await api.list(KIND).catch((error: unknown) => {
    if (error instanceof NoMatchError) return [];
    throw error;
  });
  for (const object of applications) {
    if (object.metadata.deletionTimestamp !== undefined) await finalizeApplication(api, object);
    else await visit(api, object);
  }
}

async function visit(api: KubernetesApi, object: KubeObject): Promise<void> {
  const application = readApplication(object);
  if (!application.automated) return;
  const id = object.metadata.uid ?? "";
  const last = progress.get(id);
  try {
    const text = readSources(application, process.env["REHEARSAL_CHECKOUT"] ?? ".");
    const key = syncKey(object, text);
    if (last?.key === key && last.healthy) return;
    const objects = await resolve(api, application, readObjects(text));
    if (last?.key !== key) await sync(api, object, application, objects);
    const healthy = await isHealthy(api, objects);
    progress.set(id, { key, healthy });
    if (last?.key !== key || healthy)
      await report(api, object, "Synced", healthy ? "Healthy" : "Progressing", "Succeeded", "");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const failingSince = last?.failingSince ?? Date.now();
    progress.set(id, { key: "", healthy: false, failingSince });
    if (Date.now() - failingSince < PATIENCE * 1000) return;
    const [kind, name] =
      error instanceof SyncError ? [error.kind, error.object] : ["Application", application.name];
    recordRejected({ kind, name, reason: `${application.name}: ${message}` });
    await report(api, object, "OutOfSync", "Degraded", "Failed", message);
  }
}

/** An object that could not be synced. */
class SyncError extends Error {
  readonly kind: string;
  readonly object: string;

  constructor(object: KubeObject, reason: string) {
    super(reason);
    const { kind, metadata } = object;
    this.kind = kind;
    this.object = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  }
}

/** Completes the objects, and holds them against the project. */
async function resolve(
  api: KubernetesApi,
  application: Application,
  objects: KubeObject[],
): Promise<KubeObject[]> {
  const { destination, sources, name } = application;
  const projects = await api.list({ apiVersion: KIND.apiVersion, kind: "AppProject" });
  const project = projects.find(({ metadata }) => metadata.name === application.project);
  if (project === undefined) throw new Error(`there is no project ${application.project}`);
  for (const { repoURL } of sources) {
    const refusal = refusesSource(project, repoURL);
    if (refusal !== undefined) throw new Error(refusal);
  }
  return Promise.all(
    objects.map(async (object) => {
      const { apiVersion, kind, metadata } = object;
      const { namespaced } = await api.discovery.find(apiVersion, kind).catch((error: unknown) => {
        throw new SyncError(object, error instanceof Error ? error.message : String(error));
      });
      const namespace = namespaced ? (metadata.namespace ?? destination.namespace) : undefined;
      const refusal = refusesObject(project, { group: groupOf(apiVersion), kind, namespace }, destination);
      if (refusal !== undefined) throw new SyncError(object, refusal);
      return tracked({ ...object, metadata: { ...metadata, namespace } }, name);
    }),
  );
}

async function sync(
  api: KubernetesApi,
  object: KubeObject,
  application: Application,
  objects: KubeObject[],
): Promise<void> {
  const { createNamespace, destination, prune } = application;
  if (createNamespace && destination.namespace !== undefined) {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: destination.namespace } };
    await api.apply(namespace, { fieldManager, force: true });
  }
  const now = objects.map(resourceOf);
  const gone = syncedResources(object).filter((one) => !now.some((other) => sameResource(one, other)));
  // Written down first: what a sync that fails half-way has brought is to be deleted with the application too.
  await api.merge(referenceOf(object), { status: { resources: [...now, ...gone] } });
  for (const wanted of objects) {
    try {
      const live = await api.find(referenceOf(wanted));
      const owner = live?.metadata.managedFields?.find(({ manager }) => OTHERS.test(manager))?.manager;
      if (owner !== undefined)
        throw new SyncError(wanted, `it is managed by ${owner} already: an object has one owner`);
      await api.apply(wanted, { fieldManager, force: true });
    } catch (error) {
      throw error instanceof ApiError ? new SyncError(wanted, error.message) : error;
    }
  }
  if (!prune) return;
  for (const one of gone) await api.delete(locate(one), { propagation: "Foreground" });
  await api.merge(referenceOf(object), { status: { resources: now } });
}

async function isHealthy(api: KubernetesApi, objects: readonly KubeObject[]): Promise<boolean> {
  for (const object of objects) {
    const live = await api.find(referenceOf(object));
    if (live === undefined || (await readiness(live, api)).waiting.length > 0) return false;
  }
  return true;
}

async function report(
  api: KubernetesApi,
  object: KubeObject,
  sync: "Synced" | "OutOfSync",
  health: "Healthy" | "Progressing" | "Degraded",
  phase: "Succeeded" | "Failed",
  message: string,
): Promise<void> {
  const now = new Date().toISOString();
  const operationState = { operation: { sync: {} }, phase, message, startedAt: now, finishedAt: now };
  const { source, destination } = object["spec"] as { source?: object; destination: object };
  const status = {
    sync: { status: sync, comparedTo: { source, destination } },
    health: { status: health },
    operationState,
  };
  await api.merge(referenceOf(object), { status });
}
