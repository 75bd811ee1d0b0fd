import { checkEnvironment, type CheckedEnvironment } from "./check.ts";
import { printedErrors } from "./diagnostics.ts";
import { EngineError } from "./engine.ts";
import { explain, RunFailure, type Place } from "./errors.ts";
import { operate, throwIfCancelled, type EngineOptions } from "./operate.ts";
import { selectStacks, type StackPlan } from "./plan.ts";
import { requirePreconditions } from "./preconditions.ts";
import { addResult } from "./results.ts";
import { openSession, type Session } from "./stack.ts";
import type { Context, LayerResult, OnProgress, Operation, Progress, RunResult } from "./types.ts";

export interface RunOptions {
  /** Only this layer; for layered environments. @default all */
  layer?: string;
  /** Told what is going on. @default nobody */
  onProgress?: OnProgress;
  /** The environment, if it was checked already. @default it is checked now */
  checked?: CheckedEnvironment;
}

/** The engine at work on some stacks of an environment. */
export interface Work {
  context: Context;
  checked: CheckedEnvironment;
  session: Session;
  /** The stacks that the command is about, in the order of application. */
  stacks: StackPlan[];
  /** What the user would type to run it again. */
  command: string;
}

/** A run that changes or compares the stacks of an environment. */
export interface Run extends Work {
  onProgress: OnProgress;
  /** Calls the engine for one stack, beside the run: its steps are neither shown nor counted. */
  call(plan: StackPlan, operation: Operation, call: EngineCall): Promise<void>;
  /** Calls the engine for one stack with the run's own operation, and adds what it did to the run's result. */
  operate(plan: StackPlan, call: EngineCall): Promise<void>;
}

export type EngineCall = (options: EngineOptions) => Promise<unknown>;

/**
 * Checks the environment and lets `body` work on its stacks. What the engine says when it fails becomes cause and remedy.
 *
 * @param verb name of the command
 * @throws PlatformError before anything is touched, RunFailure afterwards
 */
export async function work<T>(
  context: Context,
  verb: Operation | "outputs",
  options: RunOptions,
  body: (work: Work) => Promise<T>,
): Promise<T> {
  const checked = options.checked ?? (await checkEnvironment(context));
  const stacks = selectStacks(checked.environment, checked.stacks, options.layer);
  const command = context.command ?? commandOf(verb, context.environment, options.layer);
  throwIfCancelled(context, command);
  if (verb !== "outputs") requirePreconditions(context, verb, checked);
  try {
    return await body({
      context,
      checked,
      stacks,
      command,
      session: await openSession(context, checked.file),
    });
  } catch (error) {
    throw explained(error, { environment: context.environment, layer: "all", command });
  }
}

/**
 * Like {@link work}, for an operation that is counted. An error on the way carries what was done before it.
 *
 * @throws PlatformError before anything is touched, RunFailure afterwards
 */
export async function runOver(
  context: Context,
  operation: Operation,
  options: RunOptions,
  body: (run: Run) => Promise<void>,
): Promise<RunResult> {
  const started = performance.now();
  const onProgress = options.onProgress ?? (() => undefined);
  const layers: LayerResult[] = [];
  const topology = await work(context, operation, options, async (basis) => {
    const shared = { context, command: basis.command };
    const call: Run["call"] = async (plan, kind, engine) => {
      const onNote = (progress: Progress): void =>
        progress.kind === "note" ? onProgress(progress) : undefined;
      await operate({ ...shared, plan, operation: kind, onProgress: onNote }, engine);
    };
    const operateAndAdd: Run["operate"] = async (plan, engine) => {
      for (const result of await operate({ ...shared, plan, operation, onProgress }, engine))
        addResult(layers, result);
    };
    try {
      await body({ ...basis, onProgress, call, operate: operateAndAdd });
    } catch (error) {
      throw withDone(error, layers, {
        environment: context.environment,
        layer: "all",
        command: basis.command,
      });
    }
    return basis.checked.environment.topology;
  });
  const seconds = Math.round(performance.now() - started) / 1000;
  return { environment: context.environment, topology, operation, layers, skipped: [], seconds };
}

function withDone(error: unknown, done: readonly LayerResult[], place: Place): unknown {
  const failure = explained(error, place);
  if (!(failure instanceof RunFailure)) return failure;
  const all = [...done];
  for (const result of failure.done) addResult(all, result);
  return new RunFailure([failure.error, ...failure.others], failure.layer, all);
}

/** The engine failed outside of an operation: it could not be reached, or not open the stack. */
function explained(error: unknown, place: Place): unknown {
  if (!(error instanceof EngineError)) return error;
  const [first, ...rest] = explain(printedErrors(error.message), place);
  return first === undefined ? error : new RunFailure([first, ...rest], place.layer, []);
}

/** What the user types for an operation. */
export function commandOf(verb: string, environment: string, layer?: string): string {
  return `platform ${verb} ${environment}${layer === undefined ? "" : ` --layer ${layer}`}`;
}
