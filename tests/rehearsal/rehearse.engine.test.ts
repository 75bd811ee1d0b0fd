import assert from "node:assert/strict";
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { parseDocument } from "yaml";

import { directoriesOf } from "../../rehearsal/directories.ts";
import { Processes } from "../../rehearsal/kubernetes/processes.ts";
import { openRehearsal } from "../../rehearsal/open.ts";
import { rehearse, stopRehearsal } from "../../rehearsal/rehearse.ts";
import { faults, type Report } from "../../rehearsal/report.ts";
import { rejects } from "../helpers/raises.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const platform = join(checkout, "automation", "platform.ts");

/** A literal `pulumi` in a kept rehearsal, as the user would run it after sourcing env.sh. */
function pulumi(environment: string, folder: string, args: readonly string[]): SpawnSyncReturns<string> {
  const { root, workspace } = directoriesOf(checkout, environment);
  const script = `. ${join(root, "env.sh")} && cd ${join(workspace, folder)} && pulumi "$@"`;
  return spawnSync("bash", ["-c", script, "pulumi", ...args], { encoding: "utf8" });
}

/** What a preview would do, by operation. */
function previewed(environment: string, folder = ""): Record<string, number> {
  const { stdout, stderr } = pulumi(environment, folder, ["preview", "--stack", environment, "--json"]);
  try {
    return (JSON.parse(stdout) as { changeSummary: Record<string, number> }).changeSummary;
  } catch {
    return assert.fail(`${stdout}\n${stderr}`);
  }
}

function assertHolds(report: Report): void {
  assert.deepEqual(faults(report), []);
  assert.ok(report.up.created > 150, `only ${report.up.created} resources were created`);
}

describe("a rehearsal on the real engine and control plane", () => {
  // One account for both environments, as many teams have it.
  const account = mkdtempSync(join(tmpdir(), "platform-account-"));
  const committed = readFileSync(join(checkout, "Pulumi.qa.yaml"), "utf8");

  after(async () => {
    await stopRehearsal(checkout, "qa");
    await stopRehearsal(checkout, "prod");
    rmSync(account, { recursive: true, force: true });
  });

  it("that was killed in the middle leaves nothing that the next one cannot clear away", async () => {
    const child = spawn(process.execPath, [platform, "rehearse", "qa"], { cwd: checkout, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const { backend, kubernetes } = directoriesOf(checkout, "qa");
    const deadline = Date.now() + 240_000;
    // Killed while the engine writes state.
    const begun = (): boolean =>
      existsSync(backend) &&
      readdirSync(backend, { recursive: true }).some((file) => String(file).endsWith("qa.json"));
    while (!begun() && Date.now() < deadline) await sleep(100);
    await sleep(2_000);
    child.kill("SIGKILL");
    await ended;
    const left = new Processes(kubernetes).running();
    assert.ok(left.length > 0, "the control plane had not started");
    const notes: string[] = [];
    const rehearsal = await openRehearsal({
      environment: "qa",
      checkout,
      onNote: (text) => notes.push(text),
    });
    try {
      assert.match(notes.join("\n"), /interrupted/);
      const running = new Processes(kubernetes).running().map(({ pid }) => pid);
      assert.ok(left.every(({ pid }) => !running.includes(pid)));
    } finally {
      await rehearsal.close();
    }
  });

  it("brings qa up, changes nothing the second time, and goes on when it is kept", async () => {
    const report = await rehearse({ environment: "qa", checkout, aws: account, keep: true });
    assertHolds(report);
    assert.equal(report.topology, "composed");
    assert.deepEqual(Object.keys(report.layers), ["infra", "mesh", "apps", "argocd"]);
    assert.deepEqual(report.notRendered.map(({ chart }) => chart).sort(), [
      "argo-cd",
      "secrets-store-csi-driver-provider-aws",
    ]);
    await rejects("REHEARSAL_RUNNING", rehearse({ environment: "qa", checkout }));
  });

  it("answers a literal pulumi preview, and one weight more or less is one updated object", () => {
    const unchanged = previewed("qa");
    assert.deepEqual(Object.keys(unchanged), ["same"]);
    const file = join(directoriesOf(checkout, "qa").workspace, "Pulumi.qa.yaml");
    const document = parseDocument(readFileSync(file, "utf8"));
    document.setIn(["config", "apps:systems", "calculator", "services", "add-service", "weights"], {
      v1: 75,
      v2: 25,
    });
    writeFileSync(file, document.toString());
    const { update, ...others } = previewed("qa");
    assert.equal(update, 1);
    assert.deepEqual(Object.keys(others), ["same"]);
  });

  it("refuses a literal pulumi of the other topology, naming the key and the right command", () => {
    const { status, stdout } = pulumi("qa", "infra", ["preview", "--stack", "qa", "--non-interactive"]);
    assert.notEqual(status, 0);
    // There is no such stack in a composed environment; made by hand, the program itself refuses.
    pulumi("qa", "infra", ["stack", "init", "qa", "--non-interactive"]);
    const refused = pulumi("qa", "infra", ["preview", "--stack", "qa", "--non-interactive"]);
    assert.match(stdout + refused.stdout + refused.stderr, /TOPOLOGY_WRONG: platform:topology = "composed"/);
    assert.match(refused.stdout + refused.stderr, /platform up qa/);
  });

  it("keeps credentials out of the state", () => {
    const { stdout } = pulumi("qa", "", ["stack", "export", "--stack", "qa"]);
    const token =
      readFileSync(join(directoriesOf(checkout, "qa").kubernetes, "tokens.csv"), "utf8").split(",")[0] ?? "";
    assert.ok(token.length > 20 && stdout.length > 10_000);
    assert.equal(stdout.includes(token), false);
    assert.doesNotMatch(stdout, /BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}/);
  });

  it("brings prod up beside qa in one account, delivers by Argo CD, and leaves nothing after destroy", async () => {
    const notes: string[] = [];
    const report = await rehearse({
      environment: "prod",
      checkout,
      aws: account,
      onNote: (text) => notes.push(text),
    });
    assertHolds(report);
    assert.equal(report.topology, "layered");
    assert.deepEqual(report.destroy?.left, { aws: 0, kubernetes: 0 }, notes.join("\n"));
    assert.equal(report.destroy.deleted, report.up.created);
  });

  it("prints one JSON object and nothing else, and leaves nothing of qa", async () => {
    await stopRehearsal(checkout, "qa");
    const { status, stdout, stderr } = spawnSync(process.execPath, [platform, "rehearse", "qa", "--json"], {
      cwd: checkout,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout) as Report;
    assertHolds(report);
    assert.deepEqual(report.destroy?.left, { aws: 0, kubernetes: 0 });
    assert.equal(report.destroy.deleted, report.up.created);
  });

  it("never touches the committed configuration", () => {
    assert.equal(readFileSync(join(checkout, "Pulumi.qa.yaml"), "utf8"), committed);
  });
});
