import { UNKNOWN, type Inputs } from "../provider.ts";

/**
 * Reading property bags: plain JSON in which, during a preview, any value may stand for "not known yet". These readers answer
 * `undefined` or an empty list for what is absent, unknown, or of another kind, so that a rule only judges what it can see.
 */

/** The value at a dotted path, `vpcConfig.subnetIds`; undefined where the path ends early. */
export function at(bag: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (isBag(value) ? value[key] : undefined), bag);
}

export function text(bag: unknown, path: string): string | undefined {
  const value = at(bag, path);
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

export function number(bag: unknown, path: string): number | undefined {
  const value = at(bag, path);
  return typeof value === "number" ? value : undefined;
}

export function flag(bag: unknown, path: string): boolean | undefined {
  const value = at(bag, path);
  return typeof value === "boolean" ? value : undefined;
}

/** The known texts of a list. */
export function texts(bag: unknown, path: string): string[] {
  return items(bag, path).filter((item): item is string => typeof item === "string" && item !== UNKNOWN);
}

/** The property bags of a list. */
export function bags(bag: unknown, path: string): Inputs[] {
  return items(bag, path).filter(isBag);
}

export function bagAt(bag: unknown, path: string): Inputs {
  const value = at(bag, path);
  return isBag(value) ? value : {};
}

export function items(bag: unknown, path: string): unknown[] {
  const value = at(bag, path);
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function isBag(value: unknown): value is Inputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether anything within is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isBag(value) ? Object.values(value).some(hasUnknown) : value === UNKNOWN;
}

/** A copy with the value put at a dotted path. */
export function withValue(bag: Inputs, path: string, value: unknown): Inputs {
  const dot = path.indexOf(".");
  if (dot === -1) return { ...bag, [path]: value };
  const head = path.slice(0, dot);
  return { ...bag, [head]: withValue(bagAt(bag, head), path.slice(dot + 1), value) };
}

/** Parsed JSON when the value is the text of an object, else undefined. */
export function parsedObject(value: unknown): Inputs | undefined {
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isBag(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
