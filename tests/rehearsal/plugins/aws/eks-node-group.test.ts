import assert from "node:assert/strict";

import { addonVersions } from "../../../../lib/versions.ts";
import { groupOf } from "../../../../rehearsal/plugins/aws/services/eks-node-shape.ts";
import { Account } from "../../../../rehearsal/plugins/aws/store.ts";
import { ACCOUNT, Driver, makeCluster, makeNodeGroup, REGION, type ClusterWorld } from "./simulated.ts";

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const ADDON = "aws:eks/addon:Addon";

describe("simulated EKS node groups and add-ons", () => {
  let driver: Driver;
  let world: ClusterWorld;
  beforeEach(async () => {
    driver = await Driver.start();
    world = await makeCluster(driver);
  });
  afterEach(() => driver.stop());

  it("take the version of the cluster and the type of the launch template", async () => {
    const template = await driver.create("aws:ec2/launchTemplate:LaunchTemplate", "lt", {
      instanceType: "t4g.large",
    });
    const group = await makeNodeGroup(driver, world, {
      instanceTypes: undefined,
      launchTemplate: { id: template.id, version: "1" },
    });
    assert.equal(group.outputs["version"], "1.36");
    assert.equal(group.outputs["amiType"], "AL2023_ARM_64_STANDARD");
    assert.equal(group.id, `${world.cluster.id}:app`);
  });

  it("refuse sizes, types and images that do not go together", async () => {
    const make = (more: object) => makeNodeGroup(driver, world, more);
    await assert.rejects(
      make({ scalingConfig: { minSize: 3, desiredSize: 2, maxSize: 4 } }),
      /expected minSize ≤ desiredSize ≤ maxSize/,
    );
    await assert.rejects(make({ instanceTypes: ["t3.huge"] }), /does not know the instance type "t3\.huge"/);
    await assert.rejects(
      make({ instanceTypes: ["t4g.large"], amiType: "AL2023_x86_64_STANDARD" }),
      /\[t4g\.large\] is not a valid instance type/,
    );
    await assert.rejects(
      make({ taints: [{ key: "a", effect: "NoSchedule" }] }),
      /taints\[0\]\.effect: expected/,
    );
    await assert.rejects(
      make({ labels: { "eks.amazonaws.com/x": "1" } }),
      /the prefix of this label is reserved/,
    );
    await assert.rejects(make({ subnetIds: ["subnet-none"] }), /The subnet ID 'subnet-none' does not exist/);
  });

  it("are replaced for what their instances are, and not for their size", async () => {
    const group = await makeNodeGroup(driver, world, { capacityType: "ON_DEMAND" });
    const replaces = async (more: object) =>
      (await driver.diff(group, { ...group.inputs, ...more })).replaces;
    assert.deepEqual(await replaces({ instanceTypes: ["t3.large"] }), ["instanceTypes"]);
    assert.deepEqual(await replaces({ capacityType: "SPOT" }), ["capacityType"]);
    assert.deepEqual(await replaces({ subnetIds: world.subnetIds.slice(1) }), ["subnetIds"]);
    assert.deepEqual(await replaces({ scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 9 } }), []);
    assert.deepEqual(await replaces({ labels: { workload: "web" } }), []);
    const resized = { ...group.inputs, scalingConfig: { minSize: 1, desiredSize: 3, maxSize: 4 } };
    assert.equal((await driver.diff(group, resized, ["scalingConfig.desiredSize"])).changes, false);
  });

  it("have nodes of the smallest of their types, with more pods where addresses come in prefixes", async () => {
    const env = { env: { ENABLE_PREFIX_DELEGATION: "true" } };
    const addon = {
      clusterName: world.cluster.id,
      addonName: "vpc-cni",
      configurationValues: JSON.stringify(env),
    };
    await driver.create(ADDON, "vpc-cni", addon);
    const { inputs, urn, id } = await makeNodeGroup(driver, world, {
      instanceTypes: ["m6i.xlarge", "t3.large", "m6i.large"],
    });
    const account = new Account(driver.directory, ACCOUNT, REGION);
    const subject = {
      account,
      region: REGION,
      type: NODE_GROUP,
      urn,
      id,
      inputs,
      name: "app",
      old: {},
      hash: () => "0",
    };
    const group = groupOf(subject, "v1.36.2");
    assert.equal(group.instanceType, "t3.large");
    assert.equal(group.prefixDelegation, true);
    assert.deepEqual(
      group.subnets.map((subnet) => [subnet.zone, subnet.cidrBlock]),
      [
        ["ap-south-1a", "10.20.0.0/19"],
        ["ap-south-1b", "10.20.32.0/19"],
        ["ap-south-1c", "10.20.64.0/19"],
      ],
    );
  });

  it("wait for nodes where they run on nodes", async () => {
    const make = (addonName: string) =>
      driver.create(ADDON, addonName, { clusterName: world.cluster.id, addonName });
    assert.match(String((await make("vpc-cni")).outputs["addonVersion"]), /^v\d/);
    await assert.rejects(make("coredns"), /InsufficientNumberOfReplicas: .* make it after the node group/);
    await makeNodeGroup(driver, world);
    await make("coredns");
    await assert.rejects(make("coredns"), /ResourceInUseException: Addon already exists/);
    await assert.rejects(make("corednss"), /Addon corednss specified is not supported/);
  });

  it("come in the versions that the platform knows, each for its own Kubernetes", async () => {
    await makeNodeGroup(driver, world);
    const make = (addonName: string, addonVersion: string) =>
      driver.create(ADDON, addonName, { clusterName: world.cluster.id, addonName, addonVersion });
    await assert.rejects(
      make("kube-proxy", addonVersions["kube-proxy"]["1.35"]),
      /version specified is not supported/,
    );
    for (const [addon, versions] of Object.entries(addonVersions)) {
      assert.equal((await make(addon, versions["1.36"])).outputs["addonVersion"], versions["1.36"]);
    }
  });

  it("refuse versions and configurations of another form", async () => {
    const make = (more: object) =>
      driver.create(ADDON, "a", { clusterName: world.cluster.id, addonName: "vpc-cni", ...more });
    await assert.rejects(make({ addonVersion: "1.20.0" }), /expected a version such as/);
    await assert.rejects(
      make({ addonVersion: "v1.99.0-eksbuild.1" }),
      /Addon version specified is not supported: vpc-cni v1\.99\.0-eksbuild\.1 for Kubernetes 1\.36/,
    );
    await assert.rejects(make({ configurationValues: "[1]" }), /expected an object as JSON or YAML/);
    await assert.rejects(make({ tags: [{ a: "b" }] }), /tags: expected a map of texts/);
  });
});
