import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";

import { directoriesOf, type Directories } from "../../../../rehearsal/directories.ts";
import { makeHome, rehearsalEnvironment } from "../../../../rehearsal/home.ts";
import { KubernetesApi } from "../../../../rehearsal/kubernetes/api.ts";
import { startControlPlane, stopControlPlane } from "../../../../rehearsal/kubernetes/control-plane.ts";
import { leftOver, snapshotObjects, type LeftObject } from "../../../../rehearsal/kubernetes/left.ts";
import { pluck } from "../../../../rehearsal/kubernetes/objects.ts";
import { ensureTools } from "../../../../rehearsal/tools.ts";
import { makeNodes } from "../../kubernetes/nodes.ts";

const root = join(import.meta.dirname, "../../../..");

describe("the stand-in for the Kubernetes provider under the real engine", function () {
  this.timeout(15 * 60_000);
  let checkout: string;
  let directories: Directories;
  let stack: Stack;
  let api: KubernetesApi;
  let earlier: LeftObject[];
  let leave: (() => void) | undefined;

  before(async () => {
    const tools = await ensureTools();
    checkout = mkdtempSync(join(tmpdir(), "cluster-"));
    directories = directoriesOf(checkout, "dev");
    // The program imports the checkout's own library, so it runs where it lies.
    writeFileSync(join(checkout, "package.json"), JSON.stringify({ type: "module" }));
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
    mkdirSync(join(checkout, "program"));
    cpSync(join(import.meta.dirname, "program/Pulumi.yaml"), join(checkout, "program/Pulumi.yaml"));
    symlinkSync(join(import.meta.dirname, "program/index.ts"), join(checkout, "program/index.ts"));
    mkdirSync(directories.backend, { recursive: true });
    makeHome({ directories: { home: directories.home, checkout: root }, tools });
    const environment = rehearsalEnvironment({ directories, tools }, process.env);
    await startControlPlane({
      directory: directories.kubernetes,
      tool: (name) => tools.path(name),
      environment,
    });
    leave = enterEnvironment(environment);
    api = await KubernetesApi.fromFile(join(directories.kubernetes, "kubeconfig"));
    await makeNodes(api, 3);
    earlier = await snapshotObjects(api);
    stack = await LocalWorkspace.createOrSelectStack({
      stackName: "dev",
      workDir: join(checkout, "program"),
    });
    await configure("kubeconfig", readFileSync(join(directories.kubernetes, "kubeconfig"), "utf8"));
  });

  after(async () => {
    leave?.();
    api?.close();
    if (directories !== undefined) await stopControlPlane(directories.kubernetes);
    rmSync(checkout, { recursive: true, force: true });
  });

  async function configure(key: string, value: string): Promise<void> {
    await stack.setConfig(`cluster:${key}`, { value });
  }

  /** The message of a run that has to fail. */
  async function failing(run: Promise<unknown>): Promise<string> {
    const result = await run.then(
      () => undefined,
      (error: unknown) => String(error),
    );
    assert.ok(result !== undefined, "expected the run to fail");
    return result;
  }

  function rejected(): { kind: string; name: string; reason: string }[] {
    const file = join(directories.records, "rejected.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as { kind: string; name: string; reason: string });
  }

  it("brings everything up, with the load balancer's address as an output", async () => {
    const { summary, outputs } = await stack.up();
    assert.deepEqual(summary.resourceChanges, { create: 10 });
    assert.match(String(outputs["address"]?.value), /^web-[0-9a-f]{16}\.elb\.eu-central-1\.amazonaws\.com$/);
    assert.deepEqual(rejected(), []);
  });

  it("had pods of a meshed namespace scheduled with their sidecars", async () => {
    const pods = await api.list({
      apiVersion: "v1",
      kind: "Pod",
      namespace: "shop",
      labelSelector: "app=web",
    });
    const sidecars = (pluck(pods[0], "spec", "initContainers") ?? []) as {
      name: string;
      restartPolicy?: string;
    }[];
    assert.deepEqual(
      sidecars.map(({ name, restartPolicy }) => [name, restartPolicy]),
      [
        ["istio-init", undefined],
        ["istio-proxy", "Always"],
      ],
    );
  });

  it("changes nothing in a second run, though an autoscaler has scaled meanwhile", async () => {
    const { summary } = await stack.up();
    assert.deepEqual(summary.resourceChanges, { same: 10 });
    const deployment = await api.get({
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "shop",
      name: "web",
    });
    assert.equal(pluck(deployment, "spec", "replicas"), 2);
  });

  it("changes nothing after a refresh either", async () => {
    await stack.refresh();
    const { changeSummary } = await stack.preview();
    assert.deepEqual(changeSummary, { same: 10 });
  });

  it("updates one object when one weight changes, and names the path", async () => {
    await configure("weight", "70");
    const { changeSummary, stdout } = await stack.preview({ diff: true });
    assert.deepEqual(changeSummary, { same: 9, update: 1 });
    assert.match(stdout, /weight: 80 => 70/);
    await stack.up();
    const route = await api.get({
      apiVersion: "example.test/v1",
      kind: "Route",
      namespace: "shop",
      name: "web",
    });
    assert.equal(pluck(route, "spec", "to", 0, "weight"), 70);
  });

  it("rolls a workload in place and leaves the autoscaler's count alone", async () => {
    await configure("image", "web:2");
    const { summary } = await stack.up();
    assert.deepEqual(summary.resourceChanges, { same: 9, update: 1 });
    const deployment = await api.get({
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "shop",
      name: "web",
    });
    assert.equal(pluck(deployment, "spec", "replicas"), 2);
    assert.equal(pluck(deployment, "spec", "template", "spec", "containers", 0, "image"), "web:2");
  });

  it("replaces a ConfigMap whose content changes", async () => {
    await configure("color", "blue");
    const { summary } = await stack.up();
    assert.deepEqual(summary.resourceChanges, { same: 9, replace: 1 });
  });

  it("shows in a preview what the API server would refuse", async () => {
    await configure("trouble", "invalid");
    const message = await failing(stack.preview());
    assert.match(message, /ConfigMap shop\/No_Name: .*metadata\.name: Invalid value/);
    assert.deepEqual(
      rejected().map(({ kind, name }) => [kind, name]),
      [["ConfigMap", "shop/No_Name"]],
    );
  });

  it("does not take over an object that exists", async () => {
    const taken = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "taken", namespace: "default" } };
    await api.create(taken, { fieldManager: "somebody" });
    await configure("trouble", "taken");
    assert.match(await failing(stack.preview()), /"taken" already exists; it was not made by this resource/);
    assert.match(await failing(stack.up()), /"taken" already exists; it was not made by this resource/);
    await api.delete({ apiVersion: "v1", kind: "ConfigMap", name: "taken", namespace: "default" });
  });

  it("tolerates an unknown kind in a preview, and names it in the update", async () => {
    await configure("trouble", "unknown");
    await stack.preview();
    assert.match(await failing(stack.up()), /no matches for kind "Road" in version "example\.test\/v1"/);
  });

  it("meets a conflict where somebody else has set a field", async () => {
    await configure("trouble", "none");
    const spec = { to: [{ host: "one", weight: 10 }] };
    const route = {
      apiVersion: "example.test/v1",
      kind: "Route",
      metadata: { name: "web", namespace: "shop" },
      spec,
    };
    await api.apply(route, { fieldManager: "somebody", force: true });
    await configure("weight", "60");
    assert.match(await failing(stack.up()), /conflict with "somebody".*somebody else set these fields/s);
    await api.delete({ ...route, name: "web", namespace: "shop" });
    await stack.refresh();
    await stack.up();
  });

  it("gives up early on pods that fit on no node, and names pod and reason", async () => {
    await configure("trouble", "unschedulable");
    const started = Date.now();
    assert.match(await failing(stack.up()), /shop\/web-\S+: 0\/3 nodes are available: 3 Insufficient cpu/);
    assert.ok(Date.now() - started < 120_000, `it took ${Date.now() - started} ms`);
    await configure("trouble", "none");
    await stack.up();
  });

  it("leaves nothing on the cluster", async () => {
    await stack.destroy();
    const { left, kept } = leftOver(earlier, await snapshotObjects(api));
    assert.deepEqual({ left, kept }, { left: [], kept: [] });
  });
});

/** Makes an environment this process's own; the Automation API hands its whole environment on to the engine. */
function enterEnvironment(environment: NodeJS.ProcessEnv): () => void {
  const outside = { ...process.env };
  const replace = (by: NodeJS.ProcessEnv): void => {
    for (const key of Object.keys(process.env)) delete process.env[key];
    Object.assign(process.env, by);
  };
  replace(environment);
  return () => replace(outside);
}
