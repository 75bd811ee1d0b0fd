import type { LayerName } from "../../lib/environment.ts";
import type { Progress } from "../types.ts";
import { changes, duration, stepLine } from "./format.ts";

/** Shows what is going on while it goes on. Everything goes to standard error. */
export interface Reporter {
  /** The layers to come, in order. A command that goes through them several times names each time. */
  start: (layers: readonly LayerName[], title?: string) => void;
  report: (progress: Progress) => void;
  say: (text: string) => void;
  /** Nothing more comes; `failed` if the layer at work did not end well. */
  stop: (failed: boolean) => Promise<void>;
}

/** A line for every change: for logs, and wherever standard error is not a terminal. */
export function plainReporter(write: (line: string) => void): Reporter {
  return {
    start: (_layers, title) => {
      if (title !== undefined) write(`== ${title}`);
    },
    report(progress) {
      switch (progress.kind) {
        case "begin":
          return write(`${progress.layer}: begins`);
        case "step": {
          const { step, layer } = progress;
          if (step.state === "running" || step.op === "same") return undefined;
          return write(`${layer}: ${stepLine(step)}${step.state === "failed" ? " FAILED" : ""}`);
        }
        case "end":
          return write(
            `${progress.layer}: ${changes(progress.result)}, ${duration(progress.result.seconds)}`,
          );
        case "note":
          return write(progress.text);
      }
    },
    say: write,
    stop: async () => undefined,
  };
}
