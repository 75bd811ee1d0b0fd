import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import type * as eks from "@pulumi/eks";

import { Addon } from "../../../../rehearsal/plugins/eks/addon.ts";
import { Cluster } from "../../../../rehearsal/plugins/eks/cluster.ts";
import { ManagedNodeGroup } from "../../../../rehearsal/plugins/eks/managed-node-group.ts";
import { only, pathWithAws, record } from "../recorded.ts";

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const ADDON = "aws:eks/addon:Addon";
const roleArn = "arn:aws:iam::111122223333:role/nodes";

function cluster(): eks.Cluster {
  const made = new Cluster("main", {
    vpcId: "vpc-1",
    privateSubnetIds: ["subnet-a", "subnet-b"],
    publicSubnetIds: ["subnet-x"],
    authenticationMode: "API",
    skipDefaultNodeGroup: true,
    version: "1.36",
  });
  return made as unknown as eks.Cluster;
}

describe("the stand-ins for eks node groups and add-ons", () => {
  const path = process.env["PATH"];
  before(() => {
    process.env["PATH"] = pathWithAws();
  });
  after(() => {
    process.env["PATH"] = path;
  });

  it("take subnets, version and size from the cluster and the defaults where a node group says nothing", async () => {
    const { resources, state } = await record(() => {
      const nodeRole = new aws.iam.Role("nodes", { assumeRolePolicy: "{}" });
      return new ManagedNodeGroup("app", { cluster: cluster(), nodeRole });
    });
    const group = only(resources, NODE_GROUP, "app");
    assert.equal(group.parent, "eks:index:ManagedNodeGroup::app");
    assert.deepEqual(group.inputs, {
      clusterName: "main-eksCluster-0000000",
      nodeRoleArn: "arn:aws:iam::111122223333:role/nodes-0000000",
      scalingConfig: { desiredSize: 2, maxSize: 2, minSize: 1 },
      subnetIds: ["subnet-x", "subnet-a", "subnet-b"],
      version: "1.36",
    });
    assert.deepEqual(group.dependsOn, [
      "aws:eks/cluster:Cluster::main-eksCluster",
      "aws:iam/role:Role::nodes",
    ]);
    assert.deepEqual(state, { nodeGroup: `${NODE_GROUP}::app`, placementGroupName: "" });
  });

  it("leave the version to a launch template, and pass the rest on", async () => {
    const args = {
      instanceTypes: ["t3.medium"],
      capacityType: "SPOT",
      labels: { workload: "app" },
      launchTemplate: { id: "lt-1", version: "3" },
      nodeGroupName: "app",
      nodeRoleArn: roleArn,
      scalingConfig: { desiredSize: 2, maxSize: 4, minSize: 1 },
      subnetIds: ["subnet-b"],
      taints: [{ effect: "NO_SCHEDULE", key: "dedicated", value: "app" }],
      tags: { env: "test" },
    };
    const { resources } = await record(
      () => new ManagedNodeGroup("app", { cluster: cluster(), ...args, ignoreScalingChanges: true }),
    );
    const group = only(resources, NODE_GROUP, "app");
    assert.deepEqual(group.inputs, { clusterName: "main-eksCluster-0000000", ...args });
    assert.deepEqual(group.ignoreChanges, ["scalingConfig.desiredSize"]);
  });

  it("take the core of a cluster in the place of the cluster", async () => {
    const { resources } = await record(() => {
      const { core } = cluster();
      return new ManagedNodeGroup("app", {
        cluster: core,
        nodeRoleArn: roleArn,
      });
    });
    assert.equal(only(resources, NODE_GROUP, "app").inputs["clusterName"], "main-eksCluster-0000000");
  });

  it("refuse a node group without a role, and options that they do not know", () => {
    assert.throws(() => new ManagedNodeGroup("app", { cluster: cluster() }), {
      message: "The input properties for the managed node group are invalid.",
    });
    const more = { nodeRoleArn: roleArn, enableIMDSv2: true };
    assert.throws(
      () => new ManagedNodeGroup("app", { cluster: cluster(), ...more }),
      /does not know the option "enableIMDSv2"/,
    );
    assert.throws(
      () =>
        new Addon("ebs", {
          cluster: cluster(),
          addonName: "aws-ebs-csi-driver",
          namespace: "x",
        } as eks.AddonArgs),
      /does not know the option "namespace"/,
    );
  });

  it("make an add-on below the cluster, with no version and no conflict rule of their own", async () => {
    const configurationValues = { controller: { replicaCount: 2 } };
    const { resources } = await record(
      () =>
        new Addon("ebs-csi", {
          cluster: cluster(),
          addonName: "aws-ebs-csi-driver",
          serviceAccountRoleArn: "arn:aws:iam::111122223333:role/ebs",
          configurationValues,
        }),
    );
    assert.equal(only(resources, "eks:index:Addon", "ebs-csi").parent, "eks:index:Cluster::main");
    const addon = only(resources, ADDON, "ebs-csi");
    assert.equal(addon.parent, "eks:index:Addon::ebs-csi");
    assert.deepEqual(addon.inputs, {
      addonName: "aws-ebs-csi-driver",
      clusterName: "main-eksCluster-0000000",
      configurationValues: JSON.stringify(configurationValues),
      serviceAccountRoleArn: "arn:aws:iam::111122223333:role/ebs",
    });
  });
});
