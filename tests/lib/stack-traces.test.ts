import assert from "node:assert/strict";

import { plainStackTraces } from "../../lib/stack-traces.ts";

describe("plain stack traces", () => {
  it("still name file and line, and nobody rewrites them", () => {
    Error.prepareStackTrace = () => "mapped";
    assert.equal(new Error("x").stack, "mapped");
    plainStackTraces();
    assert.match(new Error("x").stack ?? "", /stack-traces\.test\.ts:\d+/);
  });
});
