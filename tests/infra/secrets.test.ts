import assert from "node:assert/strict";

import { keyDeletionDays } from "../../infra/encryption-key.ts";
import { Secrets } from "../../infra/secrets.ts";
import { calculator } from "../../systems/calculator.ts";
import { find, runUnderMocks, testProviders, type Run } from "../helpers/mocks.ts";

function secrets(recoveryDays: number): Promise<Run> {
  return runUnderMocks(() => {
    const args = { environment: "qa", systems: [calculator], recoveryDays };
    const { arns, keyArn } = new Secrets("s", args, { provider: testProviders().aws });
    return { arns, keyArn };
  });
}

describe("the secrets", () => {
  it("are entries under the environment's key, by the names that the systems declare", async () => {
    const { resources, outputs } = await secrets(30);
    const entry = find(resources, "aws:secretsmanager/secret:Secret", "s-calculator-config");
    assert.deepEqual(entry.inputs, {
      name: "qa/calculator/config",
      description: calculator.secrets?.[0]?.description,
      kmsKeyId: "arn:aws:kms:ap-south-1:111122223333:key/key-s-encryption-key",
      recoveryWindowInDays: 30,
    });
    assert.deepEqual(Object.keys(outputs["arns"] as object), ["qa/calculator/config"]);
    assert.equal(outputs["keyArn"], entry.inputs["kmsKeyId"]);
  });

  it("have no value here: none reaches the state", async () => {
    const { resources } = await secrets(0);
    assert.deepEqual(
      resources.filter(({ type }) => /secretVersion|SecretVersion|random/.test(type)),
      [],
    );
    assert.equal(find(resources, "aws:secretsmanager/secret:Secret").inputs["recoveryWindowInDays"], 0);
  });

  it("can be restored for as long as their key can", async () => {
    assert.deepEqual([0, 7, 30].map(keyDeletionDays), [7, 7, 30]);
    const { resources } = await secrets(21);
    assert.equal(find(resources, "aws:kms/key:Key").inputs["deletionWindowInDays"], 21);
  });
});
