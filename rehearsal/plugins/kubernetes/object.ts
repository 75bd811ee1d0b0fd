import { setTimeout as sleep } from "node:timers/promises";

import { ApiError, type KubernetesApi, type KubeObject } from "../../kubernetes/api.ts";
import { awaitGone, awaitReady, NotReadyError } from "../../kubernetes/await.ts";
import { describe, omit, referenceOf } from "../../kubernetes/objects.ts";
import { recordRejected } from "../../kubernetes/records.ts";
import {
  InitError,
  type CreateRequest,
  type DeleteRequest,
  type Inputs,
  type UpdateRequest,
} from "../provider.ts";
import { hasUnknown } from "./diff.ts";
import { adoptCreation, fieldManagerOf, isOwnedBy, outputsOf } from "./field-manager.ts";

/** Seconds, where the program sets none. The real provider waits ten minutes; pods on paper are ready at once or never. */
const TIMEOUT = 300;

/** An id as the real provider writes it. */
export function idOf({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** Creates an object, never taking over one that exists; in a preview only asks the API server whether it would take it. */
export async function createObject(
  api: KubernetesApi,
  request: CreateRequest,
): Promise<{ id: string; outputs: Inputs }> {
  const object = asObject(request.inputs);
  const fieldManager = fieldManagerOf(request.urn);
  if (request.preview) return { id: "", outputs: await previewCreation(api, object, fieldManager) };
  const created = await attempt(object, () =>
    withPatience(() => api.create(object, { fieldManager }), request.signal),
  );
  return { id: idOf(created), outputs: await ready(api, created, fieldManager, request) };
}

async function previewCreation(
  api: KubernetesApi,
  object: KubeObject,
  fieldManager: string,
): Promise<Inputs> {
  if (hasUnknown(object)) return object;
  const dryRun = (tried: KubeObject): Promise<KubeObject> =>
    api.create(tried, { fieldManager, dryRun: true });
  try {
    return outputsOf(await dryRun(object), fieldManager);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // The kind, or the namespace, is made by the same update.
    if (error.status === 404 || error.status === 0) return object;
    if (error.reason === "AlreadyExists") {
      // A replacement is previewed while the object that it replaces is still there.
      const live = await api.find(referenceOf(object));
      const metadata = { ...object.metadata, name: `${object.metadata.name}-preview`.slice(-63) };
      if (live !== undefined && isOwnedBy(live, fieldManager)) {
        return {
          ...outputsOf(await attempt(object, () => dryRun({ ...object, metadata })), fieldManager),
          metadata: object.metadata,
        };
      }
    }
    return attempt(object, () => Promise.reject(error));
  }
}

/** Changes an object by server-side apply; a field that somebody else owns is a conflict. */
export async function updateObject(api: KubernetesApi, request: UpdateRequest): Promise<{ outputs: Inputs }> {
  const object = asObject(request.newInputs);
  const fieldManager = fieldManagerOf(request.urn, request.oldOutputs);
  const { preview: dryRun } = request;
  if (dryRun && hasUnknown(object)) return { outputs: object };
  const force = object.metadata.annotations?.["pulumi.com/patchForce"] === "true";
  const live = await attempt(object, () => api.get(referenceOf(object)));
  const changed = await attempt(object, async () => {
    // A definition is replaced as a whole: applying one would leave schemas of old versions behind.
    if (object.kind === "CustomResourceDefinition") {
      const metadata = { ...object.metadata, resourceVersion: live.metadata.resourceVersion };
      return api.replace({ ...object, metadata }, { fieldManager, dryRun });
    }
    if (!dryRun) await adoptCreation(api, live, fieldManager);
    try {
      return await api.apply(object, { fieldManager, dryRun, force });
    } catch (error) {
      // Only the update itself puts ownership in order; a preview would meet a conflict with the object's own creation.
      if (!dryRun || !isConflictWithOneself(error, fieldManager)) throw error;
      return api.apply(object, { fieldManager, dryRun, force: true });
    }
  });
  if (dryRun) return { outputs: outputsOf(changed, fieldManager) };
  return { outputs: await ready(api, changed, fieldManager, { ...request, inputs: request.newInputs }) };
}

/** Deletes an object and waits until it is gone, with everything that it owns. */
export async function deleteObject(api: KubernetesApi, request: DeleteRequest): Promise<void> {
  const object = asObject(request.outputs);
  const { annotations } = object.metadata;
  const policy = annotations?.["pulumi.com/deletionPropagationPolicy"]?.toLowerCase();
  const propagation = policy === "background" ? "Background" : policy === "orphan" ? "Orphan" : "Foreground";
  const reference = { ...referenceOf(object), uid: object.metadata.uid };
  await attempt(object, async () => {
    const live = await api.find(reference);
    // Another object of the same name is not ours to delete.
    if (live === undefined || (reference.uid !== undefined && live.metadata.uid !== reference.uid)) return;
    if (!(await api.delete(reference, { propagation }))) return;
    await awaitGone(api, reference, { timeout: timeoutOf(object, request.timeout), signal: request.signal });
  });
}

interface Waiting {
  inputs: Inputs;
  timeout: number;
  signal: AbortSignal;
}

async function ready(
  api: KubernetesApi,
  live: KubeObject,
  fieldManager: string,
  request: Waiting,
): Promise<Inputs> {
  const wanted = asObject(request.inputs);
  if (wanted.metadata.annotations?.["pulumi.com/skipAwait"] === "true") return outputsOf(live, fieldManager);
  try {
    const timeout = timeoutOf(wanted, request.timeout);
    return outputsOf(await awaitReady(api, live, { timeout, signal: request.signal }), fieldManager);
  } catch (error) {
    if (!(error instanceof NotReadyError)) throw error;
    recordRejected({ kind: live.kind, name: idOf(live), reason: error.reasons.join("; ") });
    throw new InitError(idOf(live), outputsOf(error.object, fieldManager), error.reasons, error.message);
  }
}

/** Does something to an object; what the API server refuses is recorded, and named to the user. */
async function attempt<T>(object: KubeObject, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof NotReadyError) {
      recordRejected({ kind: object.kind, name: idOf(object), reason: error.reasons.join("; ") });
    }
    if (!(error instanceof ApiError)) throw error;
    if (error.status !== 0) recordRejected({ kind: object.kind, name: idOf(object), reason: error.message });
    throw new Error(`${describe(referenceOf(object))}: ${explain(error)}`, { cause: error });
  }
}

