/**
 * Turns what a program registered into data that a bare program can register again: the same types, names, inputs and dependencies,
 * without any of the code that worked them out.
 */
import type { Recorded } from "../tests/helpers/mocks.ts";

export interface Planned {
  kind: "provider" | "custom" | "remote" | "component";
  type: string;
  name: string;
  /** Texts that hold another resource's outputs are {@link Text}s, whole resources are {@link Reference}s. */
  inputs: Record<string, unknown>;
  /** Inputs that are secret. */
  secrets: string[];
  /** Outputs that somebody later on asks for. */
  asked: string[];
  /** Places in the plan. */
  provider: number | undefined;
  providers: number[];
  dependsOn: number[];
  /** Where it is looked up instead of created. */
  id?: unknown;
}

/** A text put together from literals and outputs of resources. */
export interface Text {
  $text: (string | Output)[];
}

/** A resource that is handed over as a whole. */
export interface Reference {
  /** Place in the plan. */
  $resource: number;
}

export interface Output {
  /** Place in the plan. */
  from: number;
  path: string[];
}

/** Shorter values occur by chance. */
const SHORTEST = 8;

export function planOf(recorded: readonly Recorded[]): Planned[] {
  const places = new Map(recorded.map(({ urn }, place) => [urn, place]));
  const providerPlaces = new Map(
    recorded.flatMap(({ type, name }, place) =>
      type.startsWith("pulumi:providers:") ? [[name, place] as const] : [],
    ),
  );
  const outputs = new Map<string, Output>();
  const plan: Planned[] = [];
  const needed = neededDependencies();
  for (const [place, resource] of recorded.entries()) {
    const template = templateOf(outputs, places, plan);
    const providers = Object.values(resource.providers).flatMap((name) => providerPlaces.get(name) ?? []);
    plan.push({
      kind: kindOf(resource),
      type: resource.type,
      name: resource.name,
      inputs: template(resource.inputs) as Record<string, unknown>,
      secrets: resource.secrets.map((path) => path.replace(/[.[].*$/, "")),
      asked: [],
      provider: resource.provider === undefined ? undefined : providerPlaces.get(resource.provider),
      providers,
      dependsOn: needed(resource.dependsOn.flatMap((urn) => places.get(urn) ?? [])),
      ...(resource.read ? { id: template(resource.computed["id"]) } : {}),
    });
    for (const [text, path] of texts(resource.computed, [])) {
      if (text.length >= SHORTEST && !outputs.has(text)) outputs.set(text, { from: place, path });
    }
  }
  return plan;
}

/** Leaves out dependencies that others imply: the order is the same, and the floor is not slowed by naming it twice. */
function neededDependencies(): (places: readonly number[]) => number[] {
  const implied: Set<number>[] = [];
  return (places) => {
    implied.push(new Set(places.flatMap((place) => [place, ...(implied[place] ?? [])])));
    return places.filter((place) => !places.some((other) => other !== place && implied[other]?.has(place)));
  };
}

function kindOf({ type, custom, remote }: Recorded): Planned["kind"] {
  if (type.startsWith("pulumi:providers:")) return "provider";
  if (remote) return "remote";
  return custom ? "custom" : "component";
}

/** Every text inside a value, with the way to it. */
function texts(value: unknown, path: string[]): [text: string, path: string[]][] {
  if (typeof value === "string") return [[value, path]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => texts(item, [...path, key]));
}

/** Puts outputs where their values stand, the longest first, so that an ARN is not taken for the name at its end. */
function templateOf(
  outputs: ReadonlyMap<string, Output>,
  places: ReadonlyMap<string, number>,
  plan: Planned[],
): (value: unknown) => unknown {
  const known = [...outputs].sort(([a], [b]) => b.length - a.length);
  const template = (value: unknown): unknown => {
    if (typeof value === "string") return referenceOf(value) ?? textOf(value);
    if (Array.isArray(value)) return value.map(template);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, template(item)]));
  };
  const referenceOf = (text: string): Reference | undefined => {
    const place = /^<urn:.*>$/.test(text) ? places.get(text.slice(1, -1)) : undefined;
    return place === undefined ? undefined : { $resource: place };
  };
  const textOf = (whole: string): string | Text => {
    let parts: (string | Output)[] = [whole];
    for (const [text, output] of known) {
      if (!whole.includes(text)) continue;
      parts = parts.flatMap((part) =>
        typeof part === "string" ? between(part.split(text), output) : [part],
      );
    }
    for (const part of parts) if (typeof part !== "string") ask(plan[part.from], part.path[0]);
    return parts.length === 1 && typeof parts[0] === "string"
      ? whole
      : { $text: parts.filter((part) => part !== "") };
  };
  return template;
}

function between(parts: readonly string[], output: Output): (string | Output)[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [output, part]));
}

function ask(planned: Planned | undefined, key: string | undefined): void {
  if (planned !== undefined && key !== undefined && !planned.asked.includes(key)) planned.asked.push(key);
}
