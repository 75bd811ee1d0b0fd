import { runOver, type RunOptions } from "./run.ts";
import { selectStack } from "./stack.ts";
import type { Context, RunResult } from "./types.ts";

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
      // With the program, so that providers are asked with their present settings, not with those of the last run.
      await run.operate(plan, (engine) => stack.refresh({ ...engine, runProgram: true }));
    }
  });
}
