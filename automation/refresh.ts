import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { runOver, type RunOptions } from "./run.ts";
import { exportState, selectStack } from "./stack.ts";
import type { Context, RunResult } from "./types.ts";
import { nameOf } from "./urn.ts";

/** Brings the state up to what really exists; changes nothing in the cloud. Stacks that were never made are passed over. */
export async function refreshEnvironment(context: Context, options: RunOptions = {}): Promise<RunResult> {
  return runOver(context, "refresh", options, async (run) => {
    for (const plan of run.stacks) {
      const stack = await selectStack(run.session, plan);
      if (stack === undefined) {
        run.onProgress({
          kind: "note",
          text: `${plan.layers.join(", ")}: never applied, nothing to refresh.`,
        });
        continue;
      }
      const creations = await pendingCreations(stack);
      if (creations.length > 0) {
        const text = `An earlier run was cut off while it created ${creations.join(", ")}. If one of these exists, delete or import it before the next up.`;
        run.onProgress({ kind: "note", text });
      }
      // With the program, so that providers are asked with their present settings, not with those of the last run.
      await run.operate(plan, (engine) =>
        stack.refresh({ ...engine, runProgram: true, clearPendingCreates: true }),
      );
    }
  });
}

/** Creations of which the engine never saw the end. A refresh drops the record of them: nothing says whether they happened. */
async function pendingCreations(stack: Stack): Promise<string[]> {
  const { pending } = await exportState(stack);
  return pending
    .filter(({ type }) => type === "creating")
    .map(({ resource: { urn } }) => `${nameOf(urn).type} ${nameOf(urn).name}`);
}
