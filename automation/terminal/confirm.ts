import { createInterface } from "node:readline/promises";

import { PlatformError } from "../../lib/errors.ts";

/** Asks a question; the answer without white space around it. */
export type Ask = (question: string, signal: AbortSignal) => Promise<string>;

export interface ConfirmArgs {
  /** The command as it was typed, to name in advice. */
  command: string;
  /** What is about to happen. */
  question: string;
  /** The answer that lets it happen. */
  expected: string;
  /** `--yes` was given. */
  yes: boolean;
  /** @default nobody to ask */
  ask?: Ask;
  signal: AbortSignal;
}

/**
 * Asks before something is changed.
 *
 * @throws PlatformError CONFIRMATION_NEEDED, or CANCELLED if the question was interrupted
 */
export async function confirm({ command, question, expected, yes, ask, signal }: ConfirmArgs): Promise<void> {
  if (yes) return;
  if (ask === undefined) {
    throw refusal(
      command,
      "nobody can be asked here: this is not a terminal",
      `If it is meant: ${command} --yes.`,
    );
  }
  const answer = await ask(`${question} Type ${expected} to go on: `, signal).catch(() => {
    throw new PlatformError({
      id: "CANCELLED",
      key: command,
      rule: "it was interrupted before anything was done",
      remedy: "Run it again.",
    });
  });
  if (answer !== expected)
    throw refusal(command, `it was not confirmed by "${expected}"`, "Nothing was done.");
}

function refusal(command: string, rule: string, remedy: string): PlatformError {
  return new PlatformError({ id: "CONFIRMATION_NEEDED", key: command, rule, remedy });
}

/** Asks on the terminal, through standard error, so that standard output stays clean. */
export const askOnTerminal: Ask = async (question, signal) => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // While a line is edited the terminal sends Ctrl-C to the editor instead of as a signal.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return (await lines.question(question, { signal })).trim();
  } finally {
    lines.close();
  }
};
