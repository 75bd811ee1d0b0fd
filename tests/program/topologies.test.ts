import assert from "node:assert/strict";

import type { Recorded } from "../helpers/mocks.ts";
import { configOf, program, runEntry, stacks } from "../helpers/program.ts";
import { rejects } from "../helpers/raises.ts";
import { snapshotOf } from "../helpers/snapshot.ts";

/** Providers and references are what may differ between the two forms. */
function comparable(resources: readonly Recorded[]): ReturnType<typeof snapshotOf> {
  return snapshotOf(resources.filter(({ type }) => !/^pulumi:(providers:|pulumi:StackReference)/.test(type)));
}

describe("the two topologies", () => {
  for (const stack of stacks) {
    it(`register the same resources with ${stack}'s configuration`, async () => {
      const composed = await program(stack, { topology: "composed" });
      const layered = await program(stack, { topology: "layered" });
      assert.ok(composed.resources.length > 50, "there is something to compare");
      assert.deepEqual(comparable(layered.resources), comparable(composed.resources));
    });

    it(`export the same with ${stack}'s configuration`, async () => {
      const composed = await program(stack, { topology: "composed" });
      const layered = await program(stack, { topology: "layered" });
      assert.deepEqual(layered.outputs, composed.outputs);
    });
  }

  it("refuse each other's entry points before anything is created", async () => {
    await rejects("TOPOLOGY_WRONG", runEntry("prod", "platform", "index.ts", configOf("prod"), {}));
    for (const layer of ["infra", "mesh", "apps", "argocd"]) {
      await rejects(
        "TOPOLOGY_WRONG",
        runEntry("qa", `platform-${layer}`, `${layer}/index.ts`, configOf("qa"), {}),
      );
    }
  });

  it("refuse a layer whose lower layer has no outputs yet", async () => {
    const references = { "platform-infra": {}, "platform-mesh": {}, "platform-apps": {} };
    for (const layer of ["mesh", "apps", "argocd"]) {
      const run = runEntry("prod", `platform-${layer}`, `${layer}/index.ts`, configOf("prod"), references);
      const error = await rejects("CONTRACT_MISSING", run);
      assert.match(error.remedy, /Run layer infra first/);
    }
  });
});
