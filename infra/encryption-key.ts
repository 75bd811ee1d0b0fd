import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface EncryptionKeyArgs {
  /** What the key is found by, without `alias/`: `qa/secrets`. */
  alias: string;
  /** What is encrypted under it. */
  description: string;
  /** Days for which a deleted key can be restored, 7 to 30. */
  deletionDays: number;
}

/** A customer-managed key that is rotated each year. */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:EncryptionKey", name, {}, opts);
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: args.description,
        enableKeyRotation: true,
        deletionWindowInDays: args.deletionDays,
      },
      { parent: this },
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { name: `alias/${args.alias}`, targetKeyId: key.keyId },
      { parent: this },
    );
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** A key must not go before what is encrypted under it can no longer be restored; AWS keeps deleted keys at least 7 days. */
export function keyDeletionDays(recoveryDays: number): number {
  return Math.max(7, recoveryDays);
}
