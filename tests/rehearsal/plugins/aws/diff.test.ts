import assert from "node:assert/strict";

import { UNKNOWN } from "../../../../rehearsal/plugins/provider.ts";
import { Driver, makeCluster, trust } from "./simulated.ts";

const VPC = "aws:ec2/vpc:Vpc";

describe("changes of simulated AWS objects", () => {
  let driver: Driver;
  beforeEach(async () => {
    driver = await Driver.start();
  });
  afterEach(() => driver.stop());

  it("are none when nothing changed, also when a default is spelled out", async () => {
    const vpc = await driver.create(VPC, "net", { cidrBlock: "10.0.0.0/16" });
    assert.equal(
      (await driver.diff(vpc, { cidrBlock: "10.0.0.0/16", enableDnsSupport: true })).changes,
      false,
    );
  });

  it("are shown by path", async () => {
    const vpc = await driver.create(VPC, "net", { cidrBlock: "10.0.0.0/16", tags: { a: "1", b: "2" } });
    const diff = await driver.diff(vpc, {
      cidrBlock: "10.0.0.0/16",
      tags: { a: "3", c: "4" },
      enableDnsHostnames: true,
    });
    assert.deepEqual(diff.detailed, {
      "tags.a": "update",
      "tags.b": "delete",
      "tags.c": "add",
      enableDnsHostnames: "update",
    });
    assert.deepEqual(diff.replaces, []);
  });

  it("leave out what is ignored", async () => {
    const vpc = await driver.create(VPC, "net", { cidrBlock: "10.0.0.0/16", tags: { a: "1" } });
    const diff = await driver.diff(vpc, { cidrBlock: "10.1.0.0/16", tags: { a: "2" } }, [
      "tags",
      "tagsAll",
      "cidrBlock",
    ]);
    assert.equal(diff.changes, false);
  });

  it("replace a VPC for its block and a subnet for its zone", async () => {
    const vpc = await driver.create(VPC, "net", { cidrBlock: "10.0.0.0/16" });
    assert.deepEqual(await driver.diff(vpc, { cidrBlock: "10.1.0.0/16" }), {
      changes: true,
      replaces: ["cidrBlock"],
      deleteBeforeReplace: false,
      detailed: { cidrBlock: "update-replace" },
    });
    const inputs = { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" };
    const subnet = await driver.create("aws:ec2/subnet:Subnet", "s", {
      ...inputs,
      availabilityZone: "ap-south-1a",
    });
    assert.deepEqual((await driver.diff(subnet, { ...inputs, availabilityZone: "ap-south-1b" })).replaces, [
      "availabilityZone",
    ]);
    // The zone was the program's choice once; not to say it any more changes nothing.
    assert.equal((await driver.diff(subnet, inputs)).changes, false);
  });

  it("replace for an input that is not known yet, as it may be another one", async () => {
    const vpc = await driver.create(VPC, "net", { cidrBlock: "10.0.0.0/16" });
    const subnet = await driver.create("aws:ec2/subnet:Subnet", "s", {
      vpcId: vpc.id,
      cidrBlock: "10.0.0.0/24",
    });
    assert.deepEqual((await driver.diff(subnet, { vpcId: UNKNOWN, cidrBlock: "10.0.0.0/24" })).replaces, [
      "vpcId",
    ]);
  });

  it("delete before they replace only where the program gave the name", async () => {
    const given = await driver.create("aws:iam/role:Role", "given", {
      name: "given",
      assumeRolePolicy: trust,
    });
    const made = await driver.create("aws:iam/role:Role", "made", { assumeRolePolicy: trust });
    const path = { assumeRolePolicy: trust, path: "/workloads/" };
    assert.equal((await driver.diff(given, { name: "given", ...path })).deleteBeforeReplace, true);
    assert.equal((await driver.diff(made, path)).deleteBeforeReplace, false);
  });

  it("see JSON documents as equal that are written differently", async () => {
    const role = await driver.create("aws:iam/role:Role", "r", { assumeRolePolicy: trust });
    const spaced = JSON.stringify(JSON.parse(trust), null, 4);
    assert.equal((await driver.diff(role, { assumeRolePolicy: spaced })).changes, false);
    const object: unknown = JSON.parse(trust);
    assert.equal((await driver.diff(role, { assumeRolePolicy: object })).changes, false);
  });

  it("of a cluster replace it for its role, its name and the end of encryption, and not for subnets, logs or access", async () => {
    const encryptionConfig = { provider: { keyArn: "" }, resources: ["secrets"] };
    const key = await driver.create("aws:kms/key:Key", "k", {});
    encryptionConfig.provider.keyArn = String(key.outputs["arn"]);
    const { cluster, subnetIds } = await makeCluster(driver, { encryptionConfig });
    const olds = cluster.inputs;
    const replaces = async (news: object) => (await driver.diff(cluster, { ...olds, ...news })).replaces;
    assert.deepEqual(await replaces({ roleArn: "arn:aws:iam::111122223333:role/other" }), ["roleArn"]);
    assert.deepEqual(await replaces({ name: "other" }), ["name"]);
    assert.deepEqual(await replaces({ encryptionConfig: undefined }), ["encryptionConfig"]);
    assert.deepEqual(
      await replaces({ vpcConfig: { subnetIds: subnetIds.slice(1), endpointPrivateAccess: true } }),
      [],
    );
    assert.deepEqual(await replaces({ enabledClusterLogTypes: ["api"] }), []);
    const reordered = { vpcConfig: { subnetIds: [...subnetIds].reverse() } };
    assert.equal((await driver.diff(cluster, { ...olds, ...reordered })).changes, false);
  });

  it("show the path into a list", async () => {
    const cidrs = { publicAccessCidrs: ["203.0.113.0/24"] };
    const { cluster, subnetIds } = await makeCluster(driver);
    const known = await driver.update(cluster, { ...cluster.inputs, vpcConfig: { subnetIds, ...cidrs } });
    const diff = await driver.diff(known, {
      ...cluster.inputs,
      vpcConfig: { subnetIds, publicAccessCidrs: ["198.51.100.0/24"] },
    });
    assert.deepEqual(diff.detailed, { "vpcConfig.publicAccessCidrs[0]": "update" });
  });

  it("make a new version of a launch template, unknown in the preview", async () => {
    const template = await driver.create("aws:ec2/launchTemplate:LaunchTemplate", "lt", {
      instanceType: "t3.medium",
    });
    assert.equal(template.outputs["latestVersion"], 1);
    const previewed = await driver.update(template, { instanceType: "t3.large" }, true);
    assert.equal(previewed.outputs["latestVersion"], UNKNOWN);
    assert.equal(previewed.outputs["arn"], template.outputs["arn"]);
    assert.equal((await driver.update(template, { instanceType: "t3.large" })).outputs["latestVersion"], 2);
  });
});
