import assert from "node:assert/strict";

import type { ClusterArgs } from "@pulumi/eks";

import { Cluster } from "../../../../rehearsal/plugins/eks/cluster.ts";
import { namesOf, only, pathWithAws, record, type Recorded } from "../recorded.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const ADDON = "aws:eks/addon:Addon";
const CLUSTER = "aws:eks/cluster:Cluster";
const COMPONENT = "eks:index:Cluster::main";

const minimal: ClusterArgs = {
  vpcId: "vpc-1",
  privateSubnetIds: ["subnet-a", "subnet-b"],
  authenticationMode: "API",
  skipDefaultNodeGroup: true,
  version: "1.36",
};

const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
const full: ClusterArgs = {
  ...minimal,
  publicSubnetIds: ["subnet-x"],
  createOidcProvider: true,
  deletionProtection: true,
  enabledClusterLogTypes: ["api", "audit"],
  encryptionConfigKeyArn: "arn:aws:kms:ap-south-1:111122223333:key/1",
  endpointPrivateAccess: true,
  endpointPublicAccess: true,
  publicAccessCidrs: ["203.0.113.0/24"],
  vpcCniOptions: { enableNetworkPolicy: true },
  accessEntries: {
    admin: {
      principalArn: "arn:aws:iam::111122223333:role/admin",
      accessPolicies: { all: { policyArn, accessScope: { type: "cluster" } } },
    },
    viewer: {
      principalArn: "arn:aws:iam::111122223333:role/viewer",
      kubernetesGroups: ["viewers"],
      username: "viewer",
    },
  },
  tags: { env: "test" },
};

