import { previewEnvironment } from "../preview.ts";
import { runJson } from "../json.ts";
import { changesOf, totalOf } from "../results.ts";
import { exitCodes } from "../terminal/exit-codes.ts";
import { stepLine, summary } from "../terminal/format.ts";
import { onTerminal } from "../terminal/session.ts";
import type { Progress } from "../types.ts";
import { prepare, type LayerOptions } from "./shared.ts";

export interface PreviewOptions extends LayerOptions {
  expectNoChanges?: boolean;
}

/** One resource that would change. */
interface Change {
  layer: string;
  op: string;
  type: string;
  name: string;
  properties: string[];
}

export async function preview(environment: string, options: PreviewOptions): Promise<void> {
  await onTerminal(options, async (session) => {
    const { context, runOptions, begin } = await prepare("preview", environment, options, session);
    begin();
    const changes: Change[] = [];
    const onProgress = (progress: Progress): void => {
      collect(progress, changes);
      session.reporter.report(progress);
    };
    const result = await previewEnvironment(context, { ...runOptions, onProgress });
    const different = changesOf(totalOf(result.layers)) > 0 || result.skipped.length > 0;
    return {
      json: { ...runJson(result), changes },
      text: [...changes.map((change) => `${change.layer}: ${stepLine(change)}`), summary(result)].join("\n"),
      code: options.expectNoChanges && different ? exitCodes.differences : exitCodes.ok,
    };
  });
}

function collect(progress: Progress, changes: Change[]): void {
  if (progress.kind !== "step" || progress.step.state !== "done") return;
  const { op, type, name, properties } = progress.step;
  if (["create", "update", "replace", "delete"].includes(op))
    changes.push({ layer: progress.layer, op, type, name, properties });
}
