import assert from "node:assert/strict";

import { reversed, selectStacks, stacksOf } from "../../automation/plan.ts";
import { raises } from "../helpers/raises.ts";

const composed = { name: "qa", topology: "composed" } as const;
const layered = { name: "prod", topology: "layered" } as const;

describe("the stacks of an environment", () => {
  it("is one at the root where the environment is composed", () => {
    assert.deepEqual(stacksOf(composed, "/checkout"), [
      {
        layer: "all",
        layers: ["infra", "mesh", "apps", "argocd"],
        project: "platform",
        workDir: "/checkout",
      },
    ]);
  });

  it("is one a layer, left to right, where it is layered", () => {
    const stacks = stacksOf(layered, "/checkout");
    assert.deepEqual(
      stacks.map(({ layer, project, workDir }) => [layer, project, workDir]),
      [
        ["infra", "platform-infra", "/checkout/infra"],
        ["mesh", "platform-mesh", "/checkout/mesh"],
        ["apps", "platform-apps", "/checkout/apps"],
        ["argocd", "platform-argocd", "/checkout/argocd"],
      ],
    );
  });

  it("is destroyed right to left, inside of a stack too", () => {
    assert.deepEqual(
      reversed(stacksOf(layered, "/")).map(({ layer }) => layer),
      ["argocd", "apps", "mesh", "infra"],
    );
    assert.deepEqual(reversed(stacksOf(composed, "/"))[0]?.layers, ["argocd", "apps", "mesh", "infra"]);
  });

  it("is narrowed to the layer that is named", () => {
    const stacks = stacksOf(layered, "/");
    assert.deepEqual(
      selectStacks(layered, stacks, "mesh").map(({ layer }) => layer),
      ["mesh"],
    );
    assert.equal(selectStacks(layered, stacks, undefined).length, 4);
  });

  it("refuses a layer in a composed environment", () => {
    const error = raises("LAYER_IN_COMPOSED", () => selectStacks(composed, stacksOf(composed, "/"), "mesh"));
    assert.match(error.remedy, /Leave --layer out/);
  });

  it("refuses a layer that does not exist, whatever the topology", () => {
    for (const environment of [composed, layered]) {
      const error = raises("LAYER_UNKNOWN", () =>
        selectStacks(environment, stacksOf(environment, "/"), "ifra"),
      );
      assert.match(error.remedy, /infra, mesh, apps, argocd/);
    }
  });
});
