import type { KubernetesApi } from "../../kubernetes/api.ts";
import { NotReadyError } from "../../kubernetes/await.ts";
import { describe, referenceOf } from "../../kubernetes/objects.ts";
import { recordRejected } from "../../kubernetes/records.ts";
import {
  InitError,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type Inputs,
  type ReadRequest,
  type UpdateRequest,
} from "../provider.ts";
import type { Settings } from "./configuration.ts";
import { diffInputs, hasUnknown } from "./diff.ts";
import { install, uninstall, upgrade } from "./install.ts";
import {
  knownValues,
  readRelease as readInputs,
  releaseFailures,
  type ReleaseInputs,
} from "./release-inputs.ts";
import { history, objectsOf, type ReleaseRecord } from "./release-record.ts";
import { render } from "./render.ts";

/** Fields that make it another release. */
const replacing = ["name", "namespace"];

export function checkRelease(request: CheckRequest, settings: Settings): CheckResult {
  const inputs = { ...request.news, namespace: request.news["namespace"] ?? settings.namespace };
  return { inputs, failures: releaseFailures(inputs) };
}

export function diffRelease({ oldInputs, newInputs, ignoreChanges }: DiffRequest): DiffResult {
  const result = diffInputs(oldInputs, newInputs, {
    replaces: (path) => replacing.includes(path),
    ignoreChanges,
  });
  return { ...result, deleteBeforeReplace: false };
}

export async function createRelease(
  api: KubernetesApi | undefined,
  request: CreateRequest,
): Promise<{ id: string; outputs: Inputs }> {
  const release = readInputs(request.inputs);
  const id = `${release.namespace}/${release.name}`;
  if (request.preview) {
    await preview(api, request.inputs, release);
    return { id: "", outputs: request.inputs };
  }
  const outputs = await carryOut(id, request.inputs, release, api, (to) => install(to, release, request));
  return { id, outputs };
}

export async function updateRelease(
  api: KubernetesApi | undefined,
  request: UpdateRequest,
): Promise<{ outputs: Inputs }> {
  const release = readInputs(request.newInputs);
  if (request.preview) {
    await preview(api, request.newInputs, release);
    return { outputs: request.newInputs };
  }
  return {
    outputs: await carryOut(request.id, request.newInputs, release, api, (to) =>
      upgrade(to, release, request),
    ),
  };
}

export async function deleteRelease(api: KubernetesApi, request: DeleteRequest): Promise<void> {
  const release = readInputs(request.inputs);
  const { signal } = request;
  try {
    await uninstall(api, release, { timeout: request.timeout || release.timeout, signal });
  } catch (error) {
    throw explained(error, release);
  }
}

export async function readRelease(
  api: KubernetesApi,
  request: ReadRequest,
): Promise<{ id: string; inputs: Inputs; outputs: Inputs } | undefined> {
  const [name = "", namespace = "default"] = request.id.split("/").reverse();
  const last = (await history(api, name, namespace)).at(-1);
  if (last === undefined) return undefined;
  return { id: request.id, inputs: request.inputs, outputs: outputsOf(request.inputs, last) };
}

/** Finds in a preview what rendering finds: keys that the chart does not know, values that its templates refuse. */
async function preview(
  api: KubernetesApi | undefined,
  inputs: Inputs,
  release: ReleaseInputs,
): Promise<void> {
  // Templates may need a value that is not known yet; its keys can be judged all the same.
  const values = hasUnknown(inputs["values"]) ? undefined : release.values;
  if (values !== undefined) await render({ release, api: await reachable(api) });
  else await checkKeys(release);
}

async function checkKeys(release: ReleaseInputs): Promise<void> {
  const { locateChart } = await import("./charts.ts");
  const { checkValues } = await import("./render.ts");
  const local = await locateChart(release);
  if (local?.directory !== undefined)
    checkValues(local.directory, { ...release, values: knownValues(release.values) });
}

async function reachable(api: KubernetesApi | undefined): Promise<KubernetesApi | undefined> {
  return api?.http.send({ method: "GET", path: "/version" }).then(
    () => api,
    () => undefined,
  );
}

async function carryOut(
  id: string,
  inputs: Inputs,
  release: ReleaseInputs,
  api: KubernetesApi | undefined,
  action: (api: KubernetesApi) => Promise<ReleaseRecord>,
): Promise<Inputs> {
  if (api === undefined) throw new Error("the provider has no kubeconfig; an ambient one is never used");
  try {
    return outputsOf(inputs, await action(api));
  } catch (error) {
    const reason = explained(error, release);
    const left = (await history(api, release.name, release.namespace).catch(() => [])).at(-1);
    // A release that failed half-way is the engine's to repair or to delete.
    if (left?.info.status === "failed")
      throw new InitError(id, outputsOf(inputs, left), [reason.message], reason.message);
    throw reason;
  }
}

function explained(error: unknown, { name }: ReleaseInputs): Error {
  if (error instanceof NotReadyError) {
    const { kind } = error.object;
    const reason = error.reasons.join("; ");
    recordRejected({ kind, name: describe(referenceOf(error.object)).slice(kind.length + 1), reason });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`Helm release ${name}: ${message}`, { cause: error });
}

function outputsOf(inputs: Inputs, record: ReleaseRecord): Inputs {
  const { name, namespace, version: revision, info, chart } = record;
  const resourceNames: Record<string, string[]> = {};
  for (const { apiVersion, kind, metadata } of objectsOf(record)) {
    const type = `${kind}.${apiVersion}`;
    (resourceNames[type] ??= []).push(
      metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`,
    );
  }
  const { version, appVersion } = chart.metadata;
  const status = {
    name,
    namespace,
    revision,
    status: info.status,
    chart: chart.metadata.name,
    version,
    appVersion,
  };
  return { ...inputs, resourceNames, status };
}
