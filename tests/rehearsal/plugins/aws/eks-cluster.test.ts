import assert from "node:assert/strict";

import { listObjects } from "../../../../rehearsal/plugins/aws/account.ts";
import { ACCOUNT, Driver, makeCluster, makeNodeGroup, REGION, type ClusterWorld } from "./simulated.ts";

const CLUSTER = "aws:eks/cluster:Cluster";

describe("simulated EKS clusters", () => {
  let driver: Driver;
  let world: ClusterWorld;
  beforeEach(async () => {
    driver = await Driver.start();
    world = await makeCluster(driver);
  });
  afterEach(() => driver.stop());

  const cluster = (name: string, more: object) =>
    driver.create(CLUSTER, name, {
      roleArn: world.role.outputs["arn"],
      vpcConfig: { subnetIds: world.subnetIds },
      version: "1.36",
      ...more,
    });

  it("have an endpoint, an authority, an issuer and a security group of EKS's own", () => {
    const { outputs, id } = world.cluster;
    assert.equal(outputs["arn"], `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${id}`);
    assert.match(
      String(outputs["endpoint"]),
      /^https:\/\/[0-9A-F]{32}\.gr7\.ap-south-1\.eks\.amazonaws\.com$/,
    );
    const [identity] = outputs["identities"] as { oidcs: { issuer: string }[] }[];
    assert.match(
      identity?.oidcs[0]?.issuer ?? "",
      /^https:\/\/oidc\.eks\.ap-south-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/,
    );
    const { clusterSecurityGroupId, vpcId } = outputs["vpcConfig"] as Record<string, string>;
    assert.match(clusterSecurityGroupId ?? "", /^sg-0/);
    assert.equal(vpcId, world.vpc.id);
  });

  it("are refused a second time, in one zone, without their role, and with rules that EKS does not take", async () => {
    await assert.rejects(
      cluster("x", { name: world.cluster.id }),
      /ResourceInUseException: Cluster already exists with name: main-/,
    );
    await assert.rejects(
      cluster("x", { vpcConfig: { subnetIds: world.subnetIds.slice(0, 1) } }),
      /at least two different AZs/,
    );
    await assert.rejects(
      cluster("x", { roleArn: "arn:aws:iam::1:role/none" }),
      /roleArn, arn:aws:iam::1:role\/none, does not exist/,
    );
    await assert.rejects(cluster("x", { version: "1.20" }), /version: unsupported Kubernetes version/);
    await assert.rejects(cluster("x", { enabledClusterLogTypes: ["apis"] }), /got apis/);
    const vpc = (more: object) => cluster("x", { vpcConfig: { subnetIds: world.subnetIds, ...more } });
    await assert.rejects(vpc({ endpointPublicAccess: false }), /cannot both be off/);
    await assert.rejects(
      vpc({ publicAccessCidrs: ["10.0.0.0/8"] }),
      /not allowed in publicAccessCidrs: \[10\.0\.0\.0\/8\]/,
    );
  });

  it("go up one minor version at a time and never back", async () => {
    const old = await cluster("old", { version: "1.34" });
    const to = (version: string) => driver.update(old, { ...old.inputs, version });
    await assert.rejects(to("1.36"), /Unsupported Kubernetes minor version update from 1\.34 to 1\.36/);
    await assert.rejects(to("1.33"), /Unsupported Kubernetes minor version update/);
    assert.equal((await to("1.35")).outputs["version"], "1.35");
  });

  it("go forward in the way that principals are told, and keep their key", async () => {
    const back = { ...world.cluster.inputs, accessConfig: { authenticationMode: "CONFIG_MAP" } };
    await assert.rejects(
      driver.update(world.cluster, back),
      /authentication mode update from API to CONFIG_MAP/,
    );
  });

  it("are not deleted while they are protected or have node groups", async () => {
    const protectedOne = await driver.update(world.cluster, {
      ...world.cluster.inputs,
      deletionProtection: true,
    });
    await assert.rejects(
      driver.delete(protectedOne),
      /InvalidRequestException: .* deletion protection enabled/,
    );
    const open = await driver.update(protectedOne, { ...world.cluster.inputs, deletionProtection: false });
    const group = await makeNodeGroup(driver, world);
    await assert.rejects(
      driver.delete(open),
      /ResourceInUseException: Cluster has nodegroups attached: main-.*:app/,
    );
    await driver.delete(group);
    await driver.delete(open);
  });

  it("leave nothing behind but the log group that EKS made for them", async () => {
    const logged = await cluster("logged", { enabledClusterLogTypes: ["api"] });
    await driver.delete(logged);
    await driver.delete(world.cluster);
    await driver.delete(world.role);
    for (const subnet of world.subnets) await driver.delete(subnet);
    await driver.delete(world.vpc);
    const left = listObjects({ directory: driver.directory, id: ACCOUNT });
    assert.deepEqual(
      left.map(({ id, owner, urn }) => ({ id, owner, urn })),
      [{ id: `/aws/eks/${logged.id}/cluster`, owner: "eks", urn: "" }],
    );
  });

  it("leave the log group to the program that made it before", async () => {
    await driver.create("aws:cloudwatch/logGroup:LogGroup", "logs", { name: "/aws/eks/mine/cluster" });
    await cluster("mine", { name: "mine", enabledClusterLogTypes: ["api"] });
    const theirs = driver.create("aws:cloudwatch/logGroup:LogGroup", "late", {
      name: "/aws/eks/mine/cluster",
    });
    await assert.rejects(theirs, /ResourceAlreadyExistsException: .*::logs\)/);
  });
});
