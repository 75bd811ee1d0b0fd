import type { Stack } from "@pulumi/pulumi/automation/index.js";

import type { StackPlan } from "./plan.ts";
import { runOver, type Run, type RunOptions } from "./run.ts";
import { createOrSelectStack } from "./stack.ts";
import { findLacking, hasPlacesFor, requireSupplies, type SupplySources } from "./supplies.ts";
import type { Context, RunResult } from "./types.ts";
import { targetsOf } from "./urn.ts";

export interface UpOptions extends RunOptions, SupplySources {}

/**
 * Brings an environment up, layer by layer from left to right, and stops at the first that fails; run again, it goes on there.
 *
 * @throws PlatformError before anything is touched, RunFailure afterwards; IMAGES_MISSING and SECRETS_EMPTY before the apps layer
 */
export async function upEnvironment(context: Context, options: UpOptions = {}): Promise<RunResult> {
  return runOver(context, "up", options, async (run) => {
    for (const plan of run.stacks) {
      const stack = await createOrSelectStack(run.session, plan);
      if (plan.layer === "all") await prepareComposed(run, plan, stack, options);
      if (plan.layer === "apps") await requireSupplies(run, options);
      await run.operate(plan, (engine) => stack.up(engine));
    }
  });
}

/**
 * On a fresh account neither the repositories nor the secrets' entries exist, so nobody can have filled them. If anything is lacking
 * and has no place yet, the layers up to infra are applied by themselves, so that there is somewhere to put it.
 */
async function prepareComposed(
  run: Run,
  plan: StackPlan,
  stack: Stack,
  sources: SupplySources,
): Promise<void> {
  const lacking = await findLacking(run, "all", sources);
  if (lacking.images.length === 0 && lacking.secrets.length === 0) return;
  if (!(await hasPlacesFor(lacking, stack))) {
    run.onProgress({
      kind: "note",
      text: "There is no place yet for all images and secrets: infra is applied first, by itself.",
    });
    const target = targetsOf(run.context.environment, plan.project, "infra");
    await run.operate({ ...plan, layers: ["infra"] }, (engine) => stack.up({ ...engine, target }));
  }
  await requireSupplies(run, sources);
}
