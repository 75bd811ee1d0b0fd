import assert from "node:assert/strict";

import { estimate, ProgressMeter, type ToolsProgress } from "../../../rehearsal/tools/progress.ts";
import type { Tool } from "../../../rehearsal/tools/table.ts";

function tool(name: Tool["name"], module: string, seconds: number): Tool {
  return { name, module, seconds, version: "1", package: "p", ldflags: "", megabytes: 1 };
}

const a1 = tool("kube-apiserver", "a", 100);
const a2 = tool("kubectl", "a", 20);
const b = tool("pulumi", "b", 60);
const none = new Map<Tool, number>();

describe("the estimate of what is left to build", () => {
  it("is half of the work for two lanes, but never less than the longest module", () => {
    assert.equal(estimate([a1, a2, b], none, none), 120);
    assert.equal(estimate([a2, b, tool("helm", "c", 40)], none, none), 60);
  });

  it("follows the pace of what is finished, and counts what is under way", () => {
    const took = new Map([[b, 30]]);
    assert.equal(estimate([a1, a2, b], took, none), 60);
    assert.equal(estimate([a1, a2, b], took, new Map([[a1, 20]])), 40);
    assert.equal(estimate([a1, a2, b], took, new Map([[a1, 500]])), 10);
  });

  it("is nothing when everything is built", () => {
    assert.equal(estimate([b], new Map([[b, 30]]), none), 0);
  });
});

describe("the progress of building", () => {
  it("is told once for changes that come together", async () => {
    let now = 0;
    const told: ToolsProgress[] = [];
    const meter = new ProgressMeter(
      [a1, a2],
      (progress) => told.push(progress),
      () => now,
    );
    meter.begin(a1);
    await new Promise(setImmediate);
    now = 50;
    meter.finish(a1);
    meter.begin(a2, "kubectl (by process 7)");
    await new Promise(setImmediate);
    now = 60;
    meter.finish(a2);
    meter.stop();
    assert.deepEqual(told, [
      { done: 0, total: 2, building: ["kube-apiserver"], seconds: 0, estimate: 120 },
      { done: 1, total: 2, building: ["kubectl (by process 7)"], seconds: 50, estimate: 10 },
      { done: 2, total: 2, building: [], seconds: 60, estimate: 0 },
    ]);
  });
});
