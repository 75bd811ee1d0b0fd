import assert from "node:assert/strict";

import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

import { stacksOf, reversed } from "../../automation/plan.ts";
import { Tally } from "../../automation/tally.ts";
import type { Operation, Progress } from "../../automation/types.ts";
import { stepEvent, urnOf } from "./events.ts";

const [composed] = stacksOf({ topology: "composed" }, "/");
const [, layeredMesh] = stacksOf({ topology: "layered" }, "/");
assert.ok(composed && layeredMesh);

const infra = urnOf("platform:infra:Infra", "infra");
const vpc = urnOf("platform:infra:Infra$aws:ec2/vpc:Vpc", "infra-vpc");
const mesh = urnOf("platform:mesh:Mesh", "mesh");
const release = urnOf("platform:mesh:Mesh$kubernetes:helm.sh/v3:Release", "mesh-istiod");
const provider = urnOf("pulumi:providers:kubernetes", "kubernetes-mesh");
const component = { custom: false };

function run(events: EngineEvent[], operation: Operation = "up", plan = composed!, clock = () => 0) {
  const tally = new Tally(plan, operation, clock);
  const progress = [...tally.start(), ...events.flatMap((event) => tally.observe(event))];
  return { tally, progress, results: tally.results() };
}

const kinds = (progress: readonly Progress[]): string[] =>
  progress.map((one) => (one.kind === "note" ? "note" : `${one.kind} ${one.layer}`));

