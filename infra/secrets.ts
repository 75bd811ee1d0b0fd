import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { secretNameOf } from "../systems/names.ts";
import type { System } from "../systems/types.ts";
import { EncryptionKey, keyDeletionDays } from "./encryption-key.ts";

export interface SecretsArgs {
  /** Name of the environment. */
  environment: string;
  systems: readonly System[];
  /** Days for which a deleted entry can be restored: 0, or 7 to 30. */
  recoveryDays: number;
}

/**
 * The entries in Secrets Manager that the systems declare, without their values: a value that the program knew would stand in its
 * state. It is set by hand or by the one who rotates it; see docs/infra.md.
 */
export class Secrets extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;
  /** Name of the entry → its ARN. */
  readonly arns: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:Secrets", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        alias: `${args.environment}/secrets`,
        description: `Secrets of ${args.environment}`,
        deletionDays: keyDeletionDays(args.recoveryDays),
      },
      { parent: this },
    );
    const arns: Record<string, pulumi.Output<string>> = {};
    for (const system of args.systems) {
      for (const secret of system.secrets ?? []) {
        const entry = secretNameOf(system, secret, args.environment);
        arns[entry] = new aws.secretsmanager.Secret(
          `${name}-${system.name}-${secret.name}`,
          {
            name: entry,
            description: secret.description,
            kmsKeyId: key.arn,
            recoveryWindowInDays: args.recoveryDays,
          },
          { parent: this },
        ).arn;
      }
    }
    this.keyArn = key.arn;
    this.arns = pulumi.output(arns);
    this.registerOutputs({ keyArn: this.keyArn, arns: this.arns });
  }
}
