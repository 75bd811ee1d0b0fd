import { refuse } from "../aws-error.ts";
import { policyFailures } from "../policy-rules.ts";
import { iamArn, rule, type Reference, type ResourceTypes, type Subject } from "../resource-type.ts";
import type { Account, Claim, StoredObject } from "../store.ts";
import { flag, text } from "../values.ts";

export const ROLE = "aws:iam/role:Role";
export const POLICY = "aws:iam/policy:Policy";
export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
export const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
export const OIDC_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";

/** IAM's own quotas, in characters without white space. */
const quota = { trust: 2048, managed: 6144, inline: 10_240 };
const MAX_ATTACHED = 10;

const existingRole: Reference = {
  path: "role",
  find: (account, name) => account.get(ROLE, name),
  code: "NoSuchEntity",
  reason: (name) => `The role with name ${name} cannot be found`,
};
const existingPolicy = (path: string): Reference => ({
  path,
  // AWS's own policies belong to nobody's account; that they exist is taken on trust.
  find: (account, id) => (id.includes(":iam::aws:policy/") ? awsManaged(id) : account.get(POLICY, id)),
  code: "NoSuchEntity",
  reason: (id) => `Policy ${id} does not exist or is not attachable`,
});

/** Roles, policies and what joins them. IAM has no region, and its names differ by more than letter case. */
export const iam: ResourceTypes = {
  [ROLE]: {
    required: ["assumeRolePolicy"],
    replace: ["name", "namePrefix", "path"],
    sets: ["managedPolicyArns"],
    documents: ["assumeRolePolicy"],
    autoname: { max: 64 },
    taggable: true,
    regional: false,
    defaults: { path: "/", maxSessionDuration: 3600, forceDetachPolicies: false },
    computed: ["arn", "createDate", "uniqueId", "name"],
    references: [existingPolicy("permissionsBoundary"), existingPolicy("managedPolicyArns")],
    check: (inputs) => [
      ...policyFailures(inputs, "assumeRolePolicy", "trust", quota.trust),
      ...rule(inputs, "name", isName(64), "a role's name has 1 to 64 letters, digits and + = , . @ _ -"),
      ...rule(inputs, "description", (value) => String(value).length <= 1000, "at most 1000 characters"),
      ...rule(
        inputs,
        "maxSessionDuration",
        (value) => Number(value) >= 3600 && Number(value) <= 43_200,
        "3600 to 43200 seconds",
      ),
    ],
    id: (self) => text(self.inputs, "name") ?? "",
    claim: (self) => nameClaim(self, "role", "Role"),
    outputs: (self) => ({
      arn: iamArn(self, `role${pathOf(self)}${self.id}`),
      uniqueId: `AROA${upper(self, 17)}`,
      createDate: self.old["createDate"] ?? new Date().toISOString(),
    }),
    admitDelete: admitRoleDelete,
    deleted: (object, account) => {
      for (const type of [ATTACHMENT, ROLE_POLICY]) {
        for (const child of account.list(type))
          if (child.inputs["role"] === object.id) account.remove(type, child.id);
      }
    },
  },

  [POLICY]: {
    required: ["policy"],
    replace: ["name", "namePrefix", "path", "description"],
    documents: ["policy"],
    autoname: { max: 128 },
    taggable: true,
    regional: false,
    defaults: { path: "/" },
    computed: ["arn", "policyId", "name"],
    blockedBy: [
      { type: ATTACHMENT, path: "policyArn" },
      { type: ROLE, path: "permissionsBoundary" },
      { type: ROLE, path: "managedPolicyArns" },
    ],
    blockedCode: "DeleteConflict",
    check: (inputs) => [
      ...policyFailures(inputs, "policy", "identity", quota.managed),
      ...rule(inputs, "name", isName(128), "a policy's name has 1 to 128 letters, digits and + = , . @ _ -"),
    ],
    id: (self) => iamArn(self, `policy${pathOf(self)}${String(self.inputs["name"])}`),
    claim: (self) => nameClaim(self, "policy", "A policy"),
    outputs: (self) => ({ arn: self.id, policyId: `ANPA${upper(self, 17)}` }),
  },

  [ROLE_POLICY]: {
    required: ["role", "policy"],
    replace: ["name", "namePrefix", "role"],
    documents: ["policy"],
    autoname: { max: 128 },
    regional: false,
    computed: ["name"],
    references: [existingRole],
    check: (inputs) => policyFailures(inputs, "policy", "identity", quota.inline),
    id: (self) => `${String(self.inputs["role"])}:${String(self.inputs["name"])}`,
    duplicate: (id) => ({ code: "EntityAlreadyExists", reason: `the inline policy ${id} already exists` }),
  },

  [ATTACHMENT]: {
    required: ["role", "policyArn"],
    replace: ["role", "policyArn"],
    regional: false,
    computed: [],
    references: [existingRole, existingPolicy("policyArn")],
    id: (self) => `${String(self.inputs["role"])}/${String(self.inputs["policyArn"])}`,
    duplicate: (id) => ({ code: "EntityAlreadyExists", reason: `the attachment ${id} already exists` }),
    admit: (self) => {
      const attached = self.account
        .list(ATTACHMENT)
        .filter((other) => other.inputs["role"] === self.inputs["role"]);
      if (attached.length >= MAX_ATTACHED) {
        refuse(
          "LimitExceeded",
          `Cannot exceed quota for PoliciesPerRole: ${MAX_ATTACHED} (role ${String(self.inputs["role"])})`,
        );
      }
    },
  },

  [OIDC_PROVIDER]: {
    required: ["url", "clientIdLists"],
    replace: ["url"],
    sets: ["clientIdLists"],
    taggable: true,
    regional: false,
    computed: ["arn", "thumbprintLists"],
    check: (inputs) =>
      rule(inputs, "url", (value) => /^https:\/\/[^/]+/.test(String(value)), "expected an https:// address"),
    id: (self) => iamArn(self, `oidc-provider/${hostAndPath(self)}`),
    claim: (self) => ({
      kind: "oidc-provider",
      name: hostAndPath(self),
      code: "EntityAlreadyExists",
      reason: `Provider with url ${String(self.inputs["url"])} already exists.`,
    }),
    outputs: (self) => ({
      arn: self.id,
      // IAM keeps the address without its scheme.
      url: hostAndPath(self),
      thumbprintLists: self.inputs["thumbprintLists"] ?? [self.hash(40, "thumbprint")],
    }),
  },

  [PROFILE]: {
    replace: ["name", "namePrefix", "path"],
    autoname: { max: 128 },
    taggable: true,
    regional: false,
    defaults: { path: "/" },
    computed: ["arn", "createDate", "uniqueId", "name", "role"],
    references: [existingRole],
    id: (self) => text(self.inputs, "name") ?? "",
    claim: (self) => nameClaim(self, "instance-profile", "Instance Profile"),
    outputs: (self) => ({
      arn: iamArn(self, `instance-profile${pathOf(self)}${self.id}`),
      uniqueId: `AIPA${upper(self, 17)}`,
      createDate: self.old["createDate"] ?? new Date().toISOString(),
    }),
  },
};

