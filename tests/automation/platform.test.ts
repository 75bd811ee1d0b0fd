import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { FakeEngine } from "./fake-engine.ts";

const checkout = fileURLToPath(new URL("../../", import.meta.url));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line without a terminal. */
async function platform(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; root?: string; onError?: (text: string, pid: number) => void } = {},
): Promise<Ended> {
  const env = options.env ?? process.env;
  const child = spawn(process.execPath, [join(options.root ?? checkout, "automation/platform.ts"), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
    options.onError?.(text, child.pid ?? 0);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, ...output };
}

function errorOf({ stdout }: Ended): { id: string; key: string; remedy: string; layer?: string } {
  return (JSON.parse(stdout) as { error: ReturnType<typeof errorOf> }).error;
}

describe("the command line", () => {
  it("explains itself, with its exit codes", async () => {
    const { code, stdout } = await platform(["--help"]);
    assert.equal(code, 0);
    for (const word of [
      "up",
      "preview",
      "refresh",
      "destroy",
      "outputs",
      "render",
      "rehearse",
      "Exit codes",
    ]) {
      assert.match(stdout, new RegExp(`\\b${word}\\b`));
    }
  });

  it("ends with 64 when it is typed wrongly", async () => {
    const wrong = [["bogus"], ["up"], ["up", "qa", "--bogus"]];
    for (const { code, stderr } of await Promise.all(wrong.map((args) => platform(args)))) {
      assert.equal(code, 64, stderr);
      assert.match(stderr, /--help/);
    }
  });

  it("refuses what cannot be meant, with an id and exit code 1", async () => {
    const wrong: [string, string[]][] = [
      ["ENVIRONMENT_UNKNOWN", ["preview", "qaa"]],
      ["LAYER_UNKNOWN", ["preview", "prod", "--layer", "ifra"]],
      ["LAYER_IN_COMPOSED", ["outputs", "qa", "--layer", "infra"]],
      ["PROTECTED_ENVIRONMENT", ["destroy", "prod", "--yes"]],
      ["PLACEHOLDER_VALUE", ["up", "qa", "--yes"]],
      ["CONFIRMATION_NEEDED", ["refresh", "qa"]],
    ];
    const engine = new FakeEngine("qa");
    const check = async ([id, args]: [string, string[]]): Promise<void> => {
      const ended = await platform([...args, "--json"], { env: engine.variables });
      assert.equal(ended.code, 1, args.join(" "));
      assert.equal(errorOf(ended).id, id);
      assert.ok(errorOf(ended).remedy.length > 0);
    };
    await Promise.all(wrong.map(check)).finally(() => engine.close());
  });

  it("says the same to people on standard error, and nothing on standard output", async () => {
    const { stdout, stderr } = await platform(["preview", "qaa"]);
    assert.equal(stdout, "");
    assert.equal(
      stderr,
      'ENVIRONMENT_UNKNOWN: environment = "qaa": there is no Pulumi.qaa.yaml.\n  Name one of prod, qa.\n',
    );
  });
});

describe("the command line over a mistake in a system's declaration", () => {
  const root = mkdtempSync(join(tmpdir(), "platform-copy-"));
  before(() => {
    for (const folder of ["automation", "lib", "systems", "infra", "mesh", "apps", "argocd", "rehearsal"]) {
      cpSync(join(checkout, folder), join(root, folder), { recursive: true });
    }
    for (const file of ["package.json", "Pulumi.yaml", "Pulumi.prod.yaml"])
      cpSync(join(checkout, file), join(root, file));
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    const file = join(root, "systems/calculator.ts");
    const declared = readFileSync(file, "utf8");
    const wrong = declared.replace("{ v1: 70, v2: 30 }", "{ v1: 70, v2: 40 }");
    assert.notEqual(wrong, declared);
    writeFileSync(file, wrong);
  });
  after(() => rmSync(root, { recursive: true }));

  it("is refused like any other, to people without a stack trace", async () => {
    const { code, stdout, stderr } = await platform(["render", "prod"], { root });
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^SYSTEM_WEIGHTS: calculator\.add-service\.rollout\.weights/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  it("is one object with --json", async () => {
    const ended = await platform(["render", "prod", "--json"], { root });
    assert.equal(ended.code, 1);
    assert.equal(errorOf(ended).id, "SYSTEM_WEIGHTS");
  });
});

describe("the command line on an environment", () => {
  let engine: FakeEngine;
  afterEach(() => engine.close());

  it("prints one object with --json, and progress elsewhere", async () => {
    engine = new FakeEngine("prod");
    for (const layer of ["infra", "mesh", "apps", "argocd"]) engine.stand(layer, 5);
    const { code, stdout, stderr } = await platform(
      ["destroy", "prod", "--yes", "--unprotect", "--json", "--directory", engine.root],
      { env: engine.variables },
    );
    assert.equal(code, 0, stderr);
    const result = JSON.parse(stdout) as { operation: string; layers: object };
    assert.equal(result.operation, "destroy");
    assert.deepEqual(Object.keys(result.layers), ["argocd", "apps", "mesh", "infra"]);
    assert.match(stderr, /argocd: begins/);
  });

  it("names the layer in which it failed", async () => {
    engine = new FakeEngine("prod");
    engine.fail("preview", "infra", "error: the cloud says no\n");
    const ended = await platform(["preview", "prod", "--json", "--directory", engine.root], {
      env: engine.variables,
    });
    assert.equal(ended.code, 1);
    assert.deepEqual([errorOf(ended).id, errorOf(ended).layer], ["ENGINE_FAILED", "infra"]);
  });

  it("ends with 130 after Ctrl-C, and says how to go on", async () => {
    engine = new FakeEngine("qa");
    engine.slow("preview", "root", 5);
    const started = Date.now();
    const { code, stderr } = await platform(["preview", "qa", "--directory", engine.root], {
      env: engine.variables,
      onError: (text, pid) => (text.includes("infra: begins") ? process.kill(pid, "SIGINT") : undefined),
    });
    assert.equal(code, 130, stderr);
    assert.match(stderr, /Cancelling: .*\n/);
    assert.match(
      stderr,
      /CANCELLED: platform preview qa: .*\n {2}Run 'platform preview qa' again: it goes on from here/,
    );
    assert.ok(Date.now() - started < 5000, "it did not wait for the engine to end by itself");
  });
});

describe("platform render", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "render-"));
    for (const name of readdirSync(checkout).filter((file) => /^Pulumi\..*yaml$/.test(file)))
      cpSync(join(checkout, name), join(root, name));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("writes what Argo CD delivers, and then finds it as rendered", async () => {
    const first = await platform(["render", "prod", "--json", "--directory", root]);
    assert.equal(first.code, 0, first.stderr);
    const { written } = JSON.parse(first.stdout) as { written: string[] };
    assert.ok(written.length > 0);
    assert.equal((await platform(["render", "prod", "--check", "--directory", root])).code, 0);
    writeFileSync(join(root, written[0] ?? ""), "# Rendered by platform render prod; do not edit.\n");
    const stale = await platform(["render", "prod", "--check", "--json", "--directory", root]);
    assert.equal(stale.code, 2);
    assert.equal(errorOf(stale).id, "STALE_RENDERING");
  });

  it("writes nothing where Pulumi delivers everything", async () => {
    const { code, stdout } = await platform(["render", "qa", "--json", "--directory", root]);
    assert.equal(code, 0);
    assert.deepEqual((JSON.parse(stdout) as { written: string[] }).written, []);
  });
});
