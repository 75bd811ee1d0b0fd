import type { Tool } from "./table.ts";

/** How far the building of tools is. */
export interface ToolsProgress {
  done: number;
  total: number;
  /** What is being built, or waited for. */
  building: string[];
  /** Seconds since the start. */
  seconds: number;
  /** Seconds that are probably left. */
  estimate: number;
}

export type OnProgress = (progress: ToolsProgress) => void;

/** Counts tools as they are built, and tells a listener at every change and every few seconds. */
export class ProgressMeter {
  readonly #tools: readonly Tool[];
  readonly #listener: OnProgress;
  readonly #now: () => number;
  readonly #started: number;
  readonly #running = new Map<Tool, { label: string; since: number }>();
  readonly #took = new Map<Tool, number>();
  #timer: NodeJS.Timeout | undefined;
  #pending: NodeJS.Immediate | undefined;

  /** `now` gives seconds. */
  constructor(
    tools: readonly Tool[],
    listener: OnProgress,
    now: () => number = () => performance.now() / 1000,
  ) {
    this.#tools = tools;
    this.#listener = listener;
    this.#now = now;
    this.#started = now();
  }

  /** Repeats the last state every `seconds`, so that a long build does not look like a stopped one. */
  start(seconds = 15): void {
    this.#timer = setInterval(() => this.#tell(), seconds * 1000);
    this.#timer.unref();
  }

  /** Ends the repetition and tells what is still to be told. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#pending !== undefined) {
      clearImmediate(this.#pending);
      this.#tell();
    }
  }

  begin(tool: Tool, label: string = tool.name): void {
    this.#running.set(tool, { label, since: this.#now() });
    this.#changed();
  }

  finish(tool: Tool): void {
    const since = this.#running.get(tool)?.since ?? this.#now();
    this.#running.delete(tool);
    this.#took.set(tool, this.#now() - since);
    this.#changed();
  }

  /** Tells once for changes that come together: a lane that finishes a tool begins the next one at once. */
  #changed(): void {
    this.#pending ??= setImmediate(() => this.#tell());
  }

  #tell(): void {
    this.#pending = undefined;
    const now = this.#now();
    const running = new Map([...this.#running].map(([tool, { since }]) => [tool, now - since]));
    this.#listener({
      done: this.#took.size,
      total: this.#tools.length,
      building: [...this.#running.values()].map(({ label }) => label),
      seconds: now - this.#started,
      estimate: estimate(this.#tools, this.#took, running),
    });
  }
}

/**
 * Seconds that are left: what the table says for the rest, corrected by how long the finished ones really took, for two lanes
 * of which each builds the tools of one module after the other.
 */
export function estimate(
  all: readonly Tool[],
  took: ReadonlyMap<Tool, number>,
  running: ReadonlyMap<Tool, number>,
): number {
  const expected = [...took.keys()].reduce((sum, tool) => sum + tool.seconds, 0);
  const real = [...took.values()].reduce((sum, seconds) => sum + seconds, 0);
  const pace = expected === 0 ? 1 : real / expected;
  const left = new Map<string, number>();
  for (const tool of all.filter((candidate) => !took.has(candidate))) {
    const rest = Math.max(tool.seconds * pace - (running.get(tool) ?? 0), 0);
    left.set(tool.module, (left.get(tool.module) ?? 0) + rest);
  }
  const modules = [...left.values()];
  // No lane ends before the longest module is through.
  return Math.max(0, ...modules, modules.reduce((sum, seconds) => sum + seconds, 0) / 2);
}

/** One line for a terminal, for instance `tools: 3 of 8 ready after 2m 05s, about 4 min left; building helm, kubectl`. */
export function progressLine({ done, total, building, seconds, estimate: left }: ToolsProgress): string {
  const rest =
    left < 90 ? `about ${Math.ceil(left / 10) * 10} s left` : `about ${Math.round(left / 60)} min left`;
  const ready = `tools: ${done} of ${total} ready after ${duration(seconds)}`;
  return building.length === 0 ? ready : `${ready}, ${rest}; building ${building.join(", ")}`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, "0")}s`;
}