/** The role of that ARN, if it is one of this account. */
export function roleByArn(account: Account, roleArn: string): StoredObject | undefined {
  return account.get(ROLE, roleArn.split("/").pop() ?? "");
}

/** The ARN of the identity that the simulated account takes everyone for. */
export function callerRoleArn(where: { account: Account; region: string }): string {
  return iamArn(where, "role/rehearsal");
}

function admitRoleDelete(object: StoredObject, account: Account): void {
  const mine = (type: string) => account.list(type).filter((child) => child.inputs["role"] === object.id);
  const attached = [...mine(ATTACHMENT), ...mine(ROLE_POLICY)];
  if (attached.length > 0 && flag(object.inputs, "forceDetachPolicies") !== true) {
    const names = attached.map((child) => child.id).join(", ");
    refuse("DeleteConflict", `Cannot delete entity, must detach all policies first: ${names}`);
  }
}

function nameClaim(self: Omit<Subject, "id">, kind: string, what: string): Claim {
  const name = text(self.inputs, "name") ?? "";
  const reason = `${what} with name ${name} already exists.`;
  return { kind: `iam-${kind}`, name: name.toLowerCase(), code: "EntityAlreadyExists", reason };
}

function awsManaged(id: string): StoredObject {
  return { type: POLICY, id, urn: "", owner: "aws", region: "", inputs: {}, outputs: {} };
}

function isName(max: number): (value: unknown) => boolean {
  return (value) => new RegExp(`^[\\w+=,.@-]{1,${max}}$`).test(String(value));
}

function pathOf(self: Omit<Subject, "id">): string {
  return text(self.inputs, "path") ?? "/";
}

function hostAndPath(self: Omit<Subject, "id">): string {
  return (text(self.inputs, "url") ?? "").replace(/^https:\/\//, "");
}

function upper(self: Subject, length: number): string {
  return self.hash(length, "unique").toUpperCase();
}
