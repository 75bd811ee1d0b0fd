import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  listObjects,
  listScheduledForDeletion,
  missingImages,
  pushImages,
} from "../../../../rehearsal/plugins/aws/account.ts";
import { ACCOUNT, Driver, REGION, trust } from "./simulated.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
const REPOSITORY = "aws:ecr/repository:Repository";
const KEY = "aws:kms/key:Key";

const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
});

describe("names that a simulated account has once", () => {
  let qa: Driver;
  let prod: Driver;
  beforeEach(async () => {
    qa = await Driver.start();
    prod = await qa.beside("prod");
  });
  afterEach(() => qa.stop());

  const cases: [string, object, RegExp][] = [
    [
      "aws:iam/role:Role",
      { name: "app", assumeRolePolicy: trust },
      /EntityAlreadyExists: Role with name app already exists/,
    ],
    ["aws:iam/policy:Policy", { name: "app", policy }, /EntityAlreadyExists: A policy with name app/],
    ["aws:iam/instanceProfile:InstanceProfile", { name: "app" }, /EntityAlreadyExists/],
    [
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
      { url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] },
      /EntityAlreadyExists: Provider with url/,
    ],
    [
      REPOSITORY,
      { name: "calculator/api" },
      /RepositoryAlreadyExistsException: .* already exists in the registry with id '111122223333'/,
    ],
    [SECRET, { name: "calculator" }, /ResourceExistsException/],
    ["aws:cloudwatch/logGroup:LogGroup", { name: "/app" }, /ResourceAlreadyExistsException/],
    [
      "aws:ec2/launchTemplate:LaunchTemplate",
      { name: "nodes" },
      /InvalidLaunchTemplateName\.AlreadyExistsException/,
    ],
  ];

  for (const [type, inputs, error] of cases) {
    it(`are refused a second time for ${type}, with the holder, and are free again afterwards`, async () => {
      const held = await qa.create(type, "mine", {
        ...inputs,
        ...(type === SECRET ? { recoveryWindowInDays: 0 } : {}),
      });
      await assert.rejects(prod.create(type, "theirs", { ...inputs }), (refused: Error) => {
        assert.match(refused.message, error);
        assert.match(refused.message, /\(held by urn:pulumi:qa::platform::.*::mine\)/);
        return true;
      });
      await qa.delete(held);
      await prod.create(type, "theirs", { ...inputs });
    });
  }

  it("are refused for roles that differ in letter case only", async () => {
    await qa.create("aws:iam/role:Role", "a", { name: "app", assumeRolePolicy: trust });
    await assert.rejects(
      prod.create("aws:iam/role:Role", "b", { name: "App", assumeRolePolicy: trust }),
      /EntityAlreadyExists/,
    );
  });

  it("of aliases of keys are refused a second time", async () => {
    const key = await qa.create(KEY, "k", {});
    const inputs = { name: "alias/app", targetKeyId: key.id };
    await qa.create("aws:kms/alias:Alias", "a", inputs);
    await assert.rejects(
      prod.create("aws:kms/alias:Alias", "b", inputs),
      /AlreadyExistsException: An alias with the name arn:aws:kms/,
    );
  });

  it("stay with a secret that waits for its deletion", async () => {
    const secret = await qa.create(SECRET, "s", { name: "calculator", recoveryWindowInDays: 7 });
    await qa.delete(secret);
    await assert.rejects(
      qa.create(SECRET, "s", { name: "calculator" }),
      /InvalidRequestException: .*scheduled for deletion/,
    );
    const [waiting] = listScheduledForDeletion({ directory: qa.directory, id: ACCOUNT });
    assert.equal(waiting?.name, "calculator");
    const days = (Date.parse(waiting?.deletionDate ?? "") - Date.now()) / 86_400_000;
    assert.ok(days > 6.9 && days <= 7, String(days));
  });

  it("are taken over from a process that died before it made the object", async () => {
    const claims = join(qa.directory, "global", "claims", "iam-role");
    mkdirSync(claims, { recursive: true });
    // No process has this id: the largest one that Linux gives out is 2^22.
    const holder = {
      type: "aws:iam/role:Role",
      urn: "urn:pulumi:qa::platform::aws:iam/role:Role::gone",
      id: "app",
      pid: 2 ** 30,
    };
    writeFileSync(join(claims, "app.json"), JSON.stringify(holder));
    await prod.create("aws:iam/role:Role", "mine", { name: "app", assumeRolePolicy: trust });
    assert.match(readFileSync(join(claims, "app.json"), "utf8"), /urn:pulumi:prod/);
  });
});

describe("what a simulated account protects", () => {
  let driver: Driver;
  beforeEach(async () => {
    driver = await Driver.start();
  });
  afterEach(() => driver.stop());

  const location = () => ({ directory: driver.directory, id: ACCOUNT });

  it("is a repository with images, unless the program says to delete it with them", async () => {
    const kept = await driver.create(REPOSITORY, "kept", { name: "calculator/api" });
    const dropped = await driver.create(REPOSITORY, "dropped", { name: "calculator/add", forceDelete: true });
    pushImages(location(), "calculator/api", ["v1", "v2"]);
    pushImages(location(), "calculator/add", ["v1"]);
    await assert.rejects(driver.delete(kept), /RepositoryNotEmptyException/);
    await driver.delete(dropped);
    const again = await driver.create(REPOSITORY, "dropped", { name: "calculator/add" });
    assert.deepEqual(missingImages(location(), [`${String(again.outputs["repositoryUrl"])}:v1`]).length, 1);
  });

  it("tells which images are missing, and judges no other registry", async () => {
    const repository = await driver.create(REPOSITORY, "api", { name: "calculator/api" });
    const url = String(repository.outputs["repositoryUrl"]);
    pushImages(location(), "calculator/api", ["v1"]);
    const asked = [
      `${url}:v1`,
      `${url}:v2`,
      `${url}`,
      "docker.io/library/nginx:1",
      `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/none:v1`,
    ];
    assert.deepEqual(missingImages(location(), asked), [
      `${url}:v2`,
      url,
      `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/none:v1`,
    ]);
    assert.throws(() => pushImages(location(), "none", ["v1"]), /RepositoryNotFoundException/);
  });

  it("is a key, which waits for its deletion and cannot be used meanwhile", async () => {
    const key = await driver.create(KEY, "k", { deletionWindowInDays: 7, description: "secrets" });
    await driver.delete(key);
    assert.deepEqual(listObjects(location()), []);
    assert.equal(listScheduledForDeletion(location())[0]?.name, "secrets");
    const secret = driver.create(SECRET, "s", { kmsKeyId: key.outputs["arn"] });
    await assert.rejects(secret, /KMSInvalidStateException: .* is pending deletion/);
    assert.notEqual((await driver.create(KEY, "k", {})).id, key.id);
  });

  it("is a log group that the program wants to stay", async () => {
    const group = await driver.create("aws:cloudwatch/logGroup:LogGroup", "l", {
      name: "/audit",
      skipDestroy: true,
    });
    await driver.delete(group);
    assert.deepEqual(
      listObjects(location()).map((object) => [object.id, object.owner]),
      [["/audit", "kept"]],
    );
  });
});
