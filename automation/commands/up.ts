import { onTerminal } from "../terminal/session.ts";
import { upEnvironment } from "../up.ts";
import { describe, outcomeOf, prepare, type ChangeOptions } from "./shared.ts";

export async function up(environment: string, options: ChangeOptions): Promise<void> {
  await onTerminal(options, async (session) => {
    const { context, checked, runOptions, command, begin } = await prepare(
      "up",
      environment,
      options,
      session,
    );
    const question = `Apply ${describe(checked, options.layer)}.`;
    await session.confirm({ command, question, expected: "yes", yes: options.yes ?? false });
    begin();
    return outcomeOf(await upEnvironment(context, runOptions));
  });
}
