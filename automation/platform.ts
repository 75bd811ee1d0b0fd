#!/usr/bin/env node
/** The `platform` command line: what can be typed. What a command does is loaded when it is called, so that help is quick. */
import { Command, CommanderError } from "commander";

import type { DestroyCommandOptions } from "./commands/destroy.ts";
import type { OutputsCommandOptions } from "./commands/outputs.ts";
import type { PreviewOptions } from "./commands/preview.ts";
import type { RehearseOptions } from "./commands/rehearse.ts";
import type { RenderOptions } from "./commands/render.ts";
import type { ChangeOptions } from "./commands/shared.ts";
import { exitCodes } from "./terminal/exit-codes.ts";

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(
    `platform needs Node 24 and runs on ${process.version}: start it by 'npx platform'.\n`,
  );
  process.exit(exitCodes.error);
}

/** A command on one environment. */
function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<environment>", "qa, prod, or any other that has a Pulumi.<environment>.yaml")
    .option("--json", "print one JSON object on standard output and nothing else")
    .option("--directory <path>", "the checkout to work in (default: the one this command belongs to)");
}

const layer = ["--layer <name>", "only this layer, where each layer is a stack of its own"] as const;
const yes = ["--yes", "do not ask"] as const;

const platform = new Command("platform")
  .description(
    "Brings the platform's environments up, changes and destroys them, and rehearses all of it on one machine.",
  )
  .addHelpText(
    "after",
    "\nExit codes: 0 done, 1 error, 2 a check found differences, 64 wrong usage, 130 cancelled.",
  )
  .addCommand(
    command("up", "apply an environment, layer by layer; run again, it goes on where it stopped")
      .option(...layer)
      .option(...yes)
      .action(async (environment: string, options: ChangeOptions) =>
        (await import("./commands/up.ts")).up(environment, options),
      ),
  )
  .addCommand(
    command("preview", "show what up would change")
      .option(...layer)
      .option("--expect-no-changes", "exit with 2 if anything would change")
      .action(async (environment: string, options: PreviewOptions) =>
        (await import("./commands/preview.ts")).preview(environment, options),
      ),
  )
  .addCommand(
    command("refresh", "bring the state up to what really exists")
      .option(...layer)
      .option(...yes)
      .action(async (environment: string, options: ChangeOptions) =>
        (await import("./commands/refresh.ts")).refresh(environment, options),
      ),
  )
  .addCommand(
    command("destroy", "destroy an environment, layer by layer from right to left")
      .option(...layer)
      .option(...yes)
      .option(
        "--unprotect",
        "lift the deletion protection first; image repositories are then deleted with their images",
      )
      .action(async (environment: string, options: DestroyCommandOptions) =>
        (await import("./commands/destroy.ts")).destroy(environment, options),
      ),
  )
  .addCommand(
    command("outputs", "show what the layers promise to each other")
      .option(...layer)
      .option("--show-secrets", "show secret values too")
      .action(async (environment: string, options: OutputsCommandOptions) =>
        (await import("./commands/outputs.ts")).outputs(environment, options),
      ),
  )
  .addCommand(
    command("render", "write the objects that Argo CD delivers to gitops/")
      .option("--check", "write nothing; exit with 2 if a file is not as rendered")
      .action(async (environment: string, options: RenderOptions) =>
        (await import("./commands/render.ts")).render(environment, options),
      ),
  )
  .addCommand(
    command("rehearse", "run an environment on this machine: up, up again, destroy; nothing reaches AWS")
      .option("--keep", "leave it running, and say how to look at it")
      .option("--stop", "end what --keep left running")
      .option(...yes)
      .action(async (environment: string, options: RehearseOptions) =>
        (await import("./commands/rehearse.ts")).rehearse(environment, options),
      ),
  );

for (const each of [platform, ...platform.commands])
  each.exitOverride().showHelpAfterError("(--help says what can be typed)");

try {
  await platform.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong. Help that was asked for is no error.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    // What a command is made of did not load: a system is checked where it is declared.
    const { showError } = await import("./terminal/session.ts");
    process.exitCode = showError(error, process.argv.includes("--json"));
  }
}
