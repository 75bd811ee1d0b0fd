import { UNKNOWN, type DiffKind, type DiffResult, type Inputs } from "../provider.ts";

export type Change = "add" | "update" | "delete";

/** One value that differs, by its path: object keys, and indexes of lists. */
export interface Difference {
  path: (string | number)[];
  change: Change;
}

/** Every value that differs, at its deepest path; a map or list that is on one side only counts as one. */
export function differences(old: unknown, now: unknown, path: (string | number)[] = []): Difference[] {
  if (Array.isArray(old) && Array.isArray(now)) {
    return Array.from({ length: Math.max(old.length, now.length) }, (_, index) =>
      sides(old[index], now[index], [...path, index]),
    ).flat();
  }
  if (isBag(old) && isBag(now)) {
    return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) =>
      sides(old[key], now[key], [...path, key]),
    );
  }
  return Object.is(old, now) ? [] : [{ path, change: "update" }];
}

function sides(old: unknown, now: unknown, path: (string | number)[]): Difference[] {
  if (old === undefined && now === undefined) return [];
  if (old === undefined) return [{ path, change: "add" }];
  if (now === undefined) return [{ path, change: "delete" }];
  return differences(old, now, path);
}

/** The engine's way to write a path: `spec.http[0].route[1].weight`, `metadata.labels["a.b/c"]`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

export interface DiffRules {
  /** Whether a change there needs a new object. The path is written with dots: `spec.selector.matchLabels`. */
  replaces(path: string): boolean;
  ignoreChanges: readonly string[];
}

/** The difference of two property bags as the engine wants it. */
export function diffInputs(old: Inputs, now: Inputs, rules: DiffRules): DiffResult {
  const detailed: Record<string, DiffKind> = {};
  const replaces = new Set<string>();
  for (const { path, change } of differences(old, now)) {
    const formatted = formatPath(path);
    if (rules.ignoreChanges.some((ignored) => isWithin(formatted, ignored))) continue;
    // An index is no name: rules speak of every item of a list.
    const replace = rules.replaces(path.filter((key) => typeof key === "string").join("."));
    detailed[formatted] = replace ? `${change}-replace` : change;
    if (replace) replaces.add(String(path[0]));
  }
  return { changes: Object.keys(detailed).length > 0, replaces: [...replaces], detailed };
}

function isWithin(path: string, ignored: string): boolean {
  return path === ignored || path.startsWith(`${ignored}.`) || path.startsWith(`${ignored}[`);
}

/** Whether anything in a value is only known after the update. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isBag(value) ? Object.values(value).some(hasUnknown) : value === UNKNOWN;
}

export function isBag(value: unknown): value is Inputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
