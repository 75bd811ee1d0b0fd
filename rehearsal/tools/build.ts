import { chmodSync, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

import { cacheFailure, openCache, requireSpace } from "./cache.ts";
import { goFailure, requireGo, runGo } from "./go.ts";
import { withLock } from "./lock.ts";
import { ProgressMeter, type OnProgress } from "./progress.ts";
import type { Tool } from "./table.ts";

/** More at once would only share the same cores and memory: Go compiles in parallel by itself. */
const LANES = 2;

export interface BuildOptions {
  signal?: AbortSignal;
  onProgress: OnProgress;
}

/** Where a tool's executable lies in the cache. */
export function builtPath(cache: string, tool: Tool): string {
  return join(cache, "tools", `${tool.name}-${tool.version}`, tool.name);
}

/**
 * Builds tools into the cache, the modules side by side. A tool appears in one step when it is finished; what an interrupted
 * build has compiled stays in Go's own cache. Errors: TOOL_GO_MISSING, TOOL_NO_NETWORK, TOOL_BUILD_FAILED, CACHE_FULL,
 * CACHE_UNWRITABLE.
 */
export async function buildTools(
  cache: string,
  missing: readonly Tool[],
  options: BuildOptions,
): Promise<void> {
  openCache(join(cache, "tools"));
  requireSpace(
    cache,
    missing.reduce((sum, tool) => sum + tool.megabytes, 0),
  );
  await requireGo(options.signal);
  removeLeftovers(join(cache, "tools"));

  const meter = new ProgressMeter(missing, options.onProgress);
  // The first failure stops the other lane too: its reason is what the user has to see, and soon.
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const modules = [...Map.groupBy(missing, (tool) => tool.module).values()];
  const lane = async (): Promise<void> => {
    for (let group = modules.shift(); group !== undefined; group = modules.shift()) {
      for (const tool of group) {
        await buildTool(cache, tool, meter, signal);
      }
    }
  };
  meter.start();
  try {
    const lanes = Array.from({ length: LANES }, () => lane().catch((error: unknown) => failed.abort(error)));
    // Every compiler has ended before anything is reported.
    await Promise.all(lanes);
    signal.throwIfAborted();
  } finally {
    meter.stop();
  }
}

async function buildTool(
  cache: string,
  tool: Tool,
  meter: ProgressMeter,
  signal: AbortSignal,
): Promise<void> {
  const target = builtPath(cache, tool);
  const build = async (): Promise<void> => {
    meter.begin(tool);
    // Another process may have built it while this one waited for the lock.
    if (!existsSync(target)) {
      await compile(cache, tool, target, signal);
    }
    meter.finish(tool);
  };
  await withLock(join(cache, "tools", `${tool.name}-${tool.version}.lock`), build, {
    signal,
    onWait: (pid) => meter.begin(tool, `${tool.name} (by process ${pid})`),
  });
}

async function compile(cache: string, tool: Tool, target: string, signal: AbortSignal): Promise<void> {
  const temporary = join(cache, "tools", `${LEFTOVER}${process.pid}-${tool.name}`);
  const args = ["build", "-ldflags", tool.ldflags, "-o", temporary, tool.package];
  const { code, stderr } = await runGo(args, moduleFolder(tool.module), signal);
  if (code !== 0) {
    rmSync(temporary, { force: true });
    throw goFailure(`${tool.name} ${tool.version}`, stderr);
  }
  try {
    chmodSync(temporary, 0o755);
    openCache(join(cache, "tools", `${tool.name}-${tool.version}`));
    renameSync(temporary, target);
  } catch (error) {
    cacheFailure(error, join(cache, "tools"));
  }
}

/** The folder that pins what a tool is built from. */
export function moduleFolder(module: string): string {
  return join(import.meta.dirname, module);
}

const LEFTOVER = ".building-";

/** Half-written executables of processes that are gone. */
function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory).filter((entry) => entry.startsWith(LEFTOVER))) {
    const pid = Number(basename(name).slice(LEFTOVER.length).split("-")[0]);
    try {
      process.kill(pid, 0);
    } catch {
      rmSync(join(directory, name), { force: true });
    }
  }
}
