import assert from "node:assert/strict";

import { layerNames } from "../../lib/environment.ts";
import { graphOf } from "../helpers/graph.ts";
import { program } from "../helpers/program.ts";

describe("the order of the composed program", () => {
  it("creates every layer after the ones to its left, and so destroys it before them", async () => {
    const graph = graphOf((await program("qa", { topology: "composed" })).resources);
    for (const [index, right] of layerNames.entries()) {
      for (const left of layerNames.slice(0, index)) {
        for (const later of graph.layer(right)) {
          const unordered = graph
            .layer(left)
            .filter((earlier) => (earlier.custom || earlier.remote) && !graph.follows(later, earlier));
          assert.deepEqual(
            unordered.map(({ name }) => name),
            [],
            `${right}'s ${later.name} could outlive them`,
          );
        }
      }
    }
  });

  it("has no resource that follows itself", async () => {
    const { resources } = await program("qa", { topology: "composed" });
    const graph = graphOf(resources);
    assert.deepEqual(
      resources.filter((resource) => graph.follows(resource, resource)).map(({ name }) => name),
      [],
    );
  });
});
