import { outputsOf } from "../outputs.ts";
import { onTerminal } from "../terminal/session.ts";
import { contextOf, type LayerOptions } from "./shared.ts";

export interface OutputsCommandOptions extends LayerOptions {
  showSecrets?: boolean;
}

export async function outputs(environment: string, options: OutputsCommandOptions): Promise<void> {
  await onTerminal(options, async (session) => {
    const context = contextOf(environment, options, session);
    const values = await outputsOf(context, { layer: options.layer, showSecrets: options.showSecrets });
    const lines = Object.entries(values).flatMap(([layer, contract]) => [
      layer,
      ...Object.entries(contract).map(
        ([key, value]) => `  ${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
      ),
    ]);
    return {
      json: values,
      text: lines.length === 0 ? `${environment} has no outputs: it was never applied.` : lines.join("\n"),
    };
  });
}
