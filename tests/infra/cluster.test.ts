import assert from "node:assert/strict";

import { accessEntries, Cluster, controlPlaneSubnets, type ClusterArgs } from "../../infra/cluster.ts";
import { addonVersions } from "../../lib/versions.ts";
import { collect, find, runUnderMocks, testProviders, secretValue, type Recorded } from "../helpers/mocks.ts";

const args: ClusterArgs = {
  environment: "qa",
  version: "1.36",
  vpcId: "vpc-1",
  privateSubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  publicAccessCidrs: ["203.0.113.0/24"],
  serviceCidr: "172.20.0.0/16",
  deletionProtection: true,
  logRetentionDays: 90,
  access: {},
  keyDeletionDays: 30,
};

function cluster(over: Partial<ClusterArgs> = {}): Promise<Recorded[]> {
  return collect(() => void new Cluster("c", { ...args, ...over }, { provider: testProviders().aws }));
}

describe("the cluster", () => {
  it("is made as it should stand for years", async () => {
    const eks = find(await cluster(), "eks:index:Cluster", "c-eks");
    assert.deepEqual(eks.inputs, {
      name: "qa-eks",
      version: "1.36",
      upgradePolicy: { supportType: "STANDARD" },
      vpcId: "vpc-1",
      privateSubnetIds: ["subnet-a", "subnet-b"],
      kubernetesServiceIpAddressRange: "172.20.0.0/16",
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
      authenticationMode: "API",
      accessEntries: {},
      createOidcProvider: true,
      encryptionConfigKeyArn: "arn:aws:kms:ap-south-1:111122223333:key/key-c-encryption-key",
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      deletionProtection: true,
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      // The package fills the last two in, here and below.
      vpcCniOptions: {
        addonVersion: addonVersions["vpc-cni"]["1.36"],
        enableNetworkPolicy: true,
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
      },
      kubeProxyAddonOptions: {
        version: addonVersions["kube-proxy"]["1.36"],
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
      },
      providerCredentialOpts: {},
    });
    assert.deepEqual(eks.providers, { aws: "aws-test" });
  });

  it("is reached from inside the VPC alone where nobody outside is named", async () => {
    const { inputs } = find(await cluster({ publicAccessCidrs: [] }), "eks:index:Cluster");
    assert.equal(inputs["endpointPrivateAccess"], true);
    assert.equal(inputs["endpointPublicAccess"], false);
    // The component refuses a list beside a closed endpoint.
    assert.ok(!("publicAccessCidrs" in inputs));
  });

  it("encrypts its secrets under a rotated key that can be found by name", async () => {
    const resources = await cluster();
    const key = find(resources, "aws:kms/key:Key");
    assert.equal(key.inputs["enableKeyRotation"], true);
    assert.equal(key.inputs["deletionWindowInDays"], 30);
    const alias = find(resources, "aws:kms/alias:Alias");
    assert.deepEqual(alias.inputs, { name: "alias/qa/eks", targetKeyId: "key-c-encryption-key" });
  });

  it("finds its log group ready, so that EKS makes none that keeps logs for ever", async () => {
    const resources = await cluster();
    const logs = find(resources, "aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual(logs.inputs, { name: "/aws/eks/qa-eks/cluster", retentionInDays: 90 });
    assert.ok(find(resources, "eks:index:Cluster").dependsOn.includes(logs.urn));
  });

  it("stays in the zones that it began with when more are added", () => {
    assert.deepEqual(controlPlaneSubnets(["a", "b"]), controlPlaneSubnets(["a", "b", "c", "d"]));
  });

  it("gives each role the policy of its scope", () => {
    const roleArn = "arn:aws:iam::111122223333:role/ops";
    const policies = (["admin", "edit", "view"] as const).map((scope) => {
      return accessEntries({ ops: { roleArn, scope } })["ops"];
    });
    assert.deepEqual(policies[0], {
      principalArn: roleArn,
      accessPolicies: {
        admin: {
          policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
          accessScope: { type: "cluster" },
        },
      },
    });
    assert.match(JSON.stringify(policies[1]), /AmazonEKSEditPolicy/);
    assert.match(JSON.stringify(policies[2]), /AmazonEKSViewPolicy/);
  });

  it("gives out a kubeconfig that is secret and holds no credential", async () => {
    const { outputs } = await runUnderMocks(() => {
      const { kubeconfig, name, arn, oidcIssuer } = new Cluster("c", args, { provider: testProviders().aws });
      return { kubeconfig, name, arn, oidcIssuer };
    });
    const kubeconfig = outputs["kubeconfig"] as ReturnType<typeof secretValue> & { value: string };
    assert.deepEqual(kubeconfig, secretValue(kubeconfig.value));
    assert.match(kubeconfig.value, /get-token/);
    assert.equal(outputs["name"], "qa-eks");
    assert.equal(outputs["arn"], "arn:aws:eks:ap-south-1:111122223333:cluster/qa-eks");
    assert.doesNotMatch(String(outputs["oidcIssuer"]), /^https/);
  });
});
