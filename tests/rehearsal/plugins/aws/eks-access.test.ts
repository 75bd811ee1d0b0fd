import assert from "node:assert/strict";

import { ACCOUNT, Driver, makeCluster, makeNodeGroup, type ClusterWorld } from "./simulated.ts";

const CLUSTER = "aws:eks/cluster:Cluster";
const ENTRY = "aws:eks/accessEntry:AccessEntry";
const ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const viewPolicy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

describe("access to simulated EKS clusters", () => {
  let driver: Driver;
  let world: ClusterWorld;
  beforeEach(async () => {
    driver = await Driver.start();
    world = await makeCluster(driver);
  });
  afterEach(() => driver.stop());

  const entry = (principal: string, more: object = {}) =>
    driver.create(ENTRY, principal, {
      clusterName: world.cluster.id,
      principalArn: `arn:aws:iam::${ACCOUNT}:role/${principal}`,
      ...more,
    });

  it("is the creator's from the start, so that an entry for the same role is refused", async () => {
    await assert.rejects(
      entry("rehearsal"),
      /ResourceInUseException: .*already in use on this cluster.*held by eks/,
    );
  });

  it("is the nodes' as soon as they join", async () => {
    const group = await makeNodeGroup(driver, world);
    const nodes = String(group.inputs["nodeRoleArn"]).split("/").pop() ?? "";
    await assert.rejects(entry(nodes), /already in use on this cluster/);
    await driver.delete(group);
    await entry(nodes);
  });

  it("is given to names that Kubernetes does not keep for itself", async () => {
    await assert.rejects(
      entry("admin", { kubernetesGroups: ["system:masters"] }),
      /group name system:masters is invalid/,
    );
    const made = await entry("admin", { kubernetesGroups: ["admins"] });
    assert.match(
      String(made.outputs["userName"]),
      /^arn:aws:sts::111122223333:assumed-role\/admin\/\{\{SessionName\}\}$/,
    );
  });

  it("needs the API mode of the cluster", async () => {
    const old = await driver.create(CLUSTER, "old", {
      roleArn: world.role.outputs["arn"],
      vpcConfig: { subnetIds: world.subnetIds },
    });
    await assert.rejects(
      entry("admin", { clusterName: old.id }),
      /authentication mode must be set to one of/,
    );
  });

  it("has policies for entries that exist and are of people, and scopes that make sense", async () => {
    const made = await entry("admin");
    const associate = (more: object) =>
      driver.create(ASSOCIATION, "a", {
        clusterName: world.cluster.id,
        principalArn: made.inputs["principalArn"],
        policyArn: viewPolicy,
        accessScope: { type: "cluster" },
        ...more,
      });
    await associate({});
    await assert.rejects(associate({ principalArn: "arn:aws:iam::1:role/x" }), /ResourceNotFoundException/);
    await assert.rejects(
      associate({ accessScope: { type: "namespace" } }),
      /a scope of namespaces names them/,
    );
    await assert.rejects(
      associate({ policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
      /expected an access policy/,
    );
    const machine = await entry("machine", { type: "EC2_LINUX" });
    await assert.rejects(
      associate({ principalArn: machine.inputs["principalArn"] }),
      /entries of type STANDARD only/,
    );
  });

  it("of pods is given once for a service account", async () => {
    const inputs = {
      clusterName: world.cluster.id,
      namespace: "calculator",
      serviceAccount: "api",
      roleArn: world.role.outputs["arn"],
    };
    const type = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
    assert.match((await driver.create(type, "a", inputs)).id, /^a-[0-9a-f]{17}$/);
    await assert.rejects(
      driver.create(type, "b", inputs),
      /ResourceInUseException: Association already exists/,
    );
  });
});
