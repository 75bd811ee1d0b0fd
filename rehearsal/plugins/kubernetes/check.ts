import { UNKNOWN, type CheckFailure, type Inputs } from "../provider.ts";
import { isBag } from "./diff.ts";
import type { TokenKind } from "./token.ts";

export interface CheckArgs extends TokenKind {
  name: string;
  olds: Inputs;
  news: Inputs;
  seed: Uint8Array;
  /** Whether the kind is namespaced; custom kinds that nobody knows yet are taken for namespaced, as the provider does. */
  namespaced: boolean;
  /** For objects that name none. */
  defaultNamespace: string;
  /** Marks objects with a label, because without server-side apply nothing else tells whose they are. */
  label: boolean;
}

const AUTONAMED = "pulumi.com/autonamed";
const MANAGED_BY = "app.kubernetes.io/managed-by";

/** Completes an object's inputs: kind, name and namespace. */
export function checkObject(args: CheckArgs): { inputs: Inputs; failures: CheckFailure[] } {
  const { apiVersion, kind, news } = args;
  const failures: CheckFailure[] = [];
  for (const [property, expected] of Object.entries({ apiVersion, kind })) {
    const given = news[property];
    if (given !== undefined && given !== expected && given !== UNKNOWN) {
      failures.push({
        property,
        reason: `the resource's type says ${expected}, its inputs say ${JSON.stringify(given)}`,
      });
    }
  }
  const given = news["metadata"] ?? {};
  if (!isBag(given)) return { inputs: { ...news, apiVersion, kind }, failures };
  const metadata: Inputs = { ...given };

  if (metadata["name"] === undefined && metadata["generateName"] === undefined) autoname(args, metadata);
  if (!args.namespaced) delete metadata["namespace"];
  else if (metadata["namespace"] === undefined || metadata["namespace"] === "")
    metadata["namespace"] = args.defaultNamespace;

  const before = isBag(args.olds["metadata"]) ? labelsOf(args.olds["metadata"]) : undefined;
  const labelled = before === undefined ? args.label : before[MANAGED_BY] === "pulumi";
  const labels = labelsOf(metadata);
  if (labelled && labels[MANAGED_BY] === undefined)
    metadata["labels"] = { ...labels, [MANAGED_BY]: "pulumi" };

  if (typeof metadata["name"] === "string" && metadata["name"].length > 253) {
    failures.push({ property: "metadata.name", reason: "a name has at most 253 characters" });
  }
  return { inputs: { ...news, apiVersion, kind, metadata }, failures };
}

/** Gives a name that stays the same over the object's life: the old one, or the resource's with a few random digits. */
function autoname({ name, olds, seed }: CheckArgs, metadata: Inputs): void {
  const old = isBag(olds["metadata"]) ? olds["metadata"] : {};
  const annotations = isBag(metadata["annotations"]) ? metadata["annotations"] : {};
  metadata["annotations"] = { ...annotations, [AUTONAMED]: "true" };
  const digits = Buffer.from(seed).toString("hex").slice(0, 8).padEnd(8, "0");
  metadata["name"] = isAutonamed(old) ? old["name"] : `${name}-${digits}`;
}

/** Whether the name was made up; then an object's replacement can stand beside it. */
export function isAutonamed(metadata: unknown): boolean {
  const annotations = isBag(metadata) ? metadata["annotations"] : undefined;
  return isBag(annotations) && annotations[AUTONAMED] === "true";
}

function labelsOf(metadata: Inputs): Inputs {
  return isBag(metadata["labels"]) ? metadata["labels"] : {};
}