describe("the stand-in for the eks Cluster", () => {
  const path = process.env["PATH"];
  before(() => {
    process.env["PATH"] = pathWithAws();
  });
  after(() => {
    process.env["PATH"] = path;
  });

  describe("with all that the platform asks for", () => {
    let resources: Recorded[];
    let state: Record<string, unknown>;
    before(async () => {
      ({ resources, state } = await record(() => new Cluster("main", full)));
    });

    it("makes the cluster with API access, encryption, logs and protection", () => {
      const cluster = only(resources, CLUSTER, "main-eksCluster");
      assert.equal(cluster.parent, COMPONENT);
      assert.deepEqual(cluster.inputs, {
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
        bootstrapSelfManagedAddons: true,
        deletionProtection: true,
        enabledClusterLogTypes: ["api", "audit"],
        encryptionConfig: { provider: { keyArn: full.encryptionConfigKeyArn }, resources: ["secrets"] },
        roleArn: "arn:aws:iam::111122223333:role/main-eksRole-role-0000000",
        tags: { Name: "main-eksCluster", env: "test" },
        version: "1.36",
        vpcConfig: {
          endpointPrivateAccess: true,
          endpointPublicAccess: true,
          publicAccessCidrs: ["203.0.113.0/24"],
          securityGroupIds: ["main-eksClusterSecurityGroup-id"],
          subnetIds: ["subnet-x", "subnet-a", "subnet-b"],
        },
      });
      assert.deepEqual(cluster.ignoreChanges, [
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        "bootstrapSelfManagedAddons",
      ]);
      assert.ok(
        cluster.dependsOn.includes(
          "aws:iam/rolePolicyAttachment:RolePolicyAttachment::main-eksRole-4b490823",
        ),
      );
    });

    it("makes a service role with one policy, under a component of its own", () => {
      const role = only(resources, "aws:iam/role:Role", "main-eksRole-role");
      assert.equal(role.parent, "eks:index:ServiceRole::main-eksRole");
      assert.equal(role.inputs["description"], "Allows EKS to manage clusters on your behalf.");
      const { Statement } = JSON.parse(String(role.inputs["assumeRolePolicy"])) as {
        Statement: { Action: string[] }[];
      };
      assert.deepEqual(Statement[0]?.Action, ["sts:AssumeRole", "sts:TagSession"]);
      const attachment = only(
        resources,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "main-eksRole-4b490823",
      );
      assert.equal(attachment.inputs["policyArn"], "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy");
    });

    it("makes two security groups and six rules", () => {
      assert.deepEqual(namesOf(resources, GROUP), ["main-eksClusterSecurityGroup", "main-nodeSecurityGroup"]);
      assert.deepEqual(namesOf(resources, RULE), [
        "main-eksClusterIngressRule",
        "main-eksClusterInternetEgressRule",
        "main-eksExtApiServerClusterIngressRule",
        "main-eksNodeClusterIngressRule",
        "main-eksNodeIngressRule",
        "main-eksNodeInternetEgressRule",
      ]);
      const nodes = only(resources, GROUP, "main-nodeSecurityGroup").inputs;
      assert.equal(
        (nodes["tags"] as Record<string, string>)["kubernetes.io/cluster/main-eksCluster-0000000"],
        "owned",
      );
      assert.equal(nodes["revokeRulesOnDelete"], true);
      const kubelet = only(resources, RULE, "main-eksNodeClusterIngressRule").inputs;
      assert.deepEqual([kubelet["fromPort"], kubelet["toPort"]], [1025, 65535]);
    });

    it("makes kube-proxy and vpc-cni, and no coredns where there are no nodes", () => {
      assert.deepEqual(namesOf(resources, ADDON), ["main-kube-proxy", "main-vpc-cni"]);
      const proxy = only(resources, ADDON, "main-kube-proxy");
      assert.equal(proxy.parent, COMPONENT);
      assert.deepEqual(proxy.inputs, {
        addonName: "kube-proxy",
        addonVersion: "newest-kube-proxy",
        clusterName: "main-eksCluster-0000000",
        preserve: true,
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        tags: { env: "test" },
      });
      const cni = only(resources, ADDON, "main-vpc-cni");
      assert.equal(cni.parent, "eks:index:VpcCniAddon::main-vpc-cni");
      const configuration = JSON.parse(String(cni.inputs["configurationValues"])) as Record<string, unknown>;
      assert.equal(configuration["enableNetworkPolicy"], "true");
      assert.deepEqual(configuration["init"], { env: { DISABLE_TCP_EARLY_DEMUX: "false" } });
      assert.deepEqual(only(resources, "eks:index:VpcCniAddon", "main-vpc-cni").dependsOn, [
        "aws:eks/accessEntry:AccessEntry::main-admin",
        "aws:eks/accessEntry:AccessEntry::main-viewer",
      ]);
    });

    it("makes an entry for each principal, with its policies below it", () => {
      const viewer = only(resources, "aws:eks/accessEntry:AccessEntry", "main-viewer").inputs;
      assert.deepEqual([viewer["userName"], viewer["kubernetesGroups"]], ["viewer", ["viewers"]]);
      const association = only(
        resources,
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "main-admin-all",
      );
      assert.equal(association.parent, "aws:eks/accessEntry:AccessEntry::main-admin");
      assert.deepEqual(association.inputs["accessScope"], { type: "cluster" });
    });

    it("makes an OIDC provider for the cluster's issuer, without asking anyone", () => {
      const { inputs } = only(
        resources,
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "main-oidcProvider",
      );
      assert.equal(inputs["url"], "https://issuer/id/1");
      assert.deepEqual(inputs["clientIdLists"], ["sts.amazonaws.com"]);
      assert.match(String((inputs["thumbprintLists"] as string[])[0]), /^[0-9a-f]{40}$/);
    });

    it("makes a Kubernetes provider whose kubeconfig fetches its token through the AWS command line", () => {
      const { inputs } = only(resources, "pulumi:providers:kubernetes", "main-eks-k8s");
      const config = JSON.parse(String(inputs["kubeconfig"])) as {
        users: { user: { exec: { command: string; args: string[] } } }[];
      };
      assert.deepEqual(config.users[0]?.user.exec.args, [
        ...[
          "--region",
          "ap-south-1",
          "eks",
          "get-token",
          "--cluster-name",
          "main-eksCluster-0000000",
          "--output",
          "json",
        ],
      ]);
    });

    it("puts out what the real component puts out", () => {
      assert.equal(state["clusterSecurityGroupId"], "main-eksClusterSecurityGroup-id");
      assert.equal(state["nodeSecurityGroupId"], "main-nodeSecurityGroup-id");
      assert.equal(state["clusterIngressRuleId"], "main-eksClusterIngressRule-rule");
      assert.equal(state["oidcProviderArn"], "arn:aws:iam::111122223333:oidc-provider/issuer/id/1");
      assert.equal(state["oidcProviderUrl"], "https://issuer/id/1");
      assert.equal(state["oidcIssuer"], "issuer/id/1");
      assert.deepEqual(JSON.parse(String(state["kubeconfigJson"])), state["kubeconfig"]);
      assert.equal(state["eksCluster"], `${CLUSTER}::main-eksCluster`);
      const core = state["core"] as Record<string, unknown>;
      assert.deepEqual(core["subnetIds"], ["subnet-x", "subnet-a", "subnet-b"]);
      assert.equal(core["clusterIamRole"], "aws:iam/role:Role::main-eksRole-role");
      for (const empty of [
        "autoModeNodeRoleName",
        "defaultNodeGroupAsgName",
        "fargateProfileId",
        "fargateProfileStatus",
      ]) {
        assert.equal(state[empty], "", empty);
      }
    });
  });

  it("makes neither groups nor rules when told to skip them, and puts EKS's own group out", async () => {
    const { resources, state } = await record(
      () => new Cluster("main", { ...minimal, skipDefaultSecurityGroups: true }),
    );
    assert.deepEqual([...namesOf(resources, GROUP), ...namesOf(resources, RULE)], []);
    assert.equal(state["clusterSecurityGroupId"], "sg-made-by-eks");
    assert.equal(state["nodeSecurityGroupId"], "sg-made-by-eks");
    assert.equal(state["clusterIngressRuleId"], "");
    // The issuer comes from the cluster: it is there without a provider for it.
    assert.equal(state["oidcIssuer"], "issuer/id/1");
    assert.equal(state["oidcProviderArn"], "");
  });

  it("makes coredns on demand and leaves the others out on demand", async () => {
    const { resources } = await record(
      () =>
        new Cluster("main", {
          ...minimal,
          corednsAddonOptions: { configurationValues: { replicaCount: 3 } },
          kubeProxyAddonOptions: { enabled: false },
          useDefaultVpcCni: true,
        }),
    );
    assert.deepEqual(namesOf(resources, ADDON), ["main-coredns"]);
    assert.equal(only(resources, ADDON, "main-coredns").inputs["configurationValues"], '{"replicaCount":3}');
  });

  it("keeps the program's own configuration of the network plugin over what options make", async () => {
    const vpcCniOptions = {
      addonVersion: "v1.20.0-eksbuild.1",
      enablePrefixDelegation: true,
      warmPrefixTarget: 1,
      configurationValues: { env: { WARM_ENI_TARGET: "2" }, nodeAgent: { enablePolicyEventLogs: "true" } },
    };
    const { resources } = await record(() => new Cluster("main", { ...minimal, vpcCniOptions }));
    const { inputs } = only(resources, ADDON, "main-vpc-cni");
    assert.equal(inputs["addonVersion"], "v1.20.0-eksbuild.1");
    const { env, nodeAgent } = JSON.parse(String(inputs["configurationValues"])) as {
      env: Record<string, string>;
      nodeAgent: object;
    };
    assert.deepEqual(nodeAgent, { enablePolicyEventLogs: "true" });
    assert.deepEqual(
      [
        env["ENABLE_PREFIX_DELEGATION"],
        env["WARM_PREFIX_TARGET"],
        env["WARM_ENI_TARGET"],
        env["AWS_VPC_ENI_MTU"],
      ],
      ["true", "1", "2", "9001"],
    );
  });
});
