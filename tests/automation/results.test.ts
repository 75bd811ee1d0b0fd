import assert from "node:assert/strict";

import { runJson } from "../../automation/json.ts";
import { addResult, changesOf, totalOf } from "../../automation/results.ts";
import { changes, duration, stepLine, summary } from "../../automation/terminal/format.ts";
import type { LayerResult, RunResult } from "../../automation/types.ts";

function layer(name: LayerResult["layer"], counts: Partial<LayerResult>): LayerResult {
  return {
    layer: name,
    resources: 0,
    created: 0,
    updated: 0,
    replaced: 0,
    deleted: 0,
    unchanged: 0,
    seconds: 0,
    ...counts,
  };
}

const run: RunResult = {
  environment: "qa",
  topology: "composed",
  operation: "up",
  layers: [
    layer("infra", { resources: 61, created: 61, seconds: 130 }),
    layer("mesh", { resources: 9, unchanged: 9, seconds: 0.4 }),
  ],
  skipped: [],
  seconds: 140.2,
};

describe("results", () => {
  it("of two runs over a layer are what both changed together", () => {
    const results = [layer("infra", { resources: 5, created: 5, seconds: 1.5 })];
    addResult(results, layer("infra", { resources: 6, created: 1, unchanged: 5, seconds: 1 }));
    addResult(results, layer("mesh", { resources: 2, created: 2 }));
    assert.deepEqual(results, [
      layer("infra", { resources: 6, created: 6, unchanged: 0, seconds: 2.5 }),
      layer("mesh", { resources: 2, created: 2 }),
    ]);
  });

  it("are summed over layers", () => {
    const total = totalOf(run.layers);
    assert.equal(total.resources, 70);
    assert.equal(changesOf(total), 61);
  });

  it("have a stable JSON form, by layer", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(runJson(run))), {
      environment: "qa",
      topology: "composed",
      operation: "up",
      layers: {
        infra: {
          resources: 61,
          created: 61,
          updated: 0,
          replaced: 0,
          deleted: 0,
          unchanged: 0,
          seconds: 130,
        },
        mesh: { resources: 9, created: 0, updated: 0, replaced: 0, deleted: 0, unchanged: 9, seconds: 0.4 },
      },
      total: { resources: 70, created: 61, updated: 0, replaced: 0, deleted: 0, unchanged: 9 },
      skipped: [],
      seconds: 140.2,
    });
  });

  it("are shown with a line a layer", () => {
    assert.equal(
      summary(run),
      [
        "up qa (composed): 61 created, in 2 m 20 s",
        "  infra      61 resources  61 created, 2 m 10 s",
        "  mesh        9 resources  nothing changed, 0.4 s",
      ].join("\n"),
    );
  });

  it("of a preview are what would be, with the layers that could not be looked at", () => {
    const text = summary({ ...run, operation: "preview", skipped: ["apps"] });
    assert.match(text, /would be 61 created/);
    assert.match(text, /apps +not looked at/);
  });

  it("are put into words", () => {
    assert.equal(
      changes({ created: 1, updated: 2, replaced: 3, deleted: 4, unchanged: 5 }),
      "1 created, 2 updated, 3 replaced, 4 deleted",
    );
    assert.deepEqual([0.44, 59.4, 59.6, 61].map(duration), ["0.4 s", "59 s", "1 m 00 s", "1 m 01 s"]);
    const step = {
      op: "update",
      type: "kubernetes:apps/v1:Deployment",
      name: "add-v1",
      properties: ["spec.replicas"],
    };
    assert.equal(stepLine(step), "~ kubernetes:apps/v1:Deployment add-v1 (spec.replicas)");
  });
});
