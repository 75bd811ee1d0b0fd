import assert from "node:assert/strict";

import { UNKNOWN } from "../../../../rehearsal/plugins/provider.ts";
import { ACCOUNT, Driver, makeNetwork, REGION, trust } from "./simulated.ts";

const VPC = "aws:ec2/vpc:Vpc";
const ROLE = "aws:iam/role:Role";

describe("the simulated AWS provider", () => {
  let driver: Driver;
  beforeEach(async () => {
    driver = await Driver.start({ defaultTags: { tags: { "platform:environment": "qa" } } });
  });
  afterEach(() => driver.stop());

  it("refuses an account that the program does not allow", async () => {
    await assert.rejects(
      Driver.start({ allowedAccountIds: ["999988887777"] }),
      /AWS account ID not allowed: 111122223333/,
    );
    await assert.rejects(Driver.start({ forbiddenAccountIds: [ACCOUNT] }), /not allowed: 111122223333/);
  });

  it("refuses a provider option that it does not know, and a provider without a region", async () => {
    await assert.rejects(Driver.start({ ignoreTags: {} }), /does not know the provider option "ignoreTags"/);
    await assert.rejects(Driver.start({ region: undefined }), /has no region/);
  });

  it("replaces the provider when its region changes", async () => {
    const replaced = await driver.aws.diffConfig({ oldInputs: { region: "a" }, newInputs: { region: "b" } });
    assert.deepEqual(replaced.replaces, ["region"]);
  });

  it("refuses a resource type and a data source that it does not know, and says where to add them", async () => {
    await assert.rejects(
      driver.create("aws:s3/bucket:Bucket", "x", {}),
      /does not know aws:s3\/bucket:Bucket; add it to rehearsal/,
    );
    await assert.rejects(
      driver.invoke("aws:s3/getBucket:getBucket"),
      /does not know the data source aws:s3\/getBucket:getBucket/,
    );
  });

  it("names the missing required inputs", async () => {
    const { failures } = await driver.check("aws:ec2/subnet:Subnet", "s", {});
    assert.deepEqual(
      failures.map((failure) => failure.reason),
      ["Missing required property 'vpcId'", "Missing required property 'cidrBlock'"],
    );
  });

  it("echoes inputs in a preview and leaves what AWS decides unknown", async () => {
    const outputs = await driver.preview(VPC, "net", { cidrBlock: "10.0.0.0/16", tags: { Name: "net" } });
    assert.equal(outputs["cidrBlock"], "10.0.0.0/16");
    assert.equal(outputs["arn"], UNKNOWN);
    assert.equal(outputs["enableDnsSupport"], true);
    assert.deepEqual(outputs["tagsAll"], { "platform:environment": "qa", Name: "net" });
  });

  it("makes plausible outputs, the same ones for the same resource", async () => {
    const vpc = await driver.create(VPC, "net", { cidrBlock: "10.0.0.0/16" });
    assert.match(vpc.id, /^vpc-0[0-9a-f]{16}$/);
    assert.equal(vpc.outputs["arn"], `arn:aws:ec2:${REGION}:${ACCOUNT}:vpc/${vpc.id}`);
    await driver.delete(vpc);
    assert.equal((await driver.create(VPC, "net", { cidrBlock: "10.0.0.0/16" })).id, vpc.id);
  });

  it("gives a replacement another id while the old object is there", async () => {
    const vpc = await driver.create(VPC, "net", { cidrBlock: "10.0.0.0/16" });
    const other = await driver.create(VPC, "net", { cidrBlock: "10.1.0.0/16" });
    assert.notEqual(other.id, vpc.id);
  });

  it("names an object after its resource, and keeps the name in the next run", async () => {
    const { inputs } = await driver.check(ROLE, "workload", { assumeRolePolicy: trust });
    assert.match(String(inputs["name"]), /^workload-[0-9a-f]{7}$/);
    const again = await driver.check(ROLE, "workload", { assumeRolePolicy: trust }, inputs);
    assert.deepEqual(again.inputs, inputs);
  });

  it("refuses a made name that AWS would not take", async () => {
    const { failures } = await driver.check(ROLE, "r".repeat(60), { assumeRolePolicy: trust });
    assert.match(failures[0]?.reason ?? "", /longer than 64 characters/);
  });

  it("merges the default tags, refuses reserved keys, and shows a change of the default ones", async () => {
    const vpc = await driver.create(VPC, "net", { cidrBlock: "10.0.0.0/16", tags: { Name: "net" } });
    assert.deepEqual(vpc.outputs["tagsAll"], { "platform:environment": "qa", Name: "net" });
    const { failures } = await driver.check(VPC, "net", { cidrBlock: "10.0.0.0/16", tags: { "aws:x": "1" } });
    assert.equal(failures[0]?.property, "tags.aws:x");

    const changed = await driver.beside("qa", { defaultTags: { tags: { "platform:environment": "test" } } });
    const diff = await changed.diff(vpc, { cidrBlock: "10.0.0.0/16", tags: { Name: "net" } });
    assert.deepEqual(diff.detailed, { 'tagsAll["platform:environment"]': "update" });
  });

  it("reads what is stored, and undefined when it is gone", async () => {
    const { vpc, subnets } = await makeNetwork(driver);
    assert.deepEqual(await driver.read(vpc), vpc.outputs);
    for (const subnet of subnets) await driver.delete(subnet);
    await driver.delete(vpc);
    assert.equal(await driver.read(vpc), undefined);
    await driver.delete(vpc);
  });

  it("keeps the objects of two regions apart, and shows IAM in both", async () => {
    const role = await driver.create(ROLE, "role", { assumeRolePolicy: trust });
    const repository = { name: "calculator/api" };
    await driver.create("aws:ecr/repository:Repository", "one", repository);
    const abroad = await driver.beside("qa", { region: "eu-west-1" });
    await abroad.create("aws:ecr/repository:Repository", "two", repository);
    assert.deepEqual(await abroad.read(role), role.outputs);
  });
});
