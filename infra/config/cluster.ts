import { z } from "zod";

import { cidrBlock } from "../../lib/cidr-block.ts";
import { isPrivate, touchesPrivate } from "../../lib/cidr.ts";
import { duplicateOf, report } from "./rules.ts";

/** Days for which CloudWatch can keep logs; for ever is not among them on purpose. */
export const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** `infra:cluster` */
export const clusterSchema = z.strictObject({
  /** Minor version of Kubernetes; see `kubernetesVersions`. */
  version: z.string(),
  /** Who on the internet may reach the API server; with an empty list it is reached from inside the VPC alone. */
  publicAccessCidrs: z
    .array(
      cidrBlock((block) => {
        // Two halves of the internet are the whole of it: what is as wide as that names nobody.
        if (block.prefix < 8) return "an allow list names networks, /8 or smaller";
        return touchesPrivate(block) ? "a private address never reaches the public endpoint" : undefined;
      }),
    )
    .superRefine((blocks, context) => {
      const twice = duplicateOf(blocks);
      if (twice !== undefined) report(context, { rule: `each block once, and ${twice} stands twice` });
    }),
  /** Block of the Services' addresses. It cannot be changed later. @default 172.20.0.0/16 */
  serviceCidr: cidrBlock((block) => {
    if (block.prefix < 12 || block.prefix > 24) return "the services' prefix is /12 to /24";
    return isPrivate(block) ? undefined : "the services' block is a private one";
  }).default("172.20.0.0/16"),
  /** AWS refuses to delete the cluster while it is true. */
  deletionProtection: z.boolean(),
  /** Days for which the control plane's logs are kept. */
  logRetentionDays: z
    .int()
    .refine(
      (days) => retentionDays.includes(days),
      `one of CloudWatch's values: ${retentionDays.join(", ")}`,
    ),
});

export type ClusterConfig = z.infer<typeof clusterSchema>;

/**
 * `infra:access`: who may use the Kubernetes API beside the role that creates the cluster, which is always an administrator and
 * must not be named again.
 */
export const accessSchema = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "a short name in lower case"),
    z.strictObject({
      roleArn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, "the ARN of an IAM role"),
      /** `admin`: everything. `edit`: workloads. `view`: read, without secrets. */
      scope: z.enum(["admin", "edit", "view"]),
    }),
  )
  .superRefine((entries, context) => {
    const twice = duplicateOf(Object.values(entries).map((entry) => entry.roleArn));
    if (twice !== undefined) report(context, { rule: `a role has one scope, and ${twice} stands twice` });
  });

export type AccessConfig = z.infer<typeof accessSchema>;
