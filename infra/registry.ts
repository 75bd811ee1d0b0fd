import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import { repositoryOf } from "../systems/names.ts";
import type { System } from "../systems/types.ts";
import type { RegistryConfig } from "./config.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { remoteChild } from "./remote.ts";

export interface RegistryArgs extends RegistryConfig {
  /** Name of the environment. */
  environment: string;
  systems: readonly System[];
  /** Days for which the deleted encryption key can be restored. */
  keyDeletionDays: number;
}

/** An image repository for every service of the systems. A tag, once pushed, stands for that image for ever. */
export class Registry extends pulumi.ComponentResource {
  /** Repository → its address. */
  readonly urls: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:infra:Registry", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        alias: `${args.environment}/registry`,
        description: `Images of ${args.environment}`,
        deletionDays: args.keyDeletionDays,
      },
      { parent: this },
    );
    const urls: Record<string, pulumi.Output<string>> = {};
    for (const system of args.systems) {
      for (const service of system.services) {
        const repository = repositoryOf(system, service, args.environment);
        urls[repository] = new awsx.ecr.Repository(
          `${name}-${system.name}-${service.name}`,
          {
            name: repository,
            imageTagMutability: "IMMUTABLE",
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }],
            forceDelete: args.forceDelete,
            lifecyclePolicy: { rules: lifecycleRules(args) },
          },
          remoteChild(this),
        ).url;
      }
    }
    this.urls = pulumi.output(urls);
    this.registerOutputs({ urls: this.urls });
  }
}

/** What a repository lets go of, in this order. ECR wants the rule about every image to be the last. */
export function lifecycleRules({
  untaggedDays,
  keepImages,
}: Pick<RegistryConfig, "untaggedDays" | "keepImages">): awsx.types.input.ecr.LifecyclePolicyRuleArgs[] {
  return [
    {
      description: `remove images without a tag after ${untaggedDays} days`,
      tagStatus: "untagged",
      maximumAgeLimit: untaggedDays,
    },
    {
      description: `keep the newest ${keepImages} images`,
      tagStatus: "any",
      maximumNumberOfImages: keepImages,
    },
  ];
}
