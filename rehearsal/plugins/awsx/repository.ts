import * as aws from "@pulumi/aws";
import type * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import { refuseUnknownOptions } from "../aws/component-options.ts";

type RepositoryArgs = awsx.ecr.RepositoryArgs;

const COMPONENT = "awsx:ecr:Repository";
const FILE = "awsx/repository.ts";

const options = [
  "encryptionConfigurations",
  "forceDelete",
  "imageScanningConfiguration",
  "imageTagMutability",
  "lifecyclePolicy",
  "name",
  "tags",
] as const satisfies readonly (keyof RepositoryArgs)[];

/** The stand-in for awsx's container repository: the repository and, unless skipped, what expires in it. */
export class Repository extends pulumi.ComponentResource {
  readonly state: pulumi.Inputs;

  constructor(name: string, args: RepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseUnknownOptions(COMPONENT, args, options, FILE);
    refuseUnknownOptions(`${COMPONENT} lifecyclePolicy`, args.lifecyclePolicy ?? {}, ["rules", "skip"], FILE);
    super(COMPONENT, name, {}, opts);
    const { lifecyclePolicy, ...repositoryArgs } = args;
    const lower = name.toLowerCase();
    const repository = new aws.ecr.Repository(lower, repositoryArgs, { parent: this });
    const policy =
      lifecyclePolicy?.skip === true
        ? undefined
        : new aws.ecr.LifecyclePolicy(
            lower,
            {
              repository: repository.name,
              policy: pulumi
                .output(lifecyclePolicy?.rules)
                .apply((rules) => expiry(rules ?? keepOneUntagged)),
            },
            { parent: this },
          );
    this.state = { repository, lifecyclePolicy: policy, url: repository.repositoryUrl };
    this.registerOutputs(this.state);
  }
}

interface ExpiryRule {
  description?: string;
  tagStatus: string;
  tagPrefixList?: string[];
  maximumAgeLimit?: number;
  maximumNumberOfImages?: number;
}

const keepOneUntagged: ExpiryRule[] = [
  { description: "remove untagged images", tagStatus: "untagged", maximumNumberOfImages: 1 },
];

/** The registry's form of the rules, numbered as given; a rule for any image is moved to the end, where ECR wants it. */
export function expiry(rules: readonly ExpiryRule[]): aws.ecr.LifecyclePolicyDocument {
  const ordered = [
    ...rules.filter((rule) => rule.tagStatus !== "any"),
    ...rules.filter((rule) => rule.tagStatus === "any"),
  ];
  return {
    rules: ordered.map((rule, index) => converted(rule, index + 1)),
  } as aws.ecr.LifecyclePolicyDocument;
}

function converted(rule: ExpiryRule, rulePriority: number): object {
  const { description, tagStatus, tagPrefixList, maximumAgeLimit, maximumNumberOfImages } = rule;
  if ((maximumAgeLimit === undefined) === (maximumNumberOfImages === undefined)) {
    throw new Error(
      "Either [maximumNumberOfImages] or [maximumAgeLimit] must be provided with a LifecyclePolicyRule, and not both",
    );
  }
  const counted =
    maximumAgeLimit === undefined
      ? { countType: "imageCountMoreThan", countNumber: maximumNumberOfImages }
      : { countType: "sinceImagePushed", countNumber: maximumAgeLimit, countUnit: "days" };
  return {
    rulePriority,
    ...(description === undefined ? {} : { description }),
    selection: { tagStatus, ...(tagPrefixList === undefined ? {} : { tagPrefixList }), ...counted },
    action: { type: "expire" },
  };
}
