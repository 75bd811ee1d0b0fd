import { policyFailures } from "../policy-rules.ts";
import { arn, rule, type Reference, type ResourceTypes, type Subject } from "../resource-type.ts";
import { number, text } from "../values.ts";
import { keyReference } from "./kms.ts";

export const SECRET = "aws:secretsmanager/secret:Secret";

const existing = (path: string): Reference => ({
  path,
  find: (account, id) =>
    account.list(SECRET).find((secret) => secret.id === id || secret.inputs["name"] === id),
  code: "ResourceNotFoundException",
  reason: (id) => `Secrets Manager can't find the specified secret: ${id}`,
});

/**
 * Secrets. A deleted one stays for its recovery window and holds its name meanwhile, so that the next one of that name is refused:
 * whoever wants to build an environment up again soon sets the window to 0.
 */
export const secretsManager: ResourceTypes = {
  [SECRET]: {
    replace: ["name", "namePrefix"],
    documents: ["policy"],
    autoname: { max: 512 },
    taggable: true,
    defaults: { recoveryWindowInDays: 30, forceOverwriteReplicaSecret: false },
    computed: ["arn", "policy", "name", "replicas"],
    check: (inputs) => [
      ...rule(
        inputs,
        "name",
        (name) => /^[A-Za-z0-9/_+=.@-]{1,512}$/.test(String(name)),
        "a secret's name has letters, digits and / _ + = . @ -",
      ),
      ...rule(
        inputs,
        "recoveryWindowInDays",
        (days) => days === 0 || (Number(days) >= 7 && Number(days) <= 30),
        "expected 0, or 7 to 30 days",
      ),
      ...policyFailures(inputs, "policy", "resource", 20_480),
    ],
    id: secretArn,
    claim: (self) => {
      const name = text(self.inputs, "name") ?? "";
      return {
        kind: "secret",
        name,
        code: waits(self) ? "InvalidRequestException" : "ResourceExistsException",
        reason: waits(self)
          ? "You can't create this secret because a secret with this name is already scheduled for deletion."
          : `The operation failed because the secret ${name} already exists.`,
      };
    },
    admit: (self) => keyReference(self, text(self.inputs, "kmsKeyId")),
    recoveryDays: (object) => number(object.inputs, "recoveryWindowInDays") ?? 30,
    outputs: (self) => ({ arn: self.id, policy: self.inputs["policy"] ?? "" }),
  },

  "aws:secretsmanager/secretVersion:SecretVersion": {
    required: ["secretId"],
    replace: ["secretId", "secretBinary", "secretString", "secretStringWoVersion"],
    sets: ["versionStages"],
    computed: ["arn", "secretArn", "versionId", "versionStages"],
    references: [existing("secretId")],
    id: (self) => `${String(self.inputs["secretId"])}|terraform-${self.hash(26)}`,
    outputs: (self) => ({
      arn: self.inputs["secretId"],
      secretArn: self.inputs["secretId"],
      versionId: self.id.split("|").pop(),
      versionStages: self.inputs["versionStages"] ?? ["AWSCURRENT"],
    }),
  },

  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    required: ["secretArn", "policy"],
    replace: ["secretArn"],
    documents: ["policy"],
    computed: [],
    references: [existing("secretArn")],
    check: (inputs) => policyFailures(inputs, "policy", "resource", 20_480),
    id: (self) => text(self.inputs, "secretArn") ?? "",
  },
};

function secretArn(self: Omit<Subject, "id">): string {
  // Secrets Manager adds six characters of its own, so that an ARN is never used twice.
  return arn(self, "secretsmanager", `secret:${String(self.inputs["name"])}-${self.hash(6, "suffix")}`);
}

function waits(self: Omit<Subject, "id">): boolean {
  return self.account
    .scheduled()
    .some((object) => object.type === SECRET && object.inputs["name"] === self.inputs["name"]);
}
