import { PlatformError } from "../../lib/errors.ts";
import { errorJson, RunFailure } from "../errors.ts";
import { layersJson } from "../json.ts";
import { confirm, askOnTerminal, type ConfirmArgs } from "./confirm.ts";
import { exitCodeOf, exitCodes, type ExitCode } from "./exit-codes.ts";
import { summaryLines } from "./format.ts";
import { listenForInterrupts, type Interrupts } from "./interrupts.ts";
import { plainReporter, type Reporter } from "./reporter.ts";

/** What a command has to say at its end. */
export interface Outcome {
  /** What `--json` prints. */
  json: unknown;
  /** What people read. */
  text: string;
  /** @default ok */
  code?: ExitCode;
}

/** What a command may do with the terminal. */
export interface TerminalSession extends Pick<Interrupts, "signal" | "kill"> {
  reporter: Reporter;
  confirm(args: Omit<ConfirmArgs, "signal" | "ask">): Promise<void>;
}

/**
 * Runs a command on the terminal: shows progress on standard error, prints the outcome or the error, answers Ctrl-C, and sets the
 * exit code. With `json`, standard output gets exactly one object, for errors too.
 */
export async function onTerminal(
  { json }: { json?: boolean },
  body: (session: TerminalSession) => Promise<Outcome>,
): Promise<void> {
  const reporter = await chooseReporter(json ?? false);
  const interrupts = listenForInterrupts((text) => reporter.say(text));
  const ask = process.stdin.isTTY && process.stderr.isTTY ? askOnTerminal : undefined;
  try {
    const { signal, kill } = interrupts;
    const outcome = await body({
      reporter,
      signal,
      kill,
      confirm: (args) => confirm({ ...args, ask, signal }),
    });
    await reporter.stop(false);
    process.stdout.write(`${json ? JSON.stringify(outcome.json, undefined, 2) : outcome.text}\n`);
    process.exitCode = outcome.code ?? exitCodes.ok;
  } catch (error) {
    await reporter.stop(true);
    process.exitCode = showError(error, json ?? false);
  } finally {
    interrupts.close();
  }
}

async function chooseReporter(json: boolean): Promise<Reporter> {
  if (!json && process.stderr.isTTY && !process.env["CI"]) {
    return (await import("./live-reporter.ts")).liveReporter(process.stderr);
  }
  return plainReporter((line) => void process.stderr.write(`${line}\n`));
}

/** Prints an error, as the one object where `json` is asked for. @returns the exit code */
export function showError(error: unknown, json: boolean): ExitCode {
  const failure = error instanceof RunFailure ? error : undefined;
  const named = failure?.error ?? (error instanceof PlatformError ? error : undefined);
  if (named === undefined) {
    // A defect of ours: the stack is what helps.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    const message = error instanceof Error ? error.message : String(error);
    if (json) process.stdout.write(`${JSON.stringify({ error: { message } }, undefined, 2)}\n`);
    return exitCodes.error;
  }
  if (json) {
    const others = failure?.others.map((other) => errorJson(other, failure.layer)) ?? [];
    const object = {
      error: errorJson(named, failure?.layer),
      ...(others.length > 0 ? { others } : {}),
      ...(failure === undefined ? {} : { layers: layersJson(failure.done) }),
    };
    process.stdout.write(`${JSON.stringify(object, undefined, 2)}\n`);
  } else {
    process.stderr.write(`${errorText(named, failure)}\n`);
  }
  return exitCodeOf(named);
}

/** The error for people: what was done before it, where it happened, each cause with its remedy. */
export function errorText(error: PlatformError, failure: RunFailure | undefined): string {
  const where = failure === undefined || failure.layer === "all" ? "" : `In layer ${failure.layer}:\n`;
  const done =
    failure === undefined || failure.done.length === 0
      ? []
      : ["Done before it:", ...summaryLines(failure.done)];
  return [...done, `${where}${paragraph(error)}`, ...(failure?.others ?? []).map(paragraph)].join("\n");
}

function paragraph({ id, key, value, rule, remedy }: PlatformError): string {
  const shown = value === undefined ? key : `${key} = ${JSON.stringify(value)}`;
  return `${id}: ${shown}: ${rule}.\n  ${remedy}`;
}
