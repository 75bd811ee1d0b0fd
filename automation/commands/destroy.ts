import { destroyEnvironment } from "../destroy.ts";
import { requireUnprotected } from "../protection.ts";
import { onTerminal } from "../terminal/session.ts";
import { describe, outcomeOf, prepare, type ChangeOptions } from "./shared.ts";

export interface DestroyCommandOptions extends ChangeOptions {
  unprotect?: boolean;
}

export async function destroy(environment: string, options: DestroyCommandOptions): Promise<void> {
  await onTerminal(options, async (session) => {
    const { context, checked, runOptions, command, begin } = await prepare(
      "destroy",
      environment,
      options,
      session,
    );
    const unprotect = options.unprotect ?? false;
    requireUnprotected(checked, unprotect);
    const images = unprotect ? " Image repositories are deleted with all their images." : "";
    const question = `Destroy ${describe(checked, options.layer)}, with everything in it.${images}`;
    await session.confirm({
      command: unprotect ? `${command} --unprotect` : command,
      question,
      expected: environment,
      yes: options.yes ?? false,
    });
    begin();
    return outcomeOf(await destroyEnvironment(context, { ...runOptions, unprotect }));
  });
}
