import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Environment } from "../lib/environment.ts";

export interface BoundaryArgs {
  environment: Pick<Environment, "name" | "region" | "accountId">;
  /** The key of the environment's secrets. */
  secretsKeyArn: pulumi.Input<string>;
}

/**
 * The most that a workload's role can ever do, whatever is attached to it: read secrets of its own environment. A permissions
 * boundary grants nothing by itself.
 */
export class Boundary extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: BoundaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:Boundary", name, {}, opts);
    const policy = new aws.iam.Policy(
      `${name}-policy`,
      {
        // A fixed name, so that the right to make roles can be tied to roles that carry it.
        name: `${args.environment.name}-workload-boundary`,
        description: `The most that workloads of ${args.environment.name} can be allowed`,
        policy: pulumi
          .output(args.secretsKeyArn)
          .apply((keyArn) => JSON.stringify(boundaryPolicy(args.environment, keyArn))),
      },
      { parent: this },
    );
    this.arn = policy.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** Exact actions on the environment's own entries, and on their key only by way of Secrets Manager. */
export function boundaryPolicy(
  { name, region, accountId }: BoundaryArgs["environment"],
  keyArn: string,
): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadSecrets",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [`arn:aws:secretsmanager:${region}:${accountId}:secret:${name}/*`],
      },
      {
        Sid: "DecryptSecrets",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [keyArn],
        Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
      },
    ],
  };
}
