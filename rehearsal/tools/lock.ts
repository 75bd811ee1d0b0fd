import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { identify, isAlive, type ProcessIdentity } from "../process-identity.ts";
import { cacheFailure } from "./cache.ts";

export interface LockOptions {
  signal?: AbortSignal;
  /** Called once with the owner's process id when the lock is held by another process. */
  onWait?: (pid: number) => void;
  /** Milliseconds between looks. @default 500 */
  interval?: number;
}

/**
 * Runs `action` while holding the lock file at `path`. A lock whose owner is gone (killed, or the machine restarted) is taken
 * over. It only saves work: results are renamed into place, so two owners at once would do no harm.
 */
export async function withLock<T>(
  path: string,
  action: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await acquire(path, options);
  try {
    return await action();
  } finally {
    rmSync(path, { force: true });
  }
}

async function acquire(path: string, { signal, onWait, interval = 500 }: LockOptions): Promise<void> {
  let told = false;
  while (!tryAcquire(path)) {
    signal?.throwIfAborted();
    const owner = readOwner(path);
    if (owner !== undefined && !isAlive(owner)) {
      // Renaming moves the stale lock out of the way for one process only; the others find nothing to rename.
      removeStale(path, owner);
      continue;
    }
    if (owner !== undefined && !told) {
      told = true;
      onWait?.(owner.pid);
    }
    await sleep(interval, undefined, { signal });
  }
}

/** Makes the lock with its content in one step: a link to a finished file fails if the lock exists. */
function tryAcquire(path: string): boolean {
  const mine = `${path}.${process.pid}`;
  try {
    writeFileSync(mine, JSON.stringify(identify()));
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      return false;
    }
    cacheFailure(error, path);
  } finally {
    rmSync(mine, { force: true });
  }
}

function removeStale(path: string, stale: ProcessIdentity): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readOwner(aside);
  if (moved !== undefined && moved.pid !== stale.pid) {
    // Another process took the lock over between the look and the rename: give it back.
    try {
      linkSync(aside, path);
    } catch {
      // A third one holds it by now, which is as good.
    }
  }
  rmSync(aside, { force: true });
}

function readOwner(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
