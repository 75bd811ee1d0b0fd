import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import type { ClusterArgs } from "@pulumi/eks";

import { Cluster } from "../../../../rehearsal/plugins/eks/cluster.ts";
import { only, pathWithAws, record } from "../recorded.ts";

const ADDON = "aws:eks/addon:Addon";

const minimal: ClusterArgs = {
  vpcId: "vpc-1",
  privateSubnetIds: ["subnet-a", "subnet-b"],
  authenticationMode: "API",
  skipDefaultNodeGroup: true,
  version: "1.36",
};

describe("what the stand-in for the eks Cluster refuses", () => {
  const path = process.env["PATH"];
  before(() => {
    process.env["PATH"] = pathWithAws();
  });
  after(() => {
    process.env["PATH"] = path;
  });

  it("is an explicit provider without providerCredentialOpts; with them the children get the provider", async () => {
    const make = (more: object) => () => {
      const provider = new aws.Provider("explicit", { region: "ap-south-1" });
      return new Cluster("main", { ...minimal, ...more }, { providers: { aws: provider } });
    };
    await assert.rejects(record(make({})), {
      message:
        "It looks like you're using an explicit AWS provider. Please specify this provider in providerCredentialOpts.",
    });
    const { resources, state } = await record(
      make({ providerCredentialOpts: { roleArn: "arn:aws:iam::1:role/deployer" } }),
    );
    assert.equal(only(resources, ADDON, "main-vpc-cni").provider, "pulumi:providers:aws::explicit");
    assert.match(String(state["kubeconfigJson"]), /"--role","arn:aws:iam::1:role\/deployer"/);
  });

  it("is a PATH without an aws command", () => {
    const before = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      assert.throws(() => new Cluster("main", minimal), /^Error: Could not find aws CLI for EKS\./);
    } finally {
      process.env["PATH"] = before;
    }
  });

  it("is what the real component refuses", () => {
    const make = (more: object) => () => new Cluster("main", { ...minimal, ...more });
    assert.throws(
      make({ roleMappings: [] }),
      /'roleMappings' property does not support non-empty values when 'authenticationMode' is set to 'API'/,
    );
    assert.throws(make({ subnetIds: ["s"] }), /mutually exclusive/);
  });

  it("is, by name, what it does not do", () => {
    const make = (more: object) => () => new Cluster("main", { ...minimal, ...more });
    assert.throws(make({ fargate: true }), /does not know the option "fargate"/);
    assert.throws(
      make({ authenticationMode: undefined }),
      /cannot follow the option "authenticationMode": it is unset/,
    );
    assert.throws(make({ skipDefaultNodeGroup: false }), /cannot follow the option "skipDefaultNodeGroup"/);
    assert.throws(make({ vpcId: undefined }), /cannot follow the option "vpcId"/);
  });
});
