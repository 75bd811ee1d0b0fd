import { refuse } from "../aws-error.ts";
import type { Inputs } from "../../provider.ts";
import { arn, oneOf, rule, type ResourceTypes, type Subject } from "../resource-type.ts";
import type { StoredObject } from "../store.ts";
import { hasUnknown, text, texts } from "../values.ts";
import { authenticationMode, requireCluster } from "./eks-lookup.ts";
import { roleByArn } from "./iam.ts";

export const ACCESS_ENTRY = "aws:eks/accessEntry:AccessEntry";
const ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const POD_IDENTITY = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

const entryTypes = [
  "STANDARD",
  "FARGATE_LINUX",
  "EC2_LINUX",
  "EC2_WINDOWS",
  "EC2",
  "HYBRID_LINUX",
  "HYPERPOD_LINUX",
];
const reservedGroups = ["system:", "eks:", "aws:", "amazon:", "iam:"];
const isArn = (value: unknown) => /^arn:[\w-]+:/.test(String(value));

/** Who may talk to a cluster, and what pods may do in the account. */
export const eksAccess: ResourceTypes = {
  [ACCESS_ENTRY]: {
    required: ["clusterName", "principalArn"],
    replace: ["clusterName", "principalArn", "type"],
    sets: ["kubernetesGroups"],
    taggable: true,
    defaults: { type: "STANDARD" },
    computed: ["accessEntryArn", "createdAt", "modifiedAt", "kubernetesGroups", "userName"],
    check: (inputs) => [
      ...oneOf(inputs, "type", entryTypes),
      ...rule(inputs, "principalArn", isArn, "expected the ARN of a role or a user"),
      ...texts(inputs, "kubernetesGroups")
        .filter((group) => reservedGroups.some((prefix) => group.startsWith(prefix)))
        .map((group) => ({
          property: "kubernetesGroups",
          reason: `InvalidParameterException: The kubernetes group name ${group} is invalid, it cannot start with ${reservedGroups.join(", ")}`,
        })),
    ],
    id: (self) => `${String(self.inputs["clusterName"])}:${String(self.inputs["principalArn"])}`,
    // The creator of a cluster and the role of its nodes have an entry that EKS made.
    duplicate: (id) => ({
      code: "ResourceInUseException",
      reason: `The specified access entry resource is already in use on this cluster: ${id}`,
    }),
    admit: requireEntriesMode,
    outputs: entryOutputs,
    deleted: (object, account) => {
      for (const association of account.list(ASSOCIATION))
        if (isOf(association, object)) account.remove(ASSOCIATION, association.id);
    },
  },

  [ASSOCIATION]: {
    required: ["clusterName", "principalArn", "policyArn", "accessScope"],
    replace: ["clusterName", "principalArn", "policyArn", "accessScope"],
    computed: ["associatedAt", "modifiedAt"],
    check: (inputs) => [
      ...rule(
        inputs,
        "policyArn",
        (policy) => /^arn:[\w-]+:eks::aws:cluster-access-policy\/Amazon\w+Policy$/.test(String(policy)),
        "expected an access policy such as arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
      ),
      ...scopeFailures(inputs),
    ],
    id: (self) =>
      ["clusterName", "principalArn", "policyArn"].map((key) => String(self.inputs[key])).join("#"),
    admit: (self) => {
      requireEntriesMode(self);
      const entry = self.account.list(ACCESS_ENTRY).find((one) => isOf({ ...one, inputs: self.inputs }, one));
      if (entry === undefined) {
        refuse(
          "ResourceNotFoundException",
          `The specified principalArn could not be found: ${String(self.inputs["principalArn"])}`,
        );
      }
      if ((text(entry.outputs, "type") ?? "STANDARD") !== "STANDARD") {
        refuse(
          "InvalidRequestException",
          `access policies go with entries of type STANDARD only, not ${String(entry.outputs["type"])}`,
        );
      }
    },
    outputs: (self) => ({
      associatedAt: self.old["associatedAt"] ?? now(),
      modifiedAt: self.old["modifiedAt"] ?? now(),
    }),
  },

  [POD_IDENTITY]: {
    required: ["clusterName", "namespace", "serviceAccount", "roleArn"],
    replace: ["clusterName", "namespace", "serviceAccount"],
    taggable: true,
    computed: ["associationArn", "associationId", "externalId", "disableSessionTags"],
    references: [
      {
        path: "roleArn",
        find: roleByArn,
        code: "InvalidParameterException",
        reason: (role) => `Role ${role} does not exist`,
      },
    ],
    id: (self) => `a-${self.hash(17)}`,
    admit: (self) => {
      requireCluster(self.account, String(self.inputs["clusterName"]));
      const twin = self.account
        .list(POD_IDENTITY)
        .find((other) =>
          ["clusterName", "namespace", "serviceAccount"].every(
            (key) => other.inputs[key] === self.inputs[key],
          ),
        );
      if (twin !== undefined)
        refuse("ResourceInUseException", `Association already exists: ${twin.id} (held by ${twin.urn})`);
    },
    outputs: (self) => ({
      associationArn: arn(
        self,
        "eks",
        `podidentityassociation/${String(self.inputs["clusterName"])}/${self.id}`,
      ),
      associationId: self.id,
      disableSessionTags: self.inputs["disableSessionTags"] ?? false,
    }),
  },
};