function explain(error: ApiError): string {
  if (error.reason === "AlreadyExists") {
    return `${error.message}; it was not made by this resource, and is not taken over: delete it, or import it`;
  }
  if (error.reason === "Conflict") {
    return `${error.message}; somebody else set these fields: leave them out here, or annotate with pulumi.com/patchForce`;
  }
  return error.message;
}

/** Whether nobody else is named in a conflict. */
function isConflictWithOneself(error: unknown, fieldManager: string): boolean {
  if (!(error instanceof ApiError && error.reason === "Conflict")) return false;
  const others = [...error.message.matchAll(/conflicts? with "([^"]+)"/g)].map(([, manager]) => manager);
  return others.length > 0 && others.every((manager) => manager === fieldManager);
}

/** Tries again where something else may still be on its way: the definition of a custom kind, a namespace. */
async function withPatience<T>(action: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let pause = 250; ; pause *= 2) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404) || pause > 4_000) throw error;
    }
    await sleep(pause, undefined, { signal });
  }
}

function timeoutOf(object: KubeObject, requested: number): number {
  return Number(object.metadata.annotations?.["pulumi.com/timeoutSeconds"]) || requested || TIMEOUT;
}

function asObject(inputs: Inputs): KubeObject {
  return omit(inputs, "__fieldManager") as KubeObject;
}
