import assert from "node:assert/strict";

import { checkValue } from "../../lib/contract.ts";
import { meshNames } from "../../lib/mesh-names.ts";
import { meshContract } from "../../mesh/contract.ts";
import { raises } from "../helpers/raises.ts";

const promised = {
  trustDomain: meshNames.trustDomain,
  istioNamespace: meshNames.rootNamespace,
  gatewayNamespace: meshNames.gatewayNamespace,
  gatewayName: meshNames.gateway,
  gatewayServiceAccount: meshNames.gatewayServiceAccount,
};

describe("the mesh's contract", () => {
  it("refuses a mesh of other names than rendered files spell out", () => {
    for (const [key, name] of Object.entries(promised)) {
      assert.equal(checkValue(meshContract, key, name), name);
      const error = raises("CONTRACT_INVALID", () => checkValue(meshContract, key, "other"));
      assert.deepEqual([error.key, error.value], [`platform-mesh.${key}`, "other"]);
    }
  });
});
