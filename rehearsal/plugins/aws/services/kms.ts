import { refuse } from "../aws-error.ts";
import { allowances, listOf, policyFailures } from "../policy-rules.ts";
import { arn, iamArn, oneOf, rule, type ResourceTypes, type Subject } from "../resource-type.ts";
import type { Account, StoredObject } from "../store.ts";
import { flag, number, text } from "../values.ts";

export const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

/** Encryption keys. A key is never deleted at once: it waits for 7 to 30 days, and so does everything encrypted under it. */
export const kms: ResourceTypes = {
  [KEY]: {
    replace: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
    documents: ["policy"],
    taggable: true,
    defaults: {
      keyUsage: "ENCRYPT_DECRYPT",
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      isEnabled: true,
      enableKeyRotation: false,
      bypassPolicyLockoutSafetyCheck: false,
    },
    computed: ["arn", "keyId", "policy", "multiRegion", "rotationPeriodInDays", "description"],
    check: (inputs) => [
      ...policyFailures(inputs, "policy", "resource", 32_768),
      ...rule(
        inputs,
        "deletionWindowInDays",
        (days) => Number(days) >= 7 && Number(days) <= 30,
        "expected 7 to 30 days",
      ),
      ...oneOf(inputs, "keyUsage", [
        "ENCRYPT_DECRYPT",
        "SIGN_VERIFY",
        "GENERATE_VERIFY_MAC",
        "KEY_AGREEMENT",
      ]),
    ],
    id: (self) => uuid(self.hash(32)),
    admit: admitPolicy,
    admitUpdate: admitPolicy,
    recoveryDays: (object) => number(object.inputs, "deletionWindowInDays") ?? 30,
    outputs: (self) => ({
      arn: arn(self, "kms", `key/${self.id}`),
      keyId: self.id,
      multiRegion: self.inputs["multiRegion"] ?? false,
      description: self.inputs["description"] ?? "",
      policy: self.inputs["policy"] ?? JSON.stringify(defaultPolicy(self)),
    }),
  },

  [ALIAS]: {
    required: ["targetKeyId"],
    replace: ["name", "namePrefix"],
    autoname: { max: 256, prefix: "alias/" },
    computed: ["arn", "targetKeyArn", "name"],
    check: (inputs) =>
      rule(
        inputs,
        "name",
        (name) => /^alias\/(?!aws\/)[\w/-]+$/.test(String(name)),
        "an alias is alias/ and letters, digits, / _ -, and not AWS's own alias/aws/",
      ),
    id: (self) => text(self.inputs, "name") ?? "",
    claim: (self) => ({
      kind: "kms-alias",
      name: text(self.inputs, "name") ?? "",
      code: "AlreadyExistsException",
      reason: `An alias with the name ${arn(self, "kms", String(self.inputs["name"]))} already exists`,
    }),
    admit: (self) => keyReference(self, text(self.inputs, "targetKeyId")),
    outputs: (self) => ({
      arn: arn(self, "kms", self.id),
      targetKeyArn: findKey(self.account, text(self.inputs, "targetKeyId") ?? "")?.outputs["arn"],
    }),
  },
};

/** The key of an id, an ARN or an alias. */
export function findKey(account: Account, reference: string): StoredObject | undefined {
  if (reference.includes("alias/")) {
    const alias = account.get(ALIAS, reference.slice(reference.indexOf("alias/")));
    return alias === undefined ? undefined : findKey(account, text(alias.inputs, "targetKeyId") ?? "");
  }
  return account.get(KEY, reference.split("/").pop() ?? "");
}

/** Refuses a key that is not there, or that waits for its deletion. */
export function keyReference(where: { account: Account }, reference: string | undefined): void {
  if (
    reference === undefined ||
    reference.includes("alias/aws/") ||
    findKey(where.account, reference) !== undefined
  )
    return;
  const waiting = where.account.scheduled().some((object) => object.id === reference.split("/").pop());
  if (waiting) refuse("KMSInvalidStateException", `${reference} is pending deletion`);
  refuse("NotFoundException", `Key '${reference}' does not exist`);
}

/** Whether a key's policy lets an AWS service use it. */
export function admitsService(key: StoredObject, service: string): boolean {
  return allowances(key.outputs["policy"]).some((statement) => {
    const named = listOf(statement["Principal"], "Service").map(String);
    return named.some(
      (name) => name === `${service}.amazonaws.com` || name === `${service}.${key.region}.amazonaws.com`,
    );
  });
}

/** KMS refuses a policy that leaves nobody able to change it. */
function admitPolicy(self: Subject): void {
  const policy = text(self.inputs, "policy");
  if (policy === undefined || flag(self.inputs, "bypassPolicyLockoutSafetyCheck") === true) return;
  const open = allowances(policy).some((statement) => {
    const who = statement["Principal"] === "*" ? ["*"] : listOf(statement["Principal"], "AWS").map(String);
    const mine = who.some((name) => name === "*" || name.includes(self.account.id));
    return (
      mine &&
      listOf(statement, "Action").some(
        (action) => action === "kms:*" || action === "kms:Put*" || action === "kms:PutKeyPolicy",
      )
    );
  });
  if (!open) {
    refuse(
      "MalformedPolicyDocumentException",
      "The new key policy will not allow you to update the key policy in the future.",
    );
  }
}

function defaultPolicy(self: Subject): object {
  return {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: iamArn(self, "root") }, Action: "kms:*", Resource: "*" },
    ],
  };
}

function uuid(digits: string): string {
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join("-");
}
