import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Context } from "../automation/types.ts";
import { directoriesOf, type Directories } from "./directories.ts";
import {
  environmentScript,
  makeHome,
  packageVersion,
  rehearsalEnvironment,
  type PluginName,
} from "./home.ts";
import { startControlPlane, stopControlPlane } from "./kubernetes/control-plane.ts";
import { DEFAULT_ACCOUNT, type AccountLocation } from "./plugins/aws/account.ts";
import * as session from "./session.ts";
import { ensureTools, progressLine, realPlugin, type Engine } from "./tools.ts";
import { makeWorkspace } from "./workspace.ts";

export interface OpenArgs {
  environment: string;
  checkout: string;
  /** Directory of a simulated account that several environments share. @default one of its own, empty */
  aws?: string;
  /** Number of the simulated account, as the environment's configuration has it. @default 111122223333 */
  accountId?: string;
  signal?: AbortSignal;
  /** Ends the engine at once. @default never */
  kill?: AbortSignal;
  /** Told what is going on. @default nobody */
  onNote?: (text: string) => void;
}

/** A control plane that runs, and everything the engine needs to work against it. */
export interface Rehearsal {
  directories: Directories;
  /** The whole environment of every process inside. */
  variables: Record<string, string>;
  engine: Engine;
  /** Whether the real Kubernetes plugin is used, or the stand-in. */
  kubernetesPlugin: "real" | "stand-in";
  /** Version of the API server. */
  kubernetes: string;
  account: AccountLocation;
  /** Where the command line's operations work. */
  context: Context;
  /** Ends it and clears everything away. */
  close(): Promise<void>;
  /** Leaves it running for the user. */
  keep(): void;
}

/**
 * Starts a rehearsal's control plane and makes its home and workspace. What a killed rehearsal left is cleared away first.
 *
 * @throws PlatformError REHEARSAL_RUNNING, and those of the tools and of the control plane
 */
export async function openRehearsal(args: OpenArgs): Promise<Rehearsal> {
  const { environment, checkout, signal } = args;
  const note = args.onNote ?? (() => undefined);
  const directories = directoriesOf(checkout, environment, args.aws);
  if (session.claim(directories, environment) === "interrupted") {
    note("An earlier rehearsal was interrupted: clearing away what it left.");
    await clearAway(directories);
    session.claim(directories, environment);
  }
  try {
    const tools = await ensureTools({ signal, onProgress: (progress) => note(progressLine(progress)) });
    const version = packageVersion(checkout, "kubernetes");
    const kubernetes = await realPlugin("kubernetes", version, { cli: tools.engine.cli, signal });
    const realPlugins: Partial<Record<PluginName, string>> = kubernetes === undefined ? {} : { kubernetes };
    makeHome({ directories, tools, realPlugins });
    makeWorkspace(checkout, directories.workspace);
    for (const directory of [directories.backend, directories.aws, directories.records]) {
      mkdirSync(directory, { recursive: true });
    }
    const account = { directory: directories.aws, id: args.accountId ?? DEFAULT_ACCOUNT };
    const variables = {
      ...rehearsalEnvironment({ directories, tools }, process.env),
      REHEARSAL_ACCOUNT: account.id,
    };
    writeFileSync(
      join(directories.root, "env.sh"),
      `${environmentScript({ directories, tools })}export REHEARSAL_ACCOUNT=${account.id}\n`,
    );
    const plane = await startControlPlane({
      directory: directories.kubernetes,
      tool: (name) => tools.path(name),
      environment: variables,
      signal,
    });
    return {
      directories,
      variables,
      engine: tools.engine,
      kubernetesPlugin: kubernetes === undefined ? "stand-in" : "real",
      kubernetes: plane.version,
      account,
      context: {
        root: directories.workspace,
        environment,
        envVars: variables,
        signal,
        kill: args.kill,
        allowPlaceholders: true,
        command: `platform rehearse ${environment}`,
      },
      close: () => clearAway(directories),
      keep: () => session.keep(directories),
    };
  } catch (error) {
    await clearAway(directories);
    throw error;
  }
}

/** Ends a kept or killed rehearsal; false if there was none. */
export async function stopRehearsal(checkout: string, environment: string): Promise<boolean> {
  const directories = directoriesOf(checkout, environment);
  if (session.claimToStop(directories, environment) === "nothing") return false;
  await clearAway(directories);
  return true;
}

async function clearAway(directories: Directories): Promise<void> {
  await stopControlPlane(directories.kubernetes);
  session.clear(directories);
}
