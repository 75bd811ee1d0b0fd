import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { destroyEnvironment } from "../../automation/destroy.ts";
import { outputsOf } from "../../automation/outputs.ts";
import { protectedUrns } from "../../automation/protection.ts";
import { refreshEnvironment } from "../../automation/refresh.ts";
import { layerNames } from "../../lib/environment.ts";
import { rejects } from "../helpers/raises.ts";
import { urnOf } from "./events.ts";
import { FakeEngine } from "./fake-engine.ts";

const cluster =
  "urn:pulumi:prod::platform-infra::platform:infra:Infra$aws:eks/cluster:Cluster::infra-eksCluster";
const protectedState = { resources: [{ urn: cluster, inputs: { deletionProtection: true } }] };

describe("destroy", () => {
  let engine: FakeEngine;
  const start = (environment: "qa" | "prod", standing: readonly string[] = layerNames): FakeEngine => {
    engine = new FakeEngine(environment);
    for (const folder of standing) engine.stand(folder, 5);
    return engine;
  };
  afterEach(() => engine.close());

  it("goes from right to left, with the program", async () => {
    start("prod");
    await destroyEnvironment(engine.context(), { unprotect: true });
    const call = "destroy --run-program=true";
    assert.deepEqual(engine.calls(/^destroy$/), [
      `argocd ${call}`,
      `apps ${call}`,
      `mesh ${call}`,
      `infra ${call}`,
    ]);
  });

  it("refuses a protected environment before anything is touched, and names the key", async () => {
    start("prod");
    const error = await rejects("PROTECTED_ENVIRONMENT", destroyEnvironment(engine.context()));
    assert.equal(error.key, "infra:cluster.deletionProtection");
    assert.match(error.remedy, /platform destroy prod --unprotect/);
    assert.throws(() => engine.log(), { code: "ENOENT" });
  });

  it("lifts the protection by an update of the protected resources alone, just before their stack's turn", async () => {
    start("prod");
    engine.state("infra", protectedState);
    await destroyEnvironment(engine.context(), { unprotect: true });
    assert.deepEqual(engine.calls(/^(up|destroy)$/).slice(3), [
      `infra up --target ${cluster} --config-file`,
      "infra destroy --run-program=true",
    ]);
  });

  it("overrides the protecting keys for that update, and leaves the environment's file as it is", async () => {
    start("prod");
    engine.state("infra", protectedState);
    const file = join(engine.root, "Pulumi.prod.yaml");
    const before = readFileSync(file, "utf8");
    await destroyEnvironment(engine.context(), { unprotect: true });
    assert.equal(readFileSync(file, "utf8"), before);
    const expected = parse(before) as { config: Record<string, Record<string, unknown> | undefined> };
    assert.equal(expected.config["infra:cluster"]?.["deletionProtection"], true);
    expected.config["infra:cluster"]["deletionProtection"] = false;
    expected.config["infra:registry"] = { ...expected.config["infra:registry"], forceDelete: true };
    assert.deepEqual(parse(engine.givenConfig("infra")), expected);
  });

  it("refuses, before anything is touched, what the state still protects though the key is false by now", async () => {
    start("qa", ["root"]);
    engine.state("root", protectedState);
    const error = await rejects("PROTECTED_ENVIRONMENT", destroyEnvironment(engine.context()));
    assert.match(error.rule, /last applied with protection: infra-eksCluster/);
    assert.deepEqual(engine.calls(), []);
  });

  it("passes over stacks that are empty or were never made", async () => {
    start("prod", ["infra"]);
    engine.stand("mesh", 0);
    const result = await destroyEnvironment(engine.context(), { unprotect: true });
    assert.deepEqual(engine.calls(/^destroy$/), ["infra destroy --run-program=true"]);
    assert.deepEqual(
      result.layers.map(({ layer }) => layer),
      ["infra"],
    );
  });

  it("goes by the state alone where the program cannot bear what is left of it", async () => {
    start("qa", ["root"]);
    engine.fail(
      "destroy",
      "root",
      "error: Running program '/x/index.ts' failed with an unhandled exception:\nError: CONTRACT_MISSING: platform-infra.region: the layer has not exported it. Run it.\n",
    );
    await assert.rejects(destroyEnvironment(engine.context()), /CONTRACT_MISSING/);
    assert.deepEqual(engine.calls(/^destroy$/), [
      "root destroy --run-program=true",
      "root destroy --run-program=false",
    ]);
  });

  it("does not try again what the cloud refused", async () => {
    start("prod");
    engine.fail("destroy", "mesh", "error: the stack is currently locked by 1 lock(s).\n");
    await assert.rejects(destroyEnvironment(engine.context(), { unprotect: true }), /STACK_LOCKED/);
    assert.deepEqual(
      engine.calls(/^destroy$/).map((call) => call.split(" ")[0]),
      ["argocd", "apps", "mesh"],
    );
  });

  it("refuses to take a layer away under others", async () => {
    start("prod", ["infra", "mesh", "argocd"]);
    const error = await rejects(
      "LAYER_IN_USE",
      destroyEnvironment(engine.context(), { layer: "infra", unprotect: true }),
    );
    assert.match(error.rule, /mesh, argocd still stand/);
    assert.deepEqual(engine.calls(/^destroy$/), []);
  });

  it("takes a single layer on which nothing stands", async () => {
    start("prod", ["infra", "mesh"]);
    await destroyEnvironment(engine.context(), { layer: "mesh", unprotect: true });
    assert.deepEqual(engine.calls(/^destroy$/), ["mesh destroy --run-program=true"]);
  });
});

