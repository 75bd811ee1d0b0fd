import { renderFiles } from "../../apps/render.ts";
import { checkRendering, writeRendering } from "../../lib/render.ts";
import { checkEnvironment } from "../check.ts";
import { onTerminal } from "../terminal/session.ts";
import { contextOf, type CommonOptions } from "./shared.ts";

export interface RenderOptions extends CommonOptions {
  check?: boolean;
}

export async function render(name: string, options: RenderOptions): Promise<void> {
  await onTerminal(options, async (session) => {
    const context = contextOf(name, options, session);
    const { environment, systems } = await checkEnvironment(context);
    const files = renderFiles(environment, systems);
    if (options.check) {
      checkRendering(context.root, name, files);
      return {
        json: { environment: name, stale: [] },
        text: `gitops/${name}: ${files.size} files, all as rendered`,
      };
    }
    const result = writeRendering(context.root, name, files);
    const { written, removed, unchanged } = result;
    const lines = [...written.map((path) => `wrote ${path}`), ...removed.map((path) => `removed ${path}`)];
    const text = `gitops/${name}: ${written.length} written, ${removed.length} removed, ${unchanged.length} unchanged`;
    return { json: { environment: name, ...result }, text: [...lines, text].join("\n") };
  });
}
