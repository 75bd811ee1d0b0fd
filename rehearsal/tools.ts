import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { buildTools, builtPath } from "./tools/build.ts";
import { cacheFailure, openCache, toolsHome } from "./tools/cache.ts";
import { installedEngine } from "./tools/installed.ts";
import { locateManifests } from "./tools/manifests.ts";
import { progressLine, type OnProgress } from "./tools/progress.ts";
import { engineVersion, tools, type Tool, type ToolName } from "./tools/table.ts";

export { toolsHome } from "./tools/cache.ts";
export { realPlugin, type PluginSearch } from "./tools/installed.ts";
export { locateManifests, type ManifestName, type Manifests } from "./tools/manifests.ts";
export { progressLine, type ToolsProgress } from "./tools/progress.ts";
export { engineVersion, type ToolName } from "./tools/table.ts";

/** The Pulumi engine that a rehearsal runs. */
export interface Engine {
  version: string;
  origin: "installed" | "built";
  cli: string;
  /** The real language host for Node.js; undefined when the engine was built, and the one in engine/ takes its place. */
  languageHost: string | undefined;
}

/** Tools that are ready to run. */
export interface Tools {
  /** A directory that holds every tool's executable by its name. */
  dir: string;
  path(tool: ToolName): string;
  engine: Engine;
}

export interface EnsureOptions {
  signal?: AbortSignal;
  /** Called while tools are built, never on a warm run. @default lines on standard error */
  onProgress?: OnProgress;
  /** Only these, for whoever needs no cluster. @default every tool */
  only?: readonly ToolName[];
  /** @default {@link toolsHome} */
  cache?: string;
}

/**
 * Finds every tool, and builds into the cache what is missing: minutes the first time, milliseconds after that. With all tools
 * come the manifests: inside a rehearsal there is neither Go nor its module cache, so they have to be located by then. Errors:
 * TOOL_GO_MISSING, TOOL_NO_NETWORK, TOOL_BUILD_FAILED, CACHE_FULL, CACHE_UNWRITABLE.
 */
export async function ensureTools(options: EnsureOptions = {}): Promise<Tools> {
  const cache = openCache(options.cache ?? toolsHome());
  const wanted = tools.filter(({ name }) => options.only?.includes(name) ?? true);
  const installed = await installedEngine(engineVersion);
  const paths = new Map(wanted.map((tool) => [tool.name, toolPath(cache, tool, installed?.cli)]));

  const missing = wanted.filter(({ name }) => !existsSync(paths.get(name) ?? ""));
  if (missing.length > 0) {
    await buildTools(cache, missing, {
      signal: options.signal,
      onProgress: options.onProgress ?? ((progress) => process.stderr.write(`${progressLine(progress)}\n`)),
    });
  }

  if (options.only === undefined) {
    await locateManifests({ cache, signal: options.signal });
  }

  return {
    dir: gather(cache, paths),
    path: (tool) => paths.get(tool) ?? join(cache, "tools", tool),
    engine: {
      version: engineVersion,
      origin: installed === undefined ? "built" : "installed",
      cli: paths.get("pulumi") ?? "",
      languageHost: installed?.languageHost,
    },
  };
}

function toolPath(cache: string, tool: Tool, installedCli: string | undefined): string {
  return tool.name === "pulumi" && installedCli !== undefined ? installedCli : builtPath(cache, tool);
}

/**
 * A directory with a link to every tool, named after what it links to: another set of versions gets another directory, so a
 * rehearsal that is running never has its tools changed under it.
 */
function gather(cache: string, paths: ReadonlyMap<ToolName, string>): string {
  const key = createHash("sha256")
    .update(JSON.stringify([...paths]))
    .digest("hex")
    .slice(0, 12);
  const directory = join(cache, "bin", key);
  if (isComplete(directory, paths)) {
    return directory;
  }
  const temporary = `${directory}.${process.pid}`;
  try {
    mkdirSync(temporary, { recursive: true });
    for (const [name, target] of paths) {
      symlinkSync(target, join(temporary, name));
    }
    rmSync(directory, { recursive: true, force: true });
    renameSync(temporary, directory);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process may have gathered the same set meanwhile.
    if (!isComplete(directory, paths)) {
      cacheFailure(error, directory);
    }
  }
  return directory;
}

function isComplete(directory: string, paths: ReadonlyMap<ToolName, string>): boolean {
  return (
    existsSync(directory) &&
    readdirSync(directory).length === paths.size &&
    [...paths].every(
      ([name, target]) => existsSync(join(directory, name)) && readlinkSync(join(directory, name)) === target,
    )
  );
}
