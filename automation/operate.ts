import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { PlatformError } from "../lib/errors.ts";
import { Diagnostics, isProgramFailure, printedErrors } from "./diagnostics.ts";
import { EngineError } from "./engine.ts";
import { explain, RunFailure, type Place } from "./errors.ts";
import type { StackPlan } from "./plan.ts";
import { Tally } from "./tally.ts";
import type { Context, LayerResult, OnProgress, Operation } from "./types.ts";

/** What every operation of the Automation API takes. */
export interface EngineOptions {
  onEvent: (event: EngineEvent) => void;
  signal?: AbortSignal;
}

export interface OperateArgs {
  context: Context;
  plan: StackPlan;
  operation: Operation;
  /** The command to run again, for advice: `platform up qa`. */
  command: string;
  onProgress: OnProgress;
}

/**
 * Runs one operation of the engine on one stack, and counts and reports what it does.
 *
 * @param run calls the engine
 * @throws RunFailure with the layers' results until then
 */
export async function operate(
  args: OperateArgs,
  run: (options: EngineOptions) => Promise<unknown>,
): Promise<LayerResult[]> {
  const { context, plan, operation, command, onProgress } = args;
  const tally = new Tally(plan, operation);
  const diagnostics = new Diagnostics((text) => onProgress({ kind: "note", text: `warning: ${text}` }));
  const onEvent = (event: EngineEvent): void => {
    diagnostics.observe(event);
    tally.observe(event).forEach(onProgress);
  };
  try {
    throwIfCancelled(context, command);
    tally.start().forEach(onProgress);
    await run({ onEvent, signal: context.signal });
  } catch (error) {
    const place: Place = { environment: context.environment, layer: plan.layer, command };
    const errors = reasons(error, diagnostics, context, place);
    const inProgram =
      diagnostics.inProgram || (error instanceof EngineError && isProgramFailure(error.message));
    throw new RunFailure(errors, plan.layer, tally.results(), inProgram);
  }
  const { results, progress } = tally.finish();
  progress.forEach(onProgress);
  return results;
}

/** Why it failed: because we asked for it, by what the engine reported, else by what it printed. */
function reasons(
  error: unknown,
  diagnostics: Diagnostics,
  context: Context,
  place: Place,
): [PlatformError, ...PlatformError[]] {
  if (error instanceof PlatformError) return [error];
  if (isCancelled(context)) return [cancelled(context, place.command)];
  if (!(error instanceof EngineError)) throw error;
  const reported = diagnostics.errors.length > 0 ? diagnostics.errors : printedErrors(error.output.stderr);
  const [first, ...rest] = explain(reported.length > 0 ? reported : [{ message: error.message }], place);
  if (first === undefined) throw error;
  return [first, ...rest];
}

/** @throws PlatformError CANCELLED */
export function throwIfCancelled(context: Context, command: string): void {
  if (isCancelled(context)) throw cancelled(context, command);
}

function isCancelled({ signal, kill }: Context): boolean {
  return signal?.aborted === true || kill?.aborted === true;
}

function cancelled({ environment, kill, command: typed }: Context, command: string): PlatformError {
  const hard = kill?.aborted === true;
  const again = hard
    ? `Run 'platform refresh ${environment}', so that what was half made is known, then '${command}' again.`
    : `Run '${command}' again: it goes on from here.`;
  return new PlatformError({
    id: "CANCELLED",
    key: command,
    rule: hard
      ? "it was ended at once, in the middle of steps"
      : "it was interrupted; steps that were running were finished",
    // A command that works on a copy leaves nothing to go on from.
    remedy: typed === undefined ? again : `Nothing is left of it. Run '${typed}' again: it begins anew.`,
  });
}