describe("the tally of what the engine does", () => {
  it("counts created resources by layer, components with them, the stack not", () => {
    const { results } = run([
      stepEvent("pre", "create", urnOf("pulumi:pulumi:Stack", "platform-qa"), component),
      stepEvent("pre", "create", infra, component),
      stepEvent("pre", "create", vpc),
      stepEvent("out", "create", vpc),
      stepEvent("out", "create", infra, component),
      stepEvent("pre", "create", provider),
      stepEvent("out", "create", provider),
      stepEvent("pre", "create", mesh, component),
      stepEvent("pre", "create", release),
      stepEvent("out", "create", release),
      stepEvent("out", "create", mesh, component),
    ]);
    assert.deepEqual(
      results.map(({ layer, created, resources }) => [layer, created, resources]),
      [
        ["infra", 2, 2],
        ["mesh", 3, 3],
      ],
    );
  });

  it("does not count what failed or is still running", () => {
    const { results } = run([
      stepEvent("pre", "create", vpc),
      stepEvent("failed", "create", vpc),
      stepEvent("pre", "create", release),
    ]);
    assert.deepEqual(
      results.map(({ created }) => created),
      [0, 0],
    );
  });

  it("counts a replacement once, whatever steps it takes", () => {
    const { results } = run([
      stepEvent("pre", "create-replacement", vpc, { logical: false }),
      stepEvent("out", "create-replacement", vpc, { logical: false }),
      stepEvent("pre", "replace", vpc),
      stepEvent("out", "replace", vpc),
      stepEvent("pre", "delete-replaced", vpc, { logical: false }),
      stepEvent("out", "delete-replaced", vpc, { logical: false }),
    ]);
    assert.deepEqual(results, [
      {
        layer: "infra",
        resources: 1,
        created: 0,
        updated: 0,
        replaced: 1,
        deleted: 0,
        unchanged: 0,
        seconds: 0,
      },
    ]);
  });

  it("counts a resource that is looked at and then deleted as deleted", () => {
    const { results } = run(
      [
        stepEvent("pre", "same", infra, component),
        stepEvent("pre", "same", vpc),
        stepEvent("out", "same", vpc),
        stepEvent("pre", "delete", vpc),
        stepEvent("out", "delete", vpc),
      ],
      "destroy",
      reversed([composed])[0],
    );
    const left = results.find(({ layer }) => layer === "infra");
    assert.deepEqual([left?.resources, left?.deleted, left?.unchanged], [1, 1, 1]);
  });

  it("counts of a refresh what providers found, not that they were asked", () => {
    const { results } = run(
      [
        stepEvent("pre", "refresh", provider, { logical: false }),
        stepEvent("out", "update", provider, { logical: false }),
        stepEvent("pre", "refresh", mesh, { custom: false, logical: false }),
        stepEvent("out", "update", mesh, { custom: false, logical: false }),
        stepEvent("pre", "refresh", release, { logical: false }),
        stepEvent("out", "update", release, { logical: false }),
        stepEvent("pre", "same", release),
        stepEvent("out", "same", release),
      ],
      "refresh",
    );
    const found = results.find(({ layer }) => layer === "mesh");
    assert.deepEqual([found?.updated, found?.unchanged, found?.resources], [1, 2, 3]);
  });

  it("puts everything of a layer's own stack into that layer", () => {
    const { results } = run(
      [
        stepEvent("pre", "read", urnOf("pulumi:pulumi:StackReference", "organization/platform-infra/qa")),
        stepEvent("pre", "same", urnOf("random:index:Thing", "no-layer")),
        stepEvent("out", "same", urnOf("random:index:Thing", "no-layer")),
      ],
      "up",
      layeredMesh,
    );
    assert.deepEqual(
      results.map(({ layer, resources }) => [layer, resources]),
      [["mesh", 1]],
    );
  });

  it("counts the providers that the engine makes for layers that the plan leaves out", () => {
    const provider = urnOf("pulumi:providers:kubernetes", "kubernetes-mesh");
    const { results, progress } = run(
      [stepEvent("pre", "create", provider), stepEvent("out", "create", provider)],
      "up",
      {
        ...composed,
        layers: ["infra"],
      },
    );
    assert.deepEqual(
      results.map(({ layer, created }) => [layer, created]),
      [
        ["infra", 0],
        ["mesh", 1],
      ],
    );
    assert.deepEqual(kinds(progress), ["begin infra"]);
  });

  it("leaves out layers that the plan leaves out: targets make the engine look at the others too", () => {
    const { results } = run(
      [stepEvent("pre", "same", mesh, component), stepEvent("pre", "create", infra, component)],
      "up",
      { ...composed, layers: ["infra"] },
    );
    assert.deepEqual(
      results.map(({ layer }) => layer),
      ["infra"],
    );
  });

  it("says when a layer begins, and leaves its end to the end of the run: its outputs can be known long before", () => {
    const { progress } = run([
      stepEvent("pre", "same", infra, component),
      stepEvent("out", "same", infra, component),
      stepEvent("pre", "same", mesh, component),
    ]);
    assert.deepEqual(kinds(progress), ["begin infra", "begin mesh"]);
  });

  it("ends a destroyed layer with its component", () => {
    const plan = reversed([composed])[0];
    const { progress } = run(
      [stepEvent("out", "same", mesh, component), stepEvent("pre", "delete", mesh, component)],
      "destroy",
      plan,
    );
    assert.deepEqual(kinds(progress), ["begin argocd", "begin mesh", "step mesh", "end mesh"]);
  });

  it("reports steps that change something, from running to done, with what differs", () => {
    const { progress } = run([
      stepEvent("pre", "update", vpc, { diffs: ["tags"] }),
      stepEvent("out", "update", vpc, { diffs: ["tags"] }),
      stepEvent("pre", "same", release),
      stepEvent("out", "same", release),
    ]);
    const steps = progress.flatMap((one) => (one.kind === "step" ? [one] : []));
    assert.deepEqual(
      steps.map(({ step, counts }) => [step.op, step.name, step.properties, step.state, counts.updated]),
      [
        ["update", "infra-vpc", ["tags"], "running", 0],
        ["update", "infra-vpc", ["tags"], "done", 1],
      ],
    );
  });

  it("finishes every layer of the plan, those without a resource too", () => {
    const { tally } = run([stepEvent("pre", "same", infra, component)]);
    const { results, progress } = tally.finish();
    assert.deepEqual(
      results.map(({ layer }) => layer),
      ["infra", "mesh", "apps", "argocd"],
    );
    assert.equal(progress.filter(({ kind }) => kind === "end").length, 4);
  });

  it("measures a layer from its first step to its last, the first one from the start", () => {
    const times = [0, 2000, 3000, 5500, 9000];
    const tally = new Tally(composed, "up", () => times.shift() ?? 9000);
    tally.start();
    tally.observe(stepEvent("pre", "create", vpc));
    tally.observe(stepEvent("out", "create", vpc));
    tally.observe(stepEvent("pre", "create", mesh, component));
    const [first, second] = tally.results();
    assert.equal(first?.seconds, 3);
    assert.equal(second?.seconds, 3.5);
  });
});
