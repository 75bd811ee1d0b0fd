import assert from "node:assert/strict";

import { ACCOUNT, Driver, makeCluster, REGION } from "./simulated.ts";

describe("the simulated data sources", () => {
  let driver: Driver;
  beforeEach(async () => {
    driver = await Driver.start();
  });
  afterEach(() => driver.stop());

  it("say who is asking, where, and in which partition", async () => {
    const caller = await driver.invoke("aws:index/getCallerIdentity:getCallerIdentity");
    assert.equal(caller["accountId"], ACCOUNT);
    const session = await driver.invoke("aws:iam/getSessionContext:getSessionContext", {
      arn: caller["arn"],
    });
    assert.equal(session["issuerArn"], `arn:aws:iam::${ACCOUNT}:role/rehearsal`);
    assert.equal((await driver.invoke("aws:index/getRegion:getRegion"))["region"], REGION);
    assert.equal((await driver.invoke("aws:index/getPartition:getPartition"))["partition"], "aws");
    const china = await driver.beside("qa", { region: "cn-north-1" });
    assert.equal(
      (await china.invoke("aws:index/getPartition:getPartition"))["dnsSuffix"],
      "amazonaws.com.cn",
    );
  });

  it("list the zones of a region", async () => {
    const zones = await driver.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {
      state: "available",
    });
    assert.deepEqual(zones["names"], ["ap-south-1a", "ap-south-1b", "ap-south-1c"]);
    assert.deepEqual(zones["zoneIds"], ["aps1-az1", "aps1-az2", "aps1-az3"]);
    const one = await driver.invoke("aws:index/getAvailabilityZone:getAvailabilityZone", {
      name: "ap-south-1b",
    });
    assert.equal(one["zoneId"], "aps1-az2");
    const none = driver.invoke("aws:index/getAvailabilityZone:getAvailabilityZone", { name: "ap-south-1z" });
    await assert.rejects(none, /InvalidParameterValue: no zone ap-south-1z/);
  });

  it("know the versions of add-ons, and refuse others", async () => {
    const ask = (addonName: string, kubernetesVersion: string) =>
      driver.invoke("aws:eks/getAddonVersion:getAddonVersion", {
        addonName,
        kubernetesVersion,
        mostRecent: true,
      });
    assert.match(String((await ask("kube-proxy", "1.36"))["version"]), /^v1\.36\.\d+-eksbuild\.\d+$/);
    await assert.rejects(ask("kube-proxi", "1.36"), /Addon kube-proxi specified is not supported in 1\.36/);
    await assert.rejects(ask("kube-proxy", "1.12"), /unsupported Kubernetes version 1\.12/);
  });

  it("find clusters, VPCs and subnets of the account", async () => {
    const { vpc, subnetIds, cluster } = await makeCluster(driver);
    const found = await driver.invoke("aws:eks/getCluster:getCluster", { name: cluster.id });
    assert.equal(found["arn"], cluster.outputs["arn"]);
    await assert.rejects(
      driver.invoke("aws:eks/getCluster:getCluster", { name: "x" }),
      /No cluster found for name: x/,
    );
    assert.equal((await driver.invoke("aws:ec2/getVpc:getVpc", { id: vpc.id }))["cidrBlock"], "10.20.0.0/16");
    const subnets = (filters: object[]) => driver.invoke("aws:ec2/getSubnets:getSubnets", { filters });
    assert.deepEqual(
      new Set((await subnets([{ name: "vpc-id", values: [vpc.id] }]))["ids"] as string[]),
      new Set(subnetIds),
    );
    assert.deepEqual((await subnets([{ name: "availability-zone", values: [`${REGION}b`] }]))["ids"], [
      subnetIds[1],
    ]);
    await assert.rejects(subnets([{ name: "colour", values: [] }]), /does not know the filter colour/);
    await assert.rejects(driver.invoke("aws:ec2/getVpc:getVpc", { default: true }), /has no default VPC/);
  });
});

describe("policy documents", () => {
  let driver: Driver;
  before(async () => {
    driver = await Driver.start();
  });
  after(() => driver.stop());

  const json = async (args: object) =>
    JSON.parse(
      String((await driver.invoke("aws:iam/getPolicyDocument:getPolicyDocument", { ...args }))["json"]),
    ) as unknown;

  it("are composed as the real provider composes them", async () => {
    const statements = [
      {
        sid: "Trust",
        actions: ["sts:AssumeRoleWithWebIdentity"],
        principals: [{ type: "Federated", identifiers: ["arn:provider"] }],
        conditions: [
          { test: "StringEquals", variable: "issuer:sub", values: ["b", "a"] },
          { test: "StringEquals", variable: "issuer:aud", values: ["sts.amazonaws.com"] },
        ],
      },
      {
        effect: "Deny",
        actions: ["s3:GetObject", "s3:ListBucket"],
        resources: ["arn:aws:s3:::x/&{aws:username}"],
      },
    ];
    assert.deepEqual(await json({ statements }), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Trust",
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "arn:provider" },
          Condition: { StringEquals: { "issuer:aud": "sts.amazonaws.com", "issuer:sub": ["b", "a"] } },
        },
        {
          Effect: "Deny",
          Action: ["s3:ListBucket", "s3:GetObject"],
          Resource: "arn:aws:s3:::x/${aws:username}",
        },
      ],
    });
  });

  it("write everyone as a star, and several principals of a kind as a list", async () => {
    const statement = (principals: object[]) => ({ actions: ["a:b"], resources: ["*"], principals });
    const everyone = (await json({ statements: [statement([{ type: "*", identifiers: ["*"] }])] })) as {
      Statement: { Principal: unknown }[];
    };
    assert.equal(everyone.Statement[0]?.Principal, "*");
    const two = (await json({ statements: [statement([{ type: "AWS", identifiers: ["a", "b"] }])] })) as {
      Statement: { Principal: unknown }[];
    };
    assert.deepEqual(two.Statement[0]?.Principal, { AWS: ["b", "a"] });
  });

  it("merge sources and overrides by statement id", async () => {
    const source = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Sid: "One", Effect: "Allow", Action: "a:b", Resource: "*" }],
    });
    const override = source.replace("Allow", "Deny");
    const merged = await json({
      sourcePolicyDocuments: [source],
      overridePolicyDocuments: [override],
      statements: [{ actions: ["c:d"] }],
    });
    assert.deepEqual((merged as { Statement: object[] }).Statement, [
      { Sid: "One", Effect: "Deny", Action: "a:b", Resource: "*" },
      { Effect: "Allow", Action: "c:d" },
    ]);
    await assert.rejects(json({ sourcePolicyDocuments: [source, source] }), /duplicate Sid \("One"\)/);
  });
});
