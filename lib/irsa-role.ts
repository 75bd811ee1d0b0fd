import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { fail } from "./errors.ts";
import { isWideAction, isWideResource } from "./iam-wildcards.ts";

/** A Kubernetes service account that may take on the role. */
export interface Subject {
  namespace: string;
  serviceAccount: string;
}

/**
 * The managed policies of AWS that may be attached, by name. They grant by wildcard, so that each is a decision of its own: the list
 * holds what the platform uses, and nothing that would make a role an administrator.
 */
export const managedPolicies = ["service-role/AmazonEBSCSIDriverPolicy"] as const;
export type ManagedPolicy = (typeof managedPolicies)[number];

/** One statement of the role's permissions: exact actions on exact resources. */
export interface Statement {
  sid: string;
  actions: readonly string[];
  resources: readonly pulumi.Input<string>[];
  /** What must hold of the request: operator → key → values. @default nothing */
  condition?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>
  >;
}

export interface IrsaRoleArgs {
  /** ARN of the cluster's OIDC provider. */
  oidcProviderArn: pulumi.Input<string>;
  /** The issuer without its scheme. */
  oidcIssuer: pulumi.Input<string>;
  /** Who may take it on, by exact name; at least one. */
  subjects: readonly Subject[];
  /** What it may do. @default nothing but what `managedPolicies` grant */
  statements?: readonly Statement[];
  /** AWS managed policies to attach. @default none */
  managedPolicies?: readonly ManagedPolicy[];
  /** Ceiling on what the role can ever do. @default none (for the cluster's own controllers) */
  permissionsBoundary?: pulumi.Input<string>;
}

/**
 * An IAM role for service accounts: only the named service accounts of this cluster, with a token made for AWS STS, can take it on.
 * To have its rights in place before they are used, depend on the component, not on `arn` alone.
 *
 * @throws PlatformError IAM_WILDCARD
 */
export class IrsaRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: IrsaRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    checkSubjects(name, args.subjects);
    for (const statement of args.statements ?? []) checkStatement(statement);
    for (const policy of args.managedPolicies ?? []) checkManagedPolicy(name, policy);
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
        {
          role: role.name,
          policy: pulumi.output(args.statements).apply((list) => JSON.stringify(permissionPolicy(list))),
        },
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
            [`${issuer}:sub`]: subjects.map(
              (s) => `system:serviceaccount:${s.namespace}:${s.serviceAccount}`,
            ),
          },
        },
      },
    ],
  };
}

/** A statement whose values are known. */
export type PlainStatement = pulumi.Unwrap<Statement>;

/**
 * An identity policy that allows exactly the statements.
 *
 * @throws PlatformError IAM_WILDCARD
 */
export function permissionPolicy(statements: readonly PlainStatement[]): object {
  for (const statement of statements) checkStatement(statement);
  return {
    Version: "2012-10-17",
    Statement: statements.map((s) => ({
      Sid: s.sid,
      Effect: "Allow",
      Action: s.actions,
      Resource: s.resources,
      ...(s.condition === undefined ? {} : { Condition: s.condition }),
    })),
  };
}

/** What is not known yet (an output) is checked again when the policy is written. */
function checkStatement({ sid, actions, resources }: Statement): void {
  const wide = (value: string, rule: string): never =>
    fail({
      id: "IAM_WILDCARD",
      key: `statement ${sid}`,
      value,
      rule,
      remedy: "Name what the workload needs, one by one.",
    });
  for (const action of actions) {
    if (isWideAction(action)) wide(action, "an action is named in full");
  }
  for (const resource of resources) {
    if (typeof resource === "string" && isWideResource(resource)) {
      wide(
        resource,
        "a resource is named by its ARN: its kind, its account, its region and at least the start of its name",
      );
    }
  }
}

function checkManagedPolicy(role: string, policy: string): void {
  if (managedPolicies.some((known) => known === policy)) return;
  fail({
    id: "IAM_WILDCARD",
    key: `managed policies of ${role}`,
    value: policy,
    rule: `a managed policy is one of ${managedPolicies.join(", ")}`,
    remedy: "Write statements for what the role needs.",
  });
}

function checkSubjects(role: string, subjects: readonly Subject[]): void {
  const names = subjects.flatMap(({ namespace, serviceAccount }) => [namespace, serviceAccount]);
  const wild = names.find((name) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name));
  if (subjects.length > 0 && wild === undefined) return;
  fail({
    id: "IAM_WILDCARD",
    key: `subjects of ${role}`,
    value: wild ?? [],
    rule: "a role is taken on by named service accounts",
    remedy: "Name the namespace and the service account in full.",
  });
}
