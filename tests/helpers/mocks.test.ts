import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { collect, find, runUnderMocks, secretValue, testProviders, UNKNOWN } from "./mocks.ts";

class Holder extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("platform:test:Holder", name, {}, opts);
    this.registerOutputs({ answer: 42 });
  }
}

describe("mocks", () => {
  it("record types, names, inputs, parents, providers, dependencies and options", async () => {
    const resources = await collect(() => {
      const providers = testProviders();
      const holder = new Holder("holder", { provider: providers.aws });
      const key = new aws.kms.Key("key", { description: "d" }, { parent: holder, protect: true });
      new aws.kms.Alias(
        "alias",
        { name: "alias/x", targetKeyId: key.keyId },
        { parent: holder, dependsOn: [key] },
      );
    });
    const holder = find(resources, "platform:test:Holder");
    const key = find(resources, "aws:kms/key:Key", "key");
    const alias = find(resources, "aws:kms/alias:Alias", "alias");
    assert.equal(key.parent, holder.urn);
    assert.equal(key.provider, "aws-test");
    assert.equal(key.protect, true);
    assert.deepEqual(holder.providers, { aws: "aws-test" });
    assert.deepEqual(holder.outputs, { answer: 42 });
    assert.deepEqual(alias.dependsOn, [key.urn]);
    assert.equal(alias.inputs["targetKeyId"], "key-key");
    assert.equal(alias.urn, "urn:pulumi:qa::platform::platform:test:Holder$aws:kms/alias:Alias::alias");
  });

  it("mark secrets and give them out plain", async () => {
    const resources = await collect(() => {
      const { kubernetes: provider } = testProviders();
      new kubernetes.core.v1.ConfigMap(
        "c",
        { metadata: { name: "c" }, data: { a: pulumi.secret("x"), b: "y" } },
        { provider },
      );
    });
    const map = find(resources, "kubernetes:core/v1:ConfigMap");
    assert.deepEqual(map.inputs["data"], { a: "x", b: "y" });
    assert.deepEqual(map.secrets, ["data.a"]);
  });

  it("answer the outputs of remote components, resources among them", async () => {
    const { outputs } = await runUnderMocks(() => {
      const { aws: provider } = testProviders();
      const cluster = new eks.Cluster(
        "main",
        { name: "qa-eks", createOidcProvider: true },
        { providers: { aws: provider } },
      );
      return { arn: cluster.eksCluster.arn, issuer: cluster.oidcIssuer };
    });
    assert.equal(outputs["arn"], "arn:aws:eks:ap-south-1:111122223333:cluster/qa-eks");
    assert.match(String(outputs["issuer"]), /^oidc\.eks\./);
  });

  it("answer stack references and keep their secrets", async () => {
    const run = await runUnderMocks(
      () => {
        const reference = new pulumi.StackReference(
          `${pulumi.getOrganization()}/platform-infra/${pulumi.getStack()}`,
        );
        return { plain: reference.getOutput("plain"), hidden: reference.getOutput("hidden") };
      },
      { stack: "prod", references: { "platform-infra": { plain: "p", hidden: secretValue("h") } } },
    );
    assert.equal(run.outputs["plain"], "p");
    assert.deepEqual(run.outputs["hidden"], secretValue("h"));
    await assert.rejects(
      collect(() => new pulumi.StackReference("organization/platform-mesh/qa")),
      /unknown stack "organization\/platform-mesh\/qa"/,
    );
  });

  it("know nothing of new resources in a preview", async () => {
    const resources = await collect(
      () => {
        const { aws: provider } = testProviders();
        const key = new aws.kms.Key("key", {}, { provider });
        new aws.kms.Alias("alias", { targetKeyId: key.keyId }, { provider });
      },
      { preview: true },
    );
    assert.equal(find(resources, "aws:kms/alias:Alias").inputs["targetKeyId"], UNKNOWN);
  });

  it("refuse unknown types and calls, default providers and one URN twice", async () => {
    await assert.rejects(
      collect(() => new aws.sqs.Queue("queue", {}, { provider: testProviders().aws })),
      /no mock for resource type 'aws:sqs\/queue:Queue'/,
    );
    await assert.rejects(
      collect(() => aws.ec2.getAmi({}, { provider: testProviders().aws })),
      /aws:ec2\/getAmi:getAmi/,
    );
    await assert.rejects(
      collect(() => new aws.kms.Key("key")),
      /Default provider for 'aws' disabled/,
    );
    await assert.rejects(
      collect(() => {
        const { aws: provider } = testProviders();
        new aws.kms.Key("key", {}, { provider });
        new aws.kms.Key("key", {}, { provider });
      }),
      /duplicate resource URN/,
    );
  });

  it("reject on an error in the program and on a rejection that nobody handles", async () => {
    await assert.rejects(
      collect(() => {
        throw new Error("in the program");
      }),
      /in the program/,
    );
    await assert.rejects(
      collect(() => {
        pulumi.output(Promise.resolve(1)).apply(() => {
          throw new Error("in an apply");
        });
      }),
      /in an apply/,
    );
  });

  it("start afresh each time", async () => {
    const names = [];
    for (const name of ["a", "b"]) {
      const resources = await collect(() => void new Holder(name), { config: { "x:y": name } });
      names.push(...resources.map((resource) => resource.name));
    }
    assert.deepEqual(names, ["a", "b"]);
  });
});
