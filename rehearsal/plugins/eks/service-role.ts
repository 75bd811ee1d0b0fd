import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "./tags.ts";

export interface ServiceRoleArgs {
  description: string;
  /** Names of AWS's own policies. */
  policies: readonly string[];
  tags: Tags;
}

/** The role under which EKS runs the control plane. */
export class ServiceRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly attachments: aws.iam.RolePolicyAttachment[];

  constructor(name: string, args: ServiceRoleArgs, opts: pulumi.ComponentResourceOptions) {
    super("eks:index:ServiceRole", name, {}, opts);
    const trust = {
      Version: "2012-10-17",
      Statement: [
        {
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Effect: "Allow",
          Principal: { Service: ["eks.amazonaws.com"] },
        },
      ],
    };
    this.role = new aws.iam.Role(
      `${name}-role`,
      { description: args.description, assumeRolePolicy: JSON.stringify(trust), tags: args.tags },
      { parent: this },
    );
    const { partition } = aws.getPartitionOutput({}, { parent: this });
    this.attachments = args.policies.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          // Named by the policy in the first partition, so that the name is the same everywhere.
          `${name}-${createHash("sha1").update(`arn:aws:iam::aws:policy/${policy}`).digest("hex").slice(0, 8)}`,
          { policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}`, role: this.role },
          { parent: this },
        ),
    );
    this.registerOutputs({ role: this.role });
  }
}
