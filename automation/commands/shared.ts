import { fileURLToPath } from "node:url";
import { resolve } from "node:path";

import { checkEnvironment, type CheckedEnvironment } from "../check.ts";
import { reversed, selectStacks } from "../plan.ts";
import { requirePreconditions } from "../preconditions.ts";
import { commandOf, type RunOptions } from "../run.ts";
import { runJson } from "../json.ts";
import { summary } from "../terminal/format.ts";
import type { Outcome, TerminalSession } from "../terminal/session.ts";
import type { Context, Operation, RunResult } from "../types.ts";

/** Options that every command has. */
export interface CommonOptions {
  json?: boolean;
  /** The checkout to work in. @default the one that this file belongs to */
  directory?: string;
}

export interface LayerOptions extends CommonOptions {
  layer?: string;
}

export interface ChangeOptions extends LayerOptions {
  yes?: boolean;
}

/** The directory that a command works in. */
export function rootOf({ directory }: CommonOptions): string {
  return directory === undefined ? fileURLToPath(new URL("../..", import.meta.url)) : resolve(directory);
}

/** The context of a command on the terminal. */
export function contextOf(environment: string, options: CommonOptions, session: TerminalSession): Context {
  return { root: rootOf(options), environment, signal: session.signal, kill: session.kill };
}

export interface Prepared {
  context: Context;
  checked: CheckedEnvironment;
  runOptions: RunOptions;
  /** What the user typed, in short. */
  command: string;
  /** Shows progress from here on. */
  begin: () => void;
}

/** Checks the environment and the layer, so that nothing is asked and nothing shown before the command can really begin. */
export async function prepare(
  operation: Operation,
  environment: string,
  options: LayerOptions,
  session: TerminalSession,
): Promise<Prepared> {
  const { layer } = options;
  const context = contextOf(environment, options, session);
  const checked = await checkEnvironment(context);
  const selected = selectStacks(checked.environment, checked.stacks, layer);
  requirePreconditions(context, operation, checked);
  const ordered = operation === "destroy" ? reversed(selected) : selected;
  const runOptions = { layer, checked, onProgress: session.reporter.report };
  const begin = (): void => session.reporter.start(ordered.flatMap(({ layers }) => layers));
  return { context, checked, runOptions, command: commandOf(operation, environment, layer), begin };
}

/** `qa (composed, account 111122223333, ap-south-1)` */
export function describe({ environment }: CheckedEnvironment, layer: string | undefined): string {
  const { name, topology, accountId, region } = environment;
  const part = layer === undefined ? name : `layer ${layer} of ${name}`;
  return `${part} (${topology}, account ${accountId}, ${region})`;
}

export function outcomeOf(result: RunResult): Outcome {
  return { json: runJson(result), text: summary(result) };
}
