/**
 * Measures the program against the engine's floor: npm run bench.
 *
 * In one rehearsal: cold preview and no-op update of qa, next to a bare program that registers the same resources from a file, through
 * the same engine and stand-ins; then cold previews of 1, 10 and 100 services like calculator's. It prints ratios, since seconds
 * mean nothing on another machine.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { openRehearsal } from "../rehearsal/open.ts";
import { program } from "../tests/helpers/program.ts";
import { planOf } from "./plan.ts";
import { ownProject, Project, type Measured, type Place } from "./project.ts";

const rounds = 3;
const sizes = [1, 10, 100] as const;
const aims = { ratio: 1.3, memory: 400, growth: 1.3 };
const missed: string[] = [];

const checkout = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const note = (text: string): boolean => process.stderr.write(`${text}\n`);
// A rehearsal of its own: it is in nobody's way, and nobody's state is in it.
const rehearsal = await openRehearsal({ environment: "bench", checkout, onNote: note });
process.once("SIGINT", () => void rehearsal.close().finally(() => process.exit(130)));
const { root: dir, workspace } = rehearsal.directories;
const place: Place = { dir, workspace, env: rehearsal.variables };
try {
  await compareWithFloor(place);
  await measureGrowth(place);
} finally {
  await rehearsal.close();
}
process.stdout.write(missed.length === 0 ? "\nevery aim is met\n" : `\nmissed: ${missed.join("; ")}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function compareWithFloor(place: Place): Promise<void> {
  const { resources } = await program("qa");
  const plan = join(place.dir, "bench", "plan.json");
  mkdirSync(join(place.dir, "bench"), { recursive: true });
  writeFileSync(plan, JSON.stringify(planOf(resources)));
  const qa = new Project(place, place.workspace);
  const bare = ownProject(place, "bare", "./bare.ts", { BENCH_PLAN: plan });

  say(`qa: ${resources.length} registrations, median of ${rounds} rounds`);
  say(row("", "qa", "bare", "ratio"));
  // In turns, so that whatever else the machine does falls on both.
  const previews = await inTurns(
    () => qa.preview(),
    () => bare.preview(),
  );
  compare("cold preview", previews);
  await qa.update();
  const qaAgain = await repeat(() => qa.update());
  await qa.destroy();
  await bare.update();
  const bareAgain = await repeat(() => bare.update());
  await bare.destroy();
  compare("no-op update", [qaAgain, bareAgain]);
}

async function measureGrowth(place: Place): Promise<void> {
  say("");
  say(row("services", "preview", "for each", "memory"));
  const seconds: number[] = [];
  for (const size of sizes) {
    const grown = ownProject(place, "growth", "./growth.ts", { BENCH_SERVICES: String(size) });
    const runs = await repeat(() => grown.preview());
    const preview = median(runs.map((run) => run.seconds));
    const memory = Math.max(...runs.map((run) => run.memory));
    const [last, before] = [seconds.at(-1), sizes[seconds.length - 1]];
    // What each further service costs, which is what must not grow.
    const each = last === undefined || before === undefined ? undefined : (preview - last) / (size - before);
    say(
      row(
        String(size),
        `${preview.toFixed(1)} s`,
        each === undefined ? "" : `${each.toFixed(3)} s`,
        `${memory} MB`,
      ),
    );
    seconds.push(preview);
    if (memory > aims.memory) missed.push(`memory with ${size} services ${memory} MB > ${aims.memory} MB`);
  }
  const [one, ten, hundred] = seconds as [number, number, number];
  const growth = (hundred - ten) / 90 / ((ten - one) / 9);
  say(`a service's cost from 10 to 100 is ${growth.toFixed(2)} of that from 1 to 10`);
  if (growth > aims.growth) missed.push(`growth ${growth.toFixed(2)} > ${aims.growth}`);
}

function compare(what: string, [qa, bare]: readonly [Measured[], Measured[]]): void {
  const [ours, floor] = [median(qa.map((run) => run.seconds)), median(bare.map((run) => run.seconds))];
  const ratio = ours / floor;
  say(row(what, `${ours.toFixed(1)} s`, `${floor.toFixed(1)} s`, ratio.toFixed(2)));
  const [memory, least] = [qa, bare].map((runs) => Math.max(...runs.map((run) => run.memory))) as [
    number,
    number,
  ];
  say(row("  memory", `${memory} MB`, `${least} MB`, (memory / least).toFixed(2)));
  if (ratio > aims.ratio) missed.push(`${what} ${ratio.toFixed(2)} > ${aims.ratio}`);
  if (memory > aims.memory) missed.push(`memory of ${what} ${memory} MB > ${aims.memory} MB`);
}

async function inTurns(
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

async function repeat(run: () => Promise<Measured>): Promise<Measured[]> {
  const runs: Measured[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await run());
  return runs;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

function row(first: string, ...rest: readonly string[]): string {
  return first.padEnd(16) + rest.map((cell) => cell.padStart(12)).join("");
}

function say(line: string): void {
  process.stdout.write(`${line.trimEnd()}\n`);
}
