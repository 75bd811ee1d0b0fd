/** Loaded into every Node process of a measured run: the program's own notes its greatest memory, in MB, when it ends. */
import { appendFileSync } from "node:fs";

const notes = process.env["BENCH_MEMORY"];

if (notes !== undefined && /@pulumi\/pulumi\/cmd\/run(\/index\.js)?$/.test(process.argv[1] ?? "")) {
  // Node gives kilobytes.
  process.on("exit", () => appendFileSync(notes, `${Math.round(process.resourceUsage().maxRSS / 1024)}\n`));
}
