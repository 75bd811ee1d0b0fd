import { exitCodes } from "./exit-codes.ts";

/** The signals that ask a command to end. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How long the engine may take to end once it was told to end at once, in milliseconds, before this process ends without it. */
const patience = 5000;

/** Where signals come from and what ends the process; the real process but in tests. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
}

export interface Interrupts {
  /** Aborted by the first interrupt: finish what is running. */
  readonly signal: AbortSignal;
  /** Aborted by the second one: end at once. */
  readonly kill: AbortSignal;
  /** Stops listening. */
  close(): void;
}

/** Listens for interrupts. The first one ends in order, the second at once; each says what it does. */
export function listenForInterrupts(say: (text: string) => void, source: SignalSource = process): Interrupts {
  const gentle = new AbortController();
  const hard = new AbortController();
  let last: NodeJS.Timeout | undefined;
  const listener = (): void => {
    if (!gentle.signal.aborted) {
      say(
        "Cancelling: steps that are running are finished, no new one is begun. Press Ctrl-C again to end at once.",
      );
      gentle.abort();
    } else if (!hard.signal.aborted) {
      say("Ending at once; what is half made is not recorded.");
      hard.abort();
      last = setTimeout(() => source.exit(exitCodes.cancelled), patience);
      last.unref();
    } else {
      source.exit(exitCodes.cancelled);
    }
  };
  for (const signal of signals) source.on(signal, listener);
  return {
    signal: gentle.signal,
    kill: hard.signal,
    close() {
      clearTimeout(last);
      for (const signal of signals) source.off(signal, listener);
    },
  };
}
