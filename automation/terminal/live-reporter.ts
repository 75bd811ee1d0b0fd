import { Listr, ListrLogger, ProcessOutput, type ListrTaskWrapper } from "listr2";

import type { LayerName } from "../../lib/environment.ts";
import { changesOf } from "../results.ts";
import type { Counts, Progress } from "../types.ts";
import { changes, duration } from "./format.ts";
import type { Reporter } from "./reporter.ts";

type Task = Pick<ListrTaskWrapper<unknown, never, never>, "title" | "output">;

/** One layer's line. */
class Line {
  readonly layer: LayerName;
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  task: Task | undefined;
  counts: Counts = { created: 0, updated: 0, replaced: 0, deleted: 0, unchanged: 0 };
  /** Steps that are running, by resource. */
  running = new Map<string, { step: string; since: number }>();
  began: number | undefined;
  ended: string | undefined;

  constructor(layer: LayerName) {
    this.layer = layer;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.resolve = resolve;
    this.reject = reject;
    // It may fail before its turn to be shown came, when nobody waits for it yet.
    promise.catch(() => undefined);
  }

  /** `infra: 61 created, 2 m 10 s` */
  get title(): string {
    if (this.ended !== undefined) return `${this.layer}: ${this.ended}`;
    if (this.began === undefined) return this.layer;
    const counts = changesOf(this.counts) === 0 ? "" : `${changes(this.counts)}, `;
    return `${this.layer}: ${counts}${duration((Date.now() - this.began) / 1000)}`;
  }

  /** The step that has been running longest, and how many others run beside it. */
  get detail(): string {
    const [first, ...others] = [...this.running.values()].sort((a, b) => a.since - b.since);
    if (first === undefined) return "";
    const more = others.length === 0 ? "" : `, and ${others.length} more`;
    return `${first.step}, ${duration((Date.now() - first.since) / 1000)}${more}`;
  }
}

/** A live line for every layer, for terminals. */
export function liveReporter(stream: NodeJS.WriteStream): Reporter {
  let lines = new Map<LayerName, Line>();
  /** What was said while lines were shown; written out below them at the end. */
  let notes: string[] = [];
  let shown: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const refresh = (): void => {
    for (const line of lines.values()) {
      if (line.task === undefined) continue;
      line.task.title = line.title;
      line.task.output = [notes.at(-1), line.detail].filter(Boolean).join("\n");
    }
  };

  const say = (text: string): void => {
    if (shown === undefined) stream.write(`${text}\n`);
    else notes.push(text);
    refresh();
  };

  const end = async (failed: boolean): Promise<void> => {
    clearInterval(timer);
    const said = notes;
    notes = [];
    for (const line of lines.values()) {
      if (failed) line.reject(new Error(line.layer));
      else line.resolve();
    }
    await shown;
    for (const note of said) stream.write(`${note}\n`);
  };

  return {
    start(layers, title) {
      const before = end(false);
      lines = new Map(layers.map((layer) => [layer, new Line(layer)]));
      const current = [...lines.values()];
      shown = before.then(async () => {
        if (title !== undefined) stream.write(`${title}\n`);
        await showLines(current, stream, refresh);
      });
      timer = setInterval(refresh, 1000);
    },
    report(progress) {
      if (progress.kind === "note") return say(progress.text);
      const line = lines.get(progress.layer);
      if (line === undefined) return;
      take(line, progress);
      refresh();
    },
    say,
    async stop(failed) {
      await end(failed);
      shown = undefined;
    },
  };
}

/** Shows the lines one after the other, each until it is done. */
async function showLines(
  lines: readonly Line[],
  stream: NodeJS.WriteStream,
  refresh: () => void,
): Promise<void> {
  const tasks = lines.map((line) => ({
    title: line.layer,
    task: async (_: unknown, task: Task): Promise<void> => {
      line.task = task;
      refresh();
      await line.done;
      task.title = line.title;
    },
  }));
  const processOutput = new ProcessOutput(stream, stream, { leaveEmptyLine: false });
  const list = new Listr(tasks, {
    // Ctrl-C is ours to answer.
    registerSignalListeners: false,
    rendererOptions: {
      logger: new ListrLogger({ processOutput }),
      showErrorMessage: false,
      collapseErrors: false,
    },
  });
  // Why it failed is told below, with its remedy.
  await list.run().catch(() => undefined);
}

function take(line: Line, progress: Exclude<Progress, { kind: "note" }>): void {
  switch (progress.kind) {
    case "begin":
      line.began ??= Date.now();
      break;
    case "step": {
      const { type, name, op, state } = progress.step;
      const resource = `${type} ${name}`;
      if (state === "running") line.running.set(resource, { step: `${op} ${resource}`, since: Date.now() });
      else line.running.delete(resource);
      line.counts = progress.counts;
      break;
    }
    case "end":
      line.ended = `${changes(progress.result)}, ${duration(progress.result.seconds)}`;
      line.resolve();
  }
}
