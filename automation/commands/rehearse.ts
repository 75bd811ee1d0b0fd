import { join, relative } from "node:path";

import { rehearse as run, stopRehearsal, type Phase } from "../../rehearsal/rehearse.ts";
import { faults, summary } from "../../rehearsal/report.ts";
import { fail } from "../../lib/errors.ts";
import { checkEnvironment } from "../check.ts";
import { reversed, type StackPlan } from "../plan.ts";
import { exitCodes } from "../terminal/exit-codes.ts";
import { onTerminal, type Outcome } from "../terminal/session.ts";
import { contextOf, rootOf, type CommonOptions } from "./shared.ts";

export interface RehearseOptions extends CommonOptions {
  keep?: boolean;
  stop?: boolean;
  /** Accepted as everywhere else; a rehearsal changes nothing that anyone would have to be asked about. */
  yes?: boolean;
}

export async function rehearse(environment: string, options: RehearseOptions): Promise<void> {
  const checkout = rootOf(options);
  await onTerminal(options, async (session) => {
    if (options.stop) return stop(checkout, environment);
    // Wrong input is refused before the tools are built.
    const { stacks } = await checkEnvironment(contextOf(environment, options, session));
    const report = await run({
      environment,
      checkout,
      keep: options.keep,
      signal: session.signal,
      kill: session.kill,
      onPhase: (phase: Phase) => {
        const ordered = phase === "destroy" ? reversed(stacks) : stacks;
        session.reporter.start(
          ordered.flatMap(({ layers }) => layers),
          phase,
        );
      },
      onProgress: session.reporter.report,
      onNote: session.reporter.say,
    });
    const text = options.keep
      ? `${summary(report)}\n\n${howToLook(checkout, environment, stacks)}`
      : summary(report);
    return { json: report, text, code: faults(report).length === 0 ? exitCodes.ok : exitCodes.error };
  });
}

/**
 * Ends a rehearsal that was kept.
 *
 * @throws PlatformError REHEARSAL_NOT_RUNNING
 */
export async function stop(checkout: string, environment: string): Promise<Outcome> {
  if (!(await stopRehearsal(checkout, environment))) {
    fail({
      id: "REHEARSAL_NOT_RUNNING",
      key: environment,
      rule: "no rehearsal of it is running",
      remedy: `Start one: platform rehearse ${environment} --keep.`,
    });
  }
  return {
    json: { environment, stopped: true },
    text: `The rehearsal of ${environment} has ended; nothing of it is left.`,
  };
}

/** How to look into a rehearsal that goes on. */
function howToLook(checkout: string, environment: string, stacks: readonly StackPlan[]): string {
  const directory = relative(process.cwd(), join(checkout, ".rehearsal", environment)) || ".";
  return [
    "It goes on. Look at it in a shell of its own:",
    `  . ${join(directory, "env.sh")}`,
    "  kubectl get pods --all-namespaces",
    // Of a layered environment each layer's folder is a project of its own.
    ...stacks.map(({ layer }) => {
      const folder = join(directory, "workspace", layer === "all" ? "" : layer);
      return `  pulumi preview --stack ${environment} --cwd ${folder}`;
    }),
    `End it: platform rehearse ${environment} --stop`,
  ].join("\n");
}
