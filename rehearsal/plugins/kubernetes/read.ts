import { isDeepStrictEqual } from "node:util";

import { ApiError, type KubernetesApi, type KubeObject } from "../../kubernetes/api.ts";
import { omit, referenceOf } from "../../kubernetes/objects.ts";
import type { Inputs, ReadRequest } from "../provider.ts";
import { isBag } from "./diff.ts";
import { fieldManagerOf, outputsOf } from "./field-manager.ts";
import { idOf } from "./object.ts";
import type { TokenKind } from "./token.ts";

type State = { id: string; inputs: Inputs; outputs: Inputs };

/** The object as it is now, and the inputs that would make it so: the old ones unless somebody changed what they set. */
export async function readObject(
  api: KubernetesApi,
  kind: TokenKind,
  request: ReadRequest,
): Promise<State | undefined> {
  const fieldManager = fieldManagerOf(request.urn, request.outputs);
  const [name = "", namespace] = request.id.split("/").reverse();
  const live = await api.find({ ...kind, name, namespace });
  if (live === undefined) return undefined;
  const state = { id: idOf(live), outputs: outputsOf(live, fieldManager) };
  if (Object.keys(request.inputs).length === 0) return { ...state, inputs: importedInputs(live) };
  const drifted = await hasDrifted(api, live, request.inputs as KubeObject, fieldManager);
  return { ...state, inputs: drifted ? (pick(live, request.inputs) as Inputs) : request.inputs };
}

/** Asks the server what the inputs would make of the object: so `0.5` and `500m` are no difference. */
async function hasDrifted(
  api: KubernetesApi,
  live: KubeObject,
  inputs: KubeObject,
  fieldManager: string,
): Promise<boolean> {
  try {
    const wanted = await api.apply(inputs, { fieldManager, dryRun: true, force: true });
    return !isDeepStrictEqual(pick(wanted, inputs), pick(live, inputs));
  } catch (error) {
    if (error instanceof ApiError && error.status !== 0) return true;
    throw error;
  }
}

/** The parts of a value that another one speaks of. */
export function pick(value: unknown, like: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(like)) {
    return value.map((item: unknown, index) => (index < like.length ? pick(item, like[index]) : item));
  }
  if (!isBag(value) || !isBag(like)) return value;
  return Object.fromEntries(
    Object.keys(like).flatMap((key) => (key in value ? [[key, pick(value[key], like[key])]] : [])),
  );
}

function importedInputs(live: KubeObject): Inputs {
  const { name, namespace, labels, annotations } = live.metadata;
  const metadata = Object.entries({ name, namespace, labels, annotations }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...omit(live, "status"), ...referenceKind(live), metadata: Object.fromEntries(metadata) };
}

function referenceKind(live: KubeObject): TokenKind {
  const { apiVersion, kind } = referenceOf(live);
  return { apiVersion, kind };
}
