import { createHash } from "node:crypto";

import type { KubernetesApi } from "../../kubernetes/api.ts";
import { omit, referenceOf, type KubeObject } from "../../kubernetes/objects.ts";
import { secret, type Inputs } from "../provider.ts";

/** Kept in an object's outputs: a resource that was renamed in the program still owns the fields of its object. */
const KEY = "__fieldManager";

/** Under which name a resource writes: one of its own, so that two programs that set the same field meet a conflict. */
export function fieldManagerOf(urn: string, outputs: Inputs = {}): string {
  const kept = outputs[KEY];
  return typeof kept === "string"
    ? kept
    : `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

/** The state of an object as the engine keeps it: the object itself, without the server's book-keeping. */
export function outputsOf(live: KubeObject, fieldManager: string): Inputs {
  const outputs = { ...live, metadata: omit(live.metadata, "managedFields"), [KEY]: fieldManager };
  return live.kind === "Secret" ? hidden(outputs) : outputs;
}

/** A Secret's content is secret in the state too, whoever gave it. */
function hidden(outputs: Inputs): Inputs {
  const entries = Object.entries(outputs);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, ["data", "stringData"].includes(key) ? secret(value) : value]),
  );
}

/** Whether a resource of that name wrote the object. */
export function isOwnedBy(live: KubeObject, fieldManager: string): boolean {
  return live.metadata.managedFields?.some(({ manager }) => manager === fieldManager) ?? false;
}

/**
 * Turns the ownership that creating an object gave into the one that applying gives. The server tells the two apart even for one name,
 * and would answer the first update of every object by a conflict with oneself.
 */
export async function adoptCreation(
  api: KubernetesApi,
  live: KubeObject,
  fieldManager: string,
): Promise<void> {
  const fields = live.metadata.managedFields ?? [];
  const own = fields.filter(
    ({ manager, subresource }) => manager === fieldManager && subresource === undefined,
  );
  if (
    own.every(({ operation }) => operation === "Apply") ||
    own.some(({ operation }) => operation === "Apply")
  )
    return;
  const managedFields = fields.map((entry) =>
    own.includes(entry) ? { ...entry, operation: "Apply" } : entry,
  );
  await api.patchJson(referenceOf(live), [
    { op: "replace", path: "/metadata/managedFields", value: managedFields },
    { op: "replace", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion },
  ]);
}
