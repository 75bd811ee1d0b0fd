import assert from "node:assert/strict";

import { objectLabels } from "../../lib/labels.ts";

describe("objectLabels", () => {
  it("says what an object is, what it belongs to and in which environment", () => {
    assert.deepEqual(objectLabels("calculator", "add-service", "qa"), {
      "app.kubernetes.io/name": "add-service",
      "app.kubernetes.io/part-of": "calculator",
      "platform.mesh/environment": "qa",
    });
  });
});
