import assert from "node:assert/strict";

import { Cluster } from "../../infra/cluster.ts";
import { amiTypeOf, architectureOf } from "../../infra/instance-types.ts";
import { launchTemplate, NodeGroup, type NodeGroupArgs } from "../../infra/node-group.ts";
import { collect, find, ofType, testProviders, type Recorded } from "../helpers/mocks.ts";

const tags = { "platform:environment": "qa", Name: "qa-eks-general" };

function nodeGroup(over: Partial<NodeGroupArgs> = {}): Promise<Recorded[]> {
  return collect(() => {
    const { aws: provider } = testProviders();
    const cluster = new Cluster(
      "c",
      {
        environment: "qa",
        version: "1.36",
        vpcId: "vpc-1",
        privateSubnetIds: ["subnet-a", "subnet-b"],
        publicAccessCidrs: [],
        serviceCidr: "172.20.0.0/16",
        deletionProtection: false,
        logRetentionDays: 7,
        access: {},
        keyDeletionDays: 7,
      },
      { provider },
    );
    new NodeGroup(
      "n",
      {
        cluster,
        version: "1.36",
        privateSubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
        tags,
        instanceTypes: ["t3.medium", "t3a.medium"],
        capacityType: "SPOT",
        desired: 3,
        min: 2,
        max: 5,
        diskGiB: 50,
        labels: { pool: "general" },
        ...over,
      },
      { provider },
    );
  });
}

describe("a node group", () => {
  it("is managed by EKS, in every private subnet and in no other", async () => {
    const group = find(await nodeGroup(), "eks:index:ManagedNodeGroup", "n-group");
    const { cluster, ...inputs } = group.inputs;
    assert.match(JSON.stringify(cluster), /eks:index:Cluster::c-eks/);
    assert.deepEqual(inputs, {
      version: "1.36",
      nodeRoleArn: "arn:aws:iam::111122223333:role/n-role-0a1b2c3",
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      launchTemplate: { id: "lt-n-template", version: "1" },
      amiType: "AL2023_x86_64_STANDARD",
      instanceTypes: ["t3.medium", "t3a.medium"],
      capacityType: "SPOT",
      labels: { pool: "general" },
      scalingConfig: { desiredSize: 3, minSize: 2, maxSize: 5 },
      ignoreScalingChanges: true,
    });
    assert.deepEqual(group.providers, { aws: "aws-test" });
  });

  it("comes after the cluster with its network add-on, and after its role has every right", async () => {
    const resources = await nodeGroup();
    const group = find(resources, "eks:index:ManagedNodeGroup");
    assert.ok(group.dependsOn.includes(find(resources, "eks:index:Cluster").urn));
    const grants = ofType(resources, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    assert.equal(grants.length, 4);
    for (const grant of grants) assert.ok(group.dependsOn.includes(grant.urn), grant.name);
  });

  it("has a role of its own that EC2 takes on, with what nodes need and no more", async () => {
    const resources = await nodeGroup();
    const trust = JSON.parse(String(find(resources, "aws:iam/role:Role").inputs["assumeRolePolicy"])) as {
      Statement: object[];
    };
    assert.deepEqual(trust.Statement, [
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    const policies = ofType(resources, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map((grant) =>
      String(grant.inputs["policyArn"]).replace("arn:aws:iam::aws:policy/", ""),
    );
    assert.deepEqual(policies.sort(), [
      "AmazonEC2ContainerRegistryPullOnly",
      "AmazonEKSWorkerNodePolicy",
      "AmazonEKS_CNI_Policy",
      "AmazonSSMManagedInstanceCore",
    ]);
  });

  it("starts instances whose credentials no pod can reach, on encrypted disks, tagged", () => {
    assert.deepEqual(launchTemplate({ diskGiB: 80, tags }), {
      updateDefaultVersion: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: 80, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: [
        { resourceType: "instance", tags },
        { resourceType: "volume", tags },
        { resourceType: "network-interface", tags },
      ],
    });
  });

  it("runs the image of its types' architecture", async () => {
    const arm = find(
      await nodeGroup({ instanceTypes: ["m7g.large", "t4g.medium"] }),
      "eks:index:ManagedNodeGroup",
    );
    assert.equal(arm.inputs["amiType"], "AL2023_ARM_64_STANDARD");
    assert.equal(amiTypeOf(["m6i.large"]), "AL2023_x86_64_STANDARD");
    for (const type of ["a1.large", "t4g.small", "c7gn.xlarge", "m6gd.large", "x2gd.medium", "im4gn.large"]) {
      assert.equal(architectureOf(type), "arm64", type);
    }
    for (const type of [
      "t3.medium",
      "m6i.large",
      "g5.xlarge",
      "g4dn.xlarge",
      "m7i-flex.large",
      "gr6.4xlarge",
    ]) {
      assert.equal(architectureOf(type), "x86_64", type);
    }
  });
});
