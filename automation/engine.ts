import { spawn } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join, sep } from "node:path";

import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";

import { fail } from "../lib/errors.ts";
import type { Context } from "./types.ts";

/** What a command of the engine printed. */
export interface EngineOutput {
  stdout: string;
  stderr: string;
  code: number;
}

/** A command of the engine that failed. Its message is what the engine printed to standard error. */
export class EngineError extends Error {
  readonly output: EngineOutput;

  constructor(output: EngineOutput) {
    super(output.stderr.trim() || output.stdout.trim() || `exit code ${output.code}`);
    this.name = "EngineError";
    this.output = output;
  }
}

type Listener = (text: string) => void;

/** What the Automation API asks of a command line; it calls `run` for everything it does. */
export interface EngineCommand extends PulumiCommand {
  run(
    args: string[],
    cwd: string,
    extra: Record<string, string>,
    onOutput?: Listener,
    onError?: Listener,
    signal?: AbortSignal,
  ): Promise<EngineOutput>;
}

/** How long an engine may take to end after it was told to end at once, in milliseconds. */
const patience = 2000;

/**
 * The `pulumi` command line as the Automation API wants it, with three differences to the API's own: it runs in a process group of
 * its own, so that the terminal's Ctrl-C does not reach it beside our one request to end (it takes the second for "at once"); it
 * sees the context's environment and nothing else; and its errors hold what it printed.
 *
 * @throws PlatformError ENGINE_MISSING
 */
export async function engineCommand(context: Context): Promise<EngineCommand> {
  const env = context.envVars ?? process.env;
  const command = await findEngine(env);
  const run: EngineCommand["run"] = (args, cwd, extra, onOutput, onError, signal) => {
    const all = args.includes("--non-interactive") ? args : [...args, "--non-interactive"];
    // A look for a newer version is a call to the network that nobody asked for.
    const merged = { PULUMI_SKIP_UPDATE_CHECK: "true", ...env, ...extra, PULUMI_AUTOMATION_API: "true" };
    return runEngine(command, all, { cwd, env: merged, onOutput, onError, signal, kill: context.kill });
  };
  try {
    const { stdout } = await run(["version"], context.root, {});
    return { command, version: versionOf(stdout.trim()), run };
  } catch (error) {
    return engineMissing(error instanceof Error ? error.message : String(error));
  }
}

interface RunOptions {
  cwd?: string;
  env: Readonly<Record<string, string | undefined>>;
  onOutput?: Listener;
  onError?: Listener;
  signal?: AbortSignal;
  kill?: AbortSignal;
}

/** Runs a program in a process group of its own. */
export async function runEngine(command: string, args: string[], options: RunOptions): Promise<EngineOutput> {
  const { cwd, env, signal, kill } = options;
  kill?.throwIfAborted();
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
    options.onOutput?.(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
    options.onError?.(text);
  });
  const send = (name: NodeJS.Signals): void => signalGroup(child.pid, name);
  let force: NodeJS.Timeout | undefined;
  // To the engine a first interrupt means "finish what is running", a second one "stop at once".
  const cancel = (): void => send("SIGINT");
  const stop = (): void => {
    if (signal?.aborted !== true) send("SIGINT");
    send("SIGINT");
    force = setTimeout(() => send("SIGKILL"), patience);
  };
  // In a group of its own it would outlive us, and go on without anyone to answer its questions.
  const abandon = (): void => send("SIGKILL");
  process.on("exit", abandon);
  signal?.addEventListener("abort", cancel);
  kill?.addEventListener("abort", stop);
  try {
    // Not `exit`: what was printed last may still be under way.
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve(status ?? 1));
      if (signal?.aborted === true) cancel();
    });
    if (code !== 0) throw new EngineError({ ...output, code });
    return { ...output, code };
  } finally {
    clearTimeout(force);
    process.off("exit", abandon);
    signal?.removeEventListener("abort", cancel);
    kill?.removeEventListener("abort", stop);
  }
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended already.
  }
}

/** The `pulumi` that the PATH finds first. The npm package's one is a starter: it is asked to fetch the real one, which is then used. */
async function findEngine(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const found = findOnPath("pulumi", env);
  if (found === undefined) return engineMissing("there is no pulumi on the PATH");
  const starter = realpathSync(found);
  if (!starter.includes(join(sep, "node_modules", "pulumi", sep))) return found;
  const { version } = createRequire(starter)("./package.json") as { version: string };
  const home = env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi");
  const real = join(home, "versions", env["PULUMI_VERSION"] || version, "bin", "pulumi");
  if (isExecutable(real)) return real;
  try {
    await runEngine(found, ["version"], { env });
  } catch (error) {
    return engineMissing(error instanceof Error ? error.message : String(error));
  }
  return isExecutable(real) ? real : found;
}

/** The program that the PATH of an environment finds first. */
export function findOnPath(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const directories = (env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The API reads versions with a class of a package of its own, so that very copy is used. */
function versionOf(text: string): PulumiCommand["version"] {
  const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
  const { parse } = sdk("semver") as { parse: (text: string) => PulumiCommand["version"] };
  const version = parse(text);
  if (version === null) throw new Error(`'pulumi version' printed "${text}"`);
  return version;
}

function engineMissing(value: string): never {
  return fail({
    id: "ENGINE_MISSING",
    key: "pulumi",
    value,
    rule: "the Pulumi command line is needed",
    remedy:
      "Start by 'npx platform', which fetches it once, or install it: https://www.pulumi.com/docs/install/.",
  });
}
