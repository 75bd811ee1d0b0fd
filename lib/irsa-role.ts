import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A Kubernetes service account that may take on the role. */
export interface Subject {
  namespace: string;
  serviceAccount: string;
}

/** One statement of the role's permissions: exact actions on exact resources. */
export interface Statement {
  sid: string;
  actions: readonly string[];
  resources: readonly pulumi.Input<string>[];
}

export interface IrsaRoleArgs {
  /** ARN of the cluster's OIDC provider. */
  oidcProviderArn: pulumi.Input<string>;
  /** The issuer without its scheme. */
  oidcIssuer: pulumi.Input<string>;
  /** Who may take it on; no wildcard. */
  subjects: readonly Subject[];
  /** What it may do. @default nothing but what `managedPolicyArns` grants */
  statements?: readonly Statement[];
  /** AWS managed policies to attach, by name, e.g. `service-role/AmazonEBSCSIDriverPolicy`. @default none */
  managedPolicies?: readonly string[];
  /** Ceiling on what the role can ever do. @default none (for the cluster's own controllers) */
  permissionsBoundary?: pulumi.Input<string>;
}

/**
 * An IAM role for service accounts: only the named service accounts of this cluster, with a token made for AWS STS, can take it on.
 */
export class IrsaRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: IrsaRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:lib:IrsaRole", name, {}, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Service accounts ${args.subjects.map((s) => `${s.namespace}/${s.serviceAccount}`).join(", ")}`,
        assumeRolePolicy: pulumi
          .all([args.oidcProviderArn, args.oidcIssuer])
          .apply(([arn, issuer]) => JSON.stringify(trustPolicy(arn, issuer, args.subjects))),
        permissionsBoundary: args.permissionsBoundary,
      },
      { parent: this },
    );
    if (args.statements !== undefined) {
      new aws.iam.RolePolicy(
        `${name}-policy`,
        { role: role.name, policy: pulumi.output(args.statements).apply((list) => JSON.stringify(permissionPolicy(list))) },
        { parent: this },
      );
    }
    for (const policy of args.managedPolicies ?? []) {
      const suffix = policy.slice(policy.lastIndexOf("/") + 1);
      new aws.iam.RolePolicyAttachment(
        `${name}-${suffix}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        { parent: this },
      );
    }
    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Trust in tokens that the cluster made for exactly these service accounts and for AWS STS. */
export function trustPolicy(providerArn: string, issuer: string, subjects: readonly Subject[]): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: "sts.amazonaws.com",
            [`${issuer}:sub`]: subjects.map((s) => `system:serviceaccount:${s.namespace}:${s.serviceAccount}`),
          },
        },
      },
    ],
  };
}

/** An identity policy that allows exactly the statements. */
export function permissionPolicy(
  statements: readonly { sid: string; actions: readonly string[]; resources: readonly string[] }[],
): object {
  return {
    Version: "2012-10-17",
    Statement: statements.map((s) => ({ Sid: s.sid, Effect: "Allow", Action: s.actions, Resource: s.resources })),
  };
}
