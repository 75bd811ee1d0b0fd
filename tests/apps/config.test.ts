import assert from "node:assert/strict";

import { appsConfig } from "../../apps/config.ts";
import { raises } from "../helpers/raises.ts";
import { sourceOf } from "../helpers/placed.ts";

describe("the configuration of apps", () => {
  it("waits ten minutes for an object unless told otherwise", () => {
    assert.deepEqual(appsConfig(sourceOf("qa")), { readyTimeout: 600 });
    assert.deepEqual(appsConfig(sourceOf("qa", { "apps:readyTimeout": "120" })), { readyTimeout: 120 });
  });

  it("waits from one minute to an hour", () => {
    for (const value of ["59", "3601", "90.5", "soon"]) {
      const error = raises("CONFIG_INVALID", () =>
        appsConfig(sourceOf("qa", { "apps:readyTimeout": value })),
      );
      assert.equal(error.key, "apps:readyTimeout");
    }
  });

  it("is refused for its systems too", () => {
    const systems = { calculator: { delivery: "helm" } };
    const error = raises("CONFIG_INVALID", () => appsConfig(sourceOf("qa", { "apps:systems": systems })));
    assert.equal(error.key, "apps:systems.calculator.delivery");
  });

  it("has no unknown key", () => {
    raises("CONFIG_UNKNOWN_KEY", () => appsConfig(sourceOf("qa", { "apps:sytems": "{}" })));
  });
});
