import assert from "node:assert/strict";

import { Boundary, boundaryPolicy } from "../../infra/boundary.ts";
import { collect, find, testProviders } from "../helpers/mocks.ts";
import { statements } from "../helpers/walk.ts";

const environment = { name: "qa", region: "ap-south-1", accountId: "111122223333" };
const keyArn = "arn:aws:kms:ap-south-1:111122223333:key/k";

describe("the permissions boundary", () => {
  it("is a policy of a fixed name that carries the environment", async () => {
    const resources = await collect(
      () => new Boundary("b", { environment, secretsKeyArn: keyArn }, { provider: testProviders().aws }),
    );
    const { inputs } = find(resources, "aws:iam/policy:Policy", "b-policy");
    assert.equal(inputs["name"], "qa-workload-boundary");
    assert.deepEqual(JSON.parse(String(inputs["policy"])), boundaryPolicy(environment, keyArn));
  });

  it("allows reading the environment's own secrets, under its key, and nothing else", () => {
    const [read, decrypt, ...more] = statements(boundaryPolicy(environment, keyArn));
    assert.deepEqual(read?.actions, ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]);
    assert.deepEqual(read?.resources, ["arn:aws:secretsmanager:ap-south-1:111122223333:secret:qa/*"]);
    assert.deepEqual(decrypt?.actions, ["kms:Decrypt"]);
    assert.deepEqual(decrypt?.resources, [keyArn]);
    assert.deepEqual(decrypt?.conditions, {
      StringEquals: { "kms:ViaService": "secretsmanager.ap-south-1.amazonaws.com" },
    });
    assert.deepEqual(more, []);
  });
});
