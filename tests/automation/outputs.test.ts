import assert from "node:assert/strict";

import { pickOutputs } from "../../automation/outputs.ts";
import { infraContract } from "../../infra/contract.ts";

const outputs = {
  region: { value: "ap-south-1", secret: false },
  vpcId: { value: "vpc-1", secret: true },
  kubeconfig: { value: "{}", secret: false },
  clusterArn: { value: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", secret: false },
  somethingElse: { value: "x", secret: false },
};

describe("outputs", () => {
  it("are the contract's keys and nothing else", () => {
    assert.deepEqual(Object.keys(pickOutputs(infraContract, outputs, false)).sort(), [
      "kubeconfig",
      "region",
      "vpcId",
    ]);
  });

  it("are masked if the contract or the stack calls them secret", () => {
    assert.deepEqual(pickOutputs(infraContract, outputs, false), {
      region: "ap-south-1",
      kubeconfig: "[secret]",
      vpcId: "[secret]",
    });
  });

  it("are shown if that was asked for", () => {
    assert.equal(pickOutputs(infraContract, outputs, true)["kubeconfig"], "{}");
  });

  it("are none where the layer was never applied", () => {
    assert.deepEqual(pickOutputs(infraContract, {}, false), {});
  });
});
