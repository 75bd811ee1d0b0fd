import assert from "node:assert/strict";

import { lifecycleRules, Registry, type RegistryArgs } from "../../infra/registry.ts";
import { calculator } from "../../systems/calculator.ts";
import { find, ofType, runUnderMocks, testProviders, type Run } from "../helpers/mocks.ts";

function registry(over: Partial<RegistryArgs> = {}): Promise<Run> {
  return runUnderMocks(() => {
    const args = { environment: "qa", systems: [calculator], keyDeletionDays: 7 };
    const policy = { untaggedDays: 14, keepImages: 100, forceDelete: false };
    const { urls } = new Registry("r", { ...args, ...policy, ...over }, { provider: testProviders().aws });
    return { urls };
  });
}

describe("the registry", () => {
  it("has a repository for every service, named by environment, system and service", async () => {
    const { resources, outputs } = await registry();
    const names = ofType(resources, "awsx:ecr:Repository").map(({ inputs }) => inputs["name"]);
    assert.deepEqual(names, [
      "qa/calculator/calculator-api",
      "qa/calculator/add-service",
      "qa/calculator/subtract-service",
      "qa/calculator/multiply-service",
    ]);
    const url = "111122223333.dkr.ecr.ap-south-1.amazonaws.com/qa/calculator/add-service";
    assert.equal((outputs["urls"] as Record<string, string>)["qa/calculator/add-service"], url);
  });

  it("never moves a tag, scans what is pushed, and encrypts under its own key", async () => {
    const { resources } = await registry();
    const repository = find(resources, "awsx:ecr:Repository", "r-calculator-add-service");
    assert.deepEqual(repository.inputs, {
      name: "qa/calculator/add-service",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [
        { encryptionType: "KMS", kmsKey: "arn:aws:kms:ap-south-1:111122223333:key/key-r-encryption-key" },
      ],
      forceDelete: false,
      lifecyclePolicy: { rules: lifecycleRules({ untaggedDays: 14, keepImages: 100 }) },
    });
    assert.deepEqual(repository.providers, { aws: "aws-test" });
    assert.equal(find(resources, "aws:kms/alias:Alias").inputs["name"], "alias/qa/registry");
  });

  it("lets go of images without a tag first, then of the oldest", () => {
    const [untagged, any] = lifecycleRules({ untaggedDays: 3, keepImages: 50 });
    assert.deepEqual([untagged?.tagStatus, untagged?.maximumAgeLimit], ["untagged", 3]);
    assert.deepEqual([any?.tagStatus, any?.maximumNumberOfImages], ["any", 50]);
  });

  it("gives up repositories that hold images only where that is said", async () => {
    for (const forceDelete of [true, false]) {
      const { resources } = await registry({ forceDelete });
      assert.ok(
        ofType(resources, "awsx:ecr:Repository").every(({ inputs }) => inputs["forceDelete"] === forceDelete),
      );
    }
  });
});
