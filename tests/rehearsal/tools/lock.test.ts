import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { identify } from "../../../rehearsal/process-identity.ts";
import { withLock } from "../../../rehearsal/tools/lock.ts";

describe("the lock of a tool", () => {
  let directory: string;
  let lock: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "lock-"));
    lock = join(directory, "tool.lock");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("lets one in after the other, and is gone in the end, after a failure too", async () => {
    let inside = 0;
    const enter = async (): Promise<void> => {
      inside += 1;
      assert.equal(inside, 1);
      await sleep(10);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => withLock(lock, enter, { interval: 5 })));
    await assert.rejects(
      withLock(lock, () => Promise.reject(new Error("failed inside"))),
      /failed inside/,
    );
    assert.deepEqual(readdirSync(directory), []);
  });

  it("is taken over from a process that was killed", async () => {
    const module = join(import.meta.dirname, "../../../rehearsal/tools/lock.ts");
    const code = `import { withLock } from "${module}"; await withLock("${lock}", () => new Promise((done) => setTimeout(done, 60_000)));`;
    const owner = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
    while (!existsSync(lock)) {
      await sleep(10);
    }
    const waited: number[] = [];
    const taking = withLock(lock, async () => JSON.parse(readFileSync(lock, "utf8")) as { pid: number }, {
      interval: 10,
      onWait: (pid) => {
        waited.push(pid);
        owner.kill("SIGKILL");
      },
    });
    assert.equal((await taking).pid, process.pid);
    assert.deepEqual(waited, [owner.pid]);
    assert.deepEqual(readdirSync(directory), []);
  });

  it("is not held by a later process that was given the owner's id", async () => {
    writeFileSync(lock, JSON.stringify({ pid: process.pid, started: "1" }));
    assert.notEqual(identify().started, "1");
    assert.equal(await withLock(lock, async () => "in", { interval: 5 }), "in");
  });

  it("is not waited for any longer than the caller wants", async () => {
    writeFileSync(lock, JSON.stringify(identify(process.ppid)));
    await assert.rejects(
      withLock(lock, async () => "in", { signal: AbortSignal.timeout(30), interval: 10 }),
      { name: /AbortError|TimeoutError/ },
    );
    assert.ok(existsSync(lock));
  });
});
