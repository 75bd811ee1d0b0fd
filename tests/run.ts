/**
 * The whole test run: types, lint and format, then the unit tests, then the rehearsals on the real engine and control plane.
 * Everything runs even if something before it failed, and the last line counts: `N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Step {
  title: string;
  command: readonly [string, ...string[]];
  /** Mocha counts its own tests; any other step is one test. */
  mocha?: boolean;
}

const steps: readonly Step[] = [
  { title: "types", command: ["tsc"] },
  { title: "lint", command: ["eslint", ".", "--max-warnings=0"] },
  { title: "format", command: ["prettier", "--check", "--log-level=warn", "."] },
  { title: "unit tests", command: ["mocha"], mocha: true },
  { title: "rehearsals", command: ["mocha", "--config", ".mocharc.engine.json"], mocha: true },
];

const root = fileURLToPath(new URL("..", import.meta.url));
let passed = 0;
let failed = 0;

for (const step of steps) {
  const started = Date.now();
  process.stdout.write(`\n== ${step.title}\n`);
  const { code, output } = await run(step.command);
  const counts = step.mocha === true ? mochaCounts(output) : undefined;
  passed += counts?.passing ?? (code === 0 ? 1 : 0);
  // A mocha that died before it could count is one failure.
  failed += Math.max(counts?.failing ?? 0, code === 0 ? 0 : 1);
  process.stdout.write(
    `== ${step.title}: ${code === 0 ? "ok" : "failed"} in ${Math.round((Date.now() - started) / 1000)} s\n`,
  );
}

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

async function run([command, ...args]: readonly [string, ...string[]]): Promise<{
  code: number;
  output: string;
}> {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

function mochaCounts(output: string): { passing: number; failing: number } {
  const count = (word: string): number =>
    Number(new RegExp(`^\\s*(\\d+) ${word}`, "m").exec(output)?.[1] ?? 0);
  return { passing: count("passing"), failing: count("failing") };
}
