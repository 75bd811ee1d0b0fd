import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { Apps } from "../../apps/layer.ts";
import type { InfraOutputs } from "../../infra/contract.ts";
import type { MeshOutputs } from "../../mesh/contract.ts";
import { graphOf } from "../helpers/graph.ts";
import { collect, find, ofType, testProviders, type Recorded } from "../helpers/mocks.ts";
import { placeOf } from "../helpers/placed.ts";
import type { Stack } from "../helpers/program.ts";
import { rejects } from "../helpers/raises.ts";

const secretArn = "arn:aws:secretsmanager:ap-south-1:111122223333:secret:qa/calculator/config-AbCdEf";
const keyArn = "arn:aws:kms:ap-south-1:111122223333:key/1";

describe("the apps layer where it delivers itself", () => {
  let resources: Recorded[] = [];
  before(async () => {
    resources = await appsOf("qa");
  });
  const object = (type: string, name: string): Recorded =>
    find(resources, `kubernetes:${type}`, `apps-calculator-${name}`);
  const follows = (later: Recorded, earlier: Recorded): boolean => graphOf(resources).follows(later, earlier);

  it("makes everything of calculator", () => {
    const counts: Record<string, number> = {};
    for (const { type } of resources.filter(
      (resource) => resource.custom && !resource.type.startsWith("pulumi:"),
    )) {
      counts[type] = (counts[type] ?? 0) + 1;
    }
    assert.deepEqual(counts, {
      "aws:iam/role:Role": 5,
      "aws:iam/rolePolicy:RolePolicy": 5,
      "kubernetes:apps/v1:Deployment": 8,
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": 8,
      "kubernetes:core/v1:Namespace": 1,
      "kubernetes:core/v1:Service": 4,
      "kubernetes:core/v1:ServiceAccount": 5,
      "kubernetes:networking.istio.io/v1:DestinationRule": 4,
      "kubernetes:networking.istio.io/v1:Sidecar": 1,
      "kubernetes:networking.istio.io/v1:VirtualService": 4,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy": 6,
      "kubernetes:policy/v1:PodDisruptionBudget": 8,
      "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": 1,
      "kubernetes:security.istio.io/v1:AuthorizationPolicy": 4,
    });
  });

  it("puts the namespace into the mesh by the mesh's labels", () => {
    const { labels } = object("core/v1:Namespace", "namespace-calculator").inputs["metadata"] as {
      labels: Record<string, string>;
    };
    assert.equal(labels["istio.io/rev"], "default");
    assert.equal(labels["platform.mesh/environment"], "qa");
  });

  it("gives every reader of the secret a role of its own, for that account alone", () => {
    for (const account of [
      "calculator-api",
      "add-service",
      "subtract-service",
      "multiply-service",
      "calculator-sa",
    ]) {
      const role = find(resources, "aws:iam/role:Role", `apps-calculator-${account}-role`);
      assert.match(
        String(role.inputs["assumeRolePolicy"]),
        new RegExp(`system:serviceaccount:calculator:${account}"`),
      );
      assert.equal(role.inputs["permissionsBoundary"], "arn:aws:iam::111122223333:policy/boundary");
      const { metadata } = object("core/v1:ServiceAccount", `${account}-serviceaccount-${account}`).inputs;
      assert.match(
        (metadata as { annotations: Record<string, string> }).annotations["eks.amazonaws.com/role-arn"] ?? "",
        /^arn:aws:iam::/,
      );
    }
  });

  it("lets a reader read exactly the entry, and use the key for nothing else", () => {
    const { inputs } = find(resources, "aws:iam/rolePolicy:RolePolicy", "apps-calculator-add-service-policy");
    const { Statement } = JSON.parse(String(inputs["policy"])) as { Statement: unknown[] };
    assert.deepEqual(Statement, [
      {
        Sid: "ReadSecrets",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [secretArn],
      },
      {
        Sid: "DecryptSecrets",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [keyArn],
        Condition: {
          StringEquals: {
            "kms:ViaService": "secretsmanager.ap-south-1.amazonaws.com",
            "kms:EncryptionContext:SecretARN": [secretArn],
          },
        },
      },
    ]);
  });

  it("makes nothing in the namespace before the namespace, and allows nothing before the default deny", () => {
    const space = object("core/v1:Namespace", "namespace-calculator");
    const deny = object("networking.k8s.io/v1:NetworkPolicy", "networkpolicy-default-deny");
    const inside = resources.filter(({ type, urn }) => type.startsWith("kubernetes:") && urn !== space.urn);
    for (const resource of inside) assert.ok(follows(resource, space), resource.name);
    const allows = [
      ...ofType(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy"),
      ...ofType(resources, "kubernetes:security.istio.io/v1:AuthorizationPolicy"),
    ].filter(({ urn }) => urn !== deny.urn);
    for (const resource of allows) assert.ok(follows(resource, deny), resource.name);
  });

  it("starts pods when their account, rights, secrets and policies are there, and routes to them when they answer", () => {
    const pods = object("apps/v1:Deployment", "add-service-deployment-add-service-v1");
    for (const earlier of [
      object("core/v1:ServiceAccount", "add-service-serviceaccount-add-service"),
      find(resources, "aws:iam/rolePolicy:RolePolicy", "apps-calculator-add-service-policy"),
      object("secrets-store.csi.x-k8s.io/v1:SecretProviderClass", "secretproviderclass-config"),
      object("networking.k8s.io/v1:NetworkPolicy", "networkpolicy-allow-mesh"),
      object("networking.k8s.io/v1:NetworkPolicy", "add-service-networkpolicy-add-service"),
      object("security.istio.io/v1:AuthorizationPolicy", "add-service-authorizationpolicy-add-service"),
      object("networking.istio.io/v1:DestinationRule", "add-service-destinationrule-add-service"),
      object("networking.istio.io/v1:Sidecar", "sidecar-default"),
    ]) {
      assert.ok(follows(pods, earlier), earlier.name);
    }
    assert.ok(
      follows(
        object("networking.istio.io/v1:VirtualService", "add-service-virtualservice-add-service"),
        pods,
      ),
    );
    assert.ok(
      follows(
        object(
          "autoscaling/v2:HorizontalPodAutoscaler",
          "add-service-horizontalpodautoscaler-add-service-v1",
        ),
        pods,
      ),
    );
  });

  it("does not let one service wait for another", () => {
    const add = object("apps/v1:Deployment", "add-service-deployment-add-service-v1");
    const multiply = object("core/v1:Service", "multiply-service-service-multiply-service");
    assert.ok(!follows(add, multiply));
  });

  it("says which systems there are", () => {
    assert.deepEqual(find(resources, "platform:apps:Apps", "apps").outputs, {
      appsContract: 1,
      systems: {
        calculator: { namespace: "calculator", delivery: "pulumi", host: "calculator.qa.mesh.example.com" },
      },
    });
  });
});

describe("the apps layer where Argo CD delivers", () => {
  it("makes what Argo CD cannot own, and no object that is rendered", async () => {
    const resources = await appsOf("prod");
    const kinds = new Set(
      resources
        .filter(({ type }) => type.startsWith("kubernetes:"))
        .map(({ type }) => type.slice(type.lastIndexOf(":") + 1)),
    );
    assert.deepEqual([...kinds].sort(), ["Namespace", "SecretProviderClass", "ServiceAccount"]);
    assert.equal(ofType(resources, "aws:iam/role:Role").length, 5);
    assert.equal(ofType(resources, "platform:apps:MeshService").length, 0);
  });
});

describe("the apps layer without what it needs", () => {
  it("names the secret that infra has not made, and the command that makes it", async () => {
    const error = await rejects("CONTRACT_MISSING", appsOf("qa", {}));
    assert.equal(error.key, "platform-infra.secretArns.qa/calculator/config");
    assert.match(error.message, /platform up qa --layer infra/);
  });
});

/** Runs the layer alone, on contracts of plain values. */
function appsOf(stack: Stack, secretArns?: Record<string, string>): Promise<Recorded[]> {
  const { environment, systems } = placeOf(stack);
  const infra = {
    oidcProviderArn: pulumi.output("arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/1"),
    oidcIssuer: pulumi.output("oidc.example.com/id/1"),
    permissionsBoundaryArn: pulumi.output("arn:aws:iam::111122223333:policy/boundary"),
    secretsKeyArn: pulumi.output(keyArn),
    secretArns: pulumi.output(secretArns ?? { [`${stack}/calculator/config`]: secretArn }),
  } as Partial<InfraOutputs> as InfraOutputs;
  const mesh = {
    injectionLabels: pulumi.output<Record<string, string>>({ "istio.io/rev": "default" }),
  } as Partial<MeshOutputs> as MeshOutputs;
  return collect(
    () =>
      new Apps(
        "apps",
        { readyTimeout: 600, environment, systems, infra, mesh },
        { providers: testProviders() },
      ),
    { stack },
  );
}
