import { Child, type Answer, type Asked } from "./answers.ts";
import { accountId, arn, region } from "./answers-aws.ts";

/** Base64 text that occurs nowhere else. */
const certificateAuthority = "bW9jayBjZXJ0aWZpY2F0ZSBhdXRob3JpdHk=";

type Answerer = (asked: Asked) => Answer;

/** The components of awsx and eks, with the outputs that their classes declare. */
export const componentTypes: Readonly<Record<string, Answerer>> = {
  "awsx:ec2:Vpc": vpc,
  "awsx:ecr:Repository": repository,
  "eks:index:Addon": ({ name }) => ({
    state: { addon: new Child("aws:eks/addon:Addon", name, `eks:${name}`) },
  }),
  "eks:index:Cluster": cluster,
  "eks:index:ManagedNodeGroup": ({ name }) => ({
    state: {
      nodeGroup: new Child("aws:eks/nodeGroup:NodeGroup", name, `nodes:${name}`, { nodeGroupName: name }),
      placementGroupName: "",
    },
  }),
};

function vpc({ name, inputs }: Asked): Answer {
  const zones = zoneCount(inputs);
  const vpcId = `vpc-${name}`;
  const subnets = (kind: string): string[] =>
    hasSubnets(inputs, kind)
      ? Array.from({ length: zones }, (_, zone) => `subnet-${name}-${kind.toLowerCase()}-${zone + 1}`)
      : [];
  const resources = (ids: string[]): Child[] =>
    ids.map((id) => new Child("aws:ec2/subnet:Subnet", id.replace("subnet-", ""), id));
  const [publicSubnetIds, privateSubnetIds, isolatedSubnetIds] = [
    subnets("Public"),
    subnets("Private"),
    subnets("Isolated"),
  ];
  return {
    state: {
      vpcId,
      vpc: new Child("aws:ec2/vpc:Vpc", name, vpcId, {
        arn: arn("ec2", `vpc/${vpcId}`),
        cidrBlock: inputs["cidrBlock"],
      }),
      internetGateway: new Child("aws:ec2/internetGateway:InternetGateway", name, `igw-${name}`),
      publicSubnetIds,
      privateSubnetIds,
      isolatedSubnetIds,
      subnets: resources([...publicSubnetIds, ...privateSubnetIds, ...isolatedSubnetIds]),
      routeTables: [],
      routes: [],
      routeTableAssociations: [],
      natGateways: [],
      eips: [],
      vpcEndpoints: [],
      subnetLayout: inputs["subnetSpecs"] ?? [],
    },
  };
}

function zoneCount(inputs: Record<string, unknown>): number {
  const names = inputs["availabilityZoneNames"];
  if (Array.isArray(names)) return names.length;
  return typeof inputs["numberOfAvailabilityZones"] === "number" ? inputs["numberOfAvailabilityZones"] : 3;
}

function hasSubnets(inputs: Record<string, unknown>, kind: string): boolean {
  const specs = inputs["subnetSpecs"];
  if (!Array.isArray(specs)) return kind !== "Isolated";
  return specs.some((spec: { type?: unknown }) => spec.type === kind);
}

function repository({ name, inputs }: Asked): Answer {
  const given = inputs["name"];
  const repositoryName = typeof given === "string" ? given : `${name.toLowerCase()}-0a1b2c3`;
  const url = `${accountId}.dkr.ecr.${region}.amazonaws.com/${repositoryName}`;
  const state = {
    name: repositoryName,
    arn: arn("ecr", `repository/${repositoryName}`),
    repositoryUrl: url,
    registryId: accountId,
  };
  return {
    state: {
      url,
      repository: new Child("aws:ecr/repository:Repository", name.toLowerCase(), repositoryName, state),
      lifecyclePolicy: new Child(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        name.toLowerCase(),
        repositoryName,
      ),
    },
  };
}

function cluster({ name, inputs }: Asked): Answer {
  const clusterName = typeof inputs["name"] === "string" ? inputs["name"] : `${name}-eksCluster-0a1b2c3`;
  const issuer = `oidc.eks.${region}.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF`;
  const endpoint = `https://0123456789ABCDEF.gr7.${region}.eks.amazonaws.com`;
  const clusterArn = arn("eks", `cluster/${clusterName}`);
  const kubeconfig = kubeconfigOf(clusterName, endpoint);
  const oidcProviderArn = arn("iam", `oidc-provider/${issuer}`, "");
  const group = (suffix: string): Child =>
    new Child("aws:ec2/securityGroup:SecurityGroup", `${name}-${suffix}`, `sg-${name}-${suffix}`);
  const eksCluster = new Child("aws:eks/cluster:Cluster", `${name}-eksCluster`, clusterName, {
    name: clusterName,
    arn: clusterArn,
    endpoint,
    version: inputs["version"],
    certificateAuthority: { data: certificateAuthority },
    identities: [{ oidcs: [{ issuer: `https://${issuer}` }] }],
    vpcConfig: { vpcId: inputs["vpcId"], clusterSecurityGroupId: `sg-${clusterName}` },
  });
  return {
    state: {
      kubeconfig,
      kubeconfigJson: JSON.stringify(kubeconfig),
      eksCluster,
      clusterSecurityGroup: group("eksClusterSecurityGroup"),
      clusterSecurityGroupId: `sg-${name}-eksClusterSecurityGroup`,
      nodeSecurityGroup: group("nodeSecurityGroup"),
      nodeSecurityGroupId: `sg-${name}-nodeSecurityGroup`,
      clusterIngressRuleId: `sgr-${name}-eksClusterIngressRule`,
      instanceRoles: [],
      defaultNodeGroupAsgName: "",
      fargateProfileId: "",
      fargateProfileStatus: "",
      autoModeNodeRoleName: "",
      oidcIssuer: issuer,
      oidcProviderUrl: `https://${issuer}`,
      oidcProviderArn: inputs["createOidcProvider"] === true ? oidcProviderArn : "",
      core: {
        endpoint,
        kubeconfig,
        vpcId: inputs["vpcId"],
        subnetIds: [],
        privateSubnetIds: inputs["privateSubnetIds"] ?? [],
        publicSubnetIds: inputs["publicSubnetIds"] ?? [],
        instanceRoles: [],
        accessEntries: [],
        storageClasses: {},
        tags: inputs["tags"] ?? {},
        autoModeNodeRoleName: "",
      },
    },
  };
}

/** The kubeconfig of the eks component: a token is fetched by the AWS command line. */
function kubeconfigOf(clusterName: string, server: string): object {
  const args = ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"];
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "aws",
    clusters: [
      { name: "kubernetes", cluster: { server, "certificate-authority-data": certificateAuthority } },
    ],
    contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
    users: [
      {
        name: "aws",
        user: { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args } },
      },
    ],
  };
}
