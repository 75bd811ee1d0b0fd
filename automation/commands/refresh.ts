import { refreshEnvironment } from "../refresh.ts";
import { onTerminal } from "../terminal/session.ts";
import { describe, outcomeOf, prepare, type ChangeOptions } from "./shared.ts";

export async function refresh(environment: string, options: ChangeOptions): Promise<void> {
  await onTerminal(options, async (session) => {
    const { context, checked, runOptions, command, begin } = await prepare(
      "refresh",
      environment,
      options,
      session,
    );
    const question = `Bring the state of ${describe(checked, options.layer)} up to what really exists.`;
    await session.confirm({ command, question, expected: "yes", yes: options.yes ?? false });
    begin();
    return outcomeOf(await refreshEnvironment(context, runOptions));
  });
}
