import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { fail } from "../../lib/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The directory of everything that is built or located once and used by every checkout: `$PLATFORM_CACHE`, else
 * `mesh-platform` in the user's cache directory.
 */
export function toolsHome(env: Environment = process.env): string {
  if (env["PLATFORM_CACHE"]) {
    return env["PLATFORM_CACHE"];
  }
  return join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "mesh-platform");
}

/** Makes a directory of the cache and sees that it can be written. Errors: CACHE_UNWRITABLE, CACHE_FULL. */
export function openCache(directory: string): string {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    cacheFailure(error, directory);
  }
  return directory;
}

/** Sees that so many megabytes are free where the cache lies. Errors: CACHE_FULL. */
export function requireSpace(directory: string, megabytes: number): void {
  const disk = statfsSync(directory);
  const free = Math.floor((disk.bavail * disk.bsize) / 2 ** 20);
  if (free < megabytes) {
    cacheFull(
      directory,
      `${free} MB free`,
      `at least ${megabytes} MB must be free for the tools that are missing`,
    );
  }
}

/** Raises what a failed write in the cache means to the user; an error of another kind is raised as it is. */
export function cacheFailure(error: unknown, directory: string): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC" || code === "EDQUOT") {
    cacheFull(directory, undefined, "the disk that holds the tool cache is full", error);
  }
  if (["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].includes(code)) {
    fail({
      id: "CACHE_UNWRITABLE",
      key: "PLATFORM_CACHE",
      value: directory,
      rule: `the tool cache must be a directory that you can write (${code})`,
      remedy: "Change its permissions, or set PLATFORM_CACHE to another directory",
      cause: error,
    });
  }
  throw error;
}

/** Raises CACHE_FULL for a directory. */
export function cacheFull(
  directory: string,
  state: string | undefined,
  rule: string,
  cause?: unknown,
): never {
  fail({
    id: "CACHE_FULL",
    key: directory,
    value: state,
    rule,
    remedy:
      "Free some space there, or set PLATFORM_CACHE to a directory on a larger disk; what is built already is kept",
    cause,
  });
}

/** A JSON file of the cache; undefined when there is none or when it is damaged. */
export function readCached(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** Writes a JSON file of the cache in one step, so that nobody ever reads half of it. */
export function writeCached(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, `${JSON.stringify(value)}\n`);
    renameSync(temporary, path);
  } catch (error) {
    cacheFailure(error, dirname(path));
  }
}
