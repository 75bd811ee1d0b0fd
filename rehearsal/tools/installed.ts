import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { readCached, toolsHome, writeCached } from "./cache.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The Pulumi command line together with its own language host for Node.js. */
export interface InstalledEngine {
  cli: string;
  languageHost: string;
}

/**
 * A real Pulumi installation of exactly that version, on the PATH or where Pulumi keeps them; undefined when there is none.
 * Shell and Node shims are passed over: the npm package `pulumi` would start a download, and a rehearsal's own home looks
 * like an installation from inside.
 */
export async function installedEngine(
  version: string,
  env: Environment = process.env,
): Promise<InstalledEngine | undefined> {
  const homes = pulumiHomes(env);
  const candidates = [
    ...homes.map((home) => join(home, "versions", version, "bin")),
    ...homes.map((home) => join(home, "bin")),
    ...(env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== ""),
  ];
  for (const directory of candidates) {
    const cli = realExecutable(join(directory, "pulumi"));
    const languageHost =
      cli === undefined ? undefined : realExecutable(join(dirname(cli), "pulumi-language-nodejs"));
    if (cli !== undefined && languageHost !== undefined && (await versionOf(cli, env)) === version) {
      return { cli, languageHost };
    }
  }
  return undefined;
}

/** Directories of an installed resource plugin in the user's own Pulumi home; undefined when it is not installed. */
export function installedPlugin(name: string, version: string, homes: readonly string[]): string | undefined {
  return homes
    .map((home) => join(home, "plugins", `resource-${name}-v${version}`))
    .find((directory) => realExecutable(join(directory, `pulumi-resource-${name}`)) !== undefined);
}

/** Where the user's Pulumi keeps its files. */
export function pulumiHomes(env: Environment): string[] {
  return [env["PULUMI_HOME"], join(env["HOME"] || homedir(), ".pulumi")].filter(
    (home) => home !== undefined && home !== "",
  ) as string[];
}

export interface PluginSearch {
  env?: Environment;
  /** The engine that may fetch the plugin; without one nothing is fetched. */
  cli?: string;
  /** Whether downloads of Pulumi can be reached. @default a look at get.pulumi.com of at most 2 s */
  reachable?: () => Promise<boolean>;
  signal?: AbortSignal;
}

/**
 * The directory of a real resource plugin: the user's installed one, one fetched before, or one fetched now where that is
 * possible (never with CI_OFFLINE or PLATFORM_OFFLINE=1). Undefined when there is none: the stand-in takes its place.
 */
export async function realPlugin(
  name: string,
  version: string,
  search: PluginSearch = {},
): Promise<string | undefined> {
  const env = search.env ?? process.env;
  const own = join(toolsHome(env), "pulumi");
  const found = installedPlugin(name, version, [...pulumiHomes(env), own]);
  const offline = Boolean(env["CI_OFFLINE"]) || env["PLATFORM_OFFLINE"] === "1";
  if (found !== undefined || offline || search.cli === undefined) {
    return found;
  }
  if (!(await (search.reachable ?? downloadsReachable)())) {
    return undefined;
  }
  const code = await run(search.cli, ["plugin", "install", "resource", name, version], {
    env: { PATH: env["PATH"], HOME: env["HOME"], PULUMI_HOME: own, PULUMI_SKIP_UPDATE_CHECK: "true" },
    seconds: 120,
    signal: search.signal,
  });
  return code.status === 0 ? installedPlugin(name, version, [own]) : undefined;
}

async function downloadsReachable(): Promise<boolean> {
  try {
    await fetch("https://get.pulumi.com/", { method: "HEAD", signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}

/** The resolved path of a native executable; undefined for a missing file and for a script. */
function realExecutable(path: string): string | undefined {
  if (!existsSync(path) || !statSync(path).isFile()) {
    return undefined;
  }
  const real = realpathSync(path);
  const start = Buffer.alloc(2);
  const file = openSync(real, "r");
  readSync(file, start);
  closeSync(file);
  return start.toString() === "#!" ? undefined : real;
}

/** The version of an executable, remembered as long as the file is the same. */
async function versionOf(cli: string, env: Environment): Promise<string | undefined> {
  const { mtimeMs, size } = statSync(cli);
  const memory = join(toolsHome(env), "engines.json");
  const known = (readCached(memory) ?? {}) as Record<string, string>;
  const key = `${cli}:${mtimeMs}:${size}`;
  if (known[key] === undefined) {
    const { stdout } = await run(cli, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      seconds: 20,
    });
    known[key] = stdout.trim().replace(/^v(?=\d)/, "");
    writeCached(memory, known);
  }
  return known[key];
}

interface RunOptions {
  env: Environment;
  seconds: number;
  signal?: AbortSignal;
}

function run(
  command: string,
  args: string[],
  options: RunOptions,
): Promise<{ status: number; stdout: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...options.env },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: options.seconds * 1000,
      signal: options.signal,
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.on("error", () => resolve({ status: 1, stdout }));
    child.on("close", (status) => resolve({ status: status ?? 1, stdout }));
  });
}
