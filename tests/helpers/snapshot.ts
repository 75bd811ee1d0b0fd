import type { Recorded } from "./mocks.ts";
import type { Stack } from "./program.ts";

/** A resource as it stands in a snapshot: what a reviewer should see change, and nothing that changes by itself. */
export interface Entry {
  type: string;
  name: string;
  parent?: string;
  options?: Record<string, unknown>;
  inputs: unknown;
}

/** Where the snapshot of an environment is kept. */
export function snapshotFile(stack: Stack): URL {
  return new URL(`../expected/${stack}.json`, import.meta.url);
}

/** Snapshot of a program, sorted, so that moving code does not change it. */
export function snapshotOf(resources: readonly Recorded[]): Entry[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return resources.map(entryOf).sort((a, b) => compare(keyOf(a), keyOf(b)));
}

/** Names a resource for people. */
export function keyOf({ type, name }: Pick<Entry, "type" | "name">): string {
  return `${type} ${name}`;
}

/** The file's text: one block a resource. */
export function snapshotText(entries: readonly Entry[]): string {
  return `${JSON.stringify(entries, null, 2)}\n`;
}

function entryOf(resource: Recorded): Entry {
  const options = Object.fromEntries(
    Object.entries({
      provider: resource.provider,
      providers: Object.keys(resource.providers).length === 0 ? undefined : resource.providers,
      protect: resource.protect,
      retainOnDelete: resource.retainOnDelete,
      ignoreChanges: resource.ignoreChanges.length === 0 ? undefined : resource.ignoreChanges,
      deletedWith: resource.deletedWith,
      read: resource.read || undefined,
    }).filter(([, value]) => value !== undefined),
  );
  const parent = resource.parent === undefined ? undefined : namedBy(resource.parent);
  return {
    type: resource.type,
    name: resource.name,
    ...(parent === undefined || parent.startsWith("pulumi:pulumi:Stack") ? {} : { parent }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    inputs: readable(resource.inputs, "", resource.secrets),
  };
}

/** Sorted keys, policies and other JSON texts opened up, secrets hidden. */
function readable(value: unknown, path: string, secrets: readonly string[]): unknown {
  if (secrets.includes(path)) return "<secret>";
  if (Array.isArray(value)) return value.map((item, index) => readable(item, `${path}[${index}]`, secrets));
  if (typeof value === "string") return opened(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [
        key,
        readable((value as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`, secrets),
      ]),
  );
}

/** `urn:pulumi:qa::platform::a$type::name` → `type name`: the project differs between the two topologies. */
function namedBy(urn: string): string {
  const [type = "", name = ""] = urn.split("::").slice(2);
  return `${type.slice(type.lastIndexOf("$") + 1)} ${name}`;
}

function opened(text: string): unknown {
  const [, urn] = /^<(urn:pulumi:.*)>$/.exec(text) ?? [];
  if (urn !== undefined) return `<${namedBy(urn)}>`;
  if (!/^[[{]/.test(text)) return text;
  try {
    return { "<json>": readable(JSON.parse(text), "", []) };
  } catch {
    return text;
  }
}
