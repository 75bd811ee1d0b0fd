import { parse } from "yaml";

import { needsNodes, newestAddonVersion, requireAddonVersion } from "../addon-versions.ts";
import { refuse } from "../aws-error.ts";
import { arn, oneOf, rule, type ResourceType, type Subject } from "../resource-type.ts";
import { isBag, text } from "../values.ts";
import { NODE_GROUP, requireCluster } from "./eks-lookup.ts";
import { roleByArn } from "./iam.ts";

export const ADDON = "aws:eks/addon:Addon";

/** Add-ons that EKS runs in a cluster. */
export const addon: ResourceType = {
  required: ["clusterName", "addonName"],
  replace: ["clusterName", "addonName"],
  taggable: true,
  computed: ["arn", "addonVersion", "configurationValues", "createdAt", "modifiedAt"],
  references: [
    {
      path: "serviceAccountRoleArn",
      find: roleByArn,
      code: "InvalidParameterException",
      reason: (role) => `Role ${role} does not exist`,
    },
  ],
  check: (inputs) => [
    ...rule(
      inputs,
      "addonVersion",
      (version) => /^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(String(version)),
      "expected a version such as v1.13.1-eksbuild.1",
    ),
    ...rule(inputs, "configurationValues", isConfiguration, "expected an object as JSON or YAML text"),
    ...oneOf(inputs, "resolveConflictsOnCreate", ["NONE", "OVERWRITE"]),
    ...oneOf(inputs, "resolveConflictsOnUpdate", ["NONE", "OVERWRITE", "PRESERVE"]),
  ],
  id: (self) => `${String(self.inputs["clusterName"])}:${String(self.inputs["addonName"])}`,
  duplicate: () => ({ code: "ResourceInUseException", reason: "Addon already exists." }),
  admit: (self) => {
    const [cluster, name] = [String(self.inputs["clusterName"]), String(self.inputs["addonName"])];
    checkVersion(self);
    const groups = self.account.list(NODE_GROUP).filter((group) => group.inputs["clusterName"] === cluster);
    if (needsNodes(name) && groups.length === 0) {
      refuse(
        "InsufficientNumberOfReplicas",
        `The add-on ${name} is DEGRADED: it runs on nodes and ${cluster} has none yet; make it after the node group`,
      );
    }
  },
  admitUpdate: (self, before) => {
    // EKS leaves a version alone that it no longer offers.
    if (self.inputs["addonVersion"] !== before["addonVersion"]) checkVersion(self);
  },
  outputs: (self) => ({
    arn: arn(self, "eks", `addon/${self.id.replace(":", "/")}/${self.hash(32)}`),
    addonVersion:
      self.inputs["addonVersion"] ?? self.old["addonVersion"] ?? newestAddonVersion(...versionKey(self)),
    configurationValues: self.inputs["configurationValues"] ?? "",
    createdAt: self.old["createdAt"] ?? new Date().toISOString(),
    modifiedAt: new Date().toISOString(),
  }),
};

/** Whether addresses come to nodes in prefixes: the add-on vpc-cni is told so. */
export function hasPrefixDelegation(self: Pick<Subject, "account">, cluster: string): boolean {
  const values = text(self.account.get(ADDON, `${cluster}:vpc-cni`)?.inputs, "configurationValues") ?? "{}";
  return text(parse(values), "env.ENABLE_PREFIX_DELEGATION") === "true";
}

/** Names of the add-on and of its cluster's Kubernetes version. */
function versionKey(self: Subject): [addon: string, kubernetesVersion: string] {
  const cluster = requireCluster(self.account, String(self.inputs["clusterName"]));
  return [String(self.inputs["addonName"]), text(cluster.outputs, "version") ?? ""];
}

/** Refuses an add-on that EKS does not have, or not in the version that is asked for. */
function checkVersion(self: Subject): void {
  const [name, kubernetesVersion] = versionKey(self);
  const version = text(self.inputs, "addonVersion") ?? newestAddonVersion(name, kubernetesVersion);
  requireAddonVersion(name, version, kubernetesVersion);
}

function isConfiguration(value: unknown): boolean {
  try {
    return value === "" || isBag(parse(String(value)));
  } catch {
    return false;
  }
}
