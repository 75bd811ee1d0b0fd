/** Loaded into every Node process of a measured run: the program's own notes what it used when it ends. */
import { appendFileSync } from "node:fs";

const notes = process.env["BENCH_NOTES"];

if (notes !== undefined && /@pulumi\/pulumi\/cmd\/run(\/index\.js)?$/.test(process.argv[1] ?? "")) {
  process.on("exit", () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    // Node gives kilobytes and microseconds.
    appendFileSync(
      notes,
      `${JSON.stringify({ memory: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 })}\n`,
    );
  });
}
