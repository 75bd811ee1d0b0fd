import type { Stack } from "@pulumi/pulumi/automation/index.js";

import { fail } from "../lib/errors.ts";
import { checkEnvironment } from "./check.ts";
import { RunFailure } from "./errors.ts";
import { reversed, type StackPlan } from "./plan.ts";
import { findProtection, liftProtection, requireUnprotected } from "./protection.ts";
import { changesOf, totalOf } from "./results.ts";
import { runOver, type Run, type RunOptions } from "./run.ts";
import { selectStack, standingResources } from "./stack.ts";
import type { Context, RunResult } from "./types.ts";

export interface DestroyOptions extends RunOptions {
  /** Lifts the environment's protection, in an update of its own. @default a protected environment is refused */
  unprotect?: boolean;
}

/**
 * Destroys an environment from right to left; run again, it goes on where it was cut off. The stacks stay, empty, with their history.
 *
 * @throws PlatformError PROTECTED_ENVIRONMENT, or LAYER_IN_USE if a layer is named on which others stand; RunFailure once it has begun
 */
export async function destroyEnvironment(context: Context, options: DestroyOptions = {}): Promise<RunResult> {
  const unprotect = options.unprotect ?? false;
  const checked = options.checked ?? (await checkEnvironment(context));
  requireUnprotected(checked, unprotect);
  return runOver(context, "destroy", { ...options, checked }, async (run) => {
    if (options.layer !== undefined) await requireUnused(run, checked.stacks);
    const lift = await prepareLifting(run, unprotect);
    for (const plan of reversed(run.stacks)) await destroyStack(run, plan, lift);
  });
}

/** Lifts protection when the turn of the stack that carries it comes; until then an accident is still prevented. */
type Lift = (plan: StackPlan, stack: Stack) => Promise<void>;

/** Looks at the protection first of all: half an environment must not be gone before the rest is refused. */
async function prepareLifting(run: Run, unprotect: boolean): Promise<Lift> {
  const plan = run.stacks.find(({ layers }) => layers.includes("infra"));
  const stack = plan && (await selectStack(run.session, plan));
  if (stack === undefined) return async () => undefined;
  const urns = await findProtection(run, stack, unprotect);
  return async (at, opened) => {
    if (at.project === plan?.project) await liftProtection(run, at, opened, urns);
  };
}

async function destroyStack(run: Run, plan: StackPlan, lift: Lift): Promise<void> {
  const standing = await standingResources(run.session, plan);
  const stack = standing === 0 ? undefined : await selectStack(run.session, plan);
  if (stack === undefined) {
    run.onProgress({ kind: "note", text: `${plan.layers.join(", ")}: nothing there.` });
    return;
  }
  await lift(plan, stack);
  try {
    // With the program: resource hooks are part of it, and without it a stack that has any cannot be destroyed.
    await run.operate(plan, (engine) => stack.destroy({ ...engine, runProgram: true }));
  } catch (error) {
    const untouched = error instanceof RunFailure && error.inProgram && changesOf(totalOf(error.done)) === 0;
    if (!untouched) throw error;
    // What was left half made can be more than the program can bear; the state alone says all that is needed.
    run.onProgress({ kind: "note", text: "The program fails on what is there; going by the state alone." });
    await run.operate(plan, (engine) => stack.destroy({ ...engine, runProgram: false }));
  }
}

async function requireUnused(run: Run, all: readonly StackPlan[]): Promise<void> {
  const [named] = run.stacks;
  const right = all.slice(all.findIndex(({ layer }) => layer === named?.layer) + 1);
  const standing: string[] = [];
  for (const plan of right) {
    if ((await standingResources(run.session, plan)) > 0) standing.push(plan.layer);
  }
  if (standing.length === 0) return;
  const { name } = run.checked.environment;
  fail({
    id: "LAYER_IN_USE",
    key: "--layer",
    value: named?.layer,
    rule: `${standing.join(", ")} still stand on it`,
    remedy: `Destroy these first, right to left, or all at once: platform destroy ${name}.`,
  });
}
