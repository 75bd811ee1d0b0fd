import assert from "node:assert/strict";

import { expiry, Repository } from "../../../../rehearsal/plugins/awsx/repository.ts";
import { namesOf, only, record } from "../recorded.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
const POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy";

describe("the stand-in for awsx's Repository", () => {
  it("makes a repository and a policy in lower case, and puts its address out", async () => {
    const rules = [
      { description: "drop untagged", tagStatus: "untagged" as const, maximumAgeLimit: 14 },
      {
        description: "keep releases",
        tagStatus: "tagged" as const,
        tagPrefixList: ["v"],
        maximumNumberOfImages: 30,
      },
    ];
    const { resources, state } = await record(
      () =>
        new Repository("Api", {
          name: "calculator/api",
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          lifecyclePolicy: { rules },
        }),
    );
    const repository = only(resources, REPOSITORY, "api");
    assert.equal(repository.parent, "awsx:ecr:Repository::Api");
    assert.deepEqual(repository.inputs, {
      name: "calculator/api",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    });
    const policy = only(resources, POLICY, "api");
    assert.deepEqual(policy.dependsOn, [`${REPOSITORY}::api`]);
    assert.equal(policy.inputs["repository"], "calculator/api");
    assert.deepEqual(policy.inputs["policy"], {
      rules: [
        {
          rulePriority: 1,
          description: "drop untagged",
          selection: {
            tagStatus: "untagged",
            countType: "sinceImagePushed",
            countNumber: 14,
            countUnit: "days",
          },
          action: { type: "expire" },
        },
        {
          rulePriority: 2,
          description: "keep releases",
          selection: {
            tagStatus: "tagged",
            tagPrefixList: ["v"],
            countType: "imageCountMoreThan",
            countNumber: 30,
          },
          action: { type: "expire" },
        },
      ],
    });
    assert.equal(state["url"], "111122223333.dkr.ecr.ap-south-1.amazonaws.com/calculator/api");
  });

  it("keeps one untagged image unless told otherwise, and makes no policy when that is skipped", async () => {
    const plain = await record(() => new Repository("images", {}));
    const { rules } = only(plain.resources, POLICY, "images").inputs["policy"] as {
      rules: { selection: object }[];
    };
    assert.deepEqual(rules[0]?.selection, {
      tagStatus: "untagged",
      countType: "imageCountMoreThan",
      countNumber: 1,
    });
    const skipped = await record(() => new Repository("images", { lifecyclePolicy: { skip: true } }));
    assert.deepEqual(namesOf(skipped.resources, POLICY), []);
  });

  it("moves a rule for any image to the end, and wants either an age or a number", () => {
    const any = { tagStatus: "any", maximumNumberOfImages: 200 };
    const untagged = { tagStatus: "untagged", maximumAgeLimit: 14 };
    const { rules } = expiry([any, untagged]) as unknown as {
      rules: { rulePriority: number; selection: { tagStatus: string } }[];
    };
    assert.deepEqual(
      rules.map((rule) => [rule.rulePriority, rule.selection.tagStatus]),
      [
        [1, "untagged"],
        [2, "any"],
      ],
    );
    assert.throws(() => expiry([{ tagStatus: "any" }]), /must be provided/);
  });

  it("refuses options that it does not know, by name", () => {
    assert.throws(
      () => new Repository("images", { region: "eu-west-1" }),
      /does not know the option "region"/,
    );
  });
});
