import assert from "node:assert/strict";

import { spreadOf } from "../../lib/spread.ts";

describe("the spread of replicas", () => {
  it("is over zones and nodes, and keeps no pod pending", () => {
    const spread = spreadOf({ app: "a" });
    assert.deepEqual(
      spread.map(({ topologyKey }) => topologyKey),
      ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
    );
    for (const constraint of spread) {
      assert.equal(constraint.whenUnsatisfiable, "ScheduleAnyway");
      assert.deepEqual(constraint.labelSelector, { matchLabels: { app: "a" } });
      assert.ok(!("matchLabelKeys" in constraint));
    }
  });

  it("counts the pods of one revision where it is told by which label", () => {
    for (const { matchLabelKeys } of spreadOf({ app: "a" }, ["pod-template-hash"])) {
      assert.deepEqual(matchLabelKeys, ["pod-template-hash"]);
    }
  });
});
