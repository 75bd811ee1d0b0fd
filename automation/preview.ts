import { RunFailure } from "./errors.ts";
import { runOver, type RunOptions } from "./run.ts";
import { createOrSelectStack } from "./stack.ts";
import type { Context, RunResult } from "./types.ts";

/**
 * Says what `up` would change. A layer cannot be looked at before the ones to its left have been applied once; then it and those to
 * its right are listed as skipped.
 */
export async function previewEnvironment(context: Context, options: RunOptions = {}): Promise<RunResult> {
  let skipped: RunResult["skipped"] = [];
  const result = await runOver(context, "preview", options, async (run) => {
    for (const [index, plan] of run.stacks.entries()) {
      const stack = await createOrSelectStack(run.session, plan);
      try {
        await run.operate(plan, (engine) => stack.preview(engine));
      } catch (error) {
        if (index === 0 || !(error instanceof RunFailure) || error.error.id !== "CONTRACT_MISSING")
          throw error;
        skipped = run.stacks.slice(index).flatMap((later) => later.layers);
        run.onProgress({
          kind: "note",
          text: `${skipped.join(", ")}: nothing to show yet. ${error.error.remedy}`,
        });
        return;
      }
    }
  });
  return { ...result, skipped };
}