describe("protection in a stack's state", () => {
  it("is also a repository that may not be deleted with its images", () => {
    const [kept, free] = ["kept", "free"].map((name) => urnOf("aws:ecr/repository:Repository", name)) as [
      string,
      string,
    ];
    const found = protectedUrns([
      { urn: kept, inputs: {} },
      { urn: free, inputs: { forceDelete: true } },
    ]);
    assert.deepEqual(found, [kept]);
  });

  it("is the cloud's or the engine's own, but not of what is only left over", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => urnOf("toy:index:Thing", name)) as [
      string,
      string,
      string,
      string,
    ];
    const found = protectedUrns([
      { urn: a, inputs: { deletionProtection: true } },
      { urn: b, protect: true, inputs: {} },
      { urn: c, inputs: { deletionProtection: false } },
      { urn: d, inputs: { deletionProtection: true }, delete: true },
    ]);
    assert.deepEqual(found, [a, b]);
  });
});

describe("refresh", () => {
  it("asks with the program, in order, passes over what was never made, and drops cut-off creations aloud", async () => {
    const engine = new FakeEngine("prod");
    for (const folder of ["infra", "mesh"]) engine.stand(folder, 5);
    engine.state("infra", { pending_operations: [{ type: "creating", resource: { urn: cluster } }] });
    const notes: string[] = [];
    await refreshEnvironment(engine.context(), {
      onProgress: (progress) => (progress.kind === "note" ? notes.push(progress.text) : undefined),
    });
    const call = "refresh --clear-pending-creates --run-program=true";
    assert.deepEqual(engine.calls(), [`infra ${call}`, `mesh ${call}`]);
    assert.match(notes[0] ?? "", /infra-eksCluster/);
    assert.match(notes.at(-1) ?? "", /argocd: never applied/);
    engine.close();
  });
});

describe("outputs", () => {
  it("are read from the stack of each layer", async () => {
    const engine = new FakeEngine("prod");
    engine.stand("infra", 5);
    engine.outputs("infra", { region: "ap-south-1", kubeconfig: "{}", other: 1 });
    const context = engine.context();
    assert.deepEqual(await outputsOf(context), { infra: { region: "ap-south-1", kubeconfig: "[secret]" } });
    assert.deepEqual(await outputsOf(context, { layer: "mesh" }), {});
    writeFileSync(join(engine.root, "fake/log"), "");
    engine.close();
  });
});
