import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { engineCommand, EngineError, runEngine } from "../../automation/engine.ts";
import { rejects } from "../helpers/raises.ts";

/** Says that it is ready, and answers interrupts as the real engine does: the first in order, the second at once. */
const interruptible = `
  let count = 0;
  process.on("SIGINT", () => {
    count += 1;
    console.log("interrupt " + count);
    if (count > 1) process.exit(7);
    setTimeout(() => process.exit(3), 400);
  });
  setTimeout(() => process.exit(0), 20000);
  console.log("ready");
`;

describe("the engine's command line", () => {
  let directory = "";
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "engine-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const script = (path: string, text: string): string => {
    const file = join(directory, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return file;
  };
  const context = (path: string, more = {}) => ({
    root: directory,
    environment: "qa",
    envVars: { PATH: path, ...more },
  });

  it("sees the environment that it is given and nothing of this process's", async () => {
    script(
      "bin/pulumi",
      '[ "$1" = version ] && { echo v3.259.0; exit; }; echo "$SECRET_OF_THE_USER:$GIVEN:$EXTRA"',
    );
    process.env["SECRET_OF_THE_USER"] = "leak";
    try {
      const command = await engineCommand(context(join(directory, "bin"), { GIVEN: "given" }));
      const { stdout } = await command.run(["x"], directory, { EXTRA: "extra" });
      assert.equal(stdout, ":given:extra\n");
      assert.equal(command.version?.toString(), "3.259.0");
    } finally {
      delete process.env["SECRET_OF_THE_USER"];
    }
  });

  it("fails with what was printed to standard error", async () => {
    const file = script("fails", "echo out; echo 'error: no' >&2; exit 4");
    await assert.rejects(runEngine(file, [], { env: {} }), (error) => {
      assert.ok(error instanceof EngineError);
      assert.deepEqual(error.output, { stdout: "out\n", stderr: "error: no\n", code: 4 });
      return error.message === "error: no";
    });
  });

  it("is interrupted once by the first request, in a process group that the terminal does not reach", async () => {
    const controller = new AbortController();
    let output = "";
    const onOutput = (text: string): void => {
      output += text;
      if (text.includes("ready")) controller.abort();
    };
    const run = runEngine(process.execPath, ["-e", interruptible], {
      env: {},
      onOutput,
      signal: controller.signal,
    });
    await assert.rejects(run, (error) => error instanceof EngineError && error.output.code === 3);
    assert.equal(output, "ready\ninterrupt 1\n");
  });

  it("is interrupted again by the second request, and ends at once", async () => {
    const [gentle, hard] = [new AbortController(), new AbortController()];
    const onOutput = (text: string): void => {
      if (text.includes("ready")) gentle.abort();
      if (text.includes("interrupt 1")) hard.abort();
    };
    const options = { env: {}, onOutput, signal: gentle.signal, kill: hard.signal };
    const run = runEngine(process.execPath, ["-e", interruptible], options);
    await assert.rejects(run, (error) => error instanceof EngineError && error.output.code === 7);
  });

  it("takes what it started with it: a starter does not leave the real engine behind", async () => {
    // What a shell runs beside itself ignores interrupts; it holds the output open for as long as it lives.
    const file = script("starter", "sleep 60 & echo ready; wait");
    const controller = new AbortController();
    const onOutput = (): void => controller.abort();
    const options = { env: { PATH: "/usr/bin:/bin" }, onOutput, kill: controller.signal };
    const started = Date.now();
    await assert.rejects(runEngine(file, [], options));
    assert.ok(Date.now() - started < 20_000);
  });

  it("is the one that the npm package's starter fetched", async () => {
    const starter = script("node_modules/pulumi/run.js", "exit 1");
    writeFileSync(join(directory, "node_modules/pulumi/package.json"), '{"version":"3.259.0"}');
    mkdirSync(join(directory, "node_modules/.bin"));
    symlinkSync(starter, join(directory, "node_modules/.bin/pulumi"));
    const real = script("home/versions/3.259.0/bin/pulumi", "echo v3.259.0");
    const path = join(directory, "node_modules/.bin");
    const command = await engineCommand(context(path, { PULUMI_HOME: join(directory, "home") }));
    assert.equal(command.command, real);
    const error = await rejects("ENGINE_MISSING", engineCommand(context(path, { PULUMI_HOME: directory })));
    assert.match(error.remedy, /npx platform/);
  });

  it("is missed with a way to get it", async () => {
    await rejects("ENGINE_MISSING", engineCommand(context("")));
    script("bin/pulumi", "echo something else");
    const error = await rejects("ENGINE_MISSING", engineCommand(context(join(directory, "bin"))));
    assert.match(String(error.value), /something else/);
  });
});
