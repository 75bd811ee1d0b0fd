import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { fail } from "../lib/errors.ts";
import type { Directories } from "./directories.ts";
import { identify, isAlive, type ProcessIdentity } from "./process-identity.ts";

/** Who uses a rehearsal's directory. `kept`: its control plane goes on after the owner has ended. */
interface Claim {
  owner: ProcessIdentity;
  kept: boolean;
}

/** What the directory holds when somebody comes to it. */
export type Found = "nothing" | "kept" | "interrupted";

/**
 * Takes a rehearsal's directory for this process. Returns `interrupted` if an earlier rehearsal was killed and left things behind
 * that have to be cleared away first.
 *
 * @throws PlatformError REHEARSAL_RUNNING if another process uses it, or if it was kept
 */
export function claim(directories: Directories, environment: string): Found {
  const found = look(directories, environment);
  if (found === "kept") {
    fail({
      id: "REHEARSAL_RUNNING",
      key: environment,
      rule: "a rehearsal of it was kept and still runs",
      remedy: `Use it, or end it by: platform rehearse ${environment} --stop.`,
    });
  }
  write(directories, { owner: identify(), kept: false });
  return found;
}

/** Like {@link claim}, for ending whatever is there: a kept rehearsal is no hindrance. */
export function claimToStop(directories: Directories, environment: string): Found {
  const found = look(directories, environment);
  if (found !== "nothing") write(directories, { owner: identify(), kept: false });
  return found;
}

/** Leaves the rehearsal running for later. */
export function keep(directories: Directories): void {
  write(directories, { owner: identify(), kept: true });
}

/** Clears everything away but the simulated account of other rehearsals. */
export function clear(directories: Directories): void {
  rmSync(directories.root, { recursive: true, force: true, maxRetries: 3 });
}

function look(directories: Directories, environment: string): Found {
  const claim = read(directories);
  if (claim === undefined) return "nothing";
  if (claim.kept) return "kept";
  if (claim.owner.pid === process.pid || !isAlive(claim.owner)) return "interrupted";
  return fail({
    id: "REHEARSAL_RUNNING",
    key: environment,
    value: `process ${claim.owner.pid}`,
    rule: "another process is rehearsing it",
    remedy: "Wait for it to end, or end it; a rehearsal that was killed is cleared away by the next one.",
  });
}

function claimFile(directories: Directories): string {
  return join(directories.root, "rehearsal.json");
}

function read(directories: Directories): Claim | undefined {
  try {
    return JSON.parse(readFileSync(claimFile(directories), "utf8")) as Claim;
  } catch {
    return undefined;
  }
}

function write(directories: Directories, claim: Claim): void {
  mkdirSync(directories.root, { recursive: true });
  writeFileSync(claimFile(directories), `${JSON.stringify(claim)}\n`);
}
