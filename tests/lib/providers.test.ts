import assert from "node:assert/strict";

import type { Environment } from "../../lib/environment.ts";
import { awsProvider, clusterProvider } from "../../lib/providers.ts";
import { collect, find } from "../helpers/mocks.ts";

const environment: Environment = {
  name: "qa",
  topology: "composed",
  region: "ap-south-1",
  accountId: "111122223333",
  domain: "mesh.example.com",
  owner: "team",
  costCentre: "cc-1",
};

describe("the AWS provider of a layer", () => {
  it("refuses any other account and tags everything", async () => {
    const resources = await collect(() => void awsProvider(environment, "infra"));
    const { inputs } = find(resources, "pulumi:providers:aws", "aws-infra");
    assert.equal(inputs["region"], "ap-south-1");
    // The provider takes everything but strings as JSON text.
    assert.deepEqual(JSON.parse(String(inputs["allowedAccountIds"])), ["111122223333"]);
    assert.deepEqual(JSON.parse(String(inputs["defaultTags"])), {
      tags: {
        "platform:project": "platform",
        "platform:environment": "qa",
        "platform:layer": "infra",
        "platform:owner": "team",
        "platform:cost-centre": "cc-1",
      },
    });
  });

  it("holds no credentials", async () => {
    const resources = await collect(() => void awsProvider(environment, "infra"));
    const { inputs } = find(resources, "pulumi:providers:aws");
    for (const key of ["accessKey", "secretKey", "token", "profile"])
      assert.equal(inputs[key], undefined, key);
  });
});

describe("the Kubernetes provider of a layer", () => {
  it("goes by the cluster's ARN, whatever its kubeconfig", async () => {
    const resources = await collect(
      () => void clusterProvider("mesh", { kubeconfig: "{}", clusterArn: "arn:cluster" }),
    );
    const { inputs } = find(resources, "pulumi:providers:kubernetes", "kubernetes-mesh");
    assert.equal(inputs["clusterIdentifier"], "arn:cluster");
    assert.equal(inputs["enableServerSideApply"], "true");
    assert.equal(inputs["kubeconfig"], "{}");
  });
});
