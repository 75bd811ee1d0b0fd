import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";

import type { Directories } from "./directories.ts";
import { quote } from "./environment.ts";
import type { Tools } from "./tools.ts";

export { environmentScript, rehearsalEnvironment } from "./environment.ts";

/** The provider plugins that a rehearsal brings: the packages of the same name say which version the program asks for. */
export const pluginNames = ["aws", "awsx", "eks", "kubernetes"] as const;

export type PluginName = (typeof pluginNames)[number];

export interface HomeArgs {
  directories: Pick<Directories, "home" | "checkout">;
  tools: Pick<Tools, "path" | "engine">;
  /** Directories of real plugins, which then take the place of the stand-ins. @default none */
  realPlugins?: Partial<Record<PluginName, string>>;
}

/**
 * Makes, or refreshes, the private home of a rehearsal's engine: the command lines that it may see, and exactly the plugins
 * that the program's packages ask for. With it as `PULUMI_HOME`, the user's own plugins, credentials and logins cannot be
 * reached by mistake.
 */
export function makeHome(args: HomeArgs): void {
  const { tools } = args;
  const { home, checkout } = args.directories;
  const node = (file: string): string =>
    script(`exec ${quote(process.execPath)} ${quote(join(checkout, "rehearsal", file))} "$@"`);

  // The npm package `pulumi` looks here before it would download anything.
  const engine = join(home, "versions", tools.engine.version, "bin");
  const host = tools.engine.languageHost;
  place(tools.engine.cli, join(engine, "pulumi"), host === undefined);
  if (host === undefined) {
    write(join(engine, "pulumi-language-nodejs"), node("engine/main.ts"));
  } else {
    place(host, join(engine, "pulumi-language-nodejs"), false);
  }

  const bin = join(home, "bin");
  for (const name of ["pulumi", "pulumi-language-nodejs"]) {
    link(relative(bin, join(engine, name)), join(bin, name));
  }
  write(join(bin, "aws"), node("engine/aws-cli.ts"));
  for (const name of ["kubectl", "helm"] as const) {
    // Nothing is given to them but the rehearsal's cluster, unless the user names another one.
    const run = `KUBECONFIG="\${KUBECONFIG:-$REHEARSAL_KUBECONFIG}" exec ${quote(tools.path(name))} "$@"`;
    write(join(bin, name), script(run));
  }

  for (const name of pluginNames) {
    const plugin = join(home, "plugins", `resource-${name}-v${packageVersion(checkout, name)}`);
    const real = args.realPlugins?.[name];
    rmSync(plugin, { recursive: true, force: true });
    if (real === undefined) {
      write(join(plugin, `pulumi-resource-${name}`), node(`plugins/${name}.ts`));
    } else {
      link(real, plugin);
    }
  }
  mkdirSync(join(home, "user"), { recursive: true });
}

/** The version of a provider's package in the checkout; the engine asks for the plugin of the same one. */
export function packageVersion(checkout: string, name: string): string {
  const path = join(checkout, "node_modules", "@pulumi", name, "package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/**
 * Puts an executable into place. The engine looks for its language host beside its own executable with links resolved, so one
 * that was built is linked hard (or copied, from another disk) to lie beside ours.
 */
function place(source: string, target: string, beside: boolean): void {
  if (!beside) {
    link(source, target);
    return;
  }
  const existing = statSync(target, { throwIfNoEntry: false });
  const wanted = statSync(source);
  if (existing?.size === wanted.size && existing.mtimeMs === wanted.mtimeMs) {
    return;
  }
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target, constants.COPYFILE_FICLONE);
  }
}

function link(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true });
  symlinkSync(source, target);
}

function write(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) {
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  // Never written through: a link here may lead to somebody's real executable.
  rmSync(path, { force: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

function script(body: string): string {
  return `#!/bin/sh\n${body}\n`;
}