/** Makes an entry as EKS does by itself, unless there is one. */
export function makeEntry(self: Subject, principalArn: string, type: string): void {
  const clusterName = text(self.inputs, "clusterName") ?? self.id;
  const id = `${clusterName}:${principalArn}`;
  const inputs = { clusterName, principalArn, type };
  const outputs = { ...inputs, id, ...entryOutputs({ ...self, id, inputs, old: {} }) };
  self.account.add({ type: ACCESS_ENTRY, id, urn: "", owner: "eks", region: self.region, inputs, outputs });
}

function entryOutputs(self: Subject): Inputs {
  const principal = String(self.inputs["principalArn"]);
  const suffix = `${String(self.inputs["clusterName"])}/${principal.split(":").slice(4).join("/")}`;
  return {
    accessEntryArn: arn(self, "eks", `access-entry/${suffix}/${self.hash(8, principal)}`),
    createdAt: self.old["createdAt"] ?? now(),
    modifiedAt: self.old["modifiedAt"] ?? now(),
    kubernetesGroups: self.inputs["kubernetesGroups"] ?? [],
    userName:
      self.inputs["userName"] ??
      principal.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/{{SessionName}}",
  };
}

function requireEntriesMode(self: Subject): void {
  const mode = authenticationMode(requireCluster(self.account, String(self.inputs["clusterName"])).inputs);
  if (mode === "CONFIG_MAP") {
    refuse(
      "InvalidRequestException",
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
  }
}

function scopeFailures(inputs: Inputs): { property: string; reason: string }[] {
  const scope = text(inputs, "accessScope.type");
  if (hasUnknown(inputs["accessScope"])) return [];
  const namespaces = texts(inputs, "accessScope.namespaces");
  if (scope === "cluster" && namespaces.length > 0) {
    return [
      { property: "accessScope.namespaces", reason: "a scope of the whole cluster names no namespaces" },
    ];
  }
  if (scope === "namespace" && namespaces.length === 0) {
    return [{ property: "accessScope.namespaces", reason: "a scope of namespaces names them" }];
  }
  return scope === undefined || scope === "cluster" || scope === "namespace"
    ? []
    : [{ property: "accessScope.type", reason: "expected cluster or namespace" }];
}

function isOf(association: Pick<StoredObject, "inputs">, entry: StoredObject): boolean {
  return ["clusterName", "principalArn"].every((key) => association.inputs[key] === entry.inputs[key]);
}

function now(): string {
  return new Date().toISOString();
}
