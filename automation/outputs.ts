import type { OutputMap } from "@pulumi/pulumi/automation/index.js";

import type { Contract } from "../lib/contract.ts";
import type { LayerName } from "../lib/environment.ts";
import { selectStack } from "./stack.ts";
import { work, type RunOptions } from "./run.ts";
import type { Context } from "./types.ts";

/** A contract's values as the stack holds them, by layer; a layer without values was never applied. */
export type LayerOutputs = Partial<Record<LayerName, Record<string, unknown>>>;

export interface OutputsOptions extends Pick<RunOptions, "layer" | "checked"> {
  /** Show secret values. @default they are shown as `[secret]` */
  showSecrets?: boolean;
}

const masked = "[secret]";

/** How the engine writes a value that was not known when a stack was last applied. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the layers of an environment promise to each other: the keys of their contracts, and nothing else that a stack may hold. */
export async function outputsOf(context: Context, options: OutputsOptions = {}): Promise<LayerOutputs> {
  const contracts = await allContracts();
  return work(context, "outputs", options, async ({ stacks, session }) => {
    const outputs: LayerOutputs = {};
    for (const plan of stacks) {
      const stack = await selectStack(session, plan);
      const values = (await stack?.outputs()) ?? {};
      for (const layer of plan.layers) {
        const picked = pickOutputs(contracts[layer], values, options.showSecrets ?? false);
        if (Object.keys(picked).length > 0) outputs[layer] = picked;
      }
    }
    return outputs;
  });
}

/** The contract's keys among a stack's outputs; secret ones masked, by the contract or by the stack. */
export function pickOutputs(
  contract: Contract,
  outputs: OutputMap,
  showSecrets: boolean,
): Record<string, unknown> {
  const keys = Object.keys(contract.shape).filter((key) => {
    const value: unknown = outputs[key]?.value;
    return value !== undefined && value !== null && value !== unknownValue;
  });
  return Object.fromEntries(
    keys.map((key) => {
      const isSecret = outputs[key]?.secret === true || contract.secret.includes(key);
      return [key, isSecret && !showSecrets ? masked : (outputs[key]?.value as unknown)];
    }),
  );
}

async function allContracts(): Promise<Record<LayerName, Contract>> {
  const [{ infraContract }, { meshContract }, { appsContract }, { argocdContract }] = await Promise.all([
    import("../infra/contract.ts"),
    import("../mesh/contract.ts"),
    import("../apps/contract.ts"),
    import("../argocd/contract.ts"),
  ]);
  return { infra: infraContract, mesh: meshContract, apps: appsContract, argocd: argocdContract };
}
