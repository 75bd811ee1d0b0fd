import type { Recorded } from "./mocks.ts";

/** What depends on what, the way the engine orders creation and, backwards, destruction. */
export interface Graph {
  /** Whether `from` is created after `to`, and so destroyed before it. */
  follows(from: Recorded, to: Recorded): boolean;
  /** The layer's component and everything below it. */
  layer(name: string): Recorded[];
}

/**
 * Builds the graph of one program: a resource follows its parent, its provider, and whatever it depends on; to depend on a
 * component is to depend on everything below it.
 */
export function graphOf(resources: readonly Recorded[]): Graph {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const children = new Map<string, string[]>();
  for (const { urn, parent } of resources) {
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), urn]);
  }
  const below = (urn: string): string[] => [urn, ...(children.get(urn) ?? []).flatMap(below)];
  const direct = (resource: Recorded): string[] => [
    ...(resource.parent === undefined ? [] : [resource.parent]),
    ...providersOf(resource, resources),
    ...resource.dependsOn.flatMap(below),
  ];
  const reached = new Map<string, Set<string>>();
  const reach = (urn: string): Set<string> => {
    const known = reached.get(urn);
    if (known !== undefined) return known;
    const found = new Set<string>();
    reached.set(urn, found);
    const resource = byUrn.get(urn);
    for (const next of resource === undefined ? [] : direct(resource)) {
      found.add(next);
      for (const further of reach(next)) found.add(further);
    }
    return found;
  };
  return {
    follows: (from, to) => reach(from.urn).has(to.urn),
    layer: (name) => {
      const root = resources.find(
        (resource) => resource.type.startsWith(`platform:${name}:`) && resource.name === name,
      );
      if (root === undefined) throw new Error(`no layer component '${name}'`);
      return below(root.urn).map((urn) => byUrn.get(urn) as Recorded);
    },
  };
}

function providersOf(resource: Recorded, resources: readonly Recorded[]): string[] {
  const names = [
    ...(resource.provider === undefined ? [] : [resource.provider]),
    ...Object.values(resource.providers),
  ];
  return resources
    .filter(({ type, name }) => type.startsWith("pulumi:providers:") && names.includes(name))
    .map(({ urn }) => urn);
}
