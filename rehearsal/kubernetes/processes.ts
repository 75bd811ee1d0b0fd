import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { identify, isAlive, type ProcessIdentity } from "../process-identity.ts";

/** A background process of a rehearsal. */
export interface BackgroundProcess extends ProcessIdentity {
  name: string;
}

export interface StartArgs {
  name: string;
  command: string;
  args: string[];
  /** The process's whole environment. */
  environment: Record<string, string>;
  log: string;
}

/**
 * The background processes of one directory, recorded in a file as they are started, so that another process, or the next rehearsal
 * after this one was killed, can end exactly these and nothing else.
 */
export class Processes {
  readonly file: string;

  constructor(directory: string) {
    this.file = join(directory, "processes.json");
  }

  /** Those that were recorded, in the order of their start. */
  recorded(): BackgroundProcess[] {
    try {
      return JSON.parse(readFileSync(this.file, "utf8")) as BackgroundProcess[];
    } catch {
      return [];
    }
  }

  running(): BackgroundProcess[] {
    return this.recorded().filter(isRunning);
  }

  /** Starts a process that outlives this one. */
  start({ name, command, args, environment, log }: StartArgs): BackgroundProcess {
    mkdirSync(dirname(log), { recursive: true });
    const output = openSync(log, "a", 0o600);
    const child = spawn(command, args, {
      detached: true,
      env: environment,
      cwd: dirname(this.file),
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    // A command that cannot be started is found missing by whoever waits for it; the log says nothing then.
    child.on("error", (error) => writeFileSync(log, `${error.message}\n`, { flag: "a" }));
    child.unref();
    const started = { name, ...identify(child.pid ?? -1) };
    if (child.pid !== undefined) this.record([...this.recorded(), started]);
    return started;
  }

  /**
   * Ends the processes of these names that were recorded, each group after the one before it is gone: asks first, and kills what is
   * still there after `grace` ms.
   */
  async end(groups: readonly (readonly string[])[], grace: number): Promise<void> {
    for (const names of groups) {
      const group = this.running().filter(({ name }) => names.includes(name));
      signal(group, "SIGTERM");
      if (!(await gone(group, grace))) {
        signal(group.filter(isAlive), "SIGKILL");
        await gone(group, 5_000);
      }
    }
    const left = this.running();
    if (left.length === 0) rmSync(this.file, { force: true });
    else this.record(left);
  }

  private record(processes: BackgroundProcess[]): void {
    const temporary = `${this.file}.tmp`;
    writeFileSync(temporary, `${JSON.stringify(processes)}\n`);
    renameSync(temporary, this.file);
  }
}

function signal(processes: readonly BackgroundProcess[], name: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, name);
    } catch {
      // It ended by itself since it was looked at.
    }
  }
}

async function gone(processes: readonly BackgroundProcess[], patience: number): Promise<boolean> {
  const deadline = Date.now() + patience;
  while (processes.some(isRunning)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** A process that ended but was not waited for by its parent still has an id; it holds nothing any more. */
function isRunning(process: BackgroundProcess): boolean {
  if (!isAlive(process)) return false;
  try {
    const stat = readFileSync(`/proc/${process.pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
  } catch {
    return true;
  }
}
