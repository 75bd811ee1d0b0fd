/**
 * Measures the program against the engine's floor: npm run bench.
 *
 * In one rehearsal: cold preview and no-op update of qa, and cold previews of 1, 10 and 100 services like calculator's, each next to
 * a bare program that registers the same resources from a file, through the same engine and the same stand-ins. It prints ratios,
 * since seconds mean nothing on another machine, and takes the fastest of its rounds, since others may use the machine.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { openRehearsal } from "../rehearsal/open.ts";
import type { Recorded } from "../tests/helpers/mocks.ts";
import { configOf, program, runEntry } from "../tests/helpers/program.ts";
import { planOf } from "./plan.ts";
import { ownProject, Project, type Measured, type Place } from "./project.ts";

const aims = { ratio: 1.3, memory: 400, growth: 1.3 };
const sizes = [1, 10, 100] as const;
const columns = ["", "registered", "program", "bare", "ratio", "own cpu", "bare", "memory", "bare"] as const;
const missed: string[] = [];

const checkout = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const note = (text: string): boolean => process.stderr.write(`${text}\n`);
// A rehearsal of its own: it is in nobody's way, and nobody's state is in it.
const rehearsal = await openRehearsal({ environment: "bench", checkout, onNote: note });
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void rehearsal.close().finally(() => process.exit(130)));
}
const { root: dir, workspace } = rehearsal.directories;
const place: Place = { dir, workspace, env: rehearsal.variables };
mkdirSync(join(dir, "bench"), { recursive: true });
try {
  say(columns);
  await measureQa();
  await measureGrowth();
} finally {
  await rehearsal.close();
}
process.stdout.write(missed.length === 0 ? "\nevery aim is met\n" : `\nmissed: ${missed.join("; ")}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function measureQa(): Promise<void> {
  const { resources } = await program("qa");
  const qa = new Project(place, workspace);
  const bare = bareProject(resources);
  const [preview] = compare(
    "qa, cold preview",
    resources,
    await inTurns(
      3,
      () => qa.preview(),
      () => bare.preview(),
    ),
  );

  // Both make the same objects in the same account: one has to be gone before the other comes.
  await qa.update();
  const qaAgain = await repeat(3, () => qa.again());
  await qa.destroy();
  await bare.update();
  const bareAgain = await repeat(3, () => bare.again());
  await bare.destroy();
  const [again] = compare("qa, no-op update", resources, [qaAgain, bareAgain]);

  const memory = Math.max(preview.memory, again.memory);
  if (memory > aims.memory) missed.push(`memory of qa ${memory.toFixed(0)} MB > ${aims.memory} MB`);
}

async function measureGrowth(): Promise<void> {
  const cpu: number[] = [];
  for (const size of sizes) {
    const grown = ownProject(place, "growth", "./growth.ts", { BENCH_SERVICES: String(size) });
    process.env["BENCH_SERVICES"] = String(size);
    const { resources } = await runEntry("qa", "bench-growth", "bench/growth.ts", configOf("qa"), {});
    const bare = bareProject(resources);
    const runs = await inTurns(
      2,
      () => grown.preview(),
      () => bare.preview(),
    );
    const [ours] = compare(`${size} service${size === 1 ? "" : "s"}, cold preview`, resources, runs);
    cpu.push(ours.cpu);
  }
  // What one more service costs must not grow. Processor time tells it in spite of whatever else the machine does.
  const [one, ten, hundred] = cpu as [number, number, number];
  const growth = (hundred - ten) / 90 / ((ten - one) / 9);
  process.stdout.write(
    `\na service costs from 10 to 100 ${growth.toFixed(2)} of what it costs from 1 to 10\n`,
  );
  if (growth > aims.growth) missed.push(`growth ${growth.toFixed(2)} > ${aims.growth}`);
}

/** The floor for a program: one that registers the same from a file. */
function bareProject(resources: readonly Recorded[]): Project {
  const plan = join(dir, "bench", "plan.json");
  writeFileSync(plan, JSON.stringify(planOf(resources)));
  return ownProject(place, "bare", "./bare.ts", { BENCH_PLAN: plan });
}

/** Prints the fastest of both sides and their ratio. */
function compare(
  what: string,
  resources: readonly Recorded[],
  [programs, bares]: readonly [Measured[], Measured[]],
): readonly [Measured, Measured] {
  const [ours, floor] = [fastest(programs), fastest(bares)];
  const ratio = ours.seconds / floor.seconds;
  const pair = (of: (run: Measured) => string): string[] => [of(ours), of(floor)];
  say([
    what,
    String(resources.length),
    ...pair((run) => `${run.seconds.toFixed(1)} s`),
    ratio.toFixed(2),
    ...pair((run) => `${run.cpu.toFixed(1)} s`),
    ...pair((run) => `${run.memory.toFixed(0)} MB`),
  ]);
  if (ratio > aims.ratio) missed.push(`${what} ${ratio.toFixed(2)} > ${aims.ratio}`);
  return [ours, floor];
}

/** The best of each: what disturbs a run only ever makes it dearer. */
function fastest(runs: readonly Measured[]): Measured {
  const best = (of: (run: Measured) => number): number => Math.min(...runs.map(of));
  return {
    seconds: best((run) => run.seconds),
    cpu: best((run) => run.cpu),
    memory: Math.max(...runs.map((run) => run.memory)),
  };
}

/** In turns, so that whatever else the machine does falls on both. */
async function inTurns(
  rounds: number,
  one: () => Promise<Measured>,
  other: () => Promise<Measured>,
): Promise<readonly [Measured[], Measured[]]> {
  const runs: [Measured[], Measured[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    runs[0].push(await one());
    runs[1].push(await other());
  }
  return runs;
}

async function repeat(rounds: number, run: () => Promise<Measured>): Promise<Measured[]> {
  const runs: Measured[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await run());
  return runs;
}

function say([first = "", ...rest]: readonly string[]): void {
  process.stdout.write(`${first.padEnd(28)}${rest.map((cell) => cell.padStart(10)).join("")}\n`);
}
