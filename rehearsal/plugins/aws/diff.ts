import { isDeepStrictEqual } from "node:util";

import { UNKNOWN, type DiffKind, type DiffRequest, type DiffResult, type Inputs } from "../provider.ts";
import { keepsGivenName, withoutDefaults } from "./names.ts";
import type { ResourceType } from "./resource-type.ts";
import { allTags } from "./tags.ts";
import { at, isBag, parsedObject } from "./values.ts";

/**
 * What changed between the inputs of the last run and of this one, and which of it needs a new object. Outputs are looked at for
 * one thing only: `tagsAll`, which changes with the provider's default tags and so without any change of inputs.
 */
export function diffResource(type: ResourceType, request: DiffRequest, defaultTags: Inputs): DiffResult {
  const olds = { ...type.defaults, ...withoutDefaults(request.oldInputs) };
  const news = { ...type.defaults, ...withoutDefaults(request.newInputs) };
  const found = new Map<string, DiffKind>();
  compare(olds, news, "", new Set(type.sets), found);
  for (const [path, kind] of found) {
    // What AWS chose or was once told stays when the program stops to say it.
    if (kind === "delete" && type.computed.includes(path)) found.delete(path);
  }
  if (type.taggable === true) {
    const before = request.oldOutputs["tagsAll"] ?? {};
    const tags = new Map<string, DiffKind>();
    compare({ tagsAll: before }, { tagsAll: allTags(defaultTags, news) }, "", new Set(), tags);
    // A tag of the program's own is shown once, under `tags`.
    for (const [path, kind] of tags) if (!found.has(path.replace("tagsAll", "tags"))) found.set(path, kind);
  }
  const forcing = [...(type.replace ?? []), ...(type.replaceWhen?.(olds, news) ?? [])];
  const detailed: Record<string, DiffKind> = {};
  const replaces = new Set<string>();
  for (const [path, kind] of found) {
    if (request.ignoreChanges.some((ignored) => covers(ignored, path))) continue;
    const replace = forcing.some((forced) => covers(forced, withoutIndices(path)) || covers(path, forced));
    detailed[path] = replace ? `${kind as "add" | "update" | "delete"}-replace` : kind;
    if (replace) replaces.add(path.split(/[.[]/)[0] ?? path);
  }
  return {
    changes: Object.keys(detailed).length > 0,
    replaces: [...replaces],
    deleteBeforeReplace:
      type.deleteBeforeReplace === true || keepsGivenName(type.autoname, olds, request.newInputs),
    detailed,
  };
}

function compare(
  olds: unknown,
  news: unknown,
  path: string,
  sets: ReadonlySet<string>,
  found: Map<string, DiffKind>,
): void {
  if (sets.has(withoutIndices(path)) && Array.isArray(olds) && Array.isArray(news)) {
    if (isDeepStrictEqual(sorted(olds), sorted(news))) return;
  }
  if (same(olds, news)) return;
  if (olds === undefined || olds === null) found.set(path, "add");
  else if (news === undefined || news === null) found.set(path, "delete");
  else if (isBag(olds) && isBag(news)) {
    for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
      compare(olds[key], news[key], join(path, key), sets, found);
    }
  } else if (Array.isArray(olds) && Array.isArray(news)) {
    for (let i = 0; i < Math.max(olds.length, news.length); i++)
      compare(olds[i], news[i], `${path}[${i}]`, sets, found);
  } else found.set(path, "update");
}

/** Equal, also as JSON documents that are written differently. What is unknown may be anything, so it differs. */
function same(one: unknown, other: unknown): boolean {
  if (one === UNKNOWN || other === UNKNOWN) return false;
  if ((one ?? undefined) === (other ?? undefined)) return true;
  const [left, right] = [parsedObject(one), parsedObject(other)];
  return left !== undefined && isDeepStrictEqual(left, right);
}

/** Keys with dots or brackets in them are quoted, as the engine writes its paths. */
function join(path: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function sorted(list: unknown[]): string[] {
  return list.map((item) => JSON.stringify(item)).sort();
}

function withoutIndices(path: string): string {
  return path.replace(/\[(\d+|\*)\]/g, "");
}

/** Whether a path names the other one or something around it. */
function covers(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  const rest = inner.startsWith(outer) ? inner.charAt(outer.length) : "";
  return rest === "." || rest === "[";
}

/** Whether a change between two property bags touches one of these paths. */
export function touches(olds: Inputs, news: Inputs, paths: readonly string[]): boolean {
  return paths.some((path) => !isDeepStrictEqual(at(olds, path), at(news, path)));
}
