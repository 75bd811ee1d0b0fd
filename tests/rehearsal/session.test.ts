import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { directoriesOf, type Directories } from "../../rehearsal/directories.ts";
import { identify, type ProcessIdentity } from "../../rehearsal/process-identity.ts";
import { claim, claimToStop, clear, keep } from "../../rehearsal/session.ts";
import { raises } from "../helpers/raises.ts";

describe("the claim to a rehearsal's directory", () => {
  const checkout = mkdtempSync(join(tmpdir(), "session-"));
  const directories: Directories = directoriesOf(checkout, "qa");
  let other: ChildProcess;
  /** As another process leaves its claim. */
  const claimedBy = (owner: ProcessIdentity, kept = false): void => {
    mkdirSync(directories.root, { recursive: true });
    writeFileSync(join(directories.root, "rehearsal.json"), JSON.stringify({ owner, kept }));
  };

  before(() => {
    other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
  });
  beforeEach(() => clear(directories));
  after(() => {
    other.kill();
    rmSync(checkout, { recursive: true });
  });

  it("finds nothing the first time", () => {
    assert.equal(claim(directories, "qa"), "nothing");
  });

  it("is refused while another process rehearses", () => {
    claimedBy(identify(other.pid));
    const error = raises("REHEARSAL_RUNNING", () => claim(directories, "qa"));
    assert.equal(error.value, `process ${String(other.pid)}`);
    raises("REHEARSAL_RUNNING", () => claimToStop(directories, "qa"));
  });

  it("is refused while a kept rehearsal runs, and says how to end it", () => {
    claim(directories, "qa");
    keep(directories);
    assert.match(
      raises("REHEARSAL_RUNNING", () => claim(directories, "qa")).remedy,
      /platform rehearse qa --stop/,
    );
    assert.equal(claimToStop(directories, "qa"), "kept");
  });

  it("takes over from a rehearsal that was killed", () => {
    // The id is in use, but by a process that started at another time.
    claimedBy({ pid: other.pid as number, started: "1" });
    assert.equal(claim(directories, "qa"), "interrupted");
  });

  it("takes a claim that cannot be read for none", () => {
    mkdirSync(directories.root, { recursive: true });
    writeFileSync(join(directories.root, "rehearsal.json"), "{");
    assert.equal(claim(directories, "qa"), "nothing");
  });

  it("is gone when everything is cleared away", () => {
    claim(directories, "qa");
    clear(directories);
    assert.ok(!existsSync(directories.root));
    assert.equal(claimToStop(directories, "qa"), "nothing");
  });
});
