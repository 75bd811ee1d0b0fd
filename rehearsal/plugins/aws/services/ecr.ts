import { refuse } from "../aws-error.ts";
import { parsedObject, bags, flag, number, text, texts } from "../values.ts";
import { policyFailures } from "../policy-rules.ts";
import type { CheckFailure, Inputs } from "../../provider.ts";
import { arn, oneOf, rule, type Reference, type ResourceTypes } from "../resource-type.ts";
import { keyReference } from "./kms.ts";

export const REPOSITORY = "aws:ecr/repository:Repository";

const existing: Reference = {
  path: "repository",
  find: (account, name) => account.get(REPOSITORY, name),
  code: "RepositoryNotFoundException",
  reason: (name) => `The repository with name '${name}' does not exist in the registry`,
};

/** Container registries. Repository names are an account's and region's own, whoever makes them. */
export const ecr: ResourceTypes = {
  [REPOSITORY]: {
    replace: ["name", "encryptionConfigurations"],
    autoname: { max: 256, lowerCase: true },
    taggable: true,
    defaults: { imageTagMutability: "MUTABLE" },
    computed: ["arn", "registryId", "repositoryUrl", "name"],
    check: (inputs) => [
      ...rule(
        inputs,
        "name",
        (value) => /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(String(value)),
        "InvalidParameterException: a repository's name has lower-case letters and digits, joined by . _ - and /",
      ),
      ...oneOf(inputs, "imageTagMutability", [
        "MUTABLE",
        "IMMUTABLE",
        "IMMUTABLE_WITH_EXCLUSION",
        "MUTABLE_WITH_EXCLUSION",
      ]),
    ],
    id: (self) => text(self.inputs, "name") ?? "",
    claim: (self) => {
      const name = text(self.inputs, "name") ?? "";
      return {
        kind: "ecr-repository",
        name,
        code: "RepositoryAlreadyExistsException",
        reason: `The repository with name '${name}' already exists in the registry with id '${self.account.id}'`,
      };
    },
    admit: (self) => {
      for (const encryption of bags(self.inputs, "encryptionConfigurations"))
        keyReference(self, text(encryption, "kmsKey"));
    },
    outputs: (self) => ({
      arn: arn(self, "ecr", `repository/${self.id}`),
      registryId: self.account.id,
      repositoryUrl: `${self.account.id}.dkr.ecr.${self.region}.amazonaws.com/${self.id}`,
    }),
    admitDelete: (object, account) => {
      if (account.images(object.id).length > 0 && flag(object.inputs, "forceDelete") !== true) {
        refuse(
          "RepositoryNotEmptyException",
          `The repository with name '${object.id}' cannot be deleted because it still contains images`,
        );
      }
    },
    deleted: (object, account) => account.setImages(object.id, []),
  },

  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    required: ["repository", "policy"],
    // The API has one policy a repository and no update: the old one goes first.
    replace: ["repository", "policy"],
    deleteBeforeReplace: true,
    documents: ["policy"],
    computed: ["registryId"],
    references: [existing],
    check: lifecycleFailures,
    id: (self) => text(self.inputs, "repository") ?? "",
    outputs: (self) => ({ registryId: self.account.id }),
  },

  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    required: ["repository", "policy"],
    replace: ["repository"],
    documents: ["policy"],
    computed: ["registryId"],
    references: [existing],
    check: (inputs) => policyFailures(inputs, "policy", "resource", 10_240),
    id: (self) => text(self.inputs, "repository") ?? "",
    outputs: (self) => ({ registryId: self.account.id }),
  },
};

/** Priorities are unique, a rule for "any" image comes last, and a rule for tagged ones says which. */
function lifecycleFailures(inputs: Inputs): CheckFailure[] {
  const invalid = (reason: string): CheckFailure[] => [
    {
      property: "policy",
      reason: `InvalidParameterException: Invalid parameter at 'LifecyclePolicyText': ${reason}`,
    },
  ];
  if (text(inputs, "policy") === undefined) return [];
  const rules = bags(parsedObject(inputs["policy"]), "rules");
  if (rules.length === 0) return invalid("there are no rules");
  const priorities = rules.map((one) => number(one, "rulePriority") ?? 0);
  if (new Set(priorities).size !== priorities.length) return invalid("rule priorities must be unique");
  return rules.flatMap((one, index) => {
    const status = text(one, "selection.tagStatus");
    const named = [...texts(one, "selection.tagPrefixList"), ...texts(one, "selection.tagPatternList")];
    if (status === "tagged" && named.length === 0)
      return invalid("a rule for tagged images needs tagPrefixList or tagPatternList");
    if (status !== "tagged" && named.length > 0)
      return invalid(`a rule for ${String(status)} images names no tags`);
    const last = Math.max(...priorities) === priorities[index];
    return status === "any" && !last ? invalid("the rule for any image must have the highest priority") : [];
  });
}
