import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";

import { directoriesOf, type Directories } from "../../../rehearsal/directories.ts";
import { environmentScript, makeHome, rehearsalEnvironment } from "../../../rehearsal/home.ts";
import { ensureTools } from "../../../rehearsal/tools.ts";
import { makeWorkspace } from "../../../rehearsal/workspace.ts";

const root = join(import.meta.dirname, "../../..");
const stackFile = "config:\n  toy:size: 4\n";

describe("the engine of a rehearsal", function () {
  // The first run on a machine builds the engine.
  this.timeout(15 * 60_000);
  let checkout: string;
  let directories: Directories;
  let stack: Stack;
  let leave: () => void;
  let outside: NodeJS.ProcessEnv;

  before(async () => {
    const tools = await ensureTools({ only: ["pulumi", "kubectl", "helm"] });
    checkout = mkdtempSync(join(tmpdir(), "toy-checkout-"));
    cpSync(join(import.meta.dirname, "toy"), join(checkout, "toy"), { recursive: true });
    writeFileSync(join(checkout, "Pulumi.dev.yaml"), stackFile);
    writeFileSync(join(checkout, "package.json"), JSON.stringify({ type: "module" }));
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));

    directories = directoriesOf(checkout, "dev");
    mkdirSync(directories.backend, { recursive: true });
    makeHome({ directories: { home: directories.home, checkout: root }, tools });
    const plugin = join(directories.home, "plugins/resource-toy-v1.2.3");
    mkdirSync(plugin, { recursive: true });
    const provider = join(import.meta.dirname, "toy-provider.ts");
    writeFileSync(
      join(plugin, "pulumi-resource-toy"),
      `#!/bin/sh\nexec '${process.execPath}' '${provider}' "$@"\n`,
    );
    chmodSync(join(plugin, "pulumi-resource-toy"), 0o755);
    makeWorkspace(checkout, directories.workspace);

    outside = {
      ...process.env,
      AWS_PROFILE: "somebody",
      AWS_ACCESS_KEY_ID: "AKIA",
      PULUMI_ACCESS_TOKEN: "pul-1",
    };
    const environment = rehearsalEnvironment({ directories, tools }, outside);
    writeFileSync(join(directories.root, "env.sh"), environmentScript({ directories, tools }));
    leave = enterEnvironment({ ...environment, TOY_LOG: log() });
    stack = await LocalWorkspace.createOrSelectStack({
      stackName: "dev",
      workDir: join(directories.workspace, "toy"),
    });
  });

  after(() => {
    leave?.();
    rmSync(checkout, { recursive: true, force: true });
  });

  function log(): string {
    return join(directories.root, "toy.jsonl");
  }

  function calls(name: string): Record<string, unknown>[] {
    const lines = existsSync(log()) ? readFileSync(log(), "utf8").trimEnd().split("\n") : [];
    return lines
      .map((line) => JSON.parse(line) as { call: string; detail: Record<string, unknown> })
      .filter(({ call }) => call === name)
      .map(({ detail }) => detail);
  }

  /** Runs a line in a shell that has sourced env.sh, as a user would. */
  async function inShell(line: string): Promise<{ stdout: string; stderr: string }> {
    return promisify(execFile)("/bin/sh", ["-c", `. '${join(directories.root, "env.sh")}' && ${line}`], {
      cwd: join(directories.workspace, "toy"),
      env: { ...outside, TOY_LOG: log() },
    });
  }

  it("brings a program up, with unknown values in the preview and real ones after it", async () => {
    const preview = await stack.preview();
    assert.deepEqual(preview.changeSummary, { create: 7 });
    const printed: string[] = [];
    const result = await stack.up({ onOutput: (text) => printed.push(text) });

    assert.deepEqual(result.summary.resourceChanges, { create: 7 });
    assert.deepEqual(result.outputs["count"]?.value, 3);
    assert.deepEqual(result.outputs["found"]?.value, ["eu-north-1a", "eu-north-1b"]);
    assert.match(String(result.outputs["serial"]?.value), /^serial-\d+$/);
    const text = printed.join("");
    assert.match(text, /the program was here/);
    assert.doesNotMatch(text, /warning/i);

    const notes = calls("create").filter(({ name }) => name === "follower-0");
    const inputs = notes.map(({ preview, inputs: bag }) => [preview, (bag as { note: string }).note]);
    assert.equal(inputs.length, 2);
    assert.equal(inputs[0]?.[1], "04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    assert.match(String(inputs[1]?.[1]), /^after serial-/);
  });

  it("hands a provider its inputs with JSON decoded, digits left as text, and secrets in plain", () => {
    assert.deepEqual(calls("configure")[0], {
      account: "123456789012",
      labels: { env: "dev" },
      token: "hush",
    });
    assert.ok(calls("check").every(({ seed }) => Number(seed) >= 16));
  });

  it("keeps secrets out of the state, and marks the output that came from one", async () => {
    const state = readFileSync(join(directories.backend, ".pulumi/stacks/toy/dev.json"), "utf8");
    assert.match(state, /toy-first/);
    assert.doesNotMatch(state, /s3cret|hush/);
    assert.equal((await stack.outputs())["password"]?.secret, true);
    assert.equal((await stack.outputs())["serial"]?.secret, false);
  });

  it("changes nothing in a second run", async () => {
    const result = await stack.up();
    assert.deepEqual(result.summary.resourceChanges, { same: 7 });
  });

  it("updates in place, and replaces where the provider says so", async () => {
    await stack.setAllConfig({ "toy:size": { value: "5" }, "toy:kind": { value: "square" } });
    const preview = await stack.preview();
    assert.deepEqual(preview.changeSummary, { same: 3, update: 3, replace: 1 });
    const result = await stack.up();
    assert.deepEqual(result.summary.resourceChanges, { same: 3, update: 3, replace: 1 });
  });

  it("writes the salt of its encryption into the shadow, and keeps it when the shadow is refreshed", () => {
    const shadow = join(directories.workspace, "Pulumi.dev.yaml");
    assert.equal(readFileSync(join(checkout, "Pulumi.dev.yaml"), "utf8"), stackFile);
    const salt = /^encryptionsalt: .+$/m.exec(readFileSync(shadow, "utf8"))?.[0];
    assert.ok(salt);

    assert.deepEqual(makeWorkspace(checkout, directories.workspace), ["toy"]);
    const refreshed = readFileSync(shadow, "utf8");
    assert.equal(refreshed, `${stackFile}${salt}\n`);
    assert.deepEqual(readdirSync(checkout).sort(), [
      ".rehearsal",
      "Pulumi.dev.yaml",
      "node_modules",
      "package.json",
      "toy",
    ]);
  });

  it("answers the literal command line in a shell that sourced env.sh, and the npm package too", async () => {
    await stack.up();
    const direct = await inShell("pulumi preview -s dev --color never");
    assert.match(direct.stdout, /7 unchanged/);
    assert.equal(direct.stderr, "");
    const npm = await inShell(`'${join(root, "node_modules/.bin/pulumi")}' preview -s dev --color never`);
    assert.match(npm.stdout, /7 unchanged/);
    assert.equal(npm.stderr, "");
  });

  it("shows no credential of the user inside", async () => {
    const { stdout } = await inShell("env");
    assert.doesNotMatch(stdout, /somebody|AKIA|pul-1/);
    assert.match(stdout, /^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:9$/m);
    await assert.rejects(inShell("aws sts get-caller-identity"), /reaches no account/);
    assert.match((await inShell("helm version --short")).stdout, /^v3\.20/);
  });

  it("names the property when the provider refuses an input, without a stack trace", async () => {
    await stack.setConfig("toy:size", { value: "-1" });
    await assert.rejects(stack.up(), (error: Error) => {
      assert.match(error.message, /a size is not negative/);
      assert.doesNotMatch(error.message, /at .*toy-provider\.ts/);
      return true;
    });
    await stack.setConfig("toy:size", { value: "5" });
  });

  it("keeps an object that was made but did not become ready, with the reason", async () => {
    await stack.setConfig("toy:fragile", { value: "true" });
    await assert.rejects(stack.up(), /it broke at once/);
    assert.match(JSON.stringify(await stack.exportStack()), /toy-fragile/);
    await stack.removeConfig("toy:fragile");
  });

  it("stops a provider that waits when the user cancels, and leaves no process behind", async () => {
    await stack.setConfig("toy:slow", { value: "true" });
    const started = calls("create").length;
    const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "-s", "dev"], {
      cwd: join(directories.workspace, "toy"),
      stdio: "ignore",
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    await until(() =>
      calls("create")
        .slice(started)
        .some(({ name }) => name === "slow"),
    );
    const before = Date.now();
    child.kill("SIGINT");
    assert.notEqual(await ended, 0);
    assert.ok(Date.now() - before < 20_000);
    await until(() => processesOf(directories.root).length === 0);
    await stack.removeConfig("toy:slow");
  });

  it("leaves no process behind when the engine is killed", async () => {
    await stack.setConfig("toy:slow", { value: "true" });
    const started = calls("create").length;
    const child = spawn("pulumi", ["up", "--yes", "--skip-preview", "-s", "dev"], {
      cwd: join(directories.workspace, "toy"),
      stdio: "ignore",
    });
    await until(() =>
      calls("create")
        .slice(started)
        .some(({ name }) => name === "slow"),
    );
    child.kill("SIGKILL");
    await until(() => processesOf(directories.root).length === 0);
    await stack.cancel();
    await stack.removeConfig("toy:slow");
  });

  it("takes everything down again", async () => {
    const result = await stack.destroy();
    assert.equal(result.summary.resourceChanges?.["delete"], 8);
    const left = await stack.exportStack();
    assert.deepEqual((left.deployment as { resources?: unknown[] }).resources ?? [], []);
  });
});

/**
 * Makes an environment this process's own, and returns what puts the old one back: the Automation API's own command line hands
 * its whole environment on to the engine, whatever `envVars` says.
 */
function enterEnvironment(environment: NodeJS.ProcessEnv): () => void {
  const before = { ...process.env };
  const replace = (by: NodeJS.ProcessEnv): void => {
    Object.keys(process.env).forEach((key) => delete process.env[key]);
    Object.assign(process.env, by);
  };
  replace(environment);
  return () => replace(before);
}

async function until(condition: () => boolean, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    assert.ok(Date.now() < end, `not true after ${seconds} s: ${String(condition)}`);
    await sleep(100);
  }
}

/** Ids of the processes that carry the rehearsal's directory in their environment. */
function processesOf(directory: string): string[] {
  return readdirSync("/proc").filter((id) => {
    if (!/^\d+$/.test(id) || id === String(process.pid)) {
      return false;
    }
    try {
      return readFileSync(`/proc/${id}/environ`, "utf8").includes(`REHEARSAL_DIR=${directory}\0`);
    } catch {
      return false;
    }
  });
}
