import type { PlatformError } from "../../lib/errors.ts";

/** What the command line ends with; docs/cli.md explains them. */
export const exitCodes = {
  ok: 0,
  error: 1,
  /** A check found differences: `preview --expect-no-changes`, `render --check`. */
  differences: 2,
  /** The command line itself is wrong. */
  usage: 64,
  /** Interrupted by Ctrl-C or a signal. */
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of an error. */
export function exitCodeOf(error: PlatformError): ExitCode {
  if (error.id === "CANCELLED") return exitCodes.cancelled;
  return error.id === "STALE_RENDERING" ? exitCodes.differences : exitCodes.error;
}
