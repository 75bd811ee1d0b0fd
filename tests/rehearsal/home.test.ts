import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeHome, packageVersion, type HomeArgs } from "../../rehearsal/home.ts";

const checkout = join(import.meta.dirname, "../..");

describe("the private home of the engine", () => {
  let directory: string;
  let home: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "home-"));
    home = join(directory, "home");
    for (const name of ["pulumi", "kubectl", "helm", "pulumi-language-nodejs"]) {
      executable(join(directory, "tools", name), `echo "${name} $KUBECONFIG $*"`);
    }
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  function executable(path: string, body: string): void {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  }

  function args(languageHost?: string): HomeArgs {
    const path = (tool: string): string => join(directory, "tools", tool);
    const engine = {
      version: "3.259.0",
      origin: languageHost ? "installed" : "built",
      cli: path("pulumi"),
      languageHost,
    } as const;
    return { directories: { home, checkout }, tools: { path, engine } };
  }

  it("brings exactly the plugins of the versions that the packages ask for", () => {
    makeHome(args());
    const plugins = ["aws", "awsx", "eks", "kubernetes"].map(
      (name) => `resource-${name}-v${packageVersion(checkout, name)}`,
    );
    assert.deepEqual(readdirSync(join(home, "plugins")).sort(), plugins);
    const shim = readFileSync(join(home, "plugins", plugins[0] ?? "", "pulumi-resource-aws"), "utf8");
    assert.equal(
      shim,
      `#!/bin/sh\nexec '${process.execPath}' '${join(checkout, "rehearsal/plugins/aws.ts")}' "$@"\n`,
    );
  });

  it("puts the engine beside its language host, where the engine looks, and where the npm package looks", () => {
    makeHome(args());
    const engine = join(home, "versions/3.259.0/bin");
    assert.deepEqual(readdirSync(engine).sort(), ["pulumi", "pulumi-language-nodejs"]);
    assert.equal(statSync(join(engine, "pulumi")).ino, statSync(join(directory, "tools/pulumi")).ino);
    assert.equal(realpathSync(join(home, "bin/pulumi")), join(realpathSync(engine), "pulumi"));
    assert.match(
      readFileSync(join(home, "bin/pulumi-language-nodejs"), "utf8"),
      /rehearsal\/engine\/main\.ts/,
    );
  });

  it("uses a real installation and real plugins where there are any, and never writes into them", () => {
    const real = join(directory, "real-plugin");
    executable(join(real, "pulumi-resource-kubernetes"), "true");
    makeHome(args());
    const host = join(directory, "tools/pulumi-language-nodejs");
    const wanted = { ...args(host), realPlugins: { kubernetes: real } };
    makeHome(wanted);
    const plugin = join(home, `plugins/resource-kubernetes-v${packageVersion(checkout, "kubernetes")}`);
    assert.equal(readlinkSync(plugin), real);
    assert.equal(realpathSync(join(home, "bin/pulumi-language-nodejs")), realpathSync(host));
    const before = readFileSync(host, "utf8");
    makeHome(args());
    assert.equal(readFileSync(host, "utf8"), before);
    assert.deepEqual(readdirSync(real), ["pulumi-resource-kubernetes"]);
    assert.match(readFileSync(join(plugin, "pulumi-resource-kubernetes"), "utf8"), /plugins\/kubernetes\.ts/);
  });

  it("follows a new version of the engine", () => {
    makeHome(args());
    rmSync(join(directory, "tools/pulumi"));
    executable(join(directory, "tools/pulumi"), "echo a newer and longer one");
    makeHome(args());
    assert.equal(execFileSync(join(home, "bin/pulumi"), { encoding: "utf8" }), "a newer and longer one\n");
  });

  it("shows kubectl and helm the rehearsal's cluster, unless the user names another", () => {
    makeHome(args());
    const run = (tool: string, env: Record<string, string>): string =>
      execFileSync(join(home, "bin", tool), ["get", "pods"], { env, encoding: "utf8" });
    assert.equal(run("kubectl", { REHEARSAL_KUBECONFIG: "/ours" }), "kubectl /ours get pods\n");
    assert.equal(
      run("helm", { REHEARSAL_KUBECONFIG: "/ours", KUBECONFIG: "/theirs" }),
      "helm /theirs get pods\n",
    );
  });
});
