import { join } from "node:path";

import { layerNames, type Environment, type LayerName } from "../lib/environment.ts";
import { fail } from "../lib/errors.ts";

/** One stack of an environment: the layers it holds and the directory of its project. */
export interface StackPlan {
  /** The layer, or `all` where one stack holds every layer. */
  layer: LayerName | "all";
  layers: readonly LayerName[];
  /** Name of the Pulumi project. */
  project: string;
  workDir: string;
}

/**
 * The stacks of an environment in the order in which they are applied; {@link reversed} gives the order of destruction.
 *
 * @param root directory of the root project
 */
export function stacksOf(environment: Pick<Environment, "topology">, root: string): StackPlan[] {
  switch (environment.topology) {
    case "composed":
      return [{ layer: "all", layers: layerNames, project: "platform", workDir: root }];
    case "layered":
      return layerNames.map((layer) => ({
        layer,
        layers: [layer],
        project: `platform-${layer}`,
        workDir: join(root, layer),
      }));
  }
}

/** Right to left: what stands on a layer goes before it. */
export function reversed(stacks: readonly StackPlan[]): StackPlan[] {
  return stacks.map((stack) => ({ ...stack, layers: stack.layers.toReversed() })).toReversed();
}

/**
 * The stacks that a command is about: all, or the one of the named layer.
 *
 * @throws PlatformError LAYER_UNKNOWN, or LAYER_IN_COMPOSED where the environment is one stack
 */
export function selectStacks(
  environment: Pick<Environment, "name" | "topology">,
  stacks: readonly StackPlan[],
  layer: string | undefined,
): StackPlan[] {
  if (layer === undefined) return [...stacks];
  if (!(layerNames as readonly string[]).includes(layer)) {
    fail({
      id: "LAYER_UNKNOWN",
      key: "--layer",
      value: layer,
      rule: "there is no such layer",
      remedy: `Name one of ${layerNames.join(", ")}.`,
    });
  }
  if (environment.topology === "composed") {
    fail({
      id: "LAYER_IN_COMPOSED",
      key: "--layer",
      value: layer,
      rule: `${environment.name} is composed: one stack holds every layer`,
      remedy: "Leave --layer out; Pulumi changes only what differs.",
    });
  }
  return stacks.filter((stack) => stack.layer === layer);
}
