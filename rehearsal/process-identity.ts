import { readFileSync } from "node:fs";

/** A process for sure: its id, and when it started, which tells it from a later process that was given the same id. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot (Linux); empty where that cannot be known. */
  started: string;
}

export function identify(pid: number = process.pid): ProcessIdentity {
  return { pid, started: startTime(pid) };
}

/** Whether that very process still runs. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  const now = startTime(pid);
  return now === "" || started === "" || now === started;
}

function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold spaces; the start time is the 20th field after it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
