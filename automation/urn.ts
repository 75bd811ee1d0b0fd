import { layerNames, type LayerName } from "../lib/environment.ts";

/** The last two parts of a URN, for people: `aws:ec2/vpc:Vpc qa-vpc`. */
export interface ResourceName {
  type: string;
  name: string;
}

/** `urn:pulumi:<stack>::<project>::<type of the topmost parent>$…$<type>::<name>`; the name itself may hold colons. */
const urnPattern = /^urn:pulumi:[^:]*::[^:]*::(.*?)::(.*)$/s;

export function nameOf(urn: string): ResourceName {
  const match = urnPattern.exec(urn);
  const types = match?.[1] ?? "";
  return { type: types.slice(types.lastIndexOf("$") + 1), name: match?.[2] ?? urn };
}

/** What belongs to no layer: the stack itself, and references to other stacks. */
export function isInternal(urn: string): boolean {
  return ["pulumi:pulumi:Stack", "pulumi:pulumi:StackReference"].includes(nameOf(urn).type);
}

/**
 * The layer of a resource in a stack that holds several: by the layer's own component at the top of its types, and for a provider,
 * which has no parent, by the end of its name.
 */
export function layerOf(urn: string): LayerName | undefined {
  const match = urnPattern.exec(urn);
  if (match === null) return undefined;
  const [, types = "", name = ""] = match;
  const module = /^platform:([a-z]+):/.exec(types)?.[1];
  const suffix = types.startsWith("pulumi:providers:") ? name.slice(name.lastIndexOf("-") + 1) : undefined;
  return layerNames.find((layer) => layer === module || layer === suffix);
}

/** Is this the component that is the layer? When it reports its outputs, the layer is done. */
export function isLayerComponent(urn: string, layer: LayerName): boolean {
  const { type, name } = nameOf(urn);
  return name === layer && type.startsWith(`platform:${layer}:`);
}

/** Patterns that match the resources of one layer in a stack that holds several, and nothing else. */
export function targetsOf(environment: string, project: string, layer: LayerName): string[] {
  const stack = `urn:pulumi:${environment}::${project}::`;
  return [`${stack}platform:${layer}:**`, `${stack}pulumi:providers:*::*-${layer}`];
}
