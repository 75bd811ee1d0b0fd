import type { Answer, Asked } from "./answers.ts";

export const accountId = "111122223333";
export const region = "ap-south-1";

type Answerer = (asked: Asked) => Answer;

/** An id, and the ARN `arn:aws:<service>:<region>:<account>:<resource>`. */
export function arn(service: string, resource: string, where: string = region): string {
  return `arn:aws:${service}:${where}:${accountId}:${resource}`;
}

/** Explicit name, or the one that the provider makes up from the logical name. */
export function nameOf({ inputs, name }: Asked): string {
  return typeof inputs["name"] === "string" ? inputs["name"] : `${name}-0a1b2c3`;
}

/** A type whose id is its ARN's last part. */
function named(service: string, path: string, where: string = region): Answerer {
  return (asked) => {
    const name = nameOf(asked);
    return { id: name, state: { name, arn: arn(service, `${path}${name}`, where) } };
  };
}

/** A type with a made-up id such as `sg-<name>`. */
function numbered(prefix: string, service = "ec2", path = ""): Answerer {
  return ({ name }) => {
    const id = `${prefix}-${name}`;
    return { id, state: { arn: arn(service, `${path}${id}`) } };
  };
}

/** A link between two things: an id and nothing more. */
const link: Answerer = ({ name }) => ({ id: `${name}-link`, state: {} });

export const awsTypes: Readonly<Record<string, Answerer>> = {
  "aws:cloudwatch/logGroup:LogGroup": named("logs", "log-group:"),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": numbered("sg", "ec2", "security-group/"),
  "aws:ec2/eip:Eip": numbered("eipalloc", "ec2", "elastic-ip/"),
  "aws:ec2/flowLog:FlowLog": numbered("fl", "ec2", "vpc-flow-log/"),
  "aws:ec2/launchTemplate:LaunchTemplate": (asked) => {
    const id = `lt-${asked.name}`;
    return {
      id,
      state: {
        name: nameOf(asked),
        arn: arn("ec2", `launch-template/${id}`),
        latestVersion: 1,
        defaultVersion: 1,
      },
    };
  },
  "aws:ec2/securityGroup:SecurityGroup": numbered("sg", "ec2", "security-group/"),
  "aws:ec2/tag:Tag": link,
  "aws:ec2/vpcEndpoint:VpcEndpoint": numbered("vpce", "ec2", "vpc-endpoint/"),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": link,
  "aws:ecr/repository:Repository": (asked) => {
    const name = nameOf(asked);
    const repositoryUrl = `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`;
    return {
      id: name,
      state: { name, arn: arn("ecr", `repository/${name}`), registryId: accountId, repositoryUrl },
    };
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": link,
  "aws:eks/accessEntry:AccessEntry": link,
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": link,
  "aws:eks/addon:Addon": link,
  "aws:iam/policy:Policy": (asked) => {
    const name = nameOf(asked);
    const policyArn = arn("iam", `policy/${name}`, "");
    return { id: policyArn, state: { name, arn: policyArn, policyId: `ANPA-${name}` } };
  },
  "aws:iam/role:Role": named("iam", "role/", ""),
  "aws:iam/rolePolicy:RolePolicy": link,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": link,
  "aws:kms/alias:Alias": named("kms", ""),
  "aws:kms/key:Key": (asked) => {
    const keyId = `key-${asked.name}`;
    return { id: keyId, state: { keyId, arn: arn("kms", `key/${keyId}`) } };
  },
  "aws:secretsmanager/secret:Secret": (asked) => {
    const name = nameOf(asked);
    const secretArn = arn("secretsmanager", `secret:${name}-AbCdEf`);
    return { id: secretArn, state: { name, arn: secretArn } };
  },
  "aws:secretsmanager/secretPolicy:SecretPolicy": link,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": numbered("sgr", "ec2", "security-group-rule/"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": numbered("sgr", "ec2", "security-group-rule/"),
};

export const awsCalls: Readonly<
  Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>
> = {
  "aws:iam/getPolicyDocument:getPolicyDocument": (inputs) => ({
    id: "document",
    json: JSON.stringify(inputs),
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    id: accountId,
    accountId,
    arn: arn("iam", "role/deploy", ""),
    userId: "AROA",
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": () => ({
    id: region,
    name: region,
    region,
    endpoint: `ec2.${region}.amazonaws.com`,
    description: "Mumbai",
  }),
};
