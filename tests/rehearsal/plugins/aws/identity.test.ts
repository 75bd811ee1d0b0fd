import assert from "node:assert/strict";

import { ACCOUNT, Driver, REGION, trust } from "./simulated.ts";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const KEY = "aws:kms/key:Key";

const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

describe("the simulated IAM", () => {
  let driver: Driver;
  beforeEach(async () => {
    driver = await Driver.start();
  });
  afterEach(() => driver.stop());

  const failureOf = async (type: string, inputs: object) =>
    (await driver.check(type, "x", { ...inputs })).failures[0]?.reason ?? "";

  it("makes ARNs with paths, and keeps the address of an OIDC provider without its scheme", async () => {
    const role = await driver.create(ROLE, "r", {
      name: "app",
      path: "/workloads/",
      assumeRolePolicy: trust,
    });
    assert.equal(role.outputs["arn"], `arn:aws:iam::${ACCOUNT}:role/workloads/app`);
    assert.match(String(role.outputs["uniqueId"]), /^AROA[0-9A-F]{17}$/);
    const provider = await driver.create("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "o", {
      url: "https://oidc.example.com/id/1",
      clientIdLists: ["sts.amazonaws.com"],
    });
    assert.equal(provider.outputs["url"], "oidc.example.com/id/1");
    assert.equal(provider.id, `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.example.com/id/1`);
  });

  it("refuses documents that IAM would refuse, and says why", async () => {
    const policy = (text: string) => failureOf(POLICY, { policy: text });
    assert.match(await policy("{"), /not valid JSON/);
    assert.match(await policy(document({ Effect: "Allow", Action: "s3:*" })), /needs resources/);
    assert.match(await policy(document({ ...read, Principal: "*" })), /names no principal/);
    assert.match(await policy(document({ ...read, Sid: "read-it" })), /must be alphanumeric, got "read-it"/);
    assert.match(await policy(document({ ...read, Action: [] })), /needs actions/);
    const twice = {
      Version: "2012-10-17",
      Statement: [
        { ...read, Sid: "a" },
        { ...read, Sid: "a" },
      ],
    };
    assert.match(await policy(JSON.stringify(twice)), /must be unique/);
    assert.match(
      await policy(document({ ...read, Resource: "x".repeat(6200) })),
      /LimitExceeded: .* the quota is 6144/,
    );
    assert.match(await failureOf(ROLE, { assumeRolePolicy: document(read) }), /needs a principal/);
    assert.equal(await policy(document(read)), "");
  });

  it("refuses attachments of roles and policies that are not there, and more than ten", async () => {
    const attach = (name: string, role: string, policyArn: string) =>
      driver.create(ATTACHMENT, name, { role, policyArn });
    await assert.rejects(
      attach("a", "none", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
      /NoSuchEntity: The role with name none/,
    );
    const role = await driver.create(ROLE, "r", { name: "app", assumeRolePolicy: trust });
    await assert.rejects(
      attach("a", "app", `arn:aws:iam::${ACCOUNT}:policy/none`),
      /NoSuchEntity: Policy arn/,
    );
    for (let i = 0; i < 10; i++) await attach(`a${i}`, role.id, `arn:aws:iam::aws:policy/P${i}`);
    await assert.rejects(
      attach("eleven", role.id, "arn:aws:iam::aws:policy/P10"),
      /LimitExceeded: .*PoliciesPerRole: 10/,
    );
  });

  it("refuses to delete roles and policies that are attached, unless it is told to detach", async () => {
    const policy = await driver.create(POLICY, "p", { policy: document(read) });
    const role = await driver.create(ROLE, "r", {
      name: "app",
      assumeRolePolicy: trust,
      permissionsBoundary: policy.id,
    });
    const forced = await driver.create(ROLE, "f", {
      name: "forced",
      assumeRolePolicy: trust,
      forceDetachPolicies: true,
    });
    const attachment = await driver.create(ATTACHMENT, "a", { role: role.id, policyArn: policy.id });
    await driver.create(ATTACHMENT, "b", { role: forced.id, policyArn: policy.id });
    await assert.rejects(
      driver.delete(role),
      /DeleteConflict: Cannot delete entity, must detach all policies first/,
    );
    await assert.rejects(driver.delete(policy), /DeleteConflict/);
    await driver.delete(forced);
    await driver.delete(attachment);
    await assert.rejects(driver.delete(policy), /DeleteConflict: .*Role app/);
    await driver.delete(role);
    await driver.delete(policy);
  });

  it("refuses a key's policy that locks everyone out, and one that does not let the logs service in", async () => {
    const service = {
      Effect: "Allow",
      Principal: { Service: "logs.amazonaws.com" },
      Action: "kms:*",
      Resource: "*",
    };
    const owner = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: "kms:*",
      Resource: "*",
    };
    await assert.rejects(
      driver.create(KEY, "k", { policy: document(service) }),
      /will not allow you to update the key policy/,
    );
    const closed = await driver.create(KEY, "closed", { policy: document(owner) });
    const both = { Version: "2012-10-17", Statement: [owner, service] };
    const open = await driver.create(KEY, "open", { policy: JSON.stringify(both) });
    const group = (name: string, key: unknown) =>
      driver.create("aws:cloudwatch/logGroup:LogGroup", name, { kmsKeyId: key });
    await assert.rejects(group("a", closed.outputs["arn"]), /AccessDeniedException: The specified KMS key/);
    assert.match((await group("b", open.outputs["arn"])).id, /^b-[0-9a-f]{7}$/);
    await assert.rejects(group("c", `arn:aws:kms:${REGION}:${ACCOUNT}:key/none`), /NotFoundException/);
  });

  it("refuses lifecycle policies that ECR would refuse", async () => {
    const type = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
    const rule = (rulePriority: number, selection: object) => ({
      rulePriority,
      selection,
      action: { type: "expire" },
    });
    const any = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 9 };
    const failure = (rules: object[]) => failureOf(type, { repository: "r", policy: { rules } });
    assert.match(
      await failure([rule(1, any), rule(2, { tagStatus: "untagged" })]),
      /must have the highest priority/,
    );
    assert.match(await failure([rule(1, { tagStatus: "tagged" })]), /needs tagPrefixList/);
    assert.match(await failure([rule(1, any), rule(1, any)]), /must be unique/);
    assert.equal(await failure([rule(1, { tagStatus: "untagged" }), rule(2, any)]), "");
  });
});
