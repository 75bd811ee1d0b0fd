import { ApiError, type KubernetesApi, type KubeObject } from "../../kubernetes/api.ts";
import { recordDifference, recordNotRendered } from "../../kubernetes/records.ts";
import { runHooks } from "./hooks.ts";
import { inInstallOrder } from "./manifest-order.ts";
import type { ReleaseInputs } from "./release-inputs.ts";
import {
  applyAll,
  awaitAll,
  deleteAll,
  installDefinitions,
  isKept,
  owned,
  refuseForeign,
} from "./release-objects.ts";
import {
  createRecord,
  deleteRecord,
  history,
  hooksOf,
  makeRecord,
  objectsOf,
  updateRecord,
  type ReleaseRecord,
} from "./release-record.ts";
import { render, type Rendered } from "./render.ts";

export interface OperationOptions {
  signal?: AbortSignal;
}

/** Installs a release as `helm install --wait` does. @throws Error; with `atomic` nothing of the release is left then */
export async function install(
  api: KubernetesApi,
  release: ReleaseInputs,
  options: OperationOptions,
): Promise<ReleaseRecord> {
  const { name, namespace } = release;
  await requireNamespace(api, release);
  if ((await history(api, name, namespace)).length > 0) throw inUse(name);
  const rendered = await render({ release, api });
  noteIncomplete(release, rendered);
  await installDefinitions(api, rendered.definitions, release.timeout);
  const objects = await complete(api, rendered.objects, release);
  await refuseForeign(api, objects, release);

  const { appVersion, hooks } = rendered;
  const record = makeRecord({ release, revision: 1, status: "pending-install", appVersion, objects, hooks });
  await createRecord(api, record).catch((error: unknown) => {
    throw error instanceof ApiError && error.reason === "AlreadyExists" ? inUse(name) : error;
  });
  try {
    await roll(api, release, record, "install", options);
    await updateRecord(api, record, "deployed");
    return record;
  } catch (error) {
    if (release.atomic) await uninstall(api, release, { timeout: release.timeout });
    else await updateRecord(api, record, "failed");
    throw error;
  }
}

/** Brings a release to another state, as a new revision of it. @throws Error; with `atomic` the last revision is restored then */
export async function upgrade(
  api: KubernetesApi,
  release: ReleaseInputs,
  options: OperationOptions,
): Promise<ReleaseRecord> {
  const { name, namespace, maxHistory } = release;
  const revisions = await history(api, name, namespace);
  const last = revisions.at(-1);
  if (last === undefined)
    throw new Error(`${name} has no deployed releases: it was deleted by somebody else`);
  const rendered = await render({ release, api, upgrade: true });
  noteIncomplete(release, rendered);
  const objects = await complete(api, rendered.objects, release);
  const before = objectsOf(last);
  await refuseForeign(api, without(objects, before), release);

  const { appVersion, hooks } = rendered;
  const revision = last.version + 1;
  const record = makeRecord({ release, revision, status: "pending-upgrade", appVersion, objects, hooks });
  await createRecord(api, record);
  try {
    await roll(api, release, record, "upgrade", options);
    await deleteAll(api, without(before, objects), { timeout: release.timeout, ...options });
    await updateRecord(api, last, "superseded");
    await updateRecord(api, record, "deployed");
  } catch (error) {
    if (release.atomic) {
      await applyAll(api, before);
      await deleteAll(api, without(objects, before), { timeout: release.timeout });
      await deleteRecord(api, record);
    } else {
      await updateRecord(api, record, "failed");
    }
    throw error;
  }
  const surplus = maxHistory > 0 ? revisions.slice(0, Math.max(0, revisions.length + 1 - maxHistory)) : [];
  for (const old of surplus) await deleteRecord(api, old);
  return record;
}

/** Takes a release away, and waits until all of it is gone but what is to be kept. */
export async function uninstall(
  api: KubernetesApi,
  { name, namespace }: Pick<ReleaseInputs, "name" | "namespace">,
  options: { timeout: number; signal?: AbortSignal },
): Promise<void> {
  const revisions = await history(api, name, namespace);
  const last = revisions.at(-1);
  if (last === undefined) return;
  await runHooks(api, hooksOf(last), "pre-delete", options);
  await deleteAll(api, objectsOf(last), options);
  await runHooks(api, hooksOf(last), "post-delete", options);
  for (const record of revisions) await deleteRecord(api, record);
}

async function roll(
  api: KubernetesApi,
  release: ReleaseInputs,
  record: ReleaseRecord,
  event: "install" | "upgrade",
  { signal }: OperationOptions,
): Promise<void> {
  const deadline = Date.now() + release.timeout * 1000;
  const { skipAwait, waitForJobs, timeout } = release;
  const hooks = await complete(api, hooksOf(record), release);
  const objects = objectsOf(record);
  await runHooks(api, hooks, `pre-${event}`, { timeout, signal });
  await applyAll(api, objects, signal);
  if (!skipAwait) await awaitAll(api, objects, { deadline, waitForJobs, signal });
  await runHooks(api, hooks, `post-${event}`, { timeout, signal });
}

/** The objects in the order of their installation. Helm looks every kind up first: one that the release itself defines is too late. */
async function complete(
  api: KubernetesApi,
  objects: readonly KubeObject[],
  release: ReleaseInputs,
): Promise<KubeObject[]> {
  return inInstallOrder(await Promise.all(objects.map((object) => owned(api, object, release))));
}

function without(objects: readonly KubeObject[], others: readonly KubeObject[]): KubeObject[] {
  const keys = new Set(others.map(keyOf));
  return objects.filter((object) => !keys.has(keyOf(object)) && !isKept(object));
}

function keyOf({ kind, apiVersion, metadata }: KubeObject): string {
  return [apiVersion.replace(/\/?[^/]*$/, ""), kind, metadata.namespace ?? "", metadata.name].join("|");
}

async function requireNamespace(
  api: KubernetesApi,
  { namespace, createNamespace }: ReleaseInputs,
): Promise<void> {
  const reference = { apiVersion: "v1", kind: "Namespace", name: namespace };
  if ((await api.find(reference)) !== undefined) return;
  if (!createNamespace) throw new Error(`create: failed to create: namespaces "${namespace}" not found`);
  await api.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { fieldManager: "helm" },
  );
}

function noteIncomplete(
  { chart, version, repo, values }: ReleaseInputs,
  { complete: whole, rehearsed = version }: Rendered,
): void {
  if (!whole) recordNotRendered({ chart, version, repo, values: Object.keys(values) });
  else if (rehearsed.replace(/^v/, "") !== version.replace(/^v/, ""))
    recordDifference({ what: `chart ${chart}`, shipped: version, rehearsed });
}

function inUse(name: string): Error {
  return new Error(`cannot re-use a name that is still in use: the release ${name}`);
}
